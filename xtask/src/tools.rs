//! The tools that build and test the page. Each is taken from this project's tools folder or from PATH if it has the right
//! version, else downloaded prebuilt, else compiled. Nothing is downloaded or compiled twice.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

use crate::paths::{Paths, on_path};
use crate::stamp::Fingerprint;
use crate::step::{attempt, output, run, step, succeeds_within};

/// wasm-bindgen's command line must have exactly the version of the library in Cargo.lock.
const WASM_BINDGEN: &str = "0.2.130";
/// Trunk 0.22 needs a newer compiler than this project does.
const TRUNK: &str = "0.21.14";
/// The oldest Node that playwright-core runs on.
const NODE: u32 = 20;

/// A prebuilt release is used if its server answers within this time ...
const ANSWER_SECONDS: u64 = 5;
/// ... and the download ends within this one.
const DOWNLOAD_SECONDS: u64 = 90;

/// Ensures that wasm-bindgen is installed.
pub fn wasm_bindgen(paths: &Paths) -> Result<(), String> {
    let platform = match (env::consts::OS, env::consts::ARCH) {
        ("linux", arch) => format!("{arch}-unknown-linux-musl"),
        ("macos", arch) => format!("{arch}-apple-darwin"),
        (os, arch) => format!("{arch}-{os}"),
    };
    let name = format!("wasm-bindgen-{WASM_BINDGEN}-{platform}");
    let url = format!("https://github.com/wasm-bindgen/wasm-bindgen/releases/download/{WASM_BINDGEN}/{name}.tar.gz");
    let tool = Tool { name: "wasm-bindgen", version: WASM_BINDGEN, url, package: "wasm-bindgen-cli", features: &[] };
    tool.ensure(paths)
}

/// Ensures that Trunk is installed.
pub fn trunk(paths: &Paths) -> Result<(), String> {
    let platform = match (env::consts::OS, env::consts::ARCH) {
        ("linux", arch) => format!("{arch}-unknown-linux-musl"),
        ("macos", arch) => format!("{arch}-apple-darwin"),
        (os, arch) => format!("{arch}-{os}"),
    };
    let url = format!("https://github.com/trunk-rs/trunk/releases/download/v{TRUNK}/trunk-{platform}.tar.gz");
    // Without the check for newer versions, and with TLS in Rust, which does not need OpenSSL's headers.
    let features = &["--no-default-features", "--features", "rustls"];
    Tool { name: "trunk", version: TRUNK, url, package: "trunk", features }.ensure(paths)
}

/// Ensures that the npm packages are installed: wasm-opt, playwright-core and axe-core, pinned by
/// `tests/browser/package-lock.json`.
pub fn npm(paths: &Paths) -> Result<(), String> {
    npm_install(paths, "tests/browser", "node", "wasm-opt, playwright-core and axe-core").map(|_| ())
}

/// Ensures that the libraries the benches compare with are installed, pinned by `benches/package-lock.json`; returns their folder.
pub fn peers(paths: &Paths) -> Result<PathBuf, String> {
    npm_install(paths, "benches", "peers", "the libraries that the benches compare with")
}

/// Installs the packages pinned in the folder `from` of the checkout into the folder `name` of the tools.
fn npm_install(paths: &Paths, from: &str, name: &str, what: &str) -> Result<PathBuf, String> {
    node()?;
    let to = paths.tools.join(name);
    let modules = to.join("node_modules");
    let source = paths.root.join(from);
    let wanted = Fingerprint::new().bytes(&fs::read(source.join("package-lock.json")).unwrap_or_default());
    let stamp = to.join(".stamp");
    if wanted.is_in(&stamp) && modules.is_dir() {
        return Ok(modules);
    }
    step(&format!("npm: {what}"), || {
        fs::create_dir_all(&to).map_err(|error| format!("{} cannot be created: {error}", to.display()))?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(source.join(file), to.join(file)).map_err(|error| format!("{from}/{file}: {error}"))?;
        }
        run(paths.command("npm").current_dir(&to).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
            .map_err(|error| {
                format!("{error}; install npm (apt-get install npm) or check that its registry can be reached")
            })?;
        wanted.write_to(&stamp)
    })?;
    Ok(modules)
}

/// Ensures that rustfmt and clippy are installed, which rustup's minimal profile leaves out.
pub fn lints(paths: &Paths) -> Result<(), String> {
    let missing = |name: &&str| output(paths.cargo().args([*name, "--version"])).is_none();
    let components: Vec<&str> = ["fmt", "clippy"].into_iter().filter(missing).collect();
    if components.is_empty() {
        return Ok(());
    }
    let add = || run(paths.command("rustup").args(["component", "add", "rustfmt", "clippy"]));
    step("rustup component add rustfmt clippy", add)
        .map_err(|_| "rustfmt or clippy is missing: run `rustup component add rustfmt clippy`".to_owned())
}

/// Finds Chromium (or Chrome), or installs Debian's.
pub fn chromium() -> Result<PathBuf, String> {
    const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    let find = || {
        let named = env::var_os("CHROMIUM").map(PathBuf::from).filter(|path| path.is_file());
        named.or_else(|| NAMES.iter().find_map(|name| on_path(name)))
    };
    if let Some(path) = find() {
        return Ok(path);
    }
    step("apt-get install chromium", || apt_install(&["chromium"])).map_err(|_| {
        "Chromium is missing: install it (apt-get install chromium) or set CHROMIUM to its path".to_owned()
    })?;
    find().ok_or_else(|| "Chromium is still missing after apt-get install: set CHROMIUM to its path".to_owned())
}

/// Ensures that Linux has a Vulkan driver, of a graphics processor or, where there is none, Mesa's in software: the tests train on it. Where
/// that cannot be installed, Chromium's takes its place. Returns what the tests need in their environment. macOS has Metal and Windows
/// DirectX 12.
pub fn vulkan() -> Result<Vec<(&'static str, PathBuf)>, String> {
    const FOLDERS: [&str; 3] = ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
    let has_drivers = |folder| fs::read_dir(folder).is_ok_and(|mut drivers| drivers.next().is_some());
    if !cfg!(target_os = "linux") || FOLDERS.into_iter().any(has_drivers) {
        return Ok(Vec::new());
    }
    let installed = step("apt-get install mesa-vulkan-drivers", || apt_install(&["mesa-vulkan-drivers", "libvulkan1"]));
    let Err(error) = installed else { return Ok(Vec::new()) };
    let chromium = Path::new("/usr/lib/chromium");
    let driver = chromium.join("vk_swiftshader_icd.json");
    if driver.is_file() {
        println!("    Vulkan is Chromium's, in software: {}", driver.display());
        return Ok(vec![("VK_ICD_FILENAMES", driver), ("LD_LIBRARY_PATH", chromium.to_owned())]);
    }
    Err(format!("the tests of the GPU need a Vulkan driver: {error}"))
}

/// Installs Debian packages, as root.
pub fn apt_install(packages: &[&str]) -> Result<(), String> {
    let root = output(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    if !root || on_path("apt-get").is_none() {
        return Err(format!("as root: apt-get install -y --no-install-recommends {}", packages.join(" ")));
    }
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
        command
    };
    let install = || run(apt().args(["install", "-y", "--no-install-recommends"]).args(packages));
    let simulated = apt().args(["install", "--simulate", "--no-install-recommends"]).args(packages).output();
    if simulated.is_ok_and(|output| output.status.success()) && install().is_ok() {
        return Ok(());
    }
    // The package lists are missing or outdated.
    run(apt().arg("update"))?;
    install()
}

/// Returns whether a server answers within a few seconds. Asks through Node, which is needed anyway.
pub fn answers(url: &str) -> bool {
    const ASK: &str = "fetch(process.argv[1], { method: 'HEAD', redirect: 'manual' }).then(() => process.exit(0), () => process.exit(1))";
    succeeds_within(Command::new("node").args(["-e", ASK, url]), Duration::from_secs(ANSWER_SECONDS))
}

fn node() -> Result<(), String> {
    let version = output(Command::new("node").arg("--version")).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().and_then(|text| text.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE => Ok(()),
        Some(_) => Err(format!("Node is {version}: install Node {NODE} or newer (https://nodejs.org)")),
        None => Err(format!("Node is missing: install Node {NODE} or newer with npm (https://nodejs.org)")),
    }
}

/// A command-line tool written in Rust.
struct Tool {
    name: &'static str,
    version: &'static str,
    /// Its prebuilt release, a .tar.gz with the program at any depth.
    url: String,
    /// Its package on crates.io.
    package: &'static str,
    /// Arguments of `cargo install` that choose features.
    features: &'static [&'static str],
}

impl Tool {
    fn ensure(&self, paths: &Paths) -> Result<(), String> {
        if self.is_right(&paths.tools.join("bin").join(self.name)) {
            return Ok(());
        }
        if on_path(self.name).is_some_and(|path| self.is_right(&path)) {
            return Ok(());
        }
        let what = format!("{} {}", self.name, self.version);
        if attempt(&format!("{what}, prebuilt"), || self.download(paths)) {
            return Ok(());
        }
        step(&format!("{what}, compiled"), || self.compile(paths))
    }

    fn is_right(&self, program: &Path) -> bool {
        let version = output(Command::new(program).arg("--version"));
        version.is_some_and(|text| text.split_whitespace().any(|word| word == self.version))
    }

    fn download(&self, paths: &Paths) -> Result<(), String> {
        if !answers(&self.url) {
            return Err("its server does not answer".to_owned());
        }
        const FETCH: &str = "fetch(process.argv[1]).then(async (r) => { if (!r.ok) process.exit(1); \
            require('fs').writeFileSync(process.argv[2], Buffer.from(await r.arrayBuffer())) }).catch(() => process.exit(1))";
        let failed = |error: std::io::Error| format!("{}: {error}", self.name);
        let folder = paths.tools.join("download").join(self.name);
        fs::create_dir_all(&folder).map_err(failed)?;
        let archive = folder.join("release.tar.gz");
        let mut fetch = Command::new("node");
        fetch.args(["-e", FETCH, &self.url]).arg(&archive);
        let mut unpack = Command::new("tar");
        unpack.arg("xzf").arg(&archive).arg("-C").arg(&folder);
        let here = succeeds_within(&mut fetch, Duration::from_secs(DOWNLOAD_SECONDS))
            && succeeds_within(&mut unpack, Duration::from_secs(DOWNLOAD_SECONDS));
        let program = find_file(&folder, self.name).filter(|program| here && self.is_right(program));
        let Some(program) = program else {
            let _ = fs::remove_dir_all(&folder);
            return Err("no usable release for this machine".to_owned());
        };
        fs::create_dir_all(paths.tools.join("bin")).map_err(failed)?;
        fs::copy(program, paths.tools.join("bin").join(self.name)).map_err(failed)?;
        fs::remove_dir_all(&folder).map_err(failed)
    }

    fn compile(&self, paths: &Paths) -> Result<(), String> {
        // With the lock file that the release was tested with, unless the registry does not have all of it.
        self.cargo_install(paths, &["--locked"])
            .or_else(|_| self.cargo_install(paths, &[]))
            .map_err(|error| format!("{error}; install {} {} by hand and put it on PATH", self.name, self.version))
    }

    fn cargo_install(&self, paths: &Paths, lock: &[&str]) -> Result<(), String> {
        let mut cargo = paths.cargo();
        // Compile time matters more than speed, because these run for seconds. One folder for all shares their dependencies.
        cargo
            .env("CARGO_TARGET_DIR", paths.tools.join("build"))
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .env("CARGO_PROFILE_RELEASE_STRIP", "symbols");
        cargo.args(["install", self.package, "--version", self.version, "--bin", self.name, "--root"]);
        run(cargo.arg(&paths.tools).args(self.features).args(lock))
    }
}

/// Finds the first file of a name under a folder.
fn find_file(folder: &Path, name: &str) -> Option<PathBuf> {
    let entries: Vec<PathBuf> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    let here = entries.iter().find(|path| path.is_file() && path.file_name().is_some_and(|file| file == name));
    here.cloned().or_else(|| entries.iter().filter(|path| path.is_dir()).find_map(|path| find_file(path, name)))
}
