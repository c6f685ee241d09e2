//! The handlers with one reply to one request.

use interop_peer::generated::interop::{EchoRequest, EchoResponse, FailRequest};
use interop_peer::pattern;
use protobuf::well_known_types::empty::Empty;
use ttrpc::r#async::TtrpcContext;
use ttrpc::{Error, Result};

use crate::call;

pub async fn echo(ctx: &TtrpcContext, req: EchoRequest) -> Result<EchoResponse> {
    let mut reply = EchoResponse { payload: req.payload, text: req.text, ..Default::default() };
    if !req.plain {
        reply.metadata = call::metadata(ctx);
        reply.timeout_nano = ctx.timeout_nano;
    }
    if req.reply_size != 0 {
        reply.payload = pattern(0, req.reply_size as usize);
    }
    call::wait(req.delay_ms).await;
    Ok(reply)
}

pub async fn fail(req: FailRequest) -> Result<Empty> {
    if req.without_status {
        return Err(Error::Others(req.message));
    }
    let mut error = call::failure(req.code, &req.message);
    if let Error::RpcStatus(status) = &mut error {
        status.details.extend(req.detail.into_option().map(to_ttrpc_any));
    }
    Err(error)
}

/// The crate has an `Any` of its own.
fn to_ttrpc_any(detail: protobuf::well_known_types::any::Any) -> ttrpc::proto::Any {
    ttrpc::proto::Any { type_url: detail.type_url, value: detail.value, ..Default::default() }
}
