//! A connection to a host, plain or encrypted.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use super::error::invalid;
use super::url::Url;

/// An open connection.
pub(super) struct Connection {
    secure: bool,
    host: String,
    port: u16,
    stream: Stream,
}

enum Stream {
    Plain(TcpStream),
    Encrypted(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Connection {
    /// Opens a connection to the host of an address.
    pub(super) fn open(url: &Url, tls: &Arc<ClientConfig>, timeout: Duration) -> io::Result<Self> {
        let tcp = connect(url, timeout)?;
        tcp.set_read_timeout(Some(timeout))?;
        tcp.set_write_timeout(Some(timeout))?;
        tcp.set_nodelay(true)?;
        let stream = if url.secure {
            let name = ServerName::try_from(url.host.clone()).map_err(|error| invalid(error.to_string()))?;
            let session = ClientConnection::new(Arc::clone(tls), name).map_err(|error| invalid(error.to_string()))?;
            Stream::Encrypted(Box::new(StreamOwned::new(session, tcp)))
        } else {
            Stream::Plain(tcp)
        };
        Ok(Self { secure: url.secure, host: url.host.clone(), port: url.port, stream })
    }

    /// Returns whether the connection leads to the host of an address.
    pub(super) fn leads_to(&self, url: &Url) -> bool {
        (self.secure, &self.host, self.port) == (url.secure, &url.host, url.port)
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.read(buffer),
            Stream::Encrypted(stream) => stream.read(buffer),
        }
    }
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.write(bytes),
            Stream::Encrypted(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.flush(),
            Stream::Encrypted(stream) => stream.flush(),
        }
    }
}

/// Connects to the first of a host's numbers that answers.
fn connect(url: &Url, timeout: Duration) -> io::Result<TcpStream> {
    let mut last = None;
    for address in (url.host.as_str(), url.port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, timeout) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the host has no number")))
}
