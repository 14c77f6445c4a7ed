//! A server of files that imitates a survey's, and its faults.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

/// A fault of the server, at the first requests for a path.
#[derive(Debug, Clone)]
pub enum Fault {
    /// A status and further headers, with a short body.
    Status(u16, &'static str),
    /// The connection ends after so many bytes of the body.
    Cut(usize),
    /// The connection ends before any answer.
    Silence,
    /// The whole file, whatever range was asked for, cut after so many bytes.
    NoRange(usize),
    /// Another range than that asked for.
    WrongRange,
    /// A `Content-Length` that is so many bytes too long.
    TooLong(usize),
    /// The file packed by gzip, as `Content-Encoding` says.
    Packed(Vec<u8>),
    /// This body instead of the file.
    Instead(&'static str),
    /// In chunks, the last of them missing if cut.
    Chunked { cut: bool },
    /// HTTP/1.0 without a length, cut after so many bytes.
    UntilClosed(usize),
    /// A redirection.
    Redirect(String),
}

/// A request as received.
#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    pub range: Option<String>,
    pub at: Instant,
}

#[derive(Default)]
struct Shared {
    files: BTreeMap<String, Vec<u8>>,
    faults: BTreeMap<String, Vec<Fault>>,
    requests: Vec<Request>,
    connections: usize,
    open: usize,
    most_open: usize,
}

/// A server on a free port of this machine, until the test's process ends.
#[derive(Clone)]
pub struct Server {
    pub base: String,
    shared: Arc<Mutex<Shared>>,
}

impl Server {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Mutex::new(Shared::default()));
        let server = Self { base, shared };
        let own = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = own.clone();
                thread::spawn(move || server.serve(stream));
            }
        });
        server
    }

    /// Offers a file at a path that begins with `/`.
    pub fn file(&self, path: &str, bytes: &[u8]) {
        self.shared.lock().unwrap().files.insert(path.to_owned(), bytes.to_owned());
    }

    /// Lets the next requests for a path fail, one fault a request.
    pub fn faults(&self, path: &str, faults: &[Fault]) {
        let mut shared = self.shared.lock().unwrap();
        let waiting = shared.faults.entry(path.to_owned()).or_default();
        waiting.extend(faults.iter().rev().cloned());
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.lock().unwrap().requests.clone()
    }

    /// Forgets the requests so far.
    pub fn forget(&self) {
        self.shared.lock().unwrap().requests.clear();
    }

    /// How many connections there were, and how many at the same time.
    pub fn connections(&self) -> (usize, usize) {
        let shared = self.shared.lock().unwrap();
        (shared.connections, shared.most_open)
    }

    fn serve(&self, stream: TcpStream) {
        {
            let mut shared = self.shared.lock().unwrap();
            shared.connections += 1;
            shared.open += 1;
            shared.most_open = shared.most_open.max(shared.open);
        }
        stream.set_nodelay(true).unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while self.answer(&mut reader, &stream) == Some(true) {}
        self.shared.lock().unwrap().open -= 1;
    }

    /// Answers a request; whether the connection goes on.
    fn answer(&self, reader: &mut BufReader<TcpStream>, mut stream: &TcpStream) -> Option<bool> {
        let mut first = String::new();
        if reader.read_line(&mut first).ok()? == 0 {
            return None;
        }
        let path = first.split(' ').nth(1)?.to_owned();
        let mut range = None;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let line = line.trim();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("Range: ") {
                range = Some(value.to_owned());
            }
        }
        let (file, fault) = {
            let mut shared = self.shared.lock().unwrap();
            shared.requests.push(Request { path: path.clone(), range: range.clone(), at: Instant::now() });
            let plain = path.split('?').next().unwrap_or(&path);
            let file = shared.files.get(&path).or_else(|| shared.files.get(plain)).cloned();
            (file, shared.faults.get_mut(&path).and_then(Vec::pop))
        };
        let mut send = |head: String, body: &[u8]| {
            stream.write_all(format!("HTTP/1.1 {head}\r\n\r\n").as_bytes()).ok()?;
            stream.write_all(body).ok()?;
            stream.flush().ok()
        };
        let start: usize =
            range.as_deref().and_then(|r| r.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()).unwrap_or(0);
        let whole = file.clone().unwrap_or_default();
        match fault {
            Some(Fault::Status(status, headers)) => {
                send(format!("{status} Fault\r\n{headers}Content-Length: 5"), b"fault")?;
                return Some(true);
            }
            Some(Fault::Silence) => return None,
            Some(Fault::Redirect(location)) => {
                send(format!("302 Found\r\nLocation: {location}\r\nContent-Length: 0"), b"")?;
                return Some(true);
            }
            Some(Fault::Instead(body)) => {
                send(format!("200 OK\r\nContent-Type: text/html\r\nContent-Length: {}", body.len()), body.as_bytes())?;
                return Some(true);
            }
            Some(Fault::Packed(bytes)) => {
                send(format!("200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}", bytes.len()), &bytes)?;
                return Some(true);
            }
            Some(Fault::TooLong(more)) => {
                send(format!("200 OK\r\nContent-Length: {}", whole.len() + more), &whole)?;
                return None;
            }
            Some(Fault::NoRange(cut)) => {
                send(format!("200 OK\r\nContent-Length: {}", whole.len()), &whole[..cut.min(whole.len())])?;
                return (cut >= whole.len()).then_some(true);
            }
            Some(Fault::WrongRange) => {
                let length = whole.len();
                send(
                    format!(
                        "206 Partial\r\nContent-Range: bytes 0-{}/{length}\r\nContent-Length: {length}",
                        length - 1
                    ),
                    &whole,
                )?;
                return Some(true);
            }
            Some(Fault::Chunked { cut }) => {
                let mut body = Vec::new();
                for chunk in whole.chunks(1000) {
                    body.extend_from_slice(format!("{:x};name=value\r\n", chunk.len()).as_bytes());
                    body.extend_from_slice(chunk);
                    body.extend_from_slice(b"\r\n");
                }
                if !cut {
                    body.extend_from_slice(b"0\r\nTrailer: one\r\n\r\n");
                }
                send("200 OK\r\nTransfer-Encoding: chunked".to_owned(), &body)?;
                return (!cut).then_some(true);
            }
            Some(Fault::UntilClosed(cut)) => {
                stream.write_all(b"HTTP/1.0 200 OK\r\n\r\n").ok()?;
                stream.write_all(&whole[..cut.min(whole.len())]).ok()?;
                return None;
            }
            Some(Fault::Cut(_)) | None => {}
        }
        let Some(file) = file else {
            send("404 Not Found\r\nContent-Length: 4".to_owned(), b"none")?;
            return Some(true);
        };
        if start >= file.len() && range.is_some() {
            send(format!("416 Range\r\nContent-Range: bytes */{}\r\nContent-Length: 0", file.len()), b"")?;
            return Some(true);
        }
        let body = &file[start..];
        let sent = if let Some(Fault::Cut(count)) = fault { &body[..count.min(body.len())] } else { body };
        let length = body.len();
        let head = if range.is_some() {
            format!(
                "206 Partial\r\nContent-Range: bytes {start}-{}/{}\r\nContent-Length: {length}",
                file.len() - 1,
                file.len()
            )
        } else {
            format!("200 OK\r\nContent-Length: {length}")
        };
        send(head, sent)?;
        fault.is_none().then_some(true)
    }
}
