//! The explorer, and what the trainer keeps.

mod explorer_answers;
mod explorer_fits;
mod explorer_session;
mod saved_trainings;

use spectrascape::protocol::{ExploreCommand, ExploreEvent, Request};
use spectrascape::workers::explorer::Session;

/// The answer to a command, however long it takes.
fn answer(session: &mut Session, command: ExploreCommand) -> ExploreEvent {
    let mut response = session.take(Request { id: 1000, command });
    while response.is_none() && session.is_running() {
        response = session.advance();
    }
    response.expect("an answer").event
}

/// Opens a file, which is not answered.
fn open(session: &mut Session, file: u32, name: &str, bytes: &[u8]) {
    let command =
        ExploreCommand::OpenFile { file, name: name.to_owned(), bytes: bytes.to_vec(), medium: None, redrock: None };
    assert_eq!(session.take(Request { id: 999, command }), None);
}
