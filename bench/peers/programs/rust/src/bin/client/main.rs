//! Runs rows against a server of bench.v1.Bench: a row in each line of JSON that comes, its result in each
//! that goes.

mod loops;
mod peer;

use std::io;
use std::time::{Duration, Instant};

use loops::Time;
use peer::Peer;
use serde::{Deserialize, Serialize};

#[derive(Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Row {
    kind: String,
    size: usize,
    in_flight: usize,
    count: usize,
    connections: Option<usize>,
    seconds: f64,
}

#[derive(Default, Serialize)]
struct Outcome {
    done: usize,
    seconds: f64,
    error: Option<String>,
}

#[tokio::main]
async fn main() {
    let socket = std::env::args().nth(1).expect("the path of a socket");
    let mut peers = Vec::new();
    for line in io::stdin().lines() {
        let row: Row = serde_json::from_str(&line.expect("a line")).expect("a row");
        let outcome = run(&socket, row, &mut peers).await;
        let outcome = outcome.unwrap_or_else(|error| {
            peers.clear();
            Outcome { error: Some(error), ..Default::default() }
        });
        println!("{}", serde_json::to_string(&outcome).expect("JSON"));
    }
}

async fn run(socket: &str, row: Row, peers: &mut Vec<Peer>) -> Result<Outcome, String> {
    if row.kind == "open" {
        for _ in 0..row.connections.unwrap_or(1) {
            peers.push(Peer::open(socket).await?);
        }
        return Ok(Outcome::default());
    }
    if row.kind == "close" {
        peers.clear();
        return Ok(Outcome::default());
    }
    let time = Time::start(Duration::from_secs_f64(row.seconds));
    let start = Instant::now();
    let done = match row.kind.as_str() {
        "unary" => loops::unary(peers, &row, &time).await?,
        "download" => loops::download(&peers[0], &row, &time).await?,
        "upload" => loops::upload(&peers[0], &row, &time).await?,
        "exchange" => loops::exchange(&peers[0], &row, &time).await?,
        kind => return Err(format!("no loop for rows of the kind {kind:?}")),
    };
    Ok(Outcome { done, seconds: start.elapsed().as_secs_f64(), error: None })
}
