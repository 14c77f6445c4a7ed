//! Progress on stderr: a bar on a terminal, nothing in a log.

use indicatif::{ProgressBar, ProgressStyle};

/// Returns a bar that counts to `total`; `what` is its label.
pub(super) fn bar(what: &str, total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:>28} {wide_bar} {pos}/{len} {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total as u64).with_style(style).with_message(what.to_owned())
}

/// Returns a bar as [`bar`] does, for the files of a survey: it also shows the number of files per second and the time left.
pub(super) fn files(what: &str, total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:>28} {wide_bar} {pos}/{len} {per_sec} {elapsed}, {eta} to go")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total as u64).with_style(style).with_message(what.to_owned())
}
