//! The built page, made the page of a site: its title, whom it may ask for data, and the list of files that its service worker keeps.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

use crate::cli::files;
use crate::formats::set::{Library, sha256_hex};

const PAGE: &str = "index.html";
const WORKER: &str = "sw.js";
const APP: &str = "manifest.webmanifest";
/// The text around the service worker's list of files.
const LIST: (&str, &str) = ("const BUILD = ", ";\n\n");
/// The engine on the GPU, which is kept on a device when it was used.
const GPU_ENGINE: &str = "engine_gpu";

/// The files of a page as `cargo xtask build` wrote them, without sets and models.
pub(super) struct BuiltPage {
    files: BTreeMap<String, Vec<u8>>,
}

impl BuiltPage {
    /// Reads a built page.
    ///
    /// # Errors
    /// A folder that holds none, or one that has not been sealed.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let missing = || format!("{} is no built page: make one with `cargo xtask build`", folder.display());
        let worker = fs::read_to_string(folder.join(WORKER)).with_context(missing)?;
        let list = listed(&worker).with_context(missing)?;
        let own =
            |name: &&String| !name.starts_with("data/") && !name.starts_with("models/") && *name != "library.json";
        let mut files = BTreeMap::new();
        for name in list.iter().filter(own) {
            files.insert(name.clone(), files::read(&folder.join(name)).with_context(missing)?);
        }
        files.insert(WORKER.to_owned(), worker.into_bytes());
        Ok(Self { files })
    }

    /// Returns the files of the page for a site with a library, with the hashes of its other files; `index.html` is the last.
    pub(super) fn published(
        &self,
        others: &BTreeMap<String, String>,
        library: &Library,
        origins: &[String],
    ) -> Result<Vec<(String, Vec<u8>)>> {
        let mut files = self.files.clone();
        let mut page = take_text(&mut files, PAGE)?;
        let worker = take_text(&mut files, WORKER)?;
        if !library.title.is_empty() {
            page = between(&page, "<title>", "</title>", &escaped(&library.title))?;
            if let Some(app) = files.get_mut(APP) {
                *app = titled_app(app, &library.title)?;
            }
        }
        let connect = origins.iter().fold("'self'".to_owned(), |all, origin| all + " " + origin);
        page = between(&page, "connect-src ", ";", &connect)?;

        let hidden = |name: &str| name.starts_with('.');
        let mut hashes: BTreeMap<String, String> = others.clone();
        hashes.retain(|name, _| !hidden(name));
        hashes.extend(files.iter().map(|(name, bytes)| (name.clone(), sha256_hex(bytes))));
        // The version is of everything but itself.
        page = between(&page, "<meta name=\"version\" content=\"", "\"", "")?;
        hashes.insert(PAGE.to_owned(), sha256_hex(page.as_bytes()));
        let version = sha256_hex(json!(hashes).to_string().as_bytes())[..16].to_owned();
        page = between(&page, "<meta name=\"version\" content=\"", "\"", &version)?;
        hashes.insert(PAGE.to_owned(), sha256_hex(page.as_bytes()));

        let first = first_view(library);
        let (now, later): (BTreeMap<_, _>, BTreeMap<_, _>) = hashes.into_iter().partition(|(name, _)| first(name));
        let build = json!({ "version": version, "now": now, "later": later });
        let worker = between(&worker, LIST.0, LIST.1, &serde_json::to_string_pretty(&build)?)?;
        let worker = between(&worker, "; connect-src ", ";", &connect)?;
        let ends = [(WORKER.to_owned(), worker.into_bytes()), (PAGE.to_owned(), page.into_bytes())];
        Ok(files.into_iter().chain(ends).collect())
    }
}

/// Returns the files that a service worker lists, itself included; `None` where it is none of a built page.
pub(super) fn listed(worker: &str) -> Option<Vec<String>> {
    let (_, rest) = worker.split_once(LIST.0)?;
    let (list, _) = rest.split_once(LIST.1)?;
    let list: Value = serde_json::from_str(list).ok()?;
    let names = |part: &str| Some(list.get(part)?.as_object()?.keys().cloned().collect::<Vec<_>>());
    let (now, later) = (names("now")?, names("later")?);
    Some(now.into_iter().chain(later).chain([WORKER.to_owned()]).collect())
}

/// Returns which files the site opens with; the others are kept on a device when they are first used.
fn first_view(library: &Library) -> impl Fn(&str) -> bool {
    let set = format!("data/{}/", library.opens.set);
    let model = format!("models/{}.safetensors", library.opens.model);
    let latents = library.pair(&library.opens.set, &library.opens.model).map(|pair| pair.latents.clone());
    move |name: &str| {
        let shard = name.rsplit('/').next().is_some_and(|file| file.starts_with("shard-"));
        let of_set = name.starts_with(&set) && !shard && !name.ends_with(".latents.safetensors");
        let data = name.starts_with("data/") || name.starts_with("models/");
        let first = of_set || name == model || latents.as_deref() == Some(name);
        (!data || first) && !name.starts_with(GPU_ENGINE)
    }
}

/// Replaces what stands between the first `start` and the `end` after it.
fn between(text: &str, start: &str, end: &str, value: &str) -> Result<String> {
    let changed = || anyhow!("the built page has no `{start}`: build it again with this version's `cargo xtask build`");
    let (before, rest) = text.split_once(start).ok_or_else(changed)?;
    let at = rest.find(end).ok_or_else(changed)?;
    Ok(format!("{before}{start}{value}{}", &rest[at..]))
}

/// Gives the installed page the site's title.
fn titled_app(app: &[u8], title: &str) -> Result<Vec<u8>> {
    let mut app: Value = serde_json::from_slice(app).context("the built page's manifest.webmanifest is no JSON")?;
    app["name"] = json!(title);
    app["short_name"] = json!(title.chars().take(24).collect::<String>());
    Ok((serde_json::to_string_pretty(&app)? + "\n").into_bytes())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn take_text(files: &mut BTreeMap<String, Vec<u8>>, name: &str) -> Result<String> {
    let bytes = files.remove(name).with_context(|| format!("the built page has no {name}"))?;
    String::from_utf8(bytes).map_err(|_| anyhow!("{name} of the built page is not text"))
}
