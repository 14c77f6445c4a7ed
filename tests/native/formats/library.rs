//! `library.json`: what is written is read back, and one that leads elsewhere is refused in one clause.

use spectrascape::formats::set::{FormatError, Library, Manifest, ModelEntry, Opening, Pair, SetEntry};

const SHA: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn set(name: &str) -> SetEntry {
    let (title, license) = (format!("The set {name}"), "CC0-1.0".to_owned());
    SetEntry { name: name.to_owned(), title, license, simulated: true, count: 10, bytes: 1_000_000, sha256: SHA.into() }
}

fn model(name: &str) -> ModelEntry {
    ModelEntry { name: name.to_owned(), title: name.to_uppercase(), latents: 6, bytes: 3_000_000, sha256: SHA.into() }
}

fn pair(set: &str, model: &str) -> Pair {
    let latents = format!("data/{set}/{model}.latents.safetensors");
    Pair { set: set.to_owned(), model: model.to_owned(), latents, bytes: 2000, sha256: SHA.into() }
}

/// Two sets, of which both go with `vae6` and one with `vae2` too.
pub fn library() -> Library {
    Library {
        format: 1,
        title: "Galaxies of ours".to_owned(),
        license: "CC-BY-4.0".to_owned(),
        opens: Opening { set: "desi".to_owned(), model: "vae6".to_owned() },
        sets: vec![set("sdss"), set("desi")],
        models: vec![model("vae2"), model("vae6")],
        pairs: vec![pair("sdss", "vae2"), pair("sdss", "vae6"), pair("desi", "vae6")],
    }
}

fn refusal(text: &str) -> String {
    match Library::from_json("https://example.org/library.json", text.as_bytes()) {
        Err(error @ FormatError::Json { .. }) => error.to_string(),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_library_is_read_as_it_was_written() {
    let library = library();
    let back = Library::from_json("library.json", library.to_json().as_bytes()).unwrap();
    assert_eq!(back, library);
    assert_eq!(back.models_of("desi").map(|model| model.name.as_str()).collect::<Vec<_>>(), ["vae6"]);
    assert_eq!(
        (back.first_model("sdss"), back.first_model("desi"), back.first_model("none")),
        (Some("vae6"), Some("vae6"), None)
    );
}

#[test]
fn title_and_licence_may_be_left_out() {
    let text = format!(
        r#"{{"format":1,"opens":{{"set":"a","model":"m"}},
        "sets":[{{"name":"a","title":"A","simulated":false,"count":1,"bytes":5,"sha256":"{SHA}"}}],
        "models":[{{"name":"m","title":"M","latents":2,"bytes":5,"sha256":"{SHA}"}}],
        "pairs":[{{"set":"a","model":"m","latents":"models/m.latents.safetensors","bytes":5,"sha256":"{SHA}"}}],"more":7}}"#
    );
    let library = Library::from_json("library.json", text.as_bytes()).unwrap();
    assert_eq!((library.title.as_str(), library.sets[0].license.as_str()), ("", ""));
}

#[test]
fn hostile_libraries_are_refused_in_one_clause() {
    let changed = |change: fn(&mut Library)| {
        let mut library = library();
        change(&mut library);
        library.to_json()
    };
    let cases: [(String, &str); 22] = [
        (changed(|l| l.sets[0].name = "../etc".into()), "no name of a set"),
        (changed(|l| l.sets[0].name = "a/b".into()), "no name of a set"),
        (changed(|l| l.sets[0].name = "a\\b".into()), "no name of a set"),
        (changed(|l| l.sets[0].name = String::new()), "no name of a set"),
        (changed(|l| l.models[0].name = "https://evil.example/m".into()), "no name of a model"),
        (changed(|l| l.models[0].name = "m\u{0}".into()), "no name of a model"),
        (changed(|l| l.models[0].name = "m".repeat(65)), "no name of a model"),
        (changed(|l| l.pairs[0].latents = "../../secrets".into()), "no path below"),
        (changed(|l| l.pairs[0].latents = "/etc/passwd".into()), "no path below"),
        (changed(|l| l.pairs[0].latents = "https://evil.example/l".into()), "no path below"),
        (changed(|l| l.pairs[0].latents = "data//l".into()), "no path below"),
        (changed(|l| l.pairs[0].latents = "data/%2e%2e/l".into()), "no path below"),
        (changed(|l| l.sets[1].name = "sdss".into()), "twice"),
        (changed(|l| l.pairs[1] = l.pairs[0].clone()), "twice"),
        (changed(|l| l.pairs[0].model = "other".into()), "does not list"),
        (changed(|l| l.pairs.truncate(2)), "no model goes with its set desi"),
        (changed(|l| l.opens.model = "vae2".into()), "no pair of its own"),
        (changed(|l| l.sets[0].count = usize::MAX >> 1), "which no page can show"),
        (changed(|l| l.models[0].bytes = u64::MAX), "more than any site"),
        (changed(|l| l.sets[0].sha256 = "00".into()), "not the SHA-256"),
        (changed(|l| l.title = "a\u{1b}[31m".into()), "control characters"),
        (changed(|l| l.format = 2), "newer than this program"),
    ];
    for (text, about) in cases {
        let refused = refusal(&text);
        assert!(refused.contains(about), "{about}: {refused}");
        assert!(refused.len() < 400 && !refused.chars().any(char::is_control) && !refused.ends_with('.'), "{refused}");
    }
    for text in ["", "[]", "null", "<!doctype html>", r#"{"format":1}"#] {
        assert!(refusal(text).contains("not a library"), "{text}");
    }
    assert!(refusal(&changed(|l| l.sets = vec![l.sets[0].clone(); 2000])).contains("it lists 2000 sets"));
    assert!(refusal(&" ".repeat(2 << 20)).contains("too many for a library"));
}

#[test]
fn any_bytes_are_a_library_or_a_clause() {
    let whole = library().to_json().into_bytes();
    for at in 0..whole.len() {
        for with in [0u8, b'"', b'9', 0xff] {
            let mut bytes = whole.clone();
            bytes[at] = with;
            if let Err(error) = Library::from_json("library.json", &bytes) {
                assert!(!error.to_string().chars().any(char::is_control), "{error:?}");
            }
        }
        // The last byte is a line feed, which may be missing.
        assert!(at + 1 >= whole.len() || Library::from_json("library.json", &whole[..at]).is_err());
    }
}

#[test]
fn hostile_manifests_are_refused_in_one_clause() {
    let manifest = crate::page::fixture::manifest();
    let shard = spectrascape::formats::set::ShardInfo::new("shard-0000.safetensors", b"none", 512);
    let last =
        spectrascape::formats::set::ShardInfo { name: "shard-0001.safetensors".into(), count: 88, ..shard.clone() };
    let manifest = Manifest { shards: vec![shard, last], ..manifest };
    let read = |manifest: &Manifest| Manifest::from_json("manifest.json", manifest.to_json().as_bytes());
    assert_eq!(read(&manifest).unwrap(), manifest);
    type Change = fn(&mut Manifest);
    let cases: [(Change, &str); 9] = [
        (|m| m.shards[0].name = "../../shard".into(), "no name of a file"),
        (|m| m.shards[0].name = "https://evil.example/shard".into(), "no name of a file"),
        (|m| m.catalogue = "/etc/passwd".into(), "no name of a file"),
        (|m| m.mean_spectrum = ".hidden".into(), "no name of a file"),
        (|m| m.shards[1].name = m.shards[0].name.clone(), "twice"),
        (|m| m.shards[0].bytes = 1 << 40, "too large"),
        (|m| m.count += 1, "it counts 601 spectra, and its shards hold 600"),
        (|m| m.shards[1].sha256 = "x".into(), "not the SHA-256"),
        (|m| m.title = "a\nb\u{7}".into(), "control characters"),
    ];
    for (change, about) in cases {
        let mut changed = manifest.clone();
        change(&mut changed);
        let refused = read(&changed).unwrap_err().to_string();
        assert!(refused.contains(about), "{about}: {refused}");
    }
}
