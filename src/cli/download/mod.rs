//! `download`: fetches the files of a list politely: few at once, with growing waits after a failure and as long a wait as a server
//! asks for. A file has its name only when it is whole; killed at any moment, the next run goes on.

mod check;
mod retry;
mod transfer;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::address_list::{Address, AddressList, COLUMNS};
use super::http::Settings;
use super::outcome::Outcome;
use super::survey::Lock;
use super::{files, progress};
use crate::export::CsvWriter;
use retry::{Pause, Schedule};
use transfer::{Fetched, Worker};

/// Files in a row whose server does not answer at all, after which the rest is left for another run.
const UNREACHABLE: usize = 12;
/// The table of failures, which is a list too.
const FAILED: &str = "failed.csv";

#[derive(Debug, Args)]
pub(super) struct Download {
    /// CSV with the columns url and path, as `sample` writes it; alternatives, bytes and sha256 are heeded where it has them.
    #[arg(long, value_name = "LIST.csv")]
    list: PathBuf,
    /// Folder for the files.
    #[arg(long)]
    out: PathBuf,
    /// Files fetched at the same time.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=32))]
    at_once: u32,
    /// Attempts in a row without a new byte, after which a file counts as failed.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..))]
    attempts: u32,
    /// Largest file that is fetched, in bytes.
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 30)]
    limit: u64,
    /// Seconds before the second attempt; every further wait is twice as long, up to a minute.
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, value_parser = seconds)]
    wait: f64,
    /// Seconds without a new byte after which a connection is given up.
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, value_parser = seconds)]
    timeout: f64,
}

/// The outcome for a file.
#[derive(Debug, Clone)]
enum End {
    Fetched(u64),
    There,
    Failed(String),
}

impl Download {
    pub(super) fn run(&self) -> Result<Outcome> {
        let name = self.list.display().to_string();
        let list = AddressList::parse(&name, &files::read(&self.list)?)?;
        list.refused.iter().for_each(|refused| eprintln!("{refused}"));
        if list.addresses.is_empty() {
            bail!("{name} names no file to fetch");
        }
        std::fs::create_dir_all(&self.out).with_context(|| format!("{} cannot be written", self.out.display()))?;
        let _lock = Lock::take(&self.out, ".download.lock", &format!("the folder {}", self.out.display()))?;
        let ends = self.fetch(&list.addresses)?;
        let failed = write_failed(&self.out.join(FAILED), &list.addresses, &ends)?;
        self.report(&ends, failed, list.refused.len());
        Ok(if failed + list.refused.len() > 0 { Outcome::SomeRefused } else { Outcome::Done })
    }

    /// Fetches every file on a few threads. Each failure is a line on stderr.
    ///
    /// # Errors
    /// A disk that cannot be written.
    fn fetch(&self, addresses: &[Address]) -> Result<Vec<End>> {
        let settings = Settings::new(Duration::from_secs_f64(self.timeout));
        let schedule = Schedule { attempts: self.attempts, first: Duration::from_secs_f64(self.wait) };
        let pause = Pause::default();
        let bar = progress::files("Downloading", addresses.len());
        let next = AtomicUsize::new(0);
        let silent = AtomicUsize::new(0);
        let stopped = AtomicBool::new(false);
        let ends = Mutex::new(vec![End::Failed("left for another run".to_owned()); addresses.len()]);
        let broken = Mutex::new(None);
        let work = || {
            let mut worker = Worker::new(&settings, schedule, &pause, &self.out, self.limit);
            while !stopped.load(Ordering::Relaxed) {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(address) = addresses.get(index) else { return };
                let mut is_silent = false;
                let end = match worker.fetch(address) {
                    Ok(Fetched::Whole(bytes)) => End::Fetched(bytes),
                    Ok(Fetched::There) => End::There,
                    Ok(Fetched::Failed { reason, answered }) => {
                        is_silent = !answered;
                        bar.suspend(|| eprintln!("{}: {reason}", address.path));
                        End::Failed(reason)
                    }
                    Err(error) => {
                        stopped.store(true, Ordering::Relaxed);
                        locked(&broken).get_or_insert(error);
                        return;
                    }
                };
                if !is_silent {
                    silent.store(0, Ordering::Relaxed);
                } else if silent.fetch_add(1, Ordering::Relaxed) + 1 >= UNREACHABLE {
                    stopped.store(true, Ordering::Relaxed);
                }
                locked(&ends)[index] = end;
                bar.inc(1);
            }
        };
        thread::scope(|scope| {
            for _ in 0..(self.at_once as usize).min(addresses.len()) {
                scope.spawn(work);
            }
        });
        bar.finish_and_clear();
        if let Some(error) = locked(&broken).take() {
            return Err(error);
        }
        if stopped.load(Ordering::Relaxed) {
            eprintln!("{UNREACHABLE} files in a row had no answer: the rest is left for another run");
        }
        Ok(std::mem::take(&mut *locked(&ends)))
    }

    fn report(&self, ends: &[End], failed: usize, refused: usize) {
        let fetched: Vec<u64> =
            ends.iter().filter_map(|end| if let End::Fetched(n) = end { Some(*n) } else { None }).collect();
        let there = ends.iter().filter(|end| matches!(end, End::There)).count();
        let megabytes = fetched.iter().sum::<u64>() as f64 / 1e6;
        let list = self.list.display();
        let mut line =
            format!("{}: {} fetched ({megabytes:.1} MB), {there} already there", self.out.display(), fetched.len());
        line += &format!(", {failed} failed");
        if failed > 0 {
            line += &format!(": {} says why", self.out.join(FAILED).display());
        }
        if refused > 0 {
            line += &format!("; {refused} lines of {list} were no addresses");
        }
        eprintln!("{line}");
    }
}

/// Writes the table of failures, or removes it where there are none. Returns their number.
fn write_failed(path: &Path, addresses: &[Address], ends: &[End]) -> Result<usize> {
    let mut csv = CsvWriter::new();
    csv.record(COLUMNS.iter().chain(&["reason"]));
    let mut count = 0;
    for (address, end) in addresses.iter().zip(ends) {
        if let End::Failed(reason) = end {
            csv.record(address.fields().iter().chain([reason]));
            count += 1;
        }
    }
    if count > 0 {
        files::write(path, csv.finish().as_bytes())?;
    } else if path.exists() {
        std::fs::remove_file(path).with_context(|| format!("{} cannot be removed", path.display()))?;
    }
    Ok(count)
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.001..=86_400.0).contains(seconds));
    seconds.ok_or_else(|| "seconds are a number from 0.001 to 86400".to_owned())
}
