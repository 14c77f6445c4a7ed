//! Seals the page that Trunk has built: writes every file's hash where a browser checks it.
//!
//! - `{integrity:./FILE}` in a script becomes that file's hash, for `fetch`.
//! - Style sheets, scripts and module preloads of `index.html` get their `integrity`, and `{inline-scripts}` in its
//!   Content-Security-Policy becomes the hashes of the scripts in it, so that no other inline script runs.
//! - `{build}` in the service worker becomes the list of all files with their hashes, and `{version}` in the page a name
//!   for all of them. Under `trunk serve` the version stays empty, so that a page in development is not cached.
//!
//! A Trunk hook runs it, so that `trunk serve`, `trunk build` and `cargo xtask build` build the same page.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::sha256::Sha256;

/// The files that the page opens with, which every browser caches. Other sets, models and engines are cached when first used.
const DEFAULT_SET: &str = "data/simulated/";
const DEFAULT_MODEL: &str = "models/vae6.";
/// The GPU engine, large and only for browsers with a GPU.
const GPU_ENGINE: &str = "engine_gpu";

const PAGE: &str = "index.html";
const WORKER: &str = "sw.js";

/// Seals a built page in a folder.
pub fn seal(folder: &Path) -> Result<(), String> {
    let mut files = BTreeMap::new();
    read(folder, "", &mut files)?;
    let changed = sealed(&mut files)?;
    for name in changed {
        let path = folder.join(&name);
        fs::write(&path, &files[&name]).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    }
    Ok(())
}

/// Reads all files under `folder` except hidden ones; `path` is the current subfolder, with a slash at its end.
fn read(folder: &Path, path: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    let failed = |what: &Path, error| format!("{} cannot be read: {error}", what.display());
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, error))?.flatten() {
        let name = format!("{path}{}", entry.file_name().to_string_lossy());
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if hidden {
            continue;
        }
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, fs::read(entry.path()).map_err(|error| failed(&entry.path(), error))?);
        }
    }
    Ok(())
}

/// Seals the files of a page, keyed by path, and returns the names of those that have changed.
fn sealed(files: &mut BTreeMap<String, Vec<u8>>) -> Result<Vec<String>, String> {
    let mut page = text(files, PAGE)?;
    let mut worker = text(files, WORKER)?;
    let live = page.contains(".well-known/trunk/ws");
    let mut hashes: BTreeMap<String, Sha256> =
        files.iter().map(|(name, bytes)| (name.clone(), Sha256::of(bytes))).collect();

    let mut changed = vec![PAGE.to_owned(), WORKER.to_owned()];
    for name in files.keys().filter(|name| name.ends_with(".js") && !name.contains('/')).cloned().collect::<Vec<_>>() {
        let script = text(files, &name)?;
        let with_hashes = with_fetch_hashes(&script, &hashes);
        if with_hashes != script {
            hashes.insert(name.clone(), Sha256::of(with_hashes.as_bytes()));
            files.insert(name.clone(), with_hashes.into_bytes());
            changed.push(name);
        }
    }

    page = with_tag_hashes(&with_fetch_hashes(&page, &hashes), &hashes);
    hashes.remove(WORKER);
    hashes.insert(PAGE.to_owned(), Sha256::of(page.as_bytes()));
    let version = Sha256::of(list(&hashes, |_| true).as_bytes()).hex()[..16].to_owned();
    page = filled(&page, PAGE, "{version}", if live { "" } else { &version })?;
    // While it serves, Trunk inserts its address into the script that reloads the page, so a hash would not match.
    let inline = if live { "'unsafe-inline'".to_owned() } else { inline_hashes(&page) };
    page = filled(&page, PAGE, "{inline-scripts}", &inline)?;
    hashes.insert(PAGE.to_owned(), Sha256::of(page.as_bytes()));

    let (now, later) = (list(&hashes, is_of_the_first_view), list(&hashes, |name| !is_of_the_first_view(name)));
    let build = format!("{{\n  \"version\": \"{version}\",\n  \"now\": {now},\n  \"later\": {later}\n}}");
    worker = filled(&worker, WORKER, "'{build}'", &build)?;
    files.insert(PAGE.to_owned(), page.into_bytes());
    files.insert(WORKER.to_owned(), worker.into_bytes());
    Ok(changed)
}

/// Returns whether the page needs a file to open; the others are cached when they are first used.
fn is_of_the_first_view(name: &str) -> bool {
    let shard = name.rsplit('/').next().is_some_and(|file| file.starts_with("shard-"));
    let data = name.starts_with("data/") && (shard || !name.starts_with(DEFAULT_SET));
    let model = name.starts_with("models/") && !name.starts_with(DEFAULT_MODEL);
    !data && !model && !name.starts_with(GPU_ENGINE)
}

/// Returns names and hashes of the files that `belongs` selects, as JSON.
fn list(hashes: &BTreeMap<String, Sha256>, belongs: impl Fn(&str) -> bool) -> String {
    let lines = hashes.iter().filter(|(name, _)| belongs(name));
    // Debug formatting is valid JSON for the file names of a web page.
    let lines: Vec<String> = lines.map(|(name, hash)| format!("    {name:?}: \"{}\"", hash.hex())).collect();
    format!("{{\n{}\n  }}", lines.join(",\n"))
}

/// Inserts the hash of each file named in `{integrity:./FILE}`; nothing for a file that is not in this build.
fn with_fetch_hashes(script: &str, hashes: &BTreeMap<String, Sha256>) -> String {
    let mut parts = script.split("{integrity:./");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        match hashes.get(name) {
            Some(hash) => out.push_str(&hash.integrity()),
            None => println!("    {name} is not part of this build: it is fetched without a check"),
        }
        out.push_str(rest);
    }
    out
}

/// Adds `integrity` to the tags for which browsers check it: style sheets, module preloads and scripts.
fn with_tag_hashes(page: &str, hashes: &BTreeMap<String, Sha256>) -> String {
    let mut out = String::new();
    for piece in page.split_inclusive('>') {
        let tag = piece.rfind('<').map_or("", |start| &piece[start..]);
        let file = match tag {
            _ if tag.starts_with("<script") => attribute(tag, "src"),
            _ if matches!(attribute(tag, "rel"), Some("stylesheet" | "modulepreload")) => attribute(tag, "href"),
            _ => None,
        };
        let hash = file.and_then(|file| hashes.get(file.trim_start_matches("./")));
        match hash.filter(|_| attribute(tag, "integrity").is_none()) {
            Some(hash) => {
                let end = if tag.ends_with("/>") { 2 } else { 1 };
                let (head, tail) = piece.split_at(piece.len() - end);
                out.push_str(&format!("{} integrity=\"{}\"{tail}", head.trim_end(), hash.integrity()));
            }
            None => out.push_str(piece),
        }
    }
    out
}

/// Returns the value of an attribute in double quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split_once('"')).map(|(value, _)| value)
}

/// Returns the hashes of all inline scripts, as a Content-Security-Policy names them.
fn inline_hashes(page: &str) -> String {
    let scripts = page.split("<script").skip(1).filter_map(|rest| rest.split_once('>'));
    let inline = scripts.filter(|(attributes, _)| attribute(attributes, "src").is_none());
    let bodies = inline.filter_map(|(_, rest)| rest.split_once("</script>"));
    bodies.map(|(body, _)| format!("'{}'", Sha256::of(body.as_bytes()).integrity())).collect::<Vec<_>>().join(" ")
}

/// Replaces `mark` in `text` by `value`.
fn filled(text: &str, name: &str, mark: &str, value: &str) -> Result<String, String> {
    match text.contains(mark) {
        true => Ok(text.replacen(mark, value, 1)),
        false => Err(format!("{name} holds no {mark}: it has been sealed already, or www/{name} lost it")),
    }
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Result<String, String> {
    let bytes = files.get(name).ok_or_else(|| format!("the built page has no {name}"))?;
    String::from_utf8(bytes.clone()).map_err(|_| format!("{name} is not text"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Sha256, is_of_the_first_view, sealed};

    const INDEX: &str = "<meta content=\"script-src 'self' {inline-scripts}\" />\n<meta name=\"version\" content=\"{version}\" />\n\
        <link rel=\"icon\" href=\"./icon.png\" />\n<link rel=\"stylesheet\" href=\"./style-1.css\"/>\n\
        <script src=\"./offline-1.js\" type=\"module\"></script>\n<script type=\"module\">run('{integrity:./app.wasm}')</script>";

    fn page() -> BTreeMap<String, Vec<u8>> {
        let files = [
            ("index.html", INDEX),
            ("sw.js", "const BUILD = '{build}';"),
            ("style-1.css", "body {}"),
            ("offline-1.js", "keep()"),
            ("engine.js", "fetch(it, { integrity: '{integrity:./engine.wasm}' })"),
            ("engine.wasm", "wasm"),
            ("app.wasm", "more wasm"),
            ("models/vae2.safetensors", "weights"),
        ];
        files.into_iter().map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).collect()
    }

    fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
        String::from_utf8(files[name].clone()).unwrap()
    }

    #[test]
    fn every_hash_is_where_a_browser_looks() {
        let mut files = page();
        let changed = sealed(&mut files).unwrap();
        assert_eq!(changed, ["index.html", "sw.js", "engine.js"]);
        let index = text(&files, "index.html");
        let of = |bytes: &str| Sha256::of(bytes.as_bytes()).integrity();
        assert!(index.contains(&format!("href=\"./style-1.css\" integrity=\"{}\"/>", of("body {}"))), "{index}");
        assert!(index.contains(&format!("type=\"module\" integrity=\"{}\"></script>", of("keep()"))), "{index}");
        assert!(index.contains("<link rel=\"icon\" href=\"./icon.png\" />"), "{index}");
        let inline = format!("run('{}')", of("more wasm"));
        assert!(index.contains(&inline) && index.contains(&format!("'self' '{}'\"", of(&inline))), "{index}");
        assert!(text(&files, "engine.js").contains(&of("wasm")));
        // The list has the hash of each file as it is now, without the list itself.
        let worker = text(&files, "sw.js");
        for (name, bytes) in files.iter().filter(|(name, _)| *name != "sw.js") {
            assert!(worker.contains(&format!("\"{name}\": \"{}\"", Sha256::of(bytes).hex())), "{name} in {worker}");
        }
        assert!(!worker.contains("\"sw.js\"") && !worker.contains("{build}"), "{worker}");
    }

    #[test]
    fn any_change_makes_another_version() {
        let version = |change: fn(&mut BTreeMap<String, Vec<u8>>)| {
            let mut files = page();
            change(&mut files);
            sealed(&mut files).unwrap();
            let index = text(&files, "index.html");
            index.split_once("name=\"version\" content=\"").unwrap().1[..16].to_owned()
        };
        let first = version(|_| ());
        assert_eq!(first, version(|_| ()));
        assert_ne!(first, version(|files| files.get_mut("index.html").unwrap().push(b'\n')));
        assert_ne!(first, version(|files| files.get_mut("models/vae2.safetensors").unwrap().push(0)));
    }

    #[test]
    fn under_trunk_serve_nothing_is_kept() {
        let mut files = page();
        files.get_mut("index.html").unwrap().extend(b"<script>'{{base}}.well-known/trunk/ws'</script>");
        sealed(&mut files).unwrap();
        let index = text(&files, "index.html");
        assert!(index.contains("content=\"\"") && index.contains("'unsafe-inline'"), "{index}");
    }

    #[test]
    fn a_page_is_sealed_once() {
        let mut files = page();
        sealed(&mut files).unwrap();
        assert!(sealed(&mut files).unwrap_err().contains("sealed already"));
        files.remove("sw.js");
        assert!(sealed(&mut files).unwrap_err().contains("no sw.js"));
    }

    #[test]
    fn the_first_view_is_the_default_set_and_model() {
        for name in
            ["index.html", "data/simulated/manifest.json", "models/vae6.latents.safetensors", "lessons/one.json"]
        {
            assert!(is_of_the_first_view(name), "{name}");
        }
        let later = ["data/simulated/shard-0003.safetensors", "data/own/manifest.json", "models/vae2.safetensors"];
        for name in later.into_iter().chain(["engine_gpu_bg.wasm"]) {
            assert!(!is_of_the_first_view(name), "{name}");
        }
    }
}
