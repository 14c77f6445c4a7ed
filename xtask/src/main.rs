//! The project's own commands: `cargo xtask NAME`.

mod ssp;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.split_first() {
        Some((name, rest)) if name == "ssp" => ssp::run(rest),
        _ => Err("usage: cargo xtask ssp".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
