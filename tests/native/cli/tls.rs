//! `download` over TLS: from a server whose authority is trusted, with connections that break, and from one that is not.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};
use std::sync::Arc;
use std::thread;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::cli::program::{Folder, stderr, text};
use crate::cli::server::{Fault, Server};

/// What tests/fixtures/tls/make.sh made.
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls");

/// Puts TLS before a server, and returns the port. Requests and answers pass one after the other; where the server cuts a connection, this
/// one is cut too, without the farewell of TLS.
fn encrypted(server: &Server) -> u16 {
    let chain = vec![CertificateDer::from_pem_file(format!("{FIXTURES}/server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(format!("{FIXTURES}/server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let behind = server.base.strip_prefix("http://").unwrap().to_owned();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (config, behind) = (Arc::clone(&config), behind.clone());
            thread::spawn(move || {
                let outer = BufReader::new(StreamOwned::new(ServerConnection::new(config).unwrap(), stream));
                let inner = BufReader::new(TcpStream::connect(behind).unwrap());
                let _ = pass(outer, inner);
            });
        }
    });
    port
}

/// Passes requests and answers until one side ends.
fn pass(mut outer: BufReader<StreamOwned<ServerConnection, TcpStream>>, mut inner: BufReader<TcpStream>) -> Option<()> {
    loop {
        let (request, _) = head(&mut outer)?;
        inner.get_mut().write_all(request.as_bytes()).ok()?;
        let (answer, length) = head(&mut inner)?;
        outer.get_mut().write_all(answer.as_bytes()).ok()?;
        let mut body = vec![0; length];
        let mut count = 0;
        while count < length {
            match inner.read(&mut body[count..]).ok()? {
                0 => break,
                read => count += read,
            }
        }
        outer.get_mut().write_all(&body[..count]).ok()?;
        outer.get_mut().flush().ok()?;
        if count < length {
            return None;
        }
    }
}

/// Reads the head of a request or an answer, and the length of the body that follows.
fn head(reader: &mut impl BufRead) -> Option<(String, usize)> {
    let (mut text, mut length) = (String::new(), 0);
    loop {
        let start = text.len();
        if reader.read_line(&mut text).ok()? == 0 {
            return None;
        }
        let line = text[start..].trim().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().ok()?;
        }
        if line.is_empty() {
            return Some((text, length));
        }
    }
}

/// Downloads a list with these authorities trusted, and no others.
fn download(folder: &Folder, list: &str, authorities: &str) -> Output {
    let (path, out) = (folder.path("list.csv"), folder.path("out"));
    fs::write(&path, format!("url,path\n{list}")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_spectrascape"))
        .args(["download", "--list", text(&path), "--out", text(&out), "--wait", "0.01", "--timeout", "5"])
        .env("SSL_CERT_FILE", authorities)
        .env_remove("SSL_CERT_DIR")
        .output()
        .expect("the program starts")
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|i| (i * i / 7 % 251) as u8).collect()
}

#[test]
fn files_arrive_over_tls_and_go_on_where_a_connection_was_cut() {
    let (folder, server) = (Folder::new("tls"), Server::new());
    let (small, large) = (bytes(20_000), bytes(400_000));
    server.file("/small.dat", &small);
    server.file("/large.dat", &large);
    server.faults("/large.dat", &[Fault::Cut(150_000), Fault::Status(503, ""), Fault::Silence]);
    let port = encrypted(&server);
    let list = format!("https://localhost:{port}/small.dat,small.dat\nhttps://127.0.0.1:{port}/large.dat,large.dat\n");
    let output = download(&folder, &list, &format!("{FIXTURES}/authority.pem"));
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(fs::read(folder.path("out/small.dat")).unwrap() == small);
    assert!(fs::read(folder.path("out/large.dat")).unwrap() == large);
    let ranges: Vec<String> = server.requests().into_iter().filter_map(|request| request.range).collect();
    assert_eq!(ranges, ["bytes=150000-"; 3], "only what is missing is asked for");
}

#[test]
fn a_server_that_is_not_trusted_is_asked_for_nothing() {
    let (folder, server) = (Folder::new("tls-untrusted"), Server::new());
    server.file("/a.dat", &bytes(100));
    let port = encrypted(&server);
    let list = format!("https://localhost:{port}/a.dat,a.dat\n");
    // The server's own certificate is no authority.
    for authorities in [format!("{FIXTURES}/server.pem"), format!("{FIXTURES}/none.pem")] {
        let output = download(&folder, &list, &authorities);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines.len(), 2, "{said}");
        let reason = "the server's certificate is of an authority that this system does not trust: add the authority to the system's \
                      certificates, or name its file in SSL_CERT_FILE";
        assert_eq!(lines[0], format!("a.dat: https://localhost:{port}/a.dat: {reason}"));
        assert!(lines[1].contains("0 fetched") && lines[1].contains("1 failed"), "{said}");
    }
    assert!(server.requests().is_empty(), "nothing was asked, and nothing a second time");
    assert!(!folder.path("out/a.dat").exists());
}

#[test]
fn a_certificate_of_another_host_is_said_to_be_one() {
    let (folder, server) = (Folder::new("tls-host"), Server::new());
    let port = encrypted(&server);
    let list = format!("https://127.0.0.2:{port}/a.dat,a.dat\n");
    let listening = TcpStream::connect(("127.0.0.2", port)).is_ok();
    let output = download(&folder, &list, &format!("{FIXTURES}/authority.pem"));
    // Where the whole of 127.0.0.0/8 leads to this machine, which is not so everywhere, a listener on one address still answers on that alone.
    let expected = if listening { "of another host" } else { "no server listens there" };
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
}
