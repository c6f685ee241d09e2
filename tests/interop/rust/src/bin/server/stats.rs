//! Counts handlers.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use interop_peer::generated::interop::StatsResponse;

#[derive(Default)]
pub struct Stats {
    active: AtomicU64,
    started: AtomicU64,
    cancelled: AtomicU64,
}

impl Stats {
    /// Runs a handler, and counts it from its start to its end, which may be that it is dropped.
    pub async fn count<T>(&self, handler: impl Future<Output = T>) -> T {
        self.active.fetch_add(1, SeqCst);
        self.started.fetch_add(1, SeqCst);
        let mut running = Running { stats: self, has_ended: false };
        let outcome = handler.await;
        running.has_ended = true;
        outcome
    }

    pub fn report(&self) -> StatsResponse {
        StatsResponse {
            active: self.active.load(SeqCst),
            started: self.started.load(SeqCst),
            cancelled: self.cancelled.load(SeqCst),
            ..Default::default()
        }
    }
}

struct Running<'a> {
    stats: &'a Stats,
    has_ended: bool,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if !self.has_ended {
            self.stats.cancelled.fetch_add(1, SeqCst);
        }
        self.stats.active.fetch_sub(1, SeqCst);
    }
}
