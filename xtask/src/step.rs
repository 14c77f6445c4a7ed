//! Timed steps, and the commands in them.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// Time between two lines that a step is still running.
const HEARTBEAT: Duration = Duration::from_secs(30);

static TIMINGS: Mutex<Vec<(String, f64)>> = Mutex::new(Vec::new());

/// Runs `work` under a heading and prints the seconds that it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    println!("==> {what}");
    let start = Instant::now();
    let result = with_heartbeat(what, work);
    let seconds = start.elapsed().as_secs_f64();
    println!("    {what}: {} after {seconds:.1} s", if result.is_ok() { "done" } else { "FAILED" });
    TIMINGS.lock().expect("no step panics").push((what.to_owned(), seconds));
    result
}

/// Prints every half minute that `work` is still running, because some of its commands print nothing.
fn with_heartbeat<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (done, waits) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let start = Instant::now();
            while waits.recv_timeout(HEARTBEAT) == Err(mpsc::RecvTimeoutError::Timeout) {
                println!("    {what}: {:.0} s so far", start.elapsed().as_secs_f64());
            }
        });
        let result = work();
        drop(done);
        result
    })
}

/// Runs `work`, which may fail because the caller has an alternative, and prints the outcome in one line.
pub fn attempt(what: &str, work: impl FnOnce() -> Result<(), String>) -> bool {
    let start = Instant::now();
    let result = work();
    let outcome = result.as_ref().map_or_else(|why| format!("no ({why})"), |()| "done".to_owned());
    println!("    {what}: {outcome} after {:.1} s", start.elapsed().as_secs_f64());
    result.is_ok()
}

/// Returns all steps so far with their seconds, in order.
pub fn timings() -> Vec<(String, f64)> {
    TIMINGS.lock().expect("no step panics").clone()
}

/// Runs a command with its output on the terminal.
///
/// # Errors
/// A command that cannot be started or fails, by name.
pub fn run(command: &mut Command) -> Result<(), String> {
    let line = line(command);
    let status = command.status().map_err(|error| format!("`{line}` could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed ({status})")) }
}

/// Returns what a command prints, trimmed; none if it cannot be run or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command without output for at most `limit`, and returns whether it succeeded in time.
pub fn succeeds_within(command: &mut Command, limit: Duration) -> bool {
    let start = Instant::now();
    let Ok(mut child) = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn() else {
        return false;
    };
    let mut stderr = child.stderr.take();
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        let _ = stderr.as_mut().map(|pipe| pipe.read_to_end(&mut text));
    });
    while start.elapsed() < limit {
        if let Ok(Some(status)) = child.try_wait() {
            let _ = reader.join();
            return status.success();
        }
        thread::sleep(Duration::from_millis(50));
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}

/// Returns a command as it would be typed.
fn line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    let args = command.get_args().map(|arg| arg.to_string_lossy().into_owned());
    std::iter::once(name).chain(args).collect::<Vec<_>>().join(" ")
}
