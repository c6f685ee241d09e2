//! What a handler sees of its call, and what it says when it fails.

use std::time::Duration;

use interop_peer::generated::interop::Pair;
use protobuf::EnumOrUnknown;
use ttrpc::r#async::TtrpcContext;
use ttrpc::{Error, Status};

/// What came with the call: sorted by key, the values of one key as received.
pub fn metadata(ctx: &TtrpcContext) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for (key, values) in &ctx.metadata {
        for value in values {
            let (key, value) = (key.clone(), value.clone());
            pairs.push(Pair { key, value, ..Default::default() });
        }
    }
    pairs.sort_by(|a, b| a.key.cmp(&b.key));
    pairs
}

pub async fn wait(ms: u32) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms.into())).await;
    }
}

/// An error with any code, also one that has no name.
pub fn failure(code: i32, message: &str) -> Error {
    Error::RpcStatus(Status {
        code: EnumOrUnknown::from_i32(code),
        message: message.to_string(),
        ..Default::default()
    })
}
