//! The archive of a release: the command line with its completions and manual, and the page that `publish` puts into sites.

use std::fs;
use std::path::{Path, PathBuf};

use crate::paths::Paths;
use crate::step::{output, run, step};

/// The shells whose completions the command line writes, and the usual names of the files.
const SHELLS: [(&str, &str); 4] = [
    ("bash", "spectrascape.bash"),
    ("zsh", "_spectrascape"),
    ("fish", "spectrascape.fish"),
    ("powershell", "_spectrascape.ps1"),
];
/// Files of the checkout that go with every copy.
const TEXTS: [&str; 4] = ["LICENSE", "README.md", "CHANGELOG.md", "CITATION.cff"];
/// Lists what a site has of its own: sets and models are no part of the page.
const OF_A_SITE: [&str; 3] = ["data", "models", "library.json"];

/// Packs the program of `cargo build --release`, or the one named by `--program`, with the page in `pkg/dist`, into the archive `name` below
/// `package` in the target folder: a zip on Windows, else a tar.gz.
pub fn package(paths: &Paths, args: &[String]) -> Result<(), String> {
    let (name, program) = match args {
        [name] => (name, paths.target.join("release").join(program_name())),
        [name, flag, program] if flag == "--program" => (name, PathBuf::from(program)),
        _ => return Err("`package` takes a name, and --program FILE".to_owned()),
    };
    if name.is_empty() || name.contains(['/', '\\']) {
        return Err(format!("`{name}` cannot be the name of an archive"));
    }
    let page = paths.root.join("pkg/dist");
    if !page.join("index.html").is_file() {
        return Err("there is no page in pkg/dist: run `cargo xtask build` first".to_owned());
    }
    if !program.is_file() {
        let build = "cargo build --release --locked --features cli --bin spectrascape";
        return Err(format!("{} is missing: run `{build}` first", program.display()));
    }
    let all = paths.target.join("package");
    let folder = all.join(name);
    step(&format!("the archive {name}"), || {
        let _ = fs::remove_dir_all(&folder);
        fill(paths, &folder, &program, &page)?;
        archive(paths, &all, name)
    })
}

/// Writes everything that the archive holds into a folder.
fn fill(paths: &Paths, folder: &Path, program: &Path, page: &Path) -> Result<(), String> {
    create(folder)?;
    copy(program, &folder.join(program_name()))?;
    TEXTS.iter().try_for_each(|text| copy(&paths.root.join(text), &folder.join(text)))?;
    let completions = folder.join("completions");
    create(&completions)?;
    for (shell, file) in SHELLS {
        let script = output(paths.command(program).args(["completions", shell]))
            .ok_or_else(|| format!("`{} completions {shell}` failed", program.display()))?;
        write(&completions.join(file), &(script + "\n"))?;
    }
    run(paths.command(program).arg("man").arg("--out").arg(folder.join("man")))?;
    copy_page(page, &folder.join("page"))
}

/// Copies a built page without sets, models and hidden files.
fn copy_page(from: &Path, to: &Path) -> Result<(), String> {
    create(to)?;
    for path in entries(from)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') || OF_A_SITE.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            copy_page(&path, &to.join(name))?;
        } else {
            copy(&path, &to.join(name))?;
        }
    }
    Ok(())
}

fn archive(paths: &Paths, all: &Path, name: &str) -> Result<(), String> {
    if !cfg!(windows) {
        return run(paths.command("tar").args(["-czf", &format!("{name}.tar.gz"), name]).current_dir(all));
    }
    // The tar of Windows itself writes zips; a GNU tar may come before it on PATH.
    let system = std::env::var_os("SystemRoot").map_or_else(|| PathBuf::from("C:\\Windows"), PathBuf::from);
    let tar = system.join("System32").join("tar.exe");
    run(paths.command(tar).args(["-a", "-c", "-f", &format!("{name}.zip"), name]).current_dir(all))
}

fn program_name() -> String {
    format!("spectrascape{}", std::env::consts::EXE_SUFFIX)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn create(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{} cannot be created: {error}", folder.display()))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(|_| ()).map_err(|error| format!("{} cannot be copied: {error}", from.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{TEXTS, copy_page};
    use crate::paths::Paths;
    use std::fs;

    #[test]
    fn every_text_is_in_the_checkout() {
        let root = Paths::find().root;
        TEXTS.iter().for_each(|text| assert!(root.join(text).is_file(), "{text} is not in the checkout"));
    }

    #[test]
    fn the_page_is_packed_without_what_a_site_has_of_its_own() {
        let folder = std::env::temp_dir().join(format!("spectrascape-package-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        let files =
            ["index.html", "sw.js", ".stamp", "library.json", "icons/1.png", "data/a/manifest.json", "models/a"];
        for file in files {
            fs::create_dir_all(from.join(file).parent().unwrap()).unwrap();
            fs::write(from.join(file), file).unwrap();
        }
        copy_page(&from, &to).unwrap();
        let mut found: Vec<String> =
            fs::read_dir(&to).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        found.sort();
        assert_eq!(found, ["icons", "index.html", "sw.js"]);
        assert_eq!(fs::read_to_string(to.join("icons/1.png")).unwrap(), "icons/1.png");
        fs::remove_dir_all(&folder).unwrap();
    }
}
