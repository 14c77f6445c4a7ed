//! The command line.

fn main() -> std::process::ExitCode {
    spectrascape::cli::run()
}
