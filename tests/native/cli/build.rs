//! From a catalogue to a set and a model, against a server on this machine with the surveys' folders.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant, SystemTime};

use spectrascape::formats::set::{Library, Manifest};

use crate::cli::program::{Folder, run, stderr, stdout, text};
use crate::cli::publish::built_page;
use crate::cli::server::{Fault, Server};
use crate::data;

/// Spectra of the small survey.
const COUNT: usize = 64;

/// A survey of simulated spectra on a server, and a recipe for it.
struct Survey {
    folder: Folder,
    server: Server,
    urls: Vec<String>,
}

impl Survey {
    fn new(name: &str) -> Self {
        let folder = Folder::new(&format!("build-{name}"));
        let fits = folder.path("fits");
        let made = run(&["simulate", "--count", &COUNT.to_string(), "--seed", "5", "--fits", text(&fits)]);
        assert!(made.status.success(), "{}", stderr(&made));
        let server = Server::new();
        let mut catalogue = "#Table1\nplate,mjd,fiberID,run2d,ra,dec,z,zErr,zWarning,class,subClass\n".to_owned();
        let mut urls = Vec::new();
        for fiber in 1..=COUNT {
            let bytes = fs::read(fits.join(format!("100001/spec-100001-00000-{fiber:04}.fits"))).unwrap();
            let url = format!("/sas/dr17/sdss/spectro/redux/26/spectra/lite/100001/spec-100001-0-{fiber:04}.fits");
            server.file(&url, &bytes);
            urls.push(url);
            catalogue += &format!("100001,0,{fiber},26,1,2,0.1,0.0001,0,GALAXY,\n");
        }
        catalogue += "100001,0,700,26,1,2,0.0001,0.0001,0,STAR,F2\n";
        server.file("/SqlSearch", catalogue.as_bytes());
        Self { folder, server, urls }
    }

    fn recipe(&self, changes: &[(&str, &str)]) -> PathBuf {
        let mut recipe = format!(
            "name = \"small\"\n[sample]\nquery = \"portillo2020\"\nserver = \"{base}/SqlSearch\"\nbase = \"{base}\"\nrows = 100\n\
             [download]\nwait = 0.01\n[preprocess]\nchunk = 8\nlicense = \"CC0-1.0\"\n\
             [[train]]\nname = \"vae2\"\nlatents = 2\nhidden1 = 12\nhidden2 = 6\nepochs = 1\nno_umap = true\n\
             [[train]]\nname = \"ae2\"\nlatents = 2\nautoencoder = true\nhidden1 = 12\nhidden2 = 6\nepochs = 1\n",
            base = self.server.base
        );
        for (from, to) in changes {
            assert!(recipe.contains(from), "{from}");
            recipe = recipe.replace(from, to);
        }
        let path = self.folder.path("recipe.toml");
        fs::write(&path, recipe).unwrap();
        path
    }

    fn arguments<'a>(&self, recipe: &'a Path, out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
        [&["build", text(recipe), "--out", text(out)], more].concat()
    }

    fn build(&self, recipe: &Path, more: &[&str]) -> Output {
        run(&self.arguments(recipe, &self.folder.path("out"), more))
    }

    fn out(&self, name: &str) -> PathBuf {
        self.folder.path("out").join(name)
    }

    fn modified(&self, name: &str) -> SystemTime {
        fs::metadata(self.out(name)).unwrap().modified().unwrap()
    }
}

#[test]
fn a_recipe_goes_from_the_query_to_models_and_does_nothing_twice() {
    let survey = Survey::new("whole");
    let recipe = survey.recipe(&[]);
    survey.server.faults(&survey.urls[3], &[Fault::Cut(50_000), Fault::Status(500, "")]);
    survey.server.faults(&survey.urls[9], &[Fault::Status(429, "Retry-After: 1\r\n")]);
    survey.server.faults(&survey.urls[11], &[Fault::TooLong(100), Fault::Silence]);
    let dry = survey.build(&recipe, &["--dry-run"]);
    assert!(dry.status.success(), "{}", stderr(&dry));
    let steps: Vec<String> =
        stdout(&dry).lines().filter(|line| line.starts_with('#')).map(|line| line[2..].to_owned()).collect();
    let names = ["ask", "query", "sample", "download", "preprocess", "train vae2", "train ae2", "publish"];
    assert_eq!(steps, names.map(|name| format!("{name} (to do)")));
    assert!(!survey.folder.path("out").exists(), "a dry run writes nothing");

    let output = survey.build(&recipe, &["--until", "train"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let asked = survey.server.requests();
    assert!(asked[0].path.starts_with("/SqlSearch?cmd=SELECT%20TOP%20100%20plate"), "{}", asked[0].path);
    let manifest = fs::read(survey.out("set/manifest.json")).unwrap();
    let manifest = Manifest::from_json("manifest", &manifest).unwrap();
    assert_eq!((manifest.count, manifest.name.as_str(), manifest.license.as_str()), (COUNT, "small", "CC0-1.0"));
    let models = ["models/vae2.safetensors", "models/ae2.safetensors"];
    let trained = models.map(|model| survey.modified(model));

    survey.server.forget();
    let again = survey.build(&recipe, &["--until", "train"]);
    assert!(again.status.success(), "{}", stderr(&again));
    assert_eq!(stderr(&again).matches("done before").count(), 7, "{}", stderr(&again));
    assert_eq!(survey.server.requests().len(), 0);
    assert_eq!(models.map(|model| survey.modified(model)), trained);

    // What has changed is done again, and what depends on it.
    let recipe = survey.recipe(&[("autoencoder = true", "autoencoder = true\nseed = 4")]);
    let output = survey.build(&recipe, &["--until", "train"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stderr(&output).matches("done before").count(), 6, "{}", stderr(&output));
    assert_eq!(survey.modified(models[0]), trained[0]);
    assert!(survey.modified(models[1]) > trained[1]);

    // A file that is lost is fetched again, alone; the same set comes out, so that no model is trained again.
    fs::remove_file(survey.out("data/dr17/26/100001/spec-100001-0-0008.fits")).unwrap();
    let output = survey.build(&recipe, &["--until", "train"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(survey.server.requests().len(), 1);
    assert_eq!(stderr(&output).matches("done before").count(), 6, "{}", stderr(&output));

    // Other settings of the set change it and its models.
    let recipe = survey.recipe(&[("chunk = 8", "chunk = 8\nnorm = \"total\"")]);
    let output = survey.build(&recipe, &["--until", "train"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stderr(&output).matches("done before").count(), 4, "{}", stderr(&output));
}

#[test]
fn a_recipe_goes_all_the_way_to_a_site() {
    let survey = Survey::new("site");
    let page = built_page(&survey.folder);
    let publish = format!("[publish]\ntitle = \"Small & own\"\nlicense = \"CC-BY-4.0\"\npage = \"{}\"\n", text(&page));
    let recipe = |changes: &[(&str, &str)]| {
        let path = survey.recipe(changes);
        let whole = fs::read_to_string(&path).unwrap() + &publish;
        fs::write(&path, whole).unwrap();
        path
    };
    let done_before = |output: &Output, count: usize| {
        assert!(output.status.success(), "{}", stderr(output));
        assert_eq!(stderr(output).matches("done before").count(), count, "{}", stderr(output));
    };
    let path = recipe(&[]);
    done_before(&survey.build(&path, &[]), 0);
    let library = || Library::from_json("library.json", &fs::read(survey.out("site/library.json")).unwrap()).unwrap();
    let first = library();
    assert_eq!((first.title.as_str(), first.license.as_str()), ("Small & own", "CC-BY-4.0"));
    assert_eq!((first.opens.set.as_str(), first.opens.model.as_str()), ("small", "vae2"));
    let (set, pairs) = (&first.sets[0], &first.pairs);
    assert_eq!((set.count, set.license.as_str(), pairs.len()), (COUNT, "CC0-1.0", 2));
    for pair in pairs {
        assert_eq!(fs::metadata(survey.out("site").join(&pair.latents)).unwrap().len(), pair.bytes);
    }
    let index = fs::read_to_string(survey.out("site/index.html")).unwrap();
    assert!(index.contains("<title>Small &amp; own</title>"), "{index}");

    survey.server.forget();
    done_before(&survey.build(&path, &[]), 8);
    assert_eq!(survey.server.requests().len(), 0);
    // A file of the site that is lost, or a page that is built anew, is published again and nothing else is done.
    fs::remove_file(survey.out("site/library.json")).unwrap();
    done_before(&survey.build(&path, &[]), 7);
    assert_eq!(library().to_json(), first.to_json());
    let list = fs::read_to_string(page.join("sw.js")).unwrap();
    fs::write(page.join("sw.js"), list.replace("const FILES", "// Newer.\nconst FILES")).unwrap();
    done_before(&survey.build(&path, &[]), 7);
    assert!(fs::read_to_string(survey.out("site/sw.js")).unwrap().contains("// Newer."));
    // Another model: the other is kept.
    let path = recipe(&[("name = \"ae2\"", "name = \"other\"")]);
    done_before(&survey.build(&path, &[]), 6);
    let models: Vec<String> = library().models.iter().map(|model| model.name.clone()).collect();
    assert_eq!(models, ["vae2", "other"]);
    assert!(!survey.out("site/models/ae2.safetensors").exists(), "what is no longer published is gone");
}

#[test]
fn a_killed_build_goes_on() {
    let survey = Survey::new("killed");
    let recipe = survey.recipe(&[("wait = 0.01", "wait = 60")]);
    survey.server.faults(&survey.urls[40], &[Fault::Cut(20_000)]);
    let out = survey.folder.path("out");
    let arguments = survey.arguments(&recipe, &out, &["--until", "preprocess"]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_spectrascape"))
        .args(&arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let partial = out.join("data/dr17/26/100001/spec-100001-0-0041.fits.partial-0");
    let last = out.join("data/dr17/26/100001/spec-100001-0-0064.fits");
    let start = Instant::now();
    while !(partial.exists() && last.exists()) {
        assert!(start.elapsed() < Duration::from_secs(120), "no partial file");
        std::thread::sleep(Duration::from_millis(2));
    }
    let second = run(&arguments);
    assert!(stderr(&second).contains("another process"), "{}", stderr(&second));
    child.kill().unwrap();
    child.wait().unwrap();
    survey.server.forget();
    let output = survey.build(&recipe, &["--until", "preprocess"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(survey.server.requests().len(), 1, "only what is missing is asked for");
    assert!(survey.out("set/manifest.json").exists());
}

#[test]
fn failures_end_a_build_unless_the_recipe_allows_them() {
    let survey = Survey::new("failures");
    let recipe = survey.recipe(&[("wait = 0.01", "wait = 0.01\nattempts = 2")]);
    let lost = vec![Fault::Status(500, ""); 6];
    survey.server.faults(&survey.urls[0], &lost);
    let output = survey.build(&recipe, &["--until", "preprocess"]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("download: 1 failed, and the recipe allows 0 (may_fail)"), "{said}");
    assert!(!survey.out("set").exists());

    let both = [("wait = 0.01", "wait = 0.01\nattempts = 2\nmay_fail = 1"), ("chunk = 8", "chunk = 8\nmay_fail = 1")];
    let recipe = survey.recipe(&both);
    let output = survey.build(&recipe, &["--until", "preprocess"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let count = |survey: &Survey| {
        Manifest::from_json("manifest", &fs::read(survey.out("set/manifest.json")).unwrap()).unwrap().count
    };
    assert_eq!(count(&survey), COUNT - 1);
    // The next run tries again, and the set grows by what it gets.
    survey.server.forget();
    for _ in 0..2 {
        let output = survey.build(&recipe, &["--until", "preprocess"]);
        assert!(output.status.success(), "{}", stderr(&output));
    }
    assert!(survey.server.requests().len() <= 4);
    assert_eq!(count(&survey), COUNT);
}

#[test]
fn what_is_wrong_in_a_recipe_is_one_sentence() {
    let survey = Folder::new("build-wrong");
    let path = survey.path("recipe.toml");
    let sample = "name = \"a\"\n[sample]\ncatalogue = \"none.csv\"\nrelease = \"dr8\"\n";
    for (recipe, words) in [
        (format!("{sample}[download]\nat_onse = 3\n"), "recipe.toml: line 6: unknown field `at_onse`"),
        (format!("colour = 1\n{sample}"), "line 1: unknown field `colour`"),
        (format!("{sample}[[train]]\nname = \"m\"\nlatent = 2\n"), "line 7: unknown field `latent`"),
        ("name = \"a\"\n".to_owned(), "missing field `sample`"),
        ("name = \"a\"\n[sample]\n".to_owned(), "neither a catalogue"),
        (sample.replace("\"a\"", "\"../a\""), "cannot be the name of a file"),
        (format!("{sample}[[train]]\nname = \"m\"\n[[train]]\nname = \"m\"\n"), "two models are called m"),
        ("name = ".to_owned(), "line 1"),
        (sample.to_owned(), "none.csv is missing"),
    ] {
        fs::write(&path, recipe).unwrap();
        let out = survey.path("out");
        let output = run(&["build", text(&path), "--out", text(&out)]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.trim().lines().count() == 1 && said.contains(words), "{words}: {said}");
    }
}

#[test]
fn the_shipped_recipe_can_be_read() {
    let output = run(&["build", "recipes/portillo2020.toml", "--dry-run"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stdout(&output)
            .contains("spectrascape train --data=portillo2020/set --out=portillo2020/models/ae6.safetensors")
    );
}

#[test]
fn real_files_of_every_layout_arrive_whole() {
    let Some(real) = data::folder("real_files_of_every_layout_arrive_whole") else { return };
    let folder = Folder::new("build-layouts");
    let server = Server::new();
    let redux = "/sas/dr17/sdss/spectro/redux";
    let desi = "/public/dr1/spectro/redux/iron/healpix/sv3/bright/806/80613";
    let cases = [
        ("dr7", "plate,mjd,fiberid\n1307,52999,323\n", vec![("dr7/spSpec-52999-1307-323.fit", "/spectro/1d_26/1307/1d/spSpec-52999-1307-323.fit".to_owned())]),
        ("dr8", "plate,mjd,fiberid,run2d\n266,51602,1,26\n", vec![("dr8/spec-0266-51602-0001.fits", "/sas/dr8/sdss/spectro/redux/26/spectra/0266/spec-0266-51602-0001.fits".to_owned())]),
        // No small file of this one: the whole one is the alternative.
        ("dr17", "plate,mjd,fiberid,run2d\n3586,55181,3,v5_13_2\n", vec![("dr8/spec-3586-55181-0003.fits", format!("{redux}/v5_13_2/spectra/full/3586/spec-3586-55181-0003.fits"))]),
        ("dr19", "field,mjd,catalogid\n112360,60000,27021598150202075\n", vec![("cases/spec-112360-60000-27021598150202075.fits", "/sas/dr19/spectro/sdss/redux/v6_1_3/spectra/lite/112360/60000/spec-112360-60000-27021598150202075.fits".to_owned())]),
        ("desi-dr1", "targetid,survey,program,healpix\n1,sv3,bright,80613\n2,sv3,bright,80613\n", vec![
            ("cases/desi-coadd-4-80613.fits", format!("{desi}/coadd-sv3-bright-80613.fits")),
            ("dr8/spec-0266-51602-0001.fits", format!("{desi}/redrock-sv3-bright-80613.fits")),
        ]),
    ];
    for (release, catalogue, files) in cases {
        for (file, url) in &files {
            let bytes = fs::read(real.join(file)).unwrap();
            server.file(url, &bytes);
            server.faults(url, &[Fault::Cut(bytes.len() / 2)]);
        }
        let (csv, list, out) = (folder.path("c.csv"), folder.path("list.csv"), folder.path("out"));
        fs::write(&csv, catalogue).unwrap();
        let sampled = run(&["sample", text(&csv), "--release", release, "--base", &server.base, "--out", text(&list)]);
        assert!(sampled.status.success(), "{release}: {}", stderr(&sampled));
        let fetched = run(&["download", "--list", text(&list), "--out", text(&out), "--wait", "0.01"]);
        assert!(fetched.status.success(), "{release}: {}", stderr(&fetched));
        let rows = fs::read_to_string(&list).unwrap();
        let paths: Vec<&str> = rows.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
        assert_eq!(paths.len(), files.len());
        for (path, (file, _)) in paths.iter().zip(&files) {
            assert!(fs::read(out.join(path)).unwrap() == fs::read(real.join(file)).unwrap(), "{release}: {path}");
        }
    }
}
