//! Serves bench.v1.Bench on a unix socket until its stdin ends.

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use bench_peer::generated::bench::{DownloadRequest, Payload, UploadReply};
use bench_peer::generated::bench_ttrpc::{Bench, create_bench};
use bench_peer::{MessageCheck, Payloads};
use tokio::task::spawn_blocking;
use ttrpc::r#async::{Server, ServerStream, ServerStreamReceiver, ServerStreamSender, TtrpcContext};
use ttrpc::{Error, Result};

#[tokio::main]
async fn main() -> Result<()> {
    let socket = std::env::args().nth(1).expect("the path of a socket");
    let mut server =
        Server::new().bind(&format!("unix://{socket}"))?.register_service(create_bench(Arc::new(Service)));
    server.start().await?;
    println!("ready");
    let parent_gone = spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink()));
    parent_gone.await.expect("stdin can be read").ok();
    std::process::exit(0)
}

struct Service;

#[async_trait]
impl Bench for Service {
    async fn echo(&self, _: &TtrpcContext, payload: Payload) -> Result<Payload> {
        Ok(payload)
    }

    async fn download(
        &self,
        _: &TtrpcContext,
        req: DownloadRequest,
        out: ServerStreamSender<Payload>,
    ) -> Result<()> {
        let payloads = Payloads::of(req.size as usize);
        for n in 0..req.count as usize {
            out.send(&Payload { data: payloads.at(n).to_vec(), ..Default::default() }).await?;
        }
        Ok(())
    }

    async fn upload(
        &self,
        _: &TtrpcContext,
        mut payloads: ServerStreamReceiver<Payload>,
    ) -> Result<UploadReply> {
        let mut check = MessageCheck::default();
        while let Some(payload) = payloads.recv().await? {
            check.next(&payload.data).map_err(Error::Others)?;
        }
        Ok(UploadReply { count: check.count as u32, ..Default::default() })
    }

    async fn exchange(&self, _: &TtrpcContext, mut stream: ServerStream<Payload, Payload>) -> Result<()> {
        while let Some(payload) = stream.recv().await? {
            stream.send(&payload).await?;
        }
        Ok(())
    }
}
