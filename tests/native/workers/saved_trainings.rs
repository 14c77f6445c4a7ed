//! What is kept beside a checkpoint: the line about it, also of the first version, and attempts at a first step.

use serde::Serialize;
use spectrascape::vae::VaeConfig;
use spectrascape::workers::trainer::about::{About, Attempts, are_too_many};

/// The line as the first version wrote it, which said whether a tab trained it and always no.
#[derive(Serialize)]
struct FirstVersion {
    run: String,
    config: VaeConfig,
    set: String,
    epochs: usize,
    finished: bool,
    saved_at: f64,
    in_use: bool,
}

#[test]
fn lines_of_the_first_version_still_open() {
    let (run, set) = ("run-1".to_owned(), "toy".to_owned());
    let (config, saved_at) = (VaeConfig::paper(6), 1.5);
    let old = FirstVersion { run: run.clone(), config, set, epochs: 3, finished: false, saved_at, in_use: false };
    let saved = About::from_bytes(&postcard::to_stdvec(&old).unwrap()).expect("a line").saved_run(true, false);
    assert_eq!((saved.run, saved.epochs, saved.saved_at), (run, 3, 1.5));
    assert!(saved.in_use && !saved.paused && !saved.set_aside);
    assert_eq!(About::from_bytes(b"no line"), None);
}

/// Plays one trainer on what is written: it opens the training, works, and stops at its first step or after it.
fn trainer(written: &mut Vec<u8>, stops_at_once: bool) {
    let mut attempts = Attempts::after(written);
    let mut note = |can_work, done| {
        if let Some(bytes) = attempts.next(can_work, done) {
            *written = bytes;
        }
    };
    note(false, false);
    note(true, false);
    note(true, false);
    if !stops_at_once {
        note(true, true);
        note(false, true);
        note(true, true);
    }
}

#[test]
fn a_training_is_set_aside_when_its_first_step_stops_two_trainers() {
    let mut written = Vec::new();
    trainer(&mut written, true);
    assert!(!are_too_many(&written), "one may have been closed by hand");
    trainer(&mut written, true);
    assert!(are_too_many(&written));
    // By hand it can still be opened, and one step makes it a training like any other.
    trainer(&mut written, false);
    assert!(written.is_empty() && !are_too_many(&written));
    assert!(are_too_many(&Attempts::set_aside()));
}

#[test]
fn closing_a_tab_that_waits_or_is_paused_is_no_failure() {
    let mut written = Vec::new();
    for _ in 0..5 {
        let mut attempts = Attempts::after(&written);
        for can_work in [false, true, false] {
            if let Some(bytes) = attempts.next(can_work, false) {
                written = bytes;
            }
        }
        assert!(written.is_empty());
    }
}
