use interop_peer::generated::interop::{EchoRequest, EchoResponse};
use interop_peer::pattern;
use protobuf::Message;
use ttrpc::context::Context;
use ttrpc::{Code, Request, Response};

use crate::expect::{Checked, equal_bytes, failed, fails_locally, fails_with};
use crate::peer::Peer;
use crate::unary::echoes;

const MAX_BODY: usize = 4 << 20;

/// The size of the payload with which `body(payload)` encodes to MAX_BODY bytes.
fn payload_size(body: fn(Vec<u8>) -> usize) -> usize {
    2 * MAX_BODY - body(vec![0; MAX_BODY])
}

fn request_size(payload: Vec<u8>) -> usize {
    let payload = encode(&EchoRequest { payload, ..Default::default() });
    let (service, method) = ("interop.v1.Interop".to_string(), "Echo".to_string());
    encode(&Request { service, method, payload, ..Default::default() }).len()
}

fn reply_size(payload: Vec<u8>) -> usize {
    let payload = encode(&EchoResponse { payload, ..Default::default() });
    encode(&Response { payload, ..Default::default() }).len()
}

fn encode(message: &impl Message) -> Vec<u8> {
    message.write_to_bytes().expect("all fields are set")
}

pub async fn request_4mib(peer: &Peer) -> Checked {
    echoes(peer, "", pattern(1, payload_size(request_size))).await
}

pub async fn reply_4mib(peer: &Peer) -> Checked {
    let size = payload_size(reply_size);
    let req = EchoRequest { reply_size: size as u32, ..Default::default() };
    let reply = peer.interop.echo(Context::default(), &req).await;
    equal_bytes("payload", &reply.map_err(failed("a reply to Echo"))?.payload, &pattern(0, size))
}

/// The crate checks the size itself, and sends nothing.
pub async fn request_oversize(peer: &Peer) -> Checked {
    let payload = pattern(1, payload_size(request_size) + 1);
    let req = EchoRequest { payload, ..Default::default() };
    let error = "ttrpc err: message length 4194305 exceed maximum message size of 4194304";
    fails_locally(peer.interop.echo(Context::default(), &req).await, error)
}

pub async fn reply_oversize(peer: &Peer) -> Checked {
    let reply_size = payload_size(reply_size) as u32 + 1;
    let req = EchoRequest { reply_size, ..Default::default() };
    let message = "message length 4194305 exceed maximum message size of 4194304";
    let outcome = peer.interop.echo(Context::default(), &req).await;
    fails_with(outcome, Code::RESOURCE_EXHAUSTED as i32, message)
}
