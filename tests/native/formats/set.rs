//! The files: each opens as it was written, in Python too, and says what is wrong when it is damaged.

use std::process::Command;

use spectrascape::formats::set::writer::{self, MeanSpectrum, SetFacts, SetWriter};
use spectrascape::formats::set::{
    Catalogue, EncodingMethod, FormatError, LatentSet, Manifest, Shard, ShardLayout, TensorFile, TensorWriter,
};
use spectrascape::preprocess::{InfillBasis, Normalization, Recipe};
use spectrascape::spectrum::{GridSpectrum, PIXELS, SkyPosition, SourceId};

fn spectra(count: usize) -> Vec<GridSpectrum> {
    let flux = |row: usize| (0..PIXELS).map(|i| ((row * 7 + i) % 64) as f32 / 32.0).collect();
    let ivar = |row: usize| (0..PIXELS).map(|i| if i % 50 == row % 50 { 0.0 } else { 1e6 }).collect();
    (0..count).map(|row| GridSpectrum { flux: flux(row), ivar: ivar(row), norm: row as f32 + 1.0 }).collect()
}

fn catalogue(count: usize) -> Catalogue {
    let mut catalogue = Catalogue::default();
    catalogue.push_floats("redshift", (0..count).map(|row| row as f32 / 10_000.0).collect());
    catalogue.push_integers("class", (0..count).map(|row| row as i32 % 5).collect());
    catalogue.push_floats("truth_age", (0..count).map(|row| if row == 0 { f32::NAN } else { 1.5 }).collect());
    catalogue
}

fn basis() -> InfillBasis {
    InfillBasis { mean: vec![1.0; PIXELS], components: vec![0.5; 2 * PIXELS], eigenvalues: vec![3.0, 2.0] }
}

fn facts() -> SetFacts {
    SetFacts {
        name: "toy".into(),
        title: "A toy".into(),
        simulated: true,
        license: "CC0-1.0".into(),
        provenance: "made in a test".into(),
        seed: Some(7),
        recipe: Recipe::standard(),
        columns: vec![("truth_age".into(), "Age".into(), "Gyr".into())],
        subclass_names: Vec::new(),
    }
}

#[test]
fn a_set_comes_back_as_it_was_written() {
    let (manifest, files) = writer::files(&facts(), &spectra(700), &catalogue(700), &basis());
    let bytes = |name: &str| &files.iter().find(|(file, _)| file == name).expect("the file is there").1;
    assert_eq!(files.last().map(|(name, _)| name.as_str()), Some("manifest.json"));
    assert_eq!(Manifest::from_json("manifest.json", bytes("manifest.json")).unwrap(), manifest);
    assert_eq!((manifest.count, manifest.shards.len(), manifest.shards[1].count), (700, 2, 188));
    assert_eq!(manifest.locate(600), Some((1, 88)));
    assert_eq!(manifest.locate(700), None);
    let age = manifest.columns.iter().find(|column| column.name == "truth_age").unwrap();
    assert_eq!((age.label.as_str(), age.unit.as_str(), age.truth, age.range), ("Age", "Gyr", true, (1.5, 1.5)));

    let info = &manifest.shards[1];
    let shard_bytes = bytes(&info.name);
    info.verify(shard_bytes).unwrap();
    let shard = Shard::from_bytes(&info.name, shard_bytes).unwrap();
    assert_eq!(shard.len(), 188);
    assert_eq!(shard.catalogue.floats("redshift").unwrap()[88], 600.0 / 10_000.0);
    let (flux, ivar) = shard.row(88);
    assert_eq!(flux, spectra(601)[600].flux);
    assert_eq!(ivar[1], 65504.0, "an ivar beyond f16 becomes its largest number, not infinity");
    assert_eq!(ivar[600 % 50], 0.0);

    let mean = MeanSpectrum::from_bytes("mean", bytes("mean.safetensors")).unwrap();
    assert_eq!(mean.infill, basis());
    let by_hand = spectra(700).iter().map(|spectrum| f64::from(spectrum.flux[5])).sum::<f64>() / 700.0;
    assert!((f64::from(mean.mean[5]) - by_hand).abs() < 1e-6);
}

#[test]
fn one_row_can_be_cut_out_of_a_shard_file() {
    let mut shard = Shard { catalogue: catalogue(3), ..Shard::default() };
    spectra(3).iter().for_each(|spectrum| shard.push(spectrum));
    let bytes = shard.to_bytes();
    let header = ShardLayout::header_len(bytes[..8].try_into().unwrap());
    let layout = ShardLayout::from_header("shard", &bytes[8..8 + header]).unwrap();
    assert_eq!(layout.count, 3);
    let cut = |start: usize| ShardLayout::decode_row(&bytes[start + 2 * ShardLayout::ROW..][..ShardLayout::ROW]);
    assert_eq!((cut(layout.flux), cut(layout.ivar)), shard.row(2));
}

#[test]
fn the_same_tensors_make_the_same_bytes() {
    let write = |order: [&str; 3]| {
        let mut writer = TensorWriter::default();
        for name in order {
            writer.metadata(name, "said");
            if name == "b" {
                writer.bytes(name, &[3], &[1, 2, 3])
            } else {
                writer.floats(name, &[1], &[0.5])
            };
        }
        writer.finish()
    };
    assert_eq!(write(["a", "b", "c"]), write(["c", "b", "a"]));
}

#[test]
fn latents_come_back_to_half_precision() {
    let latents = LatentSet {
        dims: 2,
        mean: vec![0.1, -2.0, 3.3, 0.0],
        log_var: vec![-5.0; 4],
        class: vec![0, 3],
        umap: None,
        chi2: None,
        model: "vae2".into(),
        set: "toy".into(),
        encoding: EncodingMethod::Plain,
    };
    let back = LatentSet::from_bytes("latents", &latents.to_bytes()).unwrap();
    assert_eq!((back.dims, &back.class, back.model.as_str()), (2, &latents.class, "vae2"));
    for (found, wrote) in back.mean.iter().zip(&latents.mean) {
        assert!((found - wrote).abs() <= wrote.abs() * 2f32.powi(-11), "{found} is not {wrote} to half precision");
    }
    assert_eq!(back.umap, None, "a file without a map has none");
    assert_eq!(back.encoding, EncodingMethod::Plain);
    let fitted = LatentSet { encoding: EncodingMethod::Fitted, ..latents.clone() };
    assert_eq!(LatentSet::from_bytes("latents", &fitted.to_bytes()).unwrap().encoding, EncodingMethod::Fitted);
    // A file from before there were two ways.
    let bytes = latents.to_bytes();
    let (length, rest) = bytes.split_at(8);
    let (header, values) = rest.split_at(u64::from_le_bytes(length.try_into().unwrap()) as usize);
    let mut header: serde_json::Value = serde_json::from_slice(header).unwrap();
    assert!(header["__metadata__"].as_object_mut().unwrap().remove("encoding").is_some());
    let header = header.to_string();
    let old = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), values].concat();
    assert_eq!(LatentSet::from_bytes("vae2", &old).unwrap().encoding, EncodingMethod::Plain);

    let fitting = LatentSet { chi2: Some(vec![1.5, f32::NAN]), ..latents.clone() };
    let chi2 = LatentSet::from_bytes("latents", &fitting.to_bytes()).unwrap().chi2.unwrap();
    assert!(chi2[0] == 1.5 && chi2[1].is_nan());
    assert_eq!(back.chi2, None, "a file without chi-squared has none");

    let mapped = LatentSet { umap: Some(vec![9.75, -3.5, f32::NAN, f32::NAN]), ..latents.clone() };
    let back = LatentSet::from_bytes("latents", &mapped.to_bytes()).unwrap();
    let umap = back.umap.unwrap();
    assert_eq!(umap[..2], [9.75, -3.5]);
    assert!(umap[2..].iter().all(|place| place.is_nan()));
    let plain = latents.to_bytes();
    let (old, new) = (TensorFile::parse("a", &plain).unwrap(), mapped.to_bytes());
    let new = TensorFile::parse("b", &new).unwrap();
    for tensor in ["mean", "log_var"] {
        assert_eq!(old.halves(tensor, &[2, 2]).unwrap(), new.halves(tensor, &[2, 2]).unwrap());
    }
    let mut wrong = TensorWriter::default();
    wrong.rounded("mean", &[2, 2], &latents.mean).rounded("log_var", &[2, 2], &latents.log_var);
    wrong.bytes("class", &[2], &latents.class).rounded("umap", &[2, 3], &[0.0; 6]);
    assert!(LatentSet::from_bytes("l", &wrong.finish()).unwrap_err().to_string().contains("umap"));
}

#[test]
fn damage_is_said_in_one_sentence() {
    let (manifest, files) = writer::files(&facts(), &spectra(64), &catalogue(64), &basis());
    let shard = &files[0].1;
    let mut flipped = shard.clone();
    flipped[5000] ^= 1;
    let error = manifest.shards[0].verify(&flipped).unwrap_err();
    assert!(matches!(error, FormatError::WrongHash { .. }));
    assert!(error.to_string().starts_with("shard-0000.safetensors is damaged"), "{error}");
    for cut in [0, 7, 8, 100, shard.len() - 1] {
        let error = Shard::from_bytes("shard-0000.safetensors", &shard[..cut]).unwrap_err();
        assert!(error.to_string().contains("not a whole safetensors file"), "cut at {cut}: {error}");
    }
    let mut wrong = TensorWriter::default();
    wrong.floats("flux", &[2, 900], &[0.0; 1800]);
    let error = Shard::from_bytes("s", &wrong.finish()).unwrap_err();
    assert_eq!(error.to_string(), "s: tensor `flux` is F32 [2, 900], expected shape [0, 1000]");

    let json = manifest.to_json();
    let other = json.replace("3.53", "3.5");
    assert!(Manifest::from_json("m", other.as_bytes()).unwrap_err().to_string().contains("wavelength grid"));
    let newer = json.replace("\"format\": 1", "\"format\": 3");
    assert!(Manifest::from_json("m", newer.as_bytes()).unwrap_err().to_string().contains("format 3"));
    assert!(Manifest::from_json("m", b"{").is_err());
}

#[test]
fn python_opens_every_file() {
    let found = Command::new("python3").args(["-c", "import safetensors.numpy"]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        println!("SKIPPED: python_opens_every_file: there is no Python with safetensors and NumPy here");
        return;
    }
    let folder = std::env::temp_dir().join(format!("spectrascape-python-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (_, files) = writer::files(&facts(), &spectra(70), &catalogue(70), &basis());
    for (name, bytes) in &files {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    let latents = LatentSet {
        dims: 2,
        mean: vec![0.5; 4],
        log_var: vec![-1.0; 4],
        class: vec![0, 3],
        umap: None,
        chi2: None,
        model: "vae2".into(),
        set: "toy".into(),
        encoding: EncodingMethod::Plain,
    };
    std::fs::write(folder.join("latents.safetensors"), latents.to_bytes()).unwrap();
    let script = "import sys, glob, safetensors.numpy as s\n\
        t = s.load_file(sys.argv[1] + '/shard-0000.safetensors')\n\
        assert t['flux'].shape == (70, 1000) and t['flux'].dtype == 'float16', t['flux']\n\
        assert abs(float(t['flux'][3, 5]) - 26 / 32) < 1e-6, t['flux'][3, 5]\n\
        assert t['class'][4] == 4 and t['class'].dtype == 'int32'\n\
        assert s.load_file(sys.argv[1] + '/mean.safetensors')['infill_components'].shape == (2, 1000)\n\
        assert len(s.load_file(sys.argv[1] + '/catalogue.safetensors')['redshift']) == 70\n\
        assert s.load_file(sys.argv[1] + '/latents.safetensors')['class'].dtype == 'uint8'\n";
    let output = Command::new("python3").args(["-c", script]).arg(&folder).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn numbers_of_the_wrong_kind_are_refused() {
    let mut writer = TensorWriter::default();
    writer.integers("mean", &[4], &[1, 2, 3, 4]);
    let bytes = writer.finish();
    let file = TensorFile::parse("m", &bytes).unwrap();
    assert_eq!(file.floats("mean", &[4]).unwrap_err().to_string(), "m: tensor `mean` is I32 [4], expected F32 or F16");
    assert_eq!(file.floats("none", &[4]).unwrap_err().to_string(), "m has no tensor `none`");
}

#[test]
fn a_set_written_bit_by_bit_is_the_same() {
    let (spectra, catalogue) = (spectra(1100), catalogue(1100));
    let (_, expected) = writer::files(&facts(), &spectra, &catalogue, &basis());
    for step in [1, 77, 512, 1000] {
        let mut writer = SetWriter::new(facts(), basis());
        let mut files = Vec::new();
        for start in (0..1100).step_by(step) {
            let end = (start + step).min(1100);
            files.extend(writer.push(&spectra[start..end], &catalogue.rows(start, end)).unwrap());
        }
        files.extend(writer.finish().1);
        assert!(files == expected, "in steps of {step}");
    }
    let mut writer = SetWriter::new(facts(), basis());
    writer.push(&spectra[..1], &catalogue.rows(0, 1)).unwrap();
    let mut other = Catalogue::default();
    other.push_floats("redshift", vec![0.1]);
    assert!(writer.push(&spectra[1..2], &other).is_err(), "columns are missing");
}

#[test]
fn a_manifest_from_before_recipes_opens_with_the_right_one() {
    let manifest = |recipe| writer::files(&SetFacts { recipe, ..facts() }, &spectra(70), &catalogue(70), &basis()).0;
    let standard = manifest(Recipe::standard());
    let json = standard.to_json();
    for normalization in [Normalization::Rms, Normalization::Total] {
        let name = format!("\"normalization\": \"{}\"", normalization.name());
        let old = json.replace("\"normalization\": \"rms\"", &name);
        let opened = Manifest::from_json("manifest.json", old.as_bytes()).unwrap();
        let recipe = Recipe { normalization, ..Recipe::standard() };
        assert_eq!(opened, Manifest { recipe, ..standard.clone() });
        // Written today, any but the standard one is named whole.
        let new = manifest(recipe);
        assert_eq!(new.to_json().contains("\"recipe\": {"), recipe != Recipe::standard());
        assert_eq!(Manifest::from_json("manifest.json", new.to_json().as_bytes()).unwrap(), new);
    }
    for (what, part) in [("\"median\"", "`median`"), ("7", "manifest of this version")] {
        let other = json.replace("\"rms\"", what);
        let refusal = Manifest::from_json("m.json", other.as_bytes()).unwrap_err().to_string();
        assert!(refusal.contains("m.json") && refusal.contains(part), "{refusal}");
    }
    let without = json.replace("  \"normalization\": \"rms\",\n", "");
    let refusal = Manifest::from_json("m.json", without.as_bytes()).unwrap_err().to_string();
    assert!(refusal.contains("missing field `recipe`"), "{refusal}");
}

/// Models and saved trainings name their set by the SHA-256 of its manifest: a set that is simulated again must have the same one.
#[test]
fn a_manifest_of_the_standard_recipe_keeps_its_bytes() {
    let (manifest, _) = writer::files(&facts(), &spectra(70), &catalogue(70), &basis());
    let json = manifest.to_json();
    let keys: Vec<&str> =
        json.lines().filter(|line| line.starts_with("  \"")).map(|line| line.split('"').nth(1).unwrap()).collect();
    let expected = "format name title simulated license provenance seed grid normalization count split_seed class_names columns \
                    mean_spectrum catalogue shards";
    assert_eq!(keys, expected.split_whitespace().collect::<Vec<_>>());
    assert!(json.contains("\n  },\n  \"normalization\": \"rms\",\n  \"count\": 70,\n"), "{json}");
}

#[test]
fn a_catalogue_with_sources_of_any_survey_is_format_2() {
    let ids = [
        SourceId::sdss(266, 51_602, 1),
        SourceId::sdss_v(112_360, 60_000, 27_021_598_150_202_075),
        SourceId::desi(39_627_835_576_420_141),
    ];
    let mut rows = catalogue(3);
    rows.push_integers("survey", ids.iter().map(|id| id.survey.code()).collect());
    for (k, name) in ["id_a", "id_b", "id_c"].into_iter().enumerate() {
        rows.push_longs(name, ids.iter().map(|id| id.parts[k]).collect());
    }
    rows.push_doubles("ra", vec![149.123_456_789_012, f64::NAN, 359.999_999_9]);
    rows.push_doubles("dec", vec![-1.5, f64::NAN, 89.0]);
    rows.push_integers("subclass", vec![1, -1, 0]);
    let subclass_names = vec!["AGN".to_owned(), "STARBURST".to_owned()];
    let facts = SetFacts { subclass_names: subclass_names.clone(), ..facts() };
    let (manifest, files) = writer::files(&facts, &spectra(3), &rows, &basis());
    assert_eq!(manifest.format, 2);
    assert_eq!(manifest.survey_names, ["sdss", "sdssv", "desi", "lamost", "other"]);
    assert_eq!(manifest.subclass_names, subclass_names);
    assert_eq!(Manifest::from_json("m", manifest.to_json().as_bytes()).unwrap(), manifest);
    let info = |name: &str| manifest.columns.iter().find(|column| column.name == name).unwrap();
    assert_eq!((info("ra").label.as_str(), info("ra").unit.as_str()), ("Right ascension", "deg"));
    assert_eq!(info("dec").range, (-1.5, 89.0));
    for name in ["catalogue.safetensors", "shard-0000.safetensors"] {
        let bytes = &files.iter().find(|(file, _)| file == name).unwrap().1;
        let read = match name.starts_with("shard") {
            true => Shard::from_bytes(name, bytes).unwrap().catalogue,
            false => Catalogue::from_bytes(name, bytes).unwrap(),
        };
        for (row, id) in ids.iter().enumerate() {
            assert_eq!(read.source_id(row), Some(*id), "{name}");
        }
        assert_eq!(read.position(0), SkyPosition::new(149.123_456_789_012, -1.5), "to the last bit");
        assert_eq!(read.position(1), None);
        assert_eq!(read.source_id(3), None);
    }
    let first = writer::files(&self::facts(), &spectra(3), &catalogue(3), &basis()).0;
    assert_eq!(first.format, 1);
    assert!(!first.to_json().contains("survey_names") && !first.to_json().contains("subclass_names"));
}
