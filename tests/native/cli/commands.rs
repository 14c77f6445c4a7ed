//! The command line, run as a user runs it.

use std::path::{Path, PathBuf};

use spectrascape::formats::set::{LatentSet, Manifest, Shard, TensorFile};

use crate::cli::program::{Folder, run, simulate, stderr, stdout, text};
use crate::data;

fn train(set: &Path, model: &Path, seed: &str) {
    let out = ["train", "--data", text(set), "--out", text(model), "--name", "small", "--latents", "2"];
    let output = run(&[&out[..], &["--epochs", "2", "--hidden1", "20", "--hidden2", "9", "--seed", seed]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn one_seed_makes_one_set_and_one_model() {
    let folder = Folder::new("seed");
    let sets = [simulate(&folder, "a"), simulate(&folder, "b")];
    let bytes = |path: PathBuf| std::fs::read(path).unwrap();
    for name in ["manifest.json", "mean.safetensors", "catalogue.safetensors", "shard-0000.safetensors"] {
        assert!(bytes(sets[0].join(name)) == bytes(sets[1].join(name)), "{name} differs between two runs");
    }
    let manifest = Manifest::from_json("manifest", &bytes(sets[0].join("manifest.json"))).unwrap();
    assert!(manifest.simulated && manifest.title.contains("simulated"));
    let shard = Shard::from_bytes("shard", &bytes(sets[0].join("shard-0000.safetensors"))).unwrap();
    assert_eq!(shard.len(), 128);
    for row in 0..shard.len() {
        let (flux, ivar) = shard.row(row);
        let square = flux.iter().map(|flux| flux * flux).sum::<f32>() / flux.len() as f32;
        assert!((square - 1.0).abs() < 0.01, "spectrum {row} has a mean square of {square}");
        assert!(ivar.iter().all(|ivar| ivar.is_finite() && *ivar >= 0.0));
    }

    let models = [folder.path("a.safetensors"), folder.path("b.safetensors"), folder.path("c.safetensors")];
    train(&sets[0], &models[0], "5");
    train(&sets[0], &models[1], "5");
    train(&sets[0], &models[2], "6");
    let files: Vec<Vec<u8>> = models.iter().map(|path| bytes(path.clone())).collect();
    assert!(files[0] == files[1], "two trainings with one seed differ");
    assert!(files[0] != files[2], "two seeds make the same model");

    let file = TensorFile::parse("model", &files[0]).unwrap();
    assert_eq!(file.shape("encoder.0.weight").unwrap(), [20, 1000]);
    assert_eq!(file.shape("decoder.4.weight").unwrap(), [1000, 20]);
    let card: serde_json::Value = serde_json::from_str(file.metadata("spectrascape").unwrap()).unwrap();
    assert_eq!((&card["config"]["seed"], &card["simulated"]), (&5.into(), &true.into()));
    assert_eq!(card["history"].as_array().unwrap().len(), 2);
    let latents = LatentSet::from_bytes("latents", &bytes(folder.path("a.latents.safetensors"))).unwrap();
    assert_eq!((latents.len(), latents.dims, latents.set.as_str()), (128, 2, "simulated"));
}

#[test]
fn a_damaged_set_is_refused_before_training() {
    let folder = Folder::new("damage");
    let set = simulate(&folder, "set");
    let shard = set.join("shard-0000.safetensors");
    let whole = std::fs::read(&shard).unwrap();
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let model = folder.path("m.safetensors");
    let refuse = |bytes: Option<&[u8]>, reason: &str| {
        match bytes {
            Some(bytes) => std::fs::write(&shard, bytes).unwrap(),
            None => std::fs::remove_file(&shard).unwrap(),
        }
        let output = run(&["train", "--data", text(&set), "--out", text(&model)]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(reason) && !stderr(&output).contains("panicked"), "{}", stderr(&output));
        assert_eq!(stderr(&output).trim().lines().count(), 1, "{}", stderr(&output));
        assert!(!model.exists());
    };
    refuse(Some(&flipped), "shard-0000.safetensors is damaged");
    refuse(Some(&whole[..1000]), "shard-0000.safetensors is damaged");
    refuse(None, "shard-0000.safetensors cannot be read");
}

#[test]
fn encode_prints_the_galaxies_and_says_why_not_the_quasar() {
    let Some(folder) = data::folder("encode_prints_the_galaxies_and_says_why_not_the_quasar") else { return };
    let out = Folder::new("encode");
    let files: Vec<PathBuf> = data::files(&folder.join("dr7"));
    let tensors = out.path("encoded.safetensors");
    let mut arguments = vec!["encode", "--out", text(&tensors)];
    arguments.extend(files.iter().map(|path| text(path)));
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let rows: Vec<Vec<String>> =
        stdout(&output).lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    assert_eq!(rows[0][..7].join(","), "file,plate,mjd,fiber,redshift,class,chi2");
    assert_eq!(rows.len(), 3, "two galaxies");
    assert_eq!((rows[0][7].as_str(), rows[0][18].as_str()), ("mean_1", "log_var_6"), "six means and six log variances");
    assert!(
        rows[0][19..]
            == ["id", "ra", "dec", "redshift_error", "name", "redshift_from", "encoding", "scale"].map(str::to_owned),
        "{:?}",
        rows[0]
    );
    let id = rows[0].iter().position(|name| name == "id").unwrap();
    assert!(rows[1..].iter().all(|row| row[id] == row[1..4].join("-")), "{rows:?}");
    assert!(rows[1..].iter().all(|row| row[7..19].iter().all(|value| value.parse::<f64>().unwrap().is_finite())));
    let complaint = stderr(&output);
    assert_eq!(complaint.trim().lines().count(), 1, "{complaint}");
    assert!(complaint.contains("spSpec-51993-0542-631.fit") && complaint.contains("2.23"), "{complaint}");

    // Fitted latents, one switch away, fit better.
    let fitted = run(&[&["encode", "--encoding", "fitted"], &arguments[3..]].concat());
    let cell = |line: &str, at: usize| line.split(',').nth(at).unwrap().to_owned();
    for (line, row) in stdout(&fitted).lines().skip(1).zip(&rows[1..]) {
        let chi2 = |text: &str| text.parse::<f64>().unwrap();
        assert!(chi2(&cell(line, 6)) < chi2(&row[6]), "{row:?} {line}");
        assert_eq!((row[25].as_str(), cell(line, 25).as_str(), row[26].as_str()), ("plain", "fitted", "1.00000"));
    }

    // Whoever reads the tensors gets the printed chi2.
    let bytes = std::fs::read(&tensors).unwrap();
    let file = TensorFile::parse("encoded", &bytes).unwrap();
    let [flux, ivar, model] = ["flux", "ivar", "reconstruction"].map(|name| file.floats(name, &[2, 1000]).unwrap());
    for row in 0..2 {
        let pixels = row * 1000..(row + 1) * 1000;
        let good: Vec<usize> = pixels.filter(|&i| ivar[i] > 0.0).collect();
        let sum: f64 = good.iter().map(|&i| f64::from(flux[i] - model[i]).powi(2) * f64::from(ivar[i])).sum();
        let printed: f64 = rows[row + 1][6].parse().unwrap();
        assert!((sum / good.len() as f64 - printed).abs() < 1e-3 * printed, "chi2 of row {row}");
    }
}

#[test]
fn encode_refuses_other_surveys_by_name() {
    let Some(folder) = data::folder("encode_refuses_other_surveys_by_name") else { return };
    let files = data::files(&folder.join("other"));
    let mut arguments = vec!["encode"];
    arguments.extend(files.iter().map(|path| text(path)));
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let complaint = stderr(&output);
    // One line of refusal for each file, and notes of those that could be read but say no redshift.
    assert!(!complaint.contains("panicked"), "{complaint}");
    for path in &files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let about: Vec<&str> = complaint.lines().filter(|line| line.contains(name)).collect();
        let refusals = about.iter().filter(|line| line.contains("cannot be read") || line.contains("no redshift"));
        assert!(refusals.count() == 1 || stdout(&output).contains(name), "{name}: {about:?}");
    }
}

#[test]
fn decode_prints_a_spectrum_and_refuses_nonsense() {
    let output = run(&["decode", "--latent=0,0,0,0,0,0", "--latent=1,-1,0,0,0,0"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    assert_eq!(text.lines().next(), Some("wavelength,flux_1,flux_2"));
    assert_eq!(text.lines().count(), 1001);
    assert!(text.lines().nth(1).unwrap().starts_with("3388.44"));
    for nonsense in ["--latent=1,2", "--latent=a,b,c,d,e,f", "--latent=nan,0,0,0,0,0"] {
        let output = run(&["decode", nonsense]);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(stderr(&output).trim().lines().count(), 1, "{}", stderr(&output));
    }
    assert_eq!(run(&["decode"]).status.code(), Some(2), "usage is 2");
    let output = run(&["decode", "--model", "Cargo.toml", "--latent=0"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("Cargo.toml is not a whole safetensors file"), "{}", stderr(&output));
}

#[test]
fn preprocess_makes_a_set_of_real_files() {
    let Some(folder) = data::folder("preprocess_makes_a_set_of_real_files") else { return };
    let out = Folder::new("preprocess");
    let set = out.path("set");
    let output = run(&["preprocess", "--out", text(&set), "--name", "real", text(&folder.join("dr7"))]);
    assert_eq!(output.status.code(), Some(1), "the quasar is refused: {}", stderr(&output));
    let manifest = Manifest::from_json("m", &std::fs::read(set.join("manifest.json")).unwrap()).unwrap();
    assert_eq!((manifest.count, manifest.simulated, manifest.name.as_str()), (2, false, "real"));
}
