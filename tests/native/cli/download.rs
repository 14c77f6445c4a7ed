//! `download`, against a server on this machine that has every fault a server can have.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::cli::program::{Folder, run, stderr, text};
use crate::cli::server::{Fault, Server};

/// Bytes that look like a FITS file of so many blocks.
fn fits(blocks: usize, seed: u8) -> Vec<u8> {
    let mut bytes = b"SIMPLE  =                    T".to_vec();
    let mut state = u32::from(seed) + 1;
    while bytes.len() < blocks * 2880 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.push((state >> 24) as u8);
    }
    bytes
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Case {
    folder: Folder,
    server: Server,
    list: String,
}

impl Case {
    fn new(name: &str) -> Self {
        let list = "url,path,alternatives,bytes,sha256\n".to_owned();
        Self { folder: Folder::new(&format!("download-{name}")), server: Server::new(), list }
    }

    /// Offers a file and lists it.
    fn file(&mut self, name: &str, bytes: &[u8], faults: &[Fault]) -> &mut Self {
        self.server.file(&format!("/{name}"), bytes);
        self.server.faults(&format!("/{name}"), faults);
        self.list += &format!("{}/{name},{name},,,\n", self.server.base);
        self
    }

    fn list(&self) -> PathBuf {
        let path = self.folder.path("list.csv");
        fs::write(&path, &self.list).unwrap();
        path
    }

    fn download(&self, more: &[&str]) -> Output {
        let (list, out) = (self.list(), self.folder.path("out"));
        run(&[&["download", "--list", text(&list), "--out", text(&out), "--wait", "0.01", "--timeout", "5"], more]
            .concat())
    }

    fn received(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.path("out").join(name)).unwrap_or_default()
    }

    fn failed(&self) -> Vec<Vec<String>> {
        let text = fs::read_to_string(self.folder.path("out/failed.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }
}

/// Names of what is in a folder, at any depth, but for the lock.
fn names(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            found.extend(names(&entry.path()));
        } else if entry.file_name() != ".download.lock" {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

#[test]
fn every_fault_that_passes_ends_in_the_same_bytes() {
    let mut case = Case::new("faults");
    let whole = fits(20, 1);
    let length = whole.len();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&whole).unwrap();
    let packed = encoder.finish().unwrap();
    let faults: Vec<(&str, Vec<Fault>)> = vec![
        ("plain.fits", vec![]),
        ("cut.fits", vec![Fault::Cut(10_000), Fault::Cut(0), Fault::Cut(20_000)]),
        ("silence.fits", vec![Fault::Silence, Fault::Silence]),
        ("no-range.fits", vec![Fault::Cut(10_000), Fault::NoRange(5_000), Fault::NoRange(length)]),
        ("wrong-range.fits", vec![Fault::Cut(10_000), Fault::WrongRange]),
        ("too-long.fits", vec![Fault::TooLong(7)]),
        (
            "errors.fits",
            vec![Fault::Status(500, ""), Fault::Status(502, ""), Fault::Status(503, ""), Fault::Status(429, "")],
        ),
        ("packed.fits", vec![Fault::Packed(packed[..packed.len() / 2].to_vec()), Fault::Packed(packed.clone())]),
        ("chunked.fits", vec![Fault::Chunked { cut: true }, Fault::Chunked { cut: false }]),
        ("until-closed.fits", vec![Fault::UntilClosed(10_000), Fault::UntilClosed(length)]),
        ("moved.fits", vec![Fault::Redirect("plain.fits".to_owned())]),
    ];
    for (name, faults) in &faults {
        case.file(name, &whole, faults);
    }
    // A packed file stays packed, whatever the header says.
    case.file("kept.fits.gz", &packed, &[Fault::Packed(packed.clone())]);
    let output = case.download(&[]);
    assert!(output.status.success(), "{}", stderr(&output));
    for (name, _) in &faults {
        assert!(case.received(name) == whole, "{name} differs");
    }
    assert!(case.received("kept.fits.gz") == packed);
    let mut expected: Vec<&str> = faults.iter().map(|(name, _)| *name).chain(["kept.fits.gz"]).collect();
    expected.sort_unstable();
    assert_eq!(names(&case.folder.path("out")), expected, "nothing but the files is left");
    assert!(stderr(&output).contains("12 fetched") && stderr(&output).contains("0 failed"), "{}", stderr(&output));
    // A cut file goes on where it was.
    let ranges = |path: &str| {
        let requests = case.server.requests();
        requests.into_iter().filter(|request| request.path == path).map(|request| request.range).collect::<Vec<_>>()
    };
    let from = |byte: usize| Some(format!("bytes={byte}-"));
    assert_eq!(ranges("/cut.fits"), [None, from(10_000), from(10_000), from(30_000)]);
    assert_eq!(ranges("/no-range.fits"), [None, from(10_000), from(5_000)]);
    assert_eq!(ranges("/wrong-range.fits"), [None, from(10_000), None]);
    let (connections, at_once) = case.server.connections();
    assert!(at_once <= 4, "{at_once} connections at the same time");
    assert!(connections < case.server.requests().len(), "connections are used again");

    case.server.forget();
    let again = case.download(&[]);
    assert!(
        again.status.success() && stderr(&again).contains("0 fetched (0.0 MB), 12 already there"),
        "{}",
        stderr(&again)
    );
    assert_eq!(case.server.requests().len(), 0, "what is there is not asked for");
}

#[test]
fn what_fails_is_counted_and_listed_and_a_later_run_fetches_it() {
    let mut case = Case::new("failures");
    let whole = fits(4, 2);
    let base = case.server.base.clone();
    case.file("good.fits", &whole, &[]);
    case.file("dead.fits", &whole, &vec![Fault::Status(500, ""); 3]);
    case.file("page.fits", &whole, &[Fault::Instead("<html>we are down</html>")]);
    case.file("text.fits", &whole, &vec![Fault::Instead("no such file"); 3]);
    case.file("teapot.fits", &whole, &[Fault::Status(418, "")]);
    case.file("later.fits", &whole, &[Fault::Status(503, "Retry-After: 86400\r\n")]);
    case.list += &format!("{base}/gone.fits,gone.fits,,,\n");
    case.file("large.fits", &fits(8, 3), &[]);
    case.server.file("/short.fits", &whole);
    case.list += &format!("{base}/short.fits,short.fits,,{},\n", whole.len() + 2880);
    case.server.file("/other.fits", &whole);
    case.list += &format!("{base}/other.fits,other.fits,,,{}\n", sha256(b"other"));
    let output = case.download(&["--attempts", "3", "--limit", "20000"]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("1 fetched") && said.contains("9 failed") && said.contains("failed.csv"), "{said}");
    let failed = case.failed();
    let reason = |name: &str| failed.iter().find(|row| row[1] == name).unwrap().last().unwrap().clone();
    for (name, words) in [
        ("dead.fits", "500, after 3 attempts"),
        ("page.fits", "HTML"),
        ("text.fits", "no FITS file"),
        ("teapot.fits", "418"),
        ("later.fits", "86400 s"),
        ("gone.fits", "404"),
        ("large.fits", "over the --limit"),
        ("short.fits", "the list says 14400"),
        ("other.fits", "SHA-256"),
    ] {
        assert!(reason(name).contains(words), "{name}: {}", reason(name));
        assert!(!case.folder.path("out").join(name).exists(), "{name}");
    }
    // The table of failures is a list.
    let failures = case.folder.path("failures.csv");
    fs::copy(case.folder.path("out/failed.csv"), &failures).unwrap();
    case.server.file("/gone.fits", &whole);
    let out = case.folder.path("out");
    let output =
        run(&["download", "--list", text(&failures), "--out", text(&out), "--wait", "0.01", "--attempts", "2"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("7 fetched") && stderr(&output).contains("2 failed"), "{}", stderr(&output));
    case.list = case
        .list
        .lines()
        .filter(|line| !line.contains("other") && !line.contains("short"))
        .fold(String::new(), |all, line| all + line + "\n");
    let output = case.download(&[]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!case.folder.path("out/failed.csv").exists(), "nothing failed");
}

#[test]
fn alternatives_lengths_and_hashes_are_heeded() {
    let mut case = Case::new("alternatives");
    let (one, two) = (fits(3, 4), fits(5, 5));
    let base = case.server.base.clone();
    case.server.file("/p/spec.fits", &one);
    case.server.faults("/six/spec.fits", &[Fault::Instead("<html>no such file</html>")]);
    case.list += &format!("{base}/six/spec.fits,a/spec.fits,{base}/four/spec.fits {base}/p/spec.fits,,\n");
    case.server.file("/two.fits", &two);
    case.list += &format!("{base}/two.fits,a/b/two.fits,,{},{}\n", two.len(), sha256(&two).to_uppercase());
    let output = case.download(&[]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(case.received("a/spec.fits") == one && case.received("a/b/two.fits") == two);
    // What is there but not whole is fetched again.
    let mut damaged = two.clone();
    damaged[9000] ^= 1;
    fs::write(case.folder.path("out/a/b/two.fits"), &damaged).unwrap();
    fs::write(case.folder.path("out/a/spec.fits"), b"").unwrap();
    let output = case.download(&[]);
    assert!(output.status.success() && stderr(&output).contains("2 fetched"), "{}", stderr(&output));
    assert!(case.received("a/spec.fits") == one && case.received("a/b/two.fits") == two);
}

#[test]
fn a_server_that_asks_for_a_pause_gets_it_from_everybody() {
    let mut case = Case::new("pause");
    case.file("busy.fits", &fits(2, 1), &[Fault::Status(429, "Retry-After: 1\r\n")]);
    for number in 0..30 {
        case.file(&format!("{number}.fits"), &fits(1, number), &[]);
    }
    let output = case.download(&["--at-once", "1"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let requests = case.server.requests();
    let busy: Vec<usize> = (0..requests.len()).filter(|&index| requests[index].path == "/busy.fits").collect();
    assert_eq!(busy.len(), 2);
    let waited = requests[busy[1]].at - requests[busy[0]].at;
    assert!(waited >= Duration::from_secs(1), "{waited:?}");
    assert!(requests[1].at - requests[0].at >= Duration::from_secs(1), "nothing is asked for meanwhile");
}

#[test]
fn a_killed_download_goes_on() {
    let mut case = Case::new("killed");
    let whole = fits(300, 9);
    let names: Vec<String> = (0..6).map(|number| format!("{number}.fits")).collect();
    for name in &names {
        // The connection stays silent in the middle of the answer until it is given up.
        case.file(name, &whole, &[Fault::Cut(400_000)]);
    }
    let (list, out) = (case.list(), case.folder.path("out"));
    let arguments = ["download", "--list", text(&list), "--out", text(&out), "--wait", "60"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_spectrascape"))
        .args(arguments)
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let partial = out.join("0.fits.partial-0");
    let start = Instant::now();
    while fs::metadata(&partial).map_or(0, |data| data.len()) < 400_000 {
        assert!(start.elapsed() < Duration::from_secs(60), "no partial file");
        std::thread::sleep(Duration::from_millis(2));
    }
    let second = run(&arguments);
    assert!(stderr(&second).contains("another process"), "{}", stderr(&second));
    child.kill().unwrap();
    child.wait().unwrap();
    let output = case.download(&[]);
    assert!(output.status.success() && stderr(&output).contains("6 fetched"), "{}", stderr(&output));
    for name in &names {
        assert!(case.received(name) == whole, "{name}");
    }
    let ranges: Vec<_> = case.server.requests().into_iter().filter(|request| request.path == "/0.fits").collect();
    assert_eq!(ranges.last().unwrap().range.as_deref(), Some("bytes=400000-"));
}

#[test]
fn a_server_that_cannot_be_reached_ends_the_run() {
    let mut case = Case::new("unreachable");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for number in 0..200 {
        case.list += &format!("http://{free}/{number}.fits,{number}.fits,,,\n");
    }
    let start = Instant::now();
    let output = case.download(&["--attempts", "2"]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("no server listens there") && said.contains("left for another run"), "{said}");
    assert!(said.contains("200 failed") && start.elapsed() < Duration::from_secs(20), "{said}");
    assert_eq!(case.failed().len(), 200);
}

#[test]
fn hostile_lists_write_nothing_outside_their_folder() {
    let mut case = Case::new("hostile");
    let base = case.server.base.clone();
    case.file("good.fits", &fits(1, 1), &[]);
    for path in ["../evil.fits", "/tmp/evil.fits", "a/../../evil.fits", "C:\\evil.fits", "a\\..\\evil.fits", "a/"] {
        case.list += &format!("{base}/good.fits,{path},,,\n");
    }
    case.list += "ftp://host/a.fits,a.fits,,,\n";
    case.list +=
        &format!("\"{base}/a b\",b.fits,,,\n{base}/c,c.fits,,many,\n{base}/d,d.fits,,,beef\n{base}/e,good.fits,,,\n");
    case.list += &format!("{base}/good.fits,good.fits,,,\n,f.fits,,,\n");
    let output = case.download(&[]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert_eq!(said.lines().count(), 6 + 5 + 1 + 1, "{said}");
    assert!(said.contains("line 3: the path `../evil.fits`") && said.contains("12 lines of"), "{said}");
    assert_eq!(names(&case.folder.path("out")), ["good.fits"]);
    for list in ["ra,dec\n1,2\n", "", "url,path\n"] {
        case.list = list.to_owned();
        let output = case.download(&[]);
        assert_eq!((output.status.code(), stderr(&output).trim().lines().count()), (Some(1), 1), "{}", stderr(&output));
    }
}
