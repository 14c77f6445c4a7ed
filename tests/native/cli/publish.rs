//! `publish`: a whole site from a tiny set and a page of a few lines, again into the same folder, and refusals.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use spectrascape::formats::set::{LatentSet, Library, sha256_hex};

use crate::cli::program::{Folder, run, simulate, stderr, stdout, text};

/// A page as `cargo xtask build` leaves one, in a few lines, with the shipped set and model in it.
pub fn built_page(folder: &Folder) -> PathBuf {
    let page = folder.path("page");
    let index = "<!doctype html>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self' \
                 'sha256-x'; connect-src 'self'; worker-src 'self'\" />\n<meta name=\"version\" content=\"0123456789abcdef\" />\n\
                 <title>Spectrascape: the latent space of galaxy spectra</title>\n<script type=\"module\">run()</script>\n";
    let worker = "const BUILD = {\n  \"version\": \"0123456789abcdef\",\n  \"now\": {\n    \"app-1.js\": \"00\",\n    \
                  \"data/simulated/manifest.json\": \"00\",\n    \"index.html\": \"00\",\n    \"library.json\": \"00\",\n    \
                  \"manifest.webmanifest\": \"00\"\n  },\n  \"later\": {\n    \"engine_gpu.js\": \"00\",\n    \
                  \"models/vae2.safetensors\": \"00\"\n  }\n};\n\nconst FILES = 'files';\nconst WORKER_POLICY = \"default-src \
                  'none'; connect-src 'self'; worker-src 'self'\";\n";
    let files = [
        ("index.html", index),
        ("sw.js", worker),
        ("app-1.js", "run"),
        ("engine_gpu.js", "train"),
        (
            "manifest.webmanifest",
            "{\"name\": \"Spectrascape\", \"short_name\": \"Spectrascape\", \"start_url\": \"./\"}",
        ),
        ("library.json", "of the page's own"),
        ("data/simulated/manifest.json", "of the page's own"),
        ("models/vae2.safetensors", "of the page's own"),
    ];
    for (name, content) in files {
        let path = page.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    page
}

/// A set of 128 spectra, a model for it, and the arguments that publish both.
fn arguments(folder: &Folder, more: &[&str]) -> Vec<String> {
    let set = folder.path("set");
    if !set.exists() {
        simulate(folder, "set");
        built_page(folder);
    }
    let (data, page, out) = (format!("tiny={}", text(&set)), folder.path("page"), folder.path("site"));
    let all = ["publish", "--data", &data, "--model", MODEL, "--page", text(&page), "--out", text(&out)];
    all.into_iter().chain(more.iter().copied()).map(str::to_owned).collect()
}

const MODEL: &str = "public/models/vae2.safetensors";

fn publish(folder: &Folder, more: &[&str]) -> std::process::Output {
    let arguments = arguments(folder, more);
    run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

/// All files below a folder with their bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for path in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                    found.insert(name, fs::read(&path).unwrap());
                }
            }
        }
    }
    found
}

/// The service worker's list of a site: what it opens with, and all else.
fn lists(files: &BTreeMap<String, Vec<u8>>) -> [BTreeMap<String, String>; 2] {
    let worker = std::str::from_utf8(&files["sw.js"]).unwrap();
    let list = worker.strip_prefix("const BUILD = ").unwrap().split_once(";\n\nconst FILES").unwrap().0;
    let list: serde_json::Value = serde_json::from_str(list).unwrap();
    let version = list["version"].as_str().unwrap();
    assert!(
        std::str::from_utf8(&files["index.html"]).unwrap().contains(&format!("name=\"version\" content=\"{version}\""))
    );
    assert!(version.len() == 16 && version != "0123456789abcdef", "{version}");
    ["now", "later"].map(|part| serde_json::from_value(list[part].clone()).unwrap())
}

#[test]
fn a_site_is_published_whole_and_again() {
    let folder = Folder::new("publish");
    let output = publish(&folder, &["--title", "Ours & <others>", "--license", "CC-BY-4.0"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    assert!(stderr(&output).contains("1 set and 1 model in "), "{}", stderr(&output));
    let site = folder.path("site");
    let found = files(&site);
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            ".nojekyll",
            "app-1.js",
            "data/tiny/catalogue.safetensors",
            "data/tiny/manifest.json",
            "data/tiny/mean.safetensors",
            "data/tiny/shard-0000.safetensors",
            "data/tiny/vae2.latents.safetensors",
            "engine_gpu.js",
            "index.html",
            "library.json",
            "manifest.webmanifest",
            "models/vae2.safetensors",
            "sw.js",
        ]
    );

    let library = Library::from_json("library.json", &found["library.json"]).unwrap();
    assert_eq!((library.title.as_str(), library.license.as_str()), ("Ours & <others>", "CC-BY-4.0"));
    assert_eq!((library.opens.set.as_str(), library.opens.model.as_str()), ("tiny", "vae2"));
    let (set, pair) = (&library.sets[0], &library.pairs[0]);
    assert_eq!(
        (set.count, set.simulated, set.sha256.as_str()),
        (128, true, sha256_hex(&found["data/tiny/manifest.json"]).as_str())
    );
    let bytes = |name: &str| found[name].len() as u64;
    let of_set = ["catalogue.safetensors", "manifest.json", "mean.safetensors", "shard-0000.safetensors"];
    assert_eq!(set.bytes, of_set.iter().map(|name| bytes(&format!("data/tiny/{name}"))).sum::<u64>());
    assert_eq!(found["models/vae2.safetensors"], fs::read(MODEL).unwrap());
    assert_eq!(library.models[0].sha256, sha256_hex(&found["models/vae2.safetensors"]));
    let latents = &found[&pair.latents];
    assert_eq!((pair.bytes, &pair.sha256), (latents.len() as u64, &sha256_hex(latents)));
    let latents = LatentSet::from_bytes("latents", latents).unwrap();
    assert_eq!((latents.len(), latents.dims), (128, 2));
    assert!(latents.umap.is_some_and(|map| map.len() == 256 && map.iter().all(|value| value.is_finite())));

    // Every file is on the list with its hash, and no other.
    let [now, later] = lists(&found);
    for (name, bytes) in found.iter().filter(|(name, _)| !["sw.js", ".nojekyll"].contains(&name.as_str())) {
        let listed = now.get(name).or(later.get(name));
        assert_eq!(listed, Some(&sha256_hex(bytes)), "{name}");
    }
    assert_eq!(now.len() + later.len(), found.len() - 2);
    assert_eq!(later.keys().collect::<Vec<_>>(), ["data/tiny/shard-0000.safetensors", "engine_gpu.js"]);
    let index = String::from_utf8(found["index.html"].clone()).unwrap();
    assert!(
        index.contains("<title>Ours &amp; &lt;others&gt;</title>") && index.contains("connect-src 'self';"),
        "{index}"
    );
    assert!(String::from_utf8_lossy(&found["manifest.webmanifest"]).contains("\"name\": \"Ours & <others>\""));

    // Again: the same bytes, without encoding anew, and what an earlier site alone had is gone; the reader's own files stay.
    fs::write(site.join("CNAME"), "map.example.org").unwrap();
    let modified = |name: &str| fs::metadata(site.join(name)).unwrap().modified().unwrap();
    let before = modified("data/tiny/shard-0000.safetensors");
    let output = publish(&folder, &["--title", "Ours & <others>", "--license", "CC-BY-4.0"]);
    assert!(output.status.success() && !stderr(&output).contains("encoding"), "{}", stderr(&output));
    let mut again = files(&site);
    assert_eq!(again.remove("CNAME").as_deref(), Some(&b"map.example.org"[..]));
    assert!(again == found, "the same site");
    assert_eq!(modified("data/tiny/shard-0000.safetensors"), before, "nothing is written twice");

    let (set, page) = (folder.path("set"), folder.path("page"));
    let other = ["publish", "--data", text(&set), "--model", MODEL, "--page", text(&page), "--no-umap", "--out"];
    let output = run(&[&other[..], &[text(&site)]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let renamed = files(&site);
    assert!(renamed.contains_key("data/simulated/manifest.json") && renamed.contains_key("CNAME"));
    assert!(!renamed.keys().any(|name| name.starts_with("data/tiny/")) && !site.join("data/tiny").exists());
}

#[test]
fn other_hosts_are_allowed_by_name_only() {
    let folder = Folder::new("publish-hosts");
    let output = publish(&folder, &["--no-umap", "--allow-data-from", "data.example.org", "127.0.0.1:8765"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let found = files(&folder.path("site"));
    let policy = "connect-src 'self' https://data.example.org http://127.0.0.1:8765;";
    for name in ["index.html", "sw.js"] {
        let text = String::from_utf8(found[name].clone()).unwrap();
        assert!(text.contains(policy), "{name}: {text}");
    }
    for host in ["https://a.org", "a.org/x", "*", "*.org", "a.org;", "a.org 'unsafe-inline'", "user@a.org", ""] {
        let output = publish(&folder, &["--no-umap", "--allow-data-from", host]);
        assert_eq!(output.status.code(), Some(1), "{host}");
        assert!(stderr(&output).contains("is no host"), "{host}: {}", stderr(&output));
    }
}

#[test]
fn what_cannot_be_published_is_one_sentence() {
    let folder = Folder::new("publish-refused");
    arguments(&folder, &[]);
    let (set, page) = (folder.path("set"), folder.path("page"));
    let refused = |arguments: &[&str], about: &str| {
        let output = run(arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert_eq!(said.lines().filter(|line| line.starts_with("spectrascape: ")).count(), 1, "{arguments:?}: {said}");
        assert!(said.contains(about), "{about}: {said}");
    };
    let (set, page, out) = (text(&set), text(&page), folder.path("site"));
    let out = text(&out);
    let nowhere = folder.path("nowhere");
    refused(&["publish", "--data", set, "--model", MODEL, "--page", text(&nowhere), "--out", out], "is no built page");
    refused(&["publish", "--data", text(&nowhere), "--model", MODEL, "--page", page, "--out", out], "nowhere");
    refused(&["publish", "--data", set, "--model", text(&nowhere), "--page", page, "--out", out], "nowhere");
    refused(
        &["publish", "--data", set, set, "--model", MODEL, "--page", page, "--out", out],
        "two sets are called simulated",
    );
    refused(
        &["publish", "--data", set, "--model", MODEL, "--page", page, "--no-umap", "--open", "other", "--out", out],
        "names none of",
    );
    // A page that is not ours is not overwritten.
    let strange = folder.path("strange");
    fs::create_dir_all(&strange).unwrap();
    fs::write(strange.join("index.html"), "a blog").unwrap();
    refused(
        &["publish", "--data", set, "--model", MODEL, "--page", page, "--out", text(&strange)],
        "something else than a published site",
    );
    assert_eq!(fs::read(strange.join("index.html")).unwrap(), b"a blog");

    // A set prepared by another recipe than the model's.
    let manifest = Path::new(set).join("manifest.json");
    let whole = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, whole.replace("\"rms\"", "\"total\"").replace("\"Rms\"", "\"Total\"")).unwrap();
    assert_ne!(fs::read_to_string(&manifest).unwrap(), whole, "another normalisation");
    refused(&["publish", "--data", set, "--model", MODEL, "--page", page, "--out", out], "vae2");
    // A manifest that leads out of its folder, and a shard that is not what it promises.
    fs::write(&manifest, whole.replace("shard-0000.safetensors", "../../shard-0000.safetensors")).unwrap();
    refused(&["publish", "--data", set, "--model", MODEL, "--page", page, "--out", out], "no name of a file");
    fs::write(&manifest, &whole).unwrap();
    let shard = Path::new(set).join("shard-0000.safetensors");
    let mut bytes = fs::read(&shard).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&shard, bytes).unwrap();
    refused(&["publish", "--data", set, "--model", MODEL, "--page", page, "--out", out], "is damaged");
    assert!(!Path::new(out).join("index.html").exists(), "no half a site has a page");
}

#[test]
fn a_folder_of_sets_and_models_gets_a_library() {
    let folder = Folder::new("library");
    let site = folder.path("site");
    fs::create_dir_all(site.join("models")).unwrap();
    let set = simulate(&folder, "site/data/simulated");
    fs::copy(MODEL, site.join("models/vae2.safetensors")).unwrap();
    let output = run(&["library", text(&site)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("`spectrascape latents`"), "{}", stderr(&output));
    let latents = site.join("models/vae2.latents.safetensors");
    assert!(
        run(&["latents", "--no-umap", "--data", text(&set), "--model", MODEL, "--out", text(&latents)])
            .status
            .success()
    );
    let output = run(&["library", text(&site), "--open", "simulated/vae2"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let library = Library::from_json("library.json", &fs::read(site.join("library.json")).unwrap()).unwrap();
    assert_eq!((library.pairs.len(), library.pairs[0].latents.as_str()), (1, "models/vae2.latents.safetensors"));
    assert_eq!(library.models[0].title, "vae2: VAE, 2 latents");
}

#[test]
fn completions_and_the_manual_name_every_command() {
    for (shell, mark) in [
        ("bash", "_spectrascape"),
        ("zsh", "#compdef"),
        ("fish", "complete -c spectrascape"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let script = stdout(&run(&["completions", shell]));
        assert!(script.contains(mark) && script.contains("publish") && script.contains("allow-data-from"), "{shell}");
    }
    assert_eq!(run(&["completions", "cobol"]).status.code(), Some(2));
    assert!(stdout(&run(&["man"])).contains(".TH spectrascape 1"));
    let folder = Folder::new("man");
    let pages = folder.path("man1");
    assert!(run(&["man", "--out", text(&pages)]).status.success());
    let publish = fs::read_to_string(pages.join("spectrascape-publish.1")).unwrap();
    assert!(publish.contains("allow") && pages.join("spectrascape.1").exists());
}
