//! The commands that read latent space, and the report, run as a user runs them on a small simulated set.

use std::path::{Path, PathBuf};

use spectrascape::formats::set::{LatentSet, Shard};
use spectrascape::vae::Model;
use spectrascape::vae::inference::device;

use crate::cli::program::{Folder, run, simulate, stderr, stdout, text};
use crate::data;

/// A set of 128 spectra and a model with six latents.
fn set_and_model(folder: &Folder) -> (PathBuf, PathBuf) {
    let set = simulate(folder, "set");
    let model = folder.path("small.safetensors");
    let sizes = ["--hidden1", "30", "--hidden2", "12", "--epochs", "3"];
    let output = run(&[&["train", "--data", text(&set), "--out", text(&model)], &sizes[..]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    (set, model)
}

/// Rows of a command's CSV, its header first.
fn rows(arguments: &[&str]) -> Vec<Vec<String>> {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    stdout(&output).lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn latent_space_is_read_by_every_command() {
    let folder = Folder::new("study");
    let (set, model) = set_and_model(&folder);
    let study = |command: &'static str, more: &[&str]| {
        rows(&[&[command, "--data", text(&set), "--model", text(&model)], more].concat())
    };

    let evaluated = study("evaluate", &[]);
    assert_eq!(evaluated[0].join(","), "class,spectra,weighted_error,median_chi2");
    assert_eq!((evaluated[1][0].as_str(), evaluated[1][1].as_str()), ("all", "32"), "a quarter validates");
    let total: usize = evaluated[2..].iter().map(|row| row[1].parse::<usize>().unwrap()).sum();
    assert_eq!(total, 32, "every validation spectrum is of one class");

    let outliers = study("outliers", &["--count", "5"]);
    assert_eq!(outliers.len(), 6);
    let factors: Vec<f64> = outliers[1..].iter().map(|row| row[6].parse().unwrap()).collect();
    assert!(factors.windows(2).all(|pair| pair[0] >= pair[1]) && factors[0] > 1.0, "{factors:?}");

    let tracks = study("tracks", &["--sweeps"]);
    assert_eq!(tracks[0].len(), 2 + 6 + 6);
    let names: Vec<&str> = tracks[1..].iter().map(|row| row[0].as_str()).collect();
    assert!(names.contains(&"S1") && names.contains(&"VAE 6 at 99 %"), "{names:?}");
    assert_eq!(study("tracks", &["--spectra"]).len(), 1001);

    let noise = study("noise", &["--draws", "20"]);
    assert_eq!(noise.len(), 1 + 6 * 10, "six latents at ten levels");

    let map = study("umap", &[]);
    assert_eq!(map.len(), 1 + 128);
    assert!(map[1..].iter().all(|row| row[4..6].iter().all(|value| value.parse::<f64>().unwrap().is_finite())));
    assert_eq!(map[0][6..].join(","), "id,ra,dec,redshift_error");
    assert!(map[1..].iter().all(|row| row[6] == row[..3].join("-")));
    assert_eq!(map, study("umap", &[]), "one seed makes one map");

    // What `train` left beside the model, made anew, with the same map as the command prints, rounded.
    let anew = folder.path("anew.safetensors");
    let base = ["latents", "--data", text(&set), "--model", text(&model), "--out", text(&anew)];
    assert!(run(&base).status.success());
    let read = |path: &Path| std::fs::read(path).unwrap();
    assert_eq!(read(&anew), read(&model.with_extension("latents.safetensors")));
    let latents = LatentSet::from_bytes("anew", &read(&anew)).unwrap();
    let places = latents.umap.expect("a map");
    for (place, row) in places.chunks(2).zip(&map[1..]) {
        for (found, printed) in place.iter().zip(&row[4..]) {
            assert!((found - printed.parse::<f32>().unwrap()).abs() < 0.01, "{found} is not {printed}");
        }
    }
    // Chi-squared a pixel of the latents in the file, by hand.
    let shard = Shard::from_bytes("shard", &read(&set.join("shard-0000.safetensors"))).unwrap();
    let opened = Model::from_bytes("small", &read(&model), &device()).unwrap();
    let decoded = opened.decode(&latents.mean[..6]);
    let (flux, ivar) = shard.row(0);
    let misfits: Vec<f32> = (0..flux.len()).map(|i| ivar[i] * (flux[i] - decoded[i]).powi(2)).collect();
    let expected = misfits.iter().sum::<f32>() / ivar.iter().filter(|ivar| **ivar > 0.0).count() as f32;
    let found = latents.chi2.expect("chi-squared")[0];
    assert!((found - expected).abs() < 1e-3 * expected, "{found}, by hand {expected}");
    assert!(run(&[&base[..], &["--no-umap"]].concat()).status.success());
    let without = LatentSet::from_bytes("anew", &read(&anew)).unwrap();
    assert_eq!((without.umap, without.mean), (None, latents.mean));

    let json = run(&["evaluate", "--json", "--data", text(&set), "--model", text(&model)]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(value[0]["class"], "all");
}

#[test]
fn a_search_goes_on_where_it_was() {
    let folder = Folder::new("search");
    let set = simulate(&folder, "set");
    let out = folder.path("search");
    let search = |more: &[&str]| {
        let base = ["search", "--data", text(&set), "--out", text(&out), "--latents", "2", "--epochs", "1"];
        run(&[&base[..], more].concat())
    };
    let part = search(&["--draws", "4", "--part", "1/2"]);
    assert!(part.status.success() && stderr(&part).contains("2 of 4 draws are done"), "{}", stderr(&part));
    let first = std::fs::read(out.join("draw-000.json")).unwrap();
    let whole = search(&["--draws", "4"]);
    assert!(whole.status.success(), "{}", stderr(&whole));
    assert_eq!(std::fs::read(out.join("draw-000.json")).unwrap(), first, "what was done is not done again");
    let table = stdout(&whole);
    assert_eq!(table.lines().count(), 5, "{table}");
    assert_eq!(std::fs::read_to_string(out.join("results.csv")).unwrap(), table);
    let errors: Vec<f64> = table.lines().skip(1).map(|line| line.split(',').nth(8).unwrap().parse().unwrap()).collect();
    assert!(errors.windows(2).all(|pair| pair[0] <= pair[1]), "best first: {errors:?}");
    let other = search(&["--draws", "4", "--seed", "2"]);
    assert_eq!(other.status.code(), Some(1));
    assert!(stderr(&other).contains("holds another search"), "{}", stderr(&other));
    assert_eq!(search(&["--part", "3/2"]).status.code(), Some(2));
}

#[test]
fn heads_and_weights_train_and_are_stored() {
    let folder = Folder::new("heads");
    let set = simulate(&folder, "set");
    let train = |name: &str, more: &[&str]| {
        let out = folder.path(name);
        let base = ["train", "--data", text(&set), "--out", text(&out), "--latents", "3", "--hidden1", "20"];
        (out.clone(), run(&[&base[..], &["--hidden2", "9", "--epochs", "2"], more].concat()))
    };
    let (model, output) = train("head.safetensors", &["--predict-class", "--predict", "truth_dust"]);
    assert!(output.status.success() && stderr(&output).contains("head"), "{}", stderr(&output));
    let evaluated = run(&["evaluate", "--data", text(&set), "--model", text(&model)]);
    assert!(evaluated.status.success(), "a model with a head is read again: {}", stderr(&evaluated));
    let (model, output) = train("weights.safetensors", &["--input", "flux-and-weight"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(run(&["evaluate", "--data", text(&set), "--model", text(&model)]).status.success());
    let (_, output) = train("none.safetensors", &["--predict", "truth_nonsense"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("has no column `truth_nonsense`: choose among"), "{}", stderr(&output));
}

#[test]
fn redshifts_of_real_files_are_tried() {
    let Some(real) = data::folder("redshifts_of_real_files_are_tried") else { return };
    let file = real.join("dr7/spSpec-52999-1307-323.fit");
    let found = rows(&["redshift", text(&file)]);
    let (best, known): (f64, f64) = (found[1][1].parse().unwrap(), found[1][5].parse().unwrap());
    assert!((best - known).abs() < 500.0 / 299_792.458, "{best} against {known}");
    let curve = rows(&["redshift", "--curve", "--low", "0.0", "--high", "0.1", text(&file)]);
    assert!(curve.len() > 50);
    let outside = run(&["redshift", "--high", "0.9", text(&file)]);
    assert_eq!(outside.status.code(), Some(1));
    assert_eq!(stderr(&outside).trim().lines().count(), 1, "{}", stderr(&outside));
}

#[test]
fn the_report_is_whole_and_goes_on_where_it_was() {
    let folder = Folder::new("reproduce");
    let set = folder.path("set");
    let made = run(&["simulate", "--count", "512", "--seed", "4", "--out", text(&set)]);
    assert!(made.status.success(), "{}", stderr(&made));
    let out = folder.path("report");
    let arguments =
        ["reproduce", "--data", text(&set), "--out", text(&out), "--seeds", "1", "--epochs", "1", "--redshifts", "2"];
    let output = run(&arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    let page = std::fs::read_to_string(out.join("index.html")).unwrap();
    let stems = [
        "table-1",
        "table-2",
        "figure-03",
        "figure-04a",
        "figure-04b",
        "figure-05",
        "figure-06",
        "figure-07a",
        "figure-07b",
        "figure-08a",
        "figure-08b",
        "figure-09",
        "figure-10",
        "figure-11",
        "figure-12",
        "figure-13",
        "figure-14",
        "figure-15",
        "figure-16",
        "figure-17",
        "peng-02",
        "peng-03",
        "peng-04",
        "peng-05",
        "wishes",
        "wish-uncertainties",
        "wish-infill",
        "clusters",
        "redshift",
        "stars",
    ];
    for stem in stems {
        assert!(page.contains(&format!("id=\"{stem}\"")), "{stem} is not in the page");
        let numbers = std::fs::read_to_string(out.join(format!("{stem}.csv"))).unwrap();
        assert!(numbers.lines().count() > 1, "{stem}.csv holds no numbers");
        if page.contains(&format!("src=\"{stem}.svg\"")) {
            whole_svg(&out.join(format!("{stem}.svg")));
        }
    }
    assert!(page.contains("simulated") && page.contains("after 1 epochs at most"), "the page says what was run");
    assert!(std::fs::read_to_string(out.join("claims.csv")).unwrap().lines().count() > 10);

    let model = out.join("models/vae6-seed1.safetensors");
    let trained = std::fs::metadata(&model).unwrap().modified().unwrap();
    let again = run(&arguments);
    assert!(again.status.success(), "{}", stderr(&again));
    assert_eq!(std::fs::metadata(&model).unwrap().modified().unwrap(), trained, "a trained model is not trained again");
    assert_eq!(std::fs::read_to_string(out.join("index.html")).unwrap(), page, "the same run makes the same page");
}

fn whole_svg(path: &Path) {
    let svg = std::fs::read_to_string(path).unwrap();
    assert!(svg.starts_with("<svg xmlns") && svg.trim_end().ends_with("</svg>"), "{} is cut", path.display());
    assert!(svg.contains("<title>") && svg.matches("<polyline").count() + svg.matches("<image").count() > 0);
    assert!(!svg.contains("NaN"), "{} has places that are none", path.display());
}
