//! Serves interop.v1.Interop and Plain on a unix socket until its stdin ends.

mod call;
mod service;
mod stats;
mod streams;
mod unary;

use std::collections::HashMap;
use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use interop_peer::generated::{interop_ttrpc, plain_ttrpc};
use tokio::task::spawn_blocking;
use ttrpc::r#async::{Server, Service};

use service::{InteropService, PlainService, Unsupported};

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let runtime = interop_peer::runtime(&mut args).expect("a runtime");
    let [socket] = &args[..] else {
        eprintln!("usage: server [--one-thread] SOCKET");
        return ExitCode::from(2);
    };
    let outcome = runtime.block_on(serve(socket));
    runtime.shutdown_background();
    if let Err(error) = outcome {
        eprintln!("server: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

async fn serve(socket: &str) -> ttrpc::Result<()> {
    let mut server = Server::new()
        .bind(&format!("unix://{socket}"))?
        .register_service(interop_ttrpc::create_interop(Arc::new(InteropService::default())))
        .register_service(plain_ttrpc::create_plain(Arc::new(PlainService)))
        .register_service(unsupported());
    server.start().await?;
    println!("ready");
    let parent_gone = spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink()));
    parent_gone.await.expect("stdin can be read").ok();
    Ok(())
}

/// `interop.v1.Unsupported`: the methods of Interop without their handlers.
fn unsupported() -> HashMap<String, Service> {
    let services = interop_ttrpc::create_interop(Arc::new(Unsupported)).into_values();
    services.map(|service| ("interop.v1.Unsupported".to_string(), service)).collect()
}
