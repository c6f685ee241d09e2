//! A connection on which a call has been made.

use bench_peer::generated::bench::Payload;
use bench_peer::generated::bench_ttrpc::BenchClient;
use ttrpc::context::Context;
use ttrpc::r#async::Client;

#[derive(Clone)]
pub struct Peer {
    pub bench: BenchClient,
}

impl Peer {
    pub async fn open(socket: &str) -> Result<Peer, String> {
        let client = Client::connect(&format!("unix://{socket}")).await.map_err(|error| error.to_string())?;
        let bench = BenchClient::new(client);
        bench.echo(Context::default(), &Payload::new()).await.map_err(|error| error.to_string())?;
        Ok(Peer { bench })
    }
}
