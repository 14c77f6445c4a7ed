//! How the page reaches what is outside it: the workers, and the files that the server has.

pub mod download;
pub mod js;
pub mod running_worker;
pub mod served_files;
pub mod trainers;
pub mod worker_client;
