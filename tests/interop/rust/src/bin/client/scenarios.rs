//! The scenarios by name.

use std::time::Duration;

use tokio::time::timeout;

use crate::expect::{Checked, Expected};
use crate::peer::Peer;
use crate::{chat, concurrent, fail, sizes, streams, sum, unary};

const LIMIT: Duration = Duration::from_secs(20);

/// Runs a scenario on a connection of its own, which must work to the end.
pub async fn run(name: &str, socket: &str) -> Checked {
    let peer = Peer::connect(socket).await?;
    timeout(LIMIT, play(name, &peer))
        .await
        .map_err(|_| format!("expected an end within {LIMIT:?}, got none"))??;
    unary::echoes(&peer, "still here?", vec![])
        .await
        .map_err(|why| format!("on the same connection afterwards: {why}"))
}

macro_rules! scenarios {
    ($($name:literal => $play:expr,)+) => {
        pub const NAMES: &[&str] = &[$($name),+];

        async fn play(name: &str, peer: &Peer) -> Expected<()> {
            match name {
                $($name => $play(peer).await,)+
                _ => Err("no such scenario".to_string()),
            }
        }
    };
}

scenarios! {
    "echo" => unary::echo,
    "echo-empty" => unary::echo_empty,
    "empty" => unary::empty,
    "plain" => unary::plain,
    "metadata" => unary::metadata,

    "deadline-ok" => unary::deadline_ok,
    "deadline-exceeded" => unary::deadline_exceeded,
    "cancel" => unary::cancel,

    "fail-codes" => fail::codes,
    "fail-unknown-code" => fail::unknown_code,
    "fail-details" => fail::details,
    "fail-plain" => fail::plain,
    "unknown-service" => fail::unknown_service,
    "unknown-method" => fail::unknown_method,

    "count" => streams::count,
    "count-metadata" => streams::count_metadata,
    "count-fail" => streams::count_fail,
    "count-empty-item" => streams::count_empty_item,
    "from-empty" => streams::from_empty,

    "sum" => sum::sum,
    "sum-empty" => sum::empty,
    "sum-empty-items" => sum::empty_items,
    "sum-fail" => sum::fail,

    "chat" => chat::chat,
    "chat-batch" => chat::batch,
    "chat-empty-items" => chat::empty_items,
    "chat-early-end" => chat::early_end,
    "chat-fail" => chat::fail,

    "request-4mib" => sizes::request_4mib,
    "reply-4mib" => sizes::reply_4mib,
    "request-oversize" => sizes::request_oversize,
    "reply-oversize" => sizes::reply_oversize,

    "concurrent-1000" => concurrent::thousand,
    "mixed-concurrent" => concurrent::mixed,
}
