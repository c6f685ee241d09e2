use interop_peer::generated::interop::{Number, SumResponse};
use interop_peer::pattern;
use ttrpc::context::Context;
use ttrpc::{Code, Result};

use crate::expect::{Checked, Expected, equal, failed, fails_with};
use crate::peer::Peer;

/// Uploads the numbers to the end, and gives the outcome. The crate can't wait for an answer without
/// closing its half.
async fn upload(peer: &Peer, numbers: &[Number]) -> Expected<Result<SumResponse>> {
    let stream = peer.interop.sum(Context::default()).await;
    let mut stream = stream.map_err(failed("a Sum stream"))?;
    for number in numbers {
        stream.send(number).await.map_err(failed("a number to be sent"))?;
    }
    Ok(stream.close_and_recv().await)
}

async fn sums(peer: &Peer, numbers: &[Number], want: SumResponse) -> Checked {
    let reply = upload(peer, numbers).await?;
    equal("reply", reply.map_err(failed("a reply to Sum"))?, want)
}

fn value(value: i64) -> Number {
    Number { value, ..Default::default() }
}

/// Uploads 1 to n, each with ten bytes of payload.
pub async fn sums_up_to(peer: &Peer, n: usize) -> Checked {
    let number = |i| Number { payload: pattern(i, 10), ..value(i as i64) };
    let numbers: Vec<Number> = (1..=n).map(number).collect();
    let want = SumResponse {
        sum: (n * (n + 1) / 2) as i64,
        count: n as u64,
        bytes: 10 * n as u64,
        ..Default::default()
    };
    sums(peer, &numbers, want).await
}

pub async fn sum(peer: &Peer) -> Checked {
    sums_up_to(peer, 1000).await?;
    let want = SumResponse { sum: -2, count: 2, ..Default::default() };
    sums(peer, &[value(1), value(-3)], want).await
}

pub async fn empty(peer: &Peer) -> Checked {
    sums(peer, &[], SumResponse::default()).await
}

pub async fn empty_items(peer: &Peer) -> Checked {
    let want = SumResponse { sum: 7, count: 4, ..Default::default() };
    sums(peer, &[value(0), value(7), value(0), value(0)], want).await?;
    sums(peer, &[value(0)], SumResponse { count: 1, ..Default::default() }).await
}

pub async fn fail(peer: &Peer) -> Checked {
    let fail_message = "too much".to_string();
    let last = Number { fail_code: Code::OUT_OF_RANGE as i32, fail_message, ..Default::default() };
    let outcome = upload(peer, &[value(1), last]).await?;
    fails_with(outcome, Code::OUT_OF_RANGE as i32, "too much")
}
