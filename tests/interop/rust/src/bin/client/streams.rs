use interop_peer::generated::interop::{CountRequest, Item};
use interop_peer::pattern;
use protobuf::well_known_types::empty::Empty;
use ttrpc::r#async::ClientStreamReceiver;
use ttrpc::context::Context;
use ttrpc::{Code, Result};

use crate::expect::{Checked, equal, failed, fails_with};
use crate::peer::Peer;
use crate::unary;

/// What Count sends: items with seq 0 to n-1.
pub fn numbered(n: usize, payload_size: usize) -> Vec<Item> {
    let item = |seq| Item { seq: seq as u64, payload: pattern(seq, payload_size), ..Default::default() };
    (0..n).map(item).collect()
}

/// Checks items as they come, and then how the stream ended.
pub struct ItemCheck {
    want: Vec<Item>,
    seen: usize,
}

impl ItemCheck {
    pub fn new(want: Vec<Item>) -> ItemCheck {
        ItemCheck { want, seen: 0 }
    }

    pub fn item(&mut self, item: Item) -> Checked {
        if let Some(want) = self.want.get(self.seen) {
            equal(&format!("item {}", self.seen), &item, want)?;
        }
        self.seen += 1;
        Ok(())
    }

    pub fn ends(&self) -> Checked {
        equal("number of items", self.seen, self.want.len())
    }

    pub fn fails<T>(&self, outcome: Result<T>, code: Code, message: &str) -> Checked {
        self.ends()?;
        fails_with(outcome, code as i32, message)
    }
}

/// Expects the stream to end well after the items.
async fn ends_after(mut stream: ClientStreamReceiver<Item>, want: Vec<Item>) -> Checked {
    let mut items = ItemCheck::new(want);
    loop {
        match stream.recv().await {
            Ok(Some(item)) => items.item(item)?,
            Ok(None) => return items.ends(),
            Err(error) => {
                let expected = format!("an end without error after {} items", items.want.len());
                return Err(format!("{}, {} items seen", failed(&expected)(error), items.seen));
            }
        }
    }
}

pub async fn counts(peer: &Peer, n: usize, payload_size: usize) -> Checked {
    let req = CountRequest { n: n as u32, payload_size: payload_size as u32, ..Default::default() };
    let stream = peer.interop.count(Context::default(), &req).await;
    ends_after(stream.map_err(failed("a Count stream"))?, numbered(n, payload_size)).await
}

pub async fn count(peer: &Peer) -> Checked {
    counts(peer, 100, 1000).await?;
    counts(peer, 0, 0).await
}

/// An item with seq 0 and no payload encodes to no bytes at all.
pub async fn count_empty_item(peer: &Peer) -> Checked {
    counts(peer, 1, 0).await
}

pub async fn count_metadata(peer: &Peer) -> Checked {
    let (ctx, metadata) = unary::tagged();
    let req = CountRequest { n: 1, report: true, ..Default::default() };
    let stream = peer.interop.count(ctx, &req).await;
    let want = vec![Item { metadata, ..Default::default() }];
    ends_after(stream.map_err(failed("a Count stream"))?, want).await
}

pub async fn count_fail(peer: &Peer) -> Checked {
    let req = CountRequest {
        n: 10,
        payload_size: 5,
        fail_code: Code::DATA_LOSS as i32,
        fail_message: "lost the rest".to_string(),
        fail_after: 3,
        ..Default::default()
    };
    let stream = peer.interop.count(Context::default(), &req).await;
    let mut stream = stream.map_err(failed("a Count stream"))?;
    let mut items = ItemCheck::new(numbered(3, 5));
    loop {
        match stream.recv().await {
            Ok(Some(item)) => items.item(item)?,
            outcome => return items.fails(outcome, Code::DATA_LOSS, "lost the rest"),
        }
    }
}

pub async fn from_empty(peer: &Peer) -> Checked {
    let stream = peer.interop.from_empty(Context::default(), &Empty::default()).await;
    let texts = [(1, "one"), (2, "two"), (3, "three")];
    let want = texts.map(|(seq, text)| Item { seq, text: text.to_string(), ..Default::default() });
    ends_after(stream.map_err(failed("a FromEmpty stream"))?, want.to_vec()).await
}
