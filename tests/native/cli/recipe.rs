//! A set and a model that were prepared differently never meet in silence.

use std::path::{Path, PathBuf};

use spectrascape::formats::set::{Manifest, TensorFile};
use spectrascape::preprocess::{Normalization, Recipe};

use crate::cli::program::{Folder, run, stderr, stdout, text};

/// Simulated survey files in `fits`, and two sets of them: `rms` and `total`.
fn sets(folder: &Folder) -> (PathBuf, [PathBuf; 2]) {
    let fits = folder.path("fits");
    let output = run(&["simulate", "--count", "80", "--seed", "7", "--fits", text(&fits)]);
    assert!(output.status.success(), "{}", stderr(&output));
    let set = |norm: &str| {
        let out = folder.path(norm);
        let output = run(&["preprocess", text(&fits), "--norm", norm, "--name", norm, "--out", text(&out)]);
        assert!(output.status.success(), "{}", stderr(&output));
        out
    };
    let sets = ["rms", "total"].map(set);
    (fits, sets)
}

fn recipe(set: &Path) -> Recipe {
    Manifest::from_json("manifest", &std::fs::read(set.join("manifest.json")).unwrap()).unwrap().recipe
}

#[test]
fn a_model_is_given_spectra_of_its_own_recipe_and_refuses_sets_of_another() {
    let folder = Folder::new("recipe");
    let (fits, [rms, total]) = sets(&folder);
    let expected = Recipe { normalization: Normalization::Total, ..Recipe::standard() };
    assert_eq!([recipe(&rms), recipe(&total)], [Recipe::standard(), expected]);

    let model = folder.path("mine.safetensors");
    let sizes = ["--latents", "2", "--hidden1", "20", "--hidden2", "9", "--epochs", "2", "--no-umap"];
    let output = run(&[&["train", "--data", text(&total), "--out", text(&model)], &sizes[..]].concat());
    assert!(output.status.success(), "{}", stderr(&output));

    // A file is prepared as the model's set was: its mean flux is 1.
    let file = fits.join("100001/spec-100001-00000-0003.fits");
    let tensors = folder.path("encoded.safetensors");
    let output = run(&["encode", "--model", text(&model), "--out", text(&tensors), text(&file)]);
    assert!(output.status.success(), "{}", stderr(&output));
    let bytes = std::fs::read(&tensors).unwrap();
    let flux = TensorFile::parse("encoded", &bytes).unwrap().floats("flux", &[1, 1000]).unwrap();
    let mean = flux.iter().sum::<f32>() / 1000.0;
    assert!((mean - 1.0).abs() < 1e-4, "mean flux {mean}");
    // ... and so lands where `latents` puts the same spectrum of the set.
    let printed = stdout(&output);
    let row: Vec<&str> = printed.lines().nth(1).unwrap().split(',').collect();
    let latents = std::fs::read(model.with_extension("latents.safetensors")).unwrap();
    let latents = spectrascape::formats::set::LatentSet::from_bytes("latents", &latents).unwrap();
    for (printed, stored) in row[7..9].iter().zip(latents.row(2)) {
        let printed: f32 = printed.parse().unwrap();
        assert!((printed - stored).abs() < 0.02 * stored.abs().max(1.0), "{printed} {stored}");
    }
    assert!(run(&["redshift", "--model", text(&model), "--high", "0.01", text(&file)]).status.success());
    assert!(row[9..11].iter().all(|log_var| log_var.parse::<f32>().is_ok()), "{row:?}");
    // An autoencoder's encoder has no log variances: what its file holds of them was never trained. A fit has.
    let plain = folder.path("plain.safetensors");
    let output =
        run(&[&["train", "--autoencoder", "--data", text(&total), "--out", text(&plain)], &sizes[..]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let printed = stdout(&run(&["encode", "--model", text(&plain), text(&file)]));
    let row: Vec<&str> = printed.lines().nth(1).unwrap().split(',').collect();
    assert!(row[7..9].iter().all(|mean| mean.parse::<f32>().is_ok()) && row[9..11] == ["", ""], "{row:?}");
    let printed = stdout(&run(&["encode", "--json", "--model", text(&plain), text(&file)]));
    let value: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(value[0]["log_var"], serde_json::json!([null, null]));
    let printed = stdout(&run(&["encode", "--encoding", "fitted", "--model", text(&plain), text(&file)]));
    let row: Vec<&str> = printed.lines().nth(1).unwrap().split(',').collect();
    assert!(row[9..11].iter().all(|log_var| log_var.parse::<f32>().is_ok_and(f32::is_finite)), "{row:?}");

    let out = folder.path("refused.safetensors");
    let commands: [(&str, &[&str]); 6] = [
        ("latents", &["--out", text(&out)]),
        ("evaluate", &[]),
        ("outliers", &[]),
        ("tracks", &[]),
        ("noise", &[]),
        ("umap", &[]),
    ];
    for (command, more) in commands {
        let both = [command, "--model", text(&model), "--data"];
        let output = run(&[&both[..], &[text(&rms)], more].concat());
        assert_eq!(output.status.code(), Some(1), "{command}");
        let said = stderr(&output);
        assert_eq!(said.trim().lines().count(), 1, "{command}: {said}");
        for part in ["the model `mine`", "total normalisation", "the set `rms`", "rms normalisation", "--norm total"] {
            assert!(said.contains(part), "{command}: {said}");
        }
        assert!(stdout(&output).is_empty() && !out.exists(), "{command}");
    }
    assert!(run(&["evaluate", "--model", text(&model), "--data", text(&total)]).status.success());

    // Trained models of another recipe are not passed over in silence, to train all of them again.
    std::fs::create_dir_all(folder.path("models")).unwrap();
    std::fs::copy(&model, folder.path("models/vae6.safetensors")).unwrap();
    let (models, report) = (folder.path("models"), folder.path("report"));
    let output = run(&["reproduce", "--data", text(&rms), "--models", text(&models), "--out", text(&report)]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    assert!(said.contains("total normalisation") && said.contains("rms normalisation"), "{said}");
}
