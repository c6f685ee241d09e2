//! A connection of its own for each scenario, with a client of both services.

use interop_peer::generated::interop_ttrpc::InteropClient;
use interop_peer::generated::plain_ttrpc::PlainClient;
use ttrpc::r#async::Client;

use crate::expect::{Expected, failed};

#[derive(Clone)]
pub struct Peer {
    pub client: Client,
    pub interop: InteropClient,
    pub plain: PlainClient,
}

impl Peer {
    pub async fn connect(socket: &str) -> Expected<Peer> {
        let client = Client::connect(&format!("unix://{socket}")).await.map_err(failed("a connection"))?;
        Ok(Peer {
            interop: InteropClient::new(client.clone()),
            plain: PlainClient::new(client.clone()),
            client,
        })
    }
}
