use interop_peer::pattern;
use tokio::task::JoinSet;

use crate::chat::ping_pong;
use crate::expect::Checked;
use crate::peer::Peer;
use crate::streams::{counts, numbered};
use crate::sum::sums_up_to;
use crate::unary::{echoes, echoes_after};

/// Lets every call wait on the server until all of them are there, and mixes up their answers.
pub async fn thousand(peer: &Peer) -> Checked {
    let mut calls = JoinSet::new();
    for i in 0..1000 {
        let peer = peer.clone();
        let delay_ms = 200 + i as u32 * 37 % 100;
        calls.spawn(async move { echoes_after(&peer, delay_ms, &format!("call {i}"), pattern(i, i)).await });
    }
    all(calls).await
}

pub async fn mixed(peer: &Peer) -> Checked {
    let mut calls = JoinSet::new();
    for i in 0..60 {
        let peer = peer.clone();
        calls.spawn(async move {
            match i % 4 {
                0 => echoes(&peer, "", pattern(i, 100 * i)).await,
                1 => counts(&peer, 2 * i, 50 * i).await,
                2 => sums_up_to(&peer, 3 * i).await,
                _ => ping_pong(&peer, numbered(i, 10 * i)).await,
            }
        });
    }
    all(calls).await
}

/// Waits for all calls; of failures the most frequent comes first, with its number.
async fn all(mut calls: JoinSet<Checked>) -> Checked {
    let total = calls.len();
    let mut failures: Vec<(usize, String)> = Vec::new();
    while let Some(outcome) = calls.join_next().await {
        let Err(why) = outcome.unwrap_or_else(|error| Err(error.to_string())) else { continue };
        match failures.iter_mut().find(|(_, known)| *known == why) {
            Some((count, _)) => *count += 1,
            None => failures.push((1, why)),
        }
    }
    if failures.is_empty() {
        return Ok(());
    }
    failures.sort_by(|(a, _), (b, _)| b.cmp(a));
    let failures = failures.iter().map(|(count, why)| format!("{count} of {total} calls: {why}"));
    Err(failures.collect::<Vec<String>>().join("; "))
}
