use interop_peer::generated::interop::FailRequest;
use interop_peer::pattern;
use protobuf::MessageField;
use protobuf::well_known_types::any::Any;
use ttrpc::context::Context;
use ttrpc::{Code, Error, Request, Response, Result};

use crate::expect::{Checked, equal, equal_bytes, fails_with};
use crate::peer::Peer;

async fn fails(peer: &Peer, code: i32, message: &str) -> Checked {
    let req = FailRequest { code, message: message.to_string(), ..Default::default() };
    fails_with(peer.interop.fail(Context::default(), &req).await, code, message)
        .map_err(|why| format!("Fail with code {code}: {why}"))
}

pub async fn codes(peer: &Peer) -> Checked {
    for code in 1..=16 {
        fails(peer, code, &format!("code {code}: nie działa")).await?;
    }
    fails(peer, Code::NOT_FOUND as i32, "").await
}

pub async fn unknown_code(peer: &Peer) -> Checked {
    fails(peer, 4711, "a code of our own").await
}

/// Sends bytes that are no protobuf message: nobody on the way may look inside.
pub async fn details(peer: &Peer) -> Checked {
    let detail = Any {
        type_url: "type.example/interop.v1.Unheard".to_string(),
        value: pattern(0xf0, 300),
        ..Default::default()
    };
    let req = FailRequest {
        code: Code::FAILED_PRECONDITION as i32,
        message: "see details".to_string(),
        detail: MessageField::some(detail.clone()),
        ..Default::default()
    };
    let outcome = peer.interop.fail(Context::default(), &req).await;
    fails_with(outcome.clone(), req.code, &req.message)?;
    let details = match outcome {
        Err(Error::RpcStatus(status)) => status.details,
        _ => vec![],
    };
    equal("number of details", details.len(), 1)?;
    equal("type URL", &details[0].type_url, &detail.type_url)?;
    equal_bytes("detail", &details[0].value, &detail.value)
}

pub async fn plain(peer: &Peer) -> Checked {
    let message = "just an error".to_string();
    let req = FailRequest { message, without_status: true, ..Default::default() };
    let outcome = peer.interop.fail(Context::default(), &req).await;
    fails_with(outcome, Code::UNKNOWN as i32, &req.message)
}

pub async fn unknown_service(peer: &Peer) -> Checked {
    let outcome = call(peer, "interop.v1.Nobody", "Echo").await;
    fails_with(outcome, Code::UNIMPLEMENTED as i32, "service interop.v1.Nobody")
}

pub async fn unknown_method(peer: &Peer) -> Checked {
    let outcome = call(peer, "interop.v1.Interop", "Nothing").await;
    fails_with(outcome, Code::UNIMPLEMENTED as i32, "method Nothing")
}

/// A call of what the proto does not have.
async fn call(peer: &Peer, service: &str, method: &str) -> Result<Response> {
    let (service, method) = (service.to_string(), method.to_string());
    peer.client.request(Request { service, method, ..Default::default() }).await
}
