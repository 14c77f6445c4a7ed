//! The answer to a request.

use std::io::{self, Read, Write};

use super::body::Body;
use super::connection::Connection;
use super::error::invalid;

/// Longest head of an answer, in bytes.
const HEAD: usize = 64 * 1024;
/// Most headers of an answer.
const HEADERS: usize = 128;
/// Longest rest of a body that is read so that its connection can be used again, in bytes.
const REST: u64 = 16 * 1024;

/// An answer. Reading it reads the body; a body that ends before the length that its head gave is an error of the kind
/// `UnexpectedEof`.
pub(in crate::cli) struct Response {
    /// Status code, such as 200.
    pub status: u16,
    headers: Vec<(String, String)>,
    body: Body,
    reusable: bool,
}

struct Head {
    status: u16,
    keeps_alive: bool,
    headers: Vec<(String, String)>,
}

impl Response {
    /// Sends a request and reads the head of the answer.
    pub(super) fn receive(mut connection: Connection, request: &str) -> io::Result<Self> {
        connection.write_all(request.as_bytes())?;
        connection.flush()?;
        let mut received = Vec::new();
        let head = loop {
            let (head, length) = read_head(&mut connection, &mut received)?;
            received.drain(..length);
            // Those of 100 to 199 announce another answer.
            if head.status >= 200 {
                break head;
            }
        };
        let all = |name: &str| {
            let values = head.headers.iter().filter(|(one, _)| one.eq_ignore_ascii_case(name));
            values.map(|(_, value)| value.to_ascii_lowercase()).collect::<Vec<_>>().join(",")
        };
        let chunked = all("transfer-encoding").contains("chunked");
        let length = match find(&head.headers, "content-length") {
            Some(length) => {
                Some(length.parse().map_err(|_| invalid(format!("the answer's length is `{length}`, no number")))?)
            }
            None => None,
        };
        let bodiless = matches!(head.status, 204 | 304);
        let connection_header = all("connection");
        let keeps_alive = if head.keeps_alive {
            !connection_header.contains("close")
        } else {
            connection_header.contains("keep-alive")
        };
        let body = match length {
            _ if bodiless => Body::sized(connection, received, 0),
            _ if chunked => Body::chunked(connection, received),
            Some(length) => Body::sized(connection, received, length),
            None => Body::until_closed(connection, received),
        };
        Ok(Self { status: head.status, headers: head.headers, body, reusable: keeps_alive })
    }

    /// Returns the value of the first header of a name, in any case.
    pub(in crate::cli) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// Returns the length of the body, where the head gave it.
    pub(in crate::cli) fn length(&self) -> Option<u64> {
        self.body.length()
    }

    /// Returns whether only the end of the connection ends the body, so that a cut cannot be told from its end.
    pub(in crate::cli) fn ends_with_the_connection(&self) -> bool {
        self.body.ends_with_the_connection()
    }

    /// Returns where a redirection leads.
    pub(super) fn redirection(&self) -> Option<&str> {
        matches!(self.status, 301 | 302 | 303 | 307 | 308).then(|| self.header("location")).flatten()
    }

    /// Returns the connection for another request, where that is possible. What is left of a short body is read first.
    pub(super) fn into_connection(mut self) -> Option<Connection> {
        io::copy(&mut self.body.by_ref().take(REST), &mut io::sink()).ok()?;
        if !self.reusable || !self.body.is_finished() {
            return None;
        }
        self.body.into_connection()
    }
}

impl Read for Response {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.body.read(buffer)
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// Reads until `received` holds a whole head. Returns it with its length.
fn read_head(connection: &mut Connection, received: &mut Vec<u8>) -> io::Result<(Head, usize)> {
    let mut buffer = [0; 8192];
    loop {
        if let Some(found) = parse(received)? {
            return Ok(found);
        }
        if received.len() > HEAD {
            return Err(invalid("the head of the answer does not end"));
        }
        match connection.read(&mut buffer)? {
            0 => {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "the connection was closed without an answer",
                ));
            }
            count => received.extend_from_slice(&buffer[..count]),
        }
    }
}

fn parse(bytes: &[u8]) -> io::Result<Option<(Head, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let status = response.parse(bytes).map_err(|error| invalid(format!("the answer is no HTTP: {error}")))?;
    let httparse::Status::Complete(length) = status else { return Ok(None) };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let head = Head {
        status: response.code.unwrap_or_default(),
        keeps_alive: response.version == Some(1),
        headers: response.headers.iter().map(|header| (header.name.to_owned(), text(header.value))).collect(),
    };
    Ok(Some((head, length)))
}
