//! The command line without the model (feature `sets`): quick to compile, for `cargo xtask data`.

fn main() -> std::process::ExitCode {
    spectrascape::cli::run()
}
