use std::time::Duration;

use interop_peer::generated::interop::{EchoRequest, EchoResponse, Pair};
use interop_peer::generated::plain::PlainText;
use interop_peer::pattern;
use protobuf::well_known_types::empty::Empty;
use tokio::time::timeout;
use ttrpc::context::{self, Context};
use ttrpc::{Code, Error};

use crate::expect::{Checked, equal, equal_bytes, failed, fails_with};
use crate::peer::Peer;

const TEXT: &str = "hello, żółw 🐢\0\n";

/// Makes an Echo call, whose answer must be the request's, with no metadata and no timeout.
pub async fn echoes(peer: &Peer, text: &str, payload: Vec<u8>) -> Checked {
    echoes_after(peer, 0, text, payload).await
}

pub async fn echoes_after(peer: &Peer, delay_ms: u32, text: &str, payload: Vec<u8>) -> Checked {
    let req = EchoRequest { payload, text: text.to_string(), delay_ms, ..Default::default() };
    let reply = peer.interop.echo(Context::default(), &req).await;
    let reply = reply.map_err(failed("a reply to Echo"))?;
    equal_bytes("payload", &reply.payload, &req.payload)?;
    equal("text", reply.text, req.text)?;
    equal("metadata", reply.metadata, vec![])?;
    equal("timeout_nano", reply.timeout_nano, 0)
}

pub async fn echo(peer: &Peer) -> Checked {
    echoes(peer, TEXT, pattern(0, 1000)).await
}

pub async fn echo_empty(peer: &Peer) -> Checked {
    echoes(peer, "", vec![]).await
}

pub async fn empty(peer: &Peer) -> Checked {
    let reply = peer.interop.empty(Context::default(), &Empty::default()).await;
    equal("reply", reply.map_err(failed("a reply to Empty"))?, Empty::default())
}

pub async fn plain(peer: &Peer) -> Checked {
    let req = PlainText { text: TEXT.to_string(), ..Default::default() };
    let reply = peer.plain.repeat(Context::default(), &req).await;
    equal("text", reply.map_err(failed("a reply to Repeat"))?.text, req.text)
}

pub fn tagged() -> (Context, Vec<Pair>) {
    let pairs = [("blank", ""), ("one", "1"), ("tag", "b"), ("tag", "a"), ("unicode", "żółw 🐢")];
    let mut ctx = Context::default();
    let mut want = Vec::new();
    for (key, value) in pairs.map(|(key, value)| (key.to_string(), value.to_string())) {
        ctx.add(key.clone(), value.clone());
        want.push(Pair { key, value, ..Default::default() });
    }
    (ctx, want)
}

pub async fn metadata(peer: &Peer) -> Checked {
    let (ctx, metadata) = tagged();
    let reply = peer.interop.echo(ctx, &EchoRequest::default()).await;
    let want = EchoResponse { metadata, ..Default::default() };
    equal("reply", reply.map_err(failed("a reply to Echo"))?, want)
}

pub async fn deadline_ok(peer: &Peer) -> Checked {
    let req = EchoRequest { text: "in time".to_string(), delay_ms: 100, ..Default::default() };
    let ctx = context::with_duration(Duration::from_secs(60));
    let reply = peer.interop.echo(ctx, &req).await.map_err(failed("a reply to Echo"))?;
    equal("text", reply.text, req.text)?;
    match reply.timeout_nano {
        30_000_000_000..=60_000_000_000 => Ok(()),
        left => Err(format!("expected timeout_nano to be between 30 s and 60 s, got {left} ns")),
    }
}

/// Which side's clock is first is left to chance; the client's own error has no code.
pub async fn deadline_exceeded(peer: &Peer) -> Checked {
    let req = EchoRequest { delay_ms: 10_000, ..Default::default() };
    let ctx = context::with_duration(Duration::from_millis(50));
    match peer.interop.echo(ctx, &req).await {
        Err(Error::Others(why)) if why == "Request deadline elapsed" => Ok(()),
        outcome => fails_with(outcome, Code::DEADLINE_EXCEEDED as i32, "context deadline exceeded"),
    }
}

/// Has a second call running when the answer to the dropped one comes.
pub async fn cancel(peer: &Peer) -> Checked {
    let dropped = timeout(Duration::from_millis(50), echoes_after(peer, 300, "late", vec![]));
    if dropped.await.is_ok() {
        return Err("expected no answer within 50 ms, got one".to_string());
    }
    echoes_after(peer, 500, "meanwhile", vec![]).await
}
