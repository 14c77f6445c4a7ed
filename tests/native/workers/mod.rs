//! The explorer.

mod explorer_answers;
mod explorer_session;
