//! The schedule of attempts, without chance, and the pauses that servers ask for.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Longest wait between two attempts that no server asked for.
const LONGEST: Duration = Duration::from_secs(60);
/// Longest wait that a server may ask for; a file of one that asks for more has failed.
pub(super) const LONGEST_ASKED: Duration = Duration::from_secs(15 * 60);

/// The waits between attempts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schedule {
    /// Attempts in a row without progress.
    pub attempts: u32,
    /// Wait before the second attempt.
    pub first: Duration,
}

/// The time until which no thread asks the server for anything.
#[derive(Default)]
pub(super) struct Pause(Mutex<Option<Instant>>);

impl Schedule {
    /// Returns the wait after `failures` attempts in a row without progress: 1, 2, 4, ... times the first one, up to a minute.
    pub(super) fn wait(self, failures: u32) -> Duration {
        let factor = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        self.first.saturating_mul(factor).min(LONGEST.max(self.first))
    }
}

impl Pause {
    /// Lets every thread wait, from now on.
    pub(super) fn ask(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut pause = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *pause = Some(pause.map_or(until, |known| known.max(until)));
    }

    /// Waits until the pause is over.
    pub(super) fn keep(&self) {
        loop {
            let until = *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let left = until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return;
            }
            thread::sleep(left);
        }
    }
}

/// Returns the wait that a `Retry-After` header asks for (RFC 9110, section 10.2.3): seconds, or a date, which is compared with the
/// answer's own `Date` where it has one.
pub(super) fn retry_after(value: &str, date: Option<&str>) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = seconds_of_date(value)?;
    let now = date.and_then(seconds_of_date).or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        i64::try_from(now.as_secs()).ok()
    })?;
    Some(Duration::from_secs(u64::try_from(until - now).unwrap_or(0)))
}

/// Returns the seconds since 1970 of a date such as `Sun, 06 Nov 1994 08:49:37 GMT`.
fn seconds_of_date(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, rest) = text.split_once(", ")?;
    let parts: Vec<&str> = rest.split([' ', ':']).collect();
    let &[day, month, year, hour, minute, second, "GMT"] = parts.as_slice() else { return None };
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let number = |text: &str, high: i64| text.parse::<i64>().ok().filter(|number| (0..=high).contains(number));
    let (day, year) = (number(day, 31)?, number(year, 9999)?);
    // Days since 1970 in a calendar whose year begins in March, after H. Hinnant's days_from_civil.
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    Some(days * 86_400 + number(hour, 23)? * 3600 + number(minute, 59)? * 60 + number(second, 60)?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::cli::download::retry::{Schedule, retry_after, seconds_of_date};

    #[test]
    fn waits_double_up_to_a_minute() {
        let schedule = Schedule { attempts: 9, first: Duration::from_secs(1) };
        let waits: Vec<u64> = (1..=8).map(|failures| schedule.wait(failures).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(schedule.wait(4_000_000), Duration::from_secs(60));
    }

    #[test]
    fn servers_ask_in_seconds_or_with_a_date() {
        assert_eq!(retry_after(" 120 ", None), Some(Duration::from_secs(120)));
        // The example of RFC 9110, section 5.6.7; `date -d ... +%s` says 784111777.
        assert_eq!(seconds_of_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(seconds_of_date("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
        let date = Some("Sun, 06 Nov 1994 08:49:07 GMT");
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", date), Some(Duration::from_secs(30)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:48:37 GMT", date), Some(Duration::ZERO), "past");
        assert_eq!(retry_after("soon", None), None);
        assert_eq!(retry_after("-1", None), None);
    }
}
