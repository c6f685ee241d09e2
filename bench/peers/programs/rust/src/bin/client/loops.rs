//! What is done for a row; each loop gives how many calls or messages were done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use bench_peer::generated::bench::{DownloadRequest, Payload};
use bench_peer::{MessageCheck, Payloads, require_same};
use ttrpc::Error;
use ttrpc::context::Context;

use crate::Row;
use crate::peer::Peer;

pub type Done = Result<usize, String>;

/// Is over after a while.
#[derive(Clone)]
pub struct Time(Arc<AtomicBool>);

impl Time {
    pub fn start(length: Duration) -> Time {
        let time = Time(Arc::default());
        let over = time.0.clone();
        tokio::spawn(async move {
            tokio::time::sleep(length).await;
            over.store(true, Relaxed);
        });
        time
    }

    fn is_over(&self) -> bool {
        self.0.load(Relaxed)
    }
}

/// Keeps `in_flight` calls open until the time is over.
pub async fn unary(peers: &[Peer], row: &Row, time: &Time) -> Done {
    let payloads = Payloads::of(row.size);
    let start = |worker| {
        let peer: &Peer = &peers[worker % peers.len()];
        tokio::spawn(echo(peer.clone(), payloads, worker, time.clone()))
    };
    let workers: Vec<_> = (0..row.in_flight).map(start).collect();
    let mut done = 0;
    for worker in workers {
        done += worker.await.map_err(text)??;
    }
    Ok(done)
}

async fn echo(peer: Peer, payloads: &Payloads, first: usize, time: Time) -> Done {
    let mut done = 0;
    while !time.is_over() {
        let request = payload(payloads, first + done);
        let reply = peer.bench.echo(Context::default(), &request).await.map_err(text)?;
        require_same(&reply.data, &request.data)?;
        done += 1;
    }
    Ok(done)
}

/// Server streams of `count` messages, one after the other.
pub async fn download(peer: &Peer, row: &Row, time: &Time) -> Done {
    let request = DownloadRequest { count: row.count as u32, size: row.size as u32, ..Default::default() };
    let mut done = 0;
    while !time.is_over() {
        let mut stream = peer.bench.download(Context::default(), &request).await.map_err(text)?;
        let mut check = MessageCheck::default();
        while let Some(payload) = stream.recv().await.map_err(text)? {
            check.next(&payload.data)?;
        }
        done += require_count(check.count, row.count)?;
    }
    Ok(done)
}

/// Uploads of `count` messages, which the server checks, one after the other.
pub async fn upload(peer: &Peer, row: &Row, time: &Time) -> Done {
    let payloads = Payloads::of(row.size);
    let mut done = 0;
    while !time.is_over() {
        let mut stream = peer.bench.upload(Context::default()).await.map_err(text)?;
        for n in 0..row.count {
            stream.send(&payload(payloads, n)).await.map_err(text)?;
        }
        let reply = stream.close_and_recv().await.map_err(text)?;
        done += require_count(reply.count as usize, row.count)?;
    }
    Ok(done)
}

/// Streams of `count` messages each way, one after the other; messages are sent while others come back.
pub async fn exchange(peer: &Peer, row: &Row, time: &Time) -> Done {
    let payloads = Payloads::of(row.size);
    let count = row.count;
    let mut done = 0;
    while !time.is_over() {
        let stream = peer.bench.exchange(Context::default()).await.map_err(text)?;
        let (sender, mut receiver) = stream.split();
        let sending = tokio::spawn(async move {
            for n in 0..count {
                sender.send(&payload(payloads, n)).await?;
            }
            sender.close_send().await
        });
        let mut check = MessageCheck::default();
        loop {
            match receiver.recv().await {
                Ok(payload) => check.next(&payload.data)?,
                Err(Error::Eof) => break,
                Err(error) => return Err(text(error)),
            }
        }
        sending.await.map_err(text)?.map_err(text)?;
        done += require_count(check.count, count)?;
    }
    Ok(done)
}

fn payload(payloads: &Payloads, n: usize) -> Payload {
    Payload { data: payloads.at(n).to_vec(), ..Default::default() }
}

fn require_count(actual: usize, expected: usize) -> Done {
    if actual == expected { Ok(actual) } else { Err(format!("got {actual} messages instead of {expected}")) }
}

fn text(error: impl ToString) -> String {
    error.to_string()
}
