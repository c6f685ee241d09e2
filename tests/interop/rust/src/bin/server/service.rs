//! The services, whose handlers stand in `unary.rs` and `streams.rs`.

use async_trait::async_trait;
use interop_peer::generated::interop::*;
use interop_peer::generated::interop_ttrpc::Interop;
use interop_peer::generated::plain::PlainText;
use interop_peer::generated::plain_ttrpc::Plain;
use protobuf::well_known_types::empty::Empty;
use ttrpc::Result;
use ttrpc::r#async::{ServerStream, ServerStreamReceiver, ServerStreamSender, TtrpcContext};

use crate::stats::Stats;
use crate::{streams, unary};

#[derive(Default)]
pub struct InteropService {
    stats: Stats,
}

#[async_trait]
impl Interop for InteropService {
    async fn echo(&self, ctx: &TtrpcContext, req: EchoRequest) -> Result<EchoResponse> {
        self.stats.count(unary::echo(ctx, req)).await
    }

    async fn fail(&self, _: &TtrpcContext, req: FailRequest) -> Result<Empty> {
        self.stats.count(unary::fail(req)).await
    }

    async fn empty(&self, _: &TtrpcContext, req: Empty) -> Result<Empty> {
        self.stats.count(async { Ok(req) }).await
    }

    /// Is not counted itself.
    async fn stats(&self, _: &TtrpcContext, _: Empty) -> Result<StatsResponse> {
        Ok(self.stats.report())
    }

    async fn count(
        &self,
        ctx: &TtrpcContext,
        req: CountRequest,
        out: ServerStreamSender<Item>,
    ) -> Result<()> {
        self.stats.count(streams::count(ctx, req, out)).await
    }

    async fn from_empty(&self, _: &TtrpcContext, _: Empty, out: ServerStreamSender<Item>) -> Result<()> {
        self.stats.count(streams::from_empty(out)).await
    }

    async fn sum(&self, _: &TtrpcContext, numbers: ServerStreamReceiver<Number>) -> Result<SumResponse> {
        self.stats.count(streams::sum(numbers)).await
    }

    async fn chat(&self, ctx: &TtrpcContext, stream: ServerStream<Item, Item>) -> Result<()> {
        self.stats.count(streams::chat(ctx, stream)).await
    }
}

pub struct PlainService;

#[async_trait]
impl Plain for PlainService {
    async fn repeat(&self, _: &TtrpcContext, text: PlainText) -> Result<PlainText> {
        Ok(text)
    }
}

/// A service without one method of its own.
pub struct Unsupported;

impl Interop for Unsupported {}
