//! The transfer of one file, in as many attempts as it takes.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use super::check::{self, Flaw};
use super::retry::{LONGEST_ASKED, Pause, Schedule, retry_after};
use crate::cli::address_list::Address;
use crate::cli::http::{Client, Response, Settings, Url, certificate_flaw};

/// Attempts at one address at most, however much each brings, in units of the attempts without progress.
const IN_ALL: u32 = 20;

/// A thread's client and what it works with.
pub(super) struct Worker<'a> {
    client: Client,
    schedule: Schedule,
    pause: &'a Pause,
    folder: &'a Path,
    limit: u64,
}

/// The outcome for a file.
pub(super) enum Fetched {
    /// Fetched, with its length.
    Whole(u64),
    /// Whole before.
    There,
    /// Not fetched; `answered` says whether a server said anything.
    Failed { reason: String, answered: bool },
}

/// Why an attempt did not bring the whole file.
enum Trouble {
    /// Nothing at this address: another one may have it.
    Missing(String),
    /// Another attempt may do better, after a wait that the server asks for.
    Again { reason: String, wait: Option<Duration>, answered: bool },
    /// No attempt would do better.
    Hopeless(String),
    /// The server is not who it should be, so that nothing was asked.
    Untrusted(String),
    /// The disk cannot be written.
    Disk(anyhow::Error),
}

/// The places on disk of a file in transfer.
struct Places {
    whole: PathBuf,
    /// Bytes so far, as they will be in the file.
    partial: PathBuf,
    /// Bytes that the server packed for the transfer. Such a transfer is not continued.
    packed: PathBuf,
}

impl<'a> Worker<'a> {
    /// Returns a worker for the files below `folder`, each of `limit` bytes at most.
    pub(super) fn new(settings: &Settings, schedule: Schedule, pause: &'a Pause, folder: &'a Path, limit: u64) -> Self {
        Self { client: Client::new(settings), schedule, pause, folder, limit }
    }

    /// Fetches a file, unless it is there.
    ///
    /// # Errors
    /// A disk that cannot be read or written.
    pub(super) fn fetch(&mut self, address: &Address) -> Result<Fetched> {
        let whole = self.folder.join(&address.path);
        let unread = || format!("{} cannot be read", whole.display());
        if whole.exists() && check::flaw(&whole, address).with_context(unread)?.is_none() {
            return Ok(Fetched::There);
        }
        if let Some(folder) = whole.parent() {
            fs::create_dir_all(folder).with_context(|| format!("{} cannot be written", folder.display()))?;
        }
        if let Some(bytes) = address.bytes.filter(|&bytes| bytes > self.limit) {
            return Ok(Fetched::Failed { reason: self.too_large(bytes), answered: true });
        }
        let mut missing = Vec::new();
        for (number, url) in address.urls().enumerate() {
            let url: Url = url.parse().map_err(anyhow::Error::msg)?;
            // Bytes of one address are never continued with those of another.
            let places = Places::new(&whole, number);
            match self.fetch_from(&url, address, &places) {
                Ok(bytes) => {
                    (0..=address.alternatives.len()).for_each(|other| Places::new(&whole, other).clear());
                    return Ok(Fetched::Whole(bytes));
                }
                Err(Trouble::Missing(reason)) => {
                    places.clear();
                    missing.push(reason);
                }
                Err(Trouble::Hopeless(reason)) => return Ok(Fetched::Failed { reason, answered: true }),
                Err(Trouble::Untrusted(reason)) => return Ok(Fetched::Failed { reason, answered: false }),
                Err(Trouble::Again { reason, answered, .. }) => return Ok(Fetched::Failed { reason, answered }),
                Err(Trouble::Disk(error)) => return Err(error),
            }
        }
        missing.dedup();
        let tried = address.alternatives.len() + 1;
        let reason = missing.join("; ");
        let reason = if tried > 1 { format!("{reason}, at none of {tried} addresses") } else { reason };
        Ok(Fetched::Failed { reason, answered: true })
    }

    /// Fetches a file from one address, in several attempts. Returns its length.
    fn fetch_from(&mut self, url: &Url, address: &Address, places: &Places) -> Result<u64, Trouble> {
        let mut failures = 0;
        let mut furthest = places.received();
        for attempt in 1.. {
            self.pause.keep();
            let trouble = match self.attempt(url, address, places) {
                Ok(bytes) => return Ok(bytes),
                Err(trouble) => trouble,
            };
            let Trouble::Again { reason, wait, answered } = trouble else { return Err(trouble) };
            let received = places.received();
            failures = if received > furthest { 1 } else { failures + 1 };
            furthest = furthest.max(received);
            if failures >= self.schedule.attempts || attempt >= self.schedule.attempts.saturating_mul(IN_ALL) {
                let reason = format!("{reason}, after {attempt} attempts");
                return Err(Trouble::Again { reason, wait: None, answered });
            }
            match wait {
                Some(wait) if wait > LONGEST_ASKED => {
                    let seconds = wait.as_secs();
                    return Err(Trouble::Hopeless(format!(
                        "{reason}: it asks for a wait of {seconds} s, run again then"
                    )));
                }
                // The server means all requests, not this file's.
                Some(wait) => self.pause.ask(wait),
                None => thread::sleep(self.schedule.wait(failures)),
            }
        }
        unreachable!("attempts are bounded")
    }

    /// Asks once, for what is missing.
    fn attempt(&mut self, url: &Url, address: &Address, places: &Places) -> Result<u64, Trouble> {
        let have = places.received();
        let headers = if have > 0 { vec![("Range", format!("bytes={have}-"))] } else { Vec::new() };
        let mut response = self.client.get(url, &headers).map_err(|error| match certificate_flaw(&error) {
            Some(flaw) => Trouble::Untrusted(format!("{url}: {flaw}")),
            None => Trouble::Again { reason: format!("{url}: {}", said(&error)), wait: None, answered: false },
        })?;
        let again = |reason: String| Trouble::Again { reason, wait: None, answered: true };
        let status = response.status;
        let range = response.header("content-range").and_then(content_range);
        let encoding = response.header("content-encoding").unwrap_or("identity").trim().to_ascii_lowercase();
        let (start, total) = match (status, range) {
            (200, _) => (0, response.length()),
            (206, Some((Some(start), total))) if start == have && encoding == "identity" => {
                (have, total.or_else(|| Some(have + response.length()?)))
            }
            (416, Some((None, Some(total)))) if total == have => (have, Some(have)),
            (206 | 416, _) => {
                places.clear();
                return Err(again(format!("{url} did not continue at byte {have}")));
            }
            (401 | 403 | 404 | 410, _) => {
                self.client.keep(response);
                return Err(Trouble::Missing(format!("the server answers {status}")));
            }
            (408 | 425 | 429 | 500.., _) => {
                let asked = response.header("retry-after").filter(|_| matches!(status, 429 | 503));
                let wait = asked.and_then(|value| retry_after(value, response.header("date")));
                self.client.keep(response);
                return Err(Trouble::Again { reason: format!("the server answers {status}"), wait, answered: true });
            }
            _ => return Err(Trouble::Hopeless(format!("the server answers {status}"))),
        };
        if let Some(total) = total.filter(|&total| total > self.limit) {
            places.clear();
            return Err(Trouble::Hopeless(self.too_large(total)));
        }
        if status != 416 {
            let packed = match encoding.as_str() {
                "" | "identity" => false,
                // The file itself is packed, and some servers say so in this header.
                "gzip" | "x-gzip" => !address.path.to_ascii_lowercase().ends_with(".gz"),
                other => {
                    return Err(Trouble::Hopeless(format!("the server packs it as {other}, although asked not to")));
                }
            };
            let into = if packed { &places.packed } else { &places.partial };
            self.receive(&mut response, into, start, total)?;
            if response.ends_with_the_connection() && !check::has_whole_blocks(into, address) {
                places.clear();
                return Err(again("the answer ended early".to_owned()));
            }
            if packed {
                self.unpack(places)?;
            }
        }
        self.client.keep(response);
        finish(places, address)
    }

    /// Writes a body to a file from byte `start` on.
    fn receive(&self, response: &mut Response, path: &Path, start: u64, total: Option<u64>) -> Result<(), Trouble> {
        let mut file = open(path, start).map_err(|error| disk(error, path))?;
        let mut count = start;
        let mut buffer = vec![0; 1 << 16];
        loop {
            let read = match response.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    let of = total.map_or_else(String::new, |total| format!(" of {total}"));
                    let reason = format!("{} after {count}{of} bytes", said(&error));
                    return Err(Trouble::Again { reason, wait: None, answered: true });
                }
            };
            count += read as u64;
            if count > self.limit {
                drop(file);
                let _ = fs::remove_file(path);
                return Err(Trouble::Hopeless(self.too_large(count)));
            }
            file.write_all(&buffer[..read]).map_err(|error| disk(error, path))?;
        }
        match total.filter(|&total| total != count) {
            Some(total) => Err(Trouble::Again {
                reason: format!("the answer ended after {count} of {total} bytes"),
                wait: None,
                answered: true,
            }),
            None => Ok(()),
        }
    }

    fn unpack(&self, places: &Places) -> Result<(), Trouble> {
        let packed = File::open(&places.packed).map_err(|error| disk(error, &places.packed))?;
        let mut unpacked = flate2::read::MultiGzDecoder::new(packed).take(self.limit + 1);
        let mut file = open(&places.partial, 0).map_err(|error| disk(error, &places.partial))?;
        let copied = io::copy(&mut unpacked, &mut file);
        let _ = fs::remove_file(&places.packed);
        match copied {
            Ok(count) if count > self.limit => {
                places.clear();
                Err(Trouble::Hopeless(self.too_large(count)))
            }
            Ok(_) => Ok(()),
            Err(error) => {
                places.clear();
                Err(Trouble::Again {
                    reason: format!("what the server packed cannot be unpacked: {error}"),
                    wait: None,
                    answered: true,
                })
            }
        }
    }

    fn too_large(&self, bytes: u64) -> String {
        format!("it has {bytes} bytes or more, over the --limit of {}", self.limit)
    }
}

impl Places {
    fn new(whole: &Path, address: usize) -> Self {
        let with = |ending: &str| {
            let mut path = whole.as_os_str().to_owned();
            path.push(format!(".{ending}-{address}"));
            PathBuf::from(path)
        };
        Self { whole: whole.to_owned(), partial: with("partial"), packed: with("packed") }
    }

    /// Returns the number of bytes that are there.
    fn received(&self) -> u64 {
        fs::metadata(&self.partial).map_or(0, |data| data.len())
    }

    fn clear(&self) {
        for path in [&self.partial, &self.packed] {
            let _ = fs::remove_file(path);
        }
    }
}

/// Checks a received file and gives it its name. Returns its length.
fn finish(places: &Places, address: &Address) -> Result<u64, Trouble> {
    match check::flaw(&places.partial, address).map_err(|error| disk(error, &places.partial))? {
        None => {}
        Some(Flaw::Page) => return Err(Trouble::Missing("the server sends a page of HTML instead of FITS".to_owned())),
        Some(Flaw::Damaged(reason)) => {
            places.clear();
            return Err(Trouble::Again { reason, wait: None, answered: true });
        }
    }
    let bytes = places.received();
    fs::rename(&places.partial, &places.whole).map_err(|error| disk(error, &places.whole))?;
    Ok(bytes)
}

/// Opens a file to write from byte `start` on.
fn open(path: &Path, start: u64) -> io::Result<File> {
    if start == 0 {
        return File::create(path);
    }
    File::options().append(true).open(path)
}

fn disk(error: io::Error, path: &Path) -> Trouble {
    Trouble::Disk(anyhow::Error::new(error).context(format!("{} cannot be written", path.display())))
}

/// Returns first byte and total of a `Content-Range` header, as far as it gives them.
fn content_range(text: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (range, total) = text.trim().strip_prefix("bytes")?.trim_start().split_once('/')?;
    let start = range.split_once('-').and_then(|(start, _)| start.trim().parse().ok());
    Some((start, total.trim().parse().ok()))
}

/// Returns an error of the network as a clause.
fn said(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => "no answer in time".to_owned(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => "the connection was cut".to_owned(),
        io::ErrorKind::ConnectionRefused => "no server listens there".to_owned(),
        _ => error.to_string(),
    }
}
