//! A client for HTTP/1.1 (RFC 9112): `GET` alone, over plain TCP or TLS, with one open connection kept for the next request.
//!
//! Bodies arrive as they were sent: nothing is unpacked here, and no proxy is asked.

mod body;
mod connection;
mod error;
mod response;
mod url;

use error::invalid;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use connection::Connection;
pub(super) use error::certificate_flaw;
pub(super) use response::Response;
pub(super) use url::Url;

/// Redirections that are followed for one request.
const REDIRECTIONS: usize = 5;

/// Settings that all connections of a program share.
#[derive(Clone)]
pub(super) struct Settings {
    tls: Arc<rustls::ClientConfig>,
    /// Longest wait for a connection, and for the next bytes of an answer.
    timeout: Duration,
}

/// A client of one thread.
pub(super) struct Client {
    settings: Settings,
    idle: Option<Connection>,
}

impl Settings {
    /// Returns settings that trust the root certificates of the system. Where it has none, every connection by TLS fails and says so.
    pub(super) fn new(timeout: Duration) -> Self {
        let mut roots = rustls::RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has the default versions of TLS")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { tls: Arc::new(config), timeout }
    }
}

impl Client {
    /// Returns a client without an open connection.
    pub(super) fn new(settings: &Settings) -> Self {
        Self { settings: settings.clone(), idle: None }
    }

    /// Sends a request and returns the answer, whatever its status, with its body unread. Redirections are followed.
    ///
    /// # Errors
    /// No connection, a broken one, or an answer that is no HTTP.
    pub(super) fn get(&mut self, url: &Url, headers: &[(&str, String)]) -> io::Result<Response> {
        let mut url = url.clone();
        for _ in 0..=REDIRECTIONS {
            let response = self.ask(&url, headers)?;
            let Some(location) = response.redirection() else { return Ok(response) };
            let next =
                url.join(location).map_err(|reason| invalid(format!("a redirection leads nowhere: {reason}")))?;
            if url.secure && !next.secure {
                return Err(invalid(format!("{url} leads to {next}, which is not encrypted")));
            }
            self.keep(response);
            url = next;
        }
        Err(invalid(format!("{url} is reached by more than {REDIRECTIONS} redirections")))
    }

    /// Keeps the connection of an answer for the next request, where its body was read to the end and the server agrees.
    pub(super) fn keep(&mut self, response: Response) {
        self.idle = response.into_connection();
    }

    fn ask(&mut self, url: &Url, headers: &[(&str, String)]) -> io::Result<Response> {
        let request = request(url, headers);
        if let Some(connection) = self.idle.take().filter(|connection| connection.leads_to(url)) {
            // The server may have closed it in the meantime: then a new one is asked.
            if let Ok(response) = Response::receive(connection, &request) {
                return Ok(response);
            }
        }
        Response::receive(Connection::open(url, &self.settings.tls, self.settings.timeout)?, &request)
    }
}

fn request(url: &Url, headers: &[(&str, String)]) -> String {
    let mut request = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: spectrascape/{}\r\nAccept: */*\r\nAccept-Encoding: identity\r\n",
        url.target,
        url.authority(),
        env!("CARGO_PKG_VERSION")
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    request
}
