use interop_peer::generated::interop::Item;
use ttrpc::r#async::ClientStream;
use ttrpc::context::Context;
use ttrpc::{Code, Error};

use crate::expect::{Checked, Expected, equal, failed};
use crate::peer::Peer;
use crate::streams::{ItemCheck, numbered};

type Stream = ClientStream<Item, Item>;

/// Opens a Chat stream and sends the items, without closing this half.
async fn talk(peer: &Peer, items: &[Item]) -> Expected<Stream> {
    let stream = peer.interop.chat(Context::default()).await;
    let stream = stream.map_err(failed("a Chat stream"))?;
    for item in items {
        stream.send(item).await.map_err(failed("an item to be sent"))?;
    }
    Ok(stream)
}

/// Expects the stream to end well after the items.
async fn ends_after(mut stream: Stream, want: Vec<Item>) -> Checked {
    let mut items = ItemCheck::new(want);
    loop {
        match stream.recv().await {
            Ok(item) => items.item(item)?,
            Err(Error::Eof) => return items.ends(),
            Err(error) => return Err(failed("an end without error")(error)),
        }
    }
}

async fn closes_after(stream: Stream, want: Vec<Item>) -> Checked {
    stream.close_send().await.map_err(failed("a half-close to be sent"))?;
    ends_after(stream, want).await
}

/// Sends each item when the one before has come back, then closes.
pub async fn ping_pong(peer: &Peer, items: Vec<Item>) -> Checked {
    let mut stream = talk(peer, &[]).await?;
    for item in items {
        stream.send(&item).await.map_err(failed("an item to be sent"))?;
        equal("item", stream.recv().await.map_err(failed("an item"))?, item)?;
    }
    closes_after(stream, vec![]).await
}

pub async fn chat(peer: &Peer) -> Checked {
    ping_pong(peer, numbered(50, 20)).await?;
    ping_pong(peer, vec![]).await
}

pub async fn batch(peer: &Peer) -> Checked {
    let items = numbered(60, 20);
    closes_after(talk(peer, &items).await?, items).await
}

pub async fn empty_items(peer: &Peer) -> Checked {
    let items = vec![Item::default(), seq(1), Item::default(), Item::default()];
    closes_after(talk(peer, &items).await?, items.clone()).await?;
    ping_pong(peer, items).await
}

/// Never closes its half: the end must come by itself.
pub async fn early_end(peer: &Peer) -> Checked {
    let last = Item { text: "bye".to_string(), end: true, ..seq(3) };
    let items = vec![seq(1), seq(2), last];
    ends_after(talk(peer, &items).await?, items).await
}

pub async fn fail(peer: &Peer) -> Checked {
    let last = Item { text: "enough".to_string(), fail_code: Code::ABORTED as i32, ..seq(3) };
    let mut stream = talk(peer, &[seq(1), seq(2), last]).await?;
    let mut items = ItemCheck::new(vec![seq(1), seq(2)]);
    loop {
        match stream.recv().await {
            Ok(item) => items.item(item)?,
            outcome => return items.fails(outcome, Code::ABORTED, "enough"),
        }
    }
}

fn seq(seq: u64) -> Item {
    Item { seq, ..Default::default() }
}
