//! Files of many spectra through `preprocess` and `encode`: in pieces, in HATS catalogues, always as the same spectra in other files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use spectrascape::formats::set::{Catalogue, Shard};

use crate::cli::program::{Folder, run, stderr, stdout, text};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Preprocesses files or folders into a set, whose files are returned by name, with what was said.
fn set(inputs: &[&Path], out: &Path) -> (BTreeMap<String, Vec<u8>>, String) {
    let inputs = inputs.iter().map(|path| text(path));
    let arguments: Vec<&str> = ["preprocess"].into_iter().chain(inputs).chain(["--out", text(out)]).collect();
    let output = run(&arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    let entries = fs::read_dir(out).unwrap().map(Result::unwrap);
    let files = entries.map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read(e.path()).unwrap())).collect();
    (files, stderr(&output))
}

/// Asserts that two sets hold the same spectra, to the precision of the wavelengths in their files.
fn assert_alike(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    assert!(one.keys().eq(other.keys()), "{:?} against {:?}", one.keys(), other.keys());
    let catalogues = [one, other].map(|set| Catalogue::from_bytes("c", &set["catalogue.safetensors"]).unwrap());
    let shards = [one, other].map(|set| Shard::from_bytes("s", &set["shard-0000.safetensors"]).unwrap());
    let [a, b] = &shards;
    assert_eq!((a.len(), b.len()), (4, 4));
    for row in 0..a.len() {
        let ids = catalogues.each_ref().map(|catalogue| catalogue.source_id(row).unwrap());
        assert_eq!(ids[0], ids[1]);
        assert_eq!(ids[0].to_string(), format!("266-51602-{}", row + 1));
        let redshifts = catalogues.each_ref().map(|catalogue| catalogue.floats("redshift").unwrap()[row]);
        assert_eq!(redshifts[0], redshifts[1]);
        let [(flux, ivar), (other_flux, other_ivar)] = [a.row(row), b.row(row)];
        let near = |(a, b): (&f32, &f32)| (a - b).abs() <= 2e-3 * a.abs().max(1.0);
        assert!(flux.iter().zip(&other_flux).all(near), "flux of row {row}");
        assert!(ivar.iter().zip(&other_ivar).all(near), "ivar of row {row}");
        assert!(ivar.contains(&0.0) && flux.iter().any(|flux| *flux != 1.0));
    }
}

#[test]
fn a_parquet_file_and_a_hats_catalogue_make_the_set_of_the_same_spectra() {
    let folder = Folder::new("archives");
    let (npz, _) = set(&[&fixture("parquet/survey.npz")], &folder.path("npz"));
    let (hats, said) = set(&[&fixture("parquet/survey")], &folder.path("hats"));
    assert_alike(&npz, &hats);
    // The metadata, the sample in front of the partitions and the list of partitions are no spectra.
    assert!(said.contains("4 spectra of 2 files"), "{said}");
    // A file of 5000 rows is read in three pieces, the same spectra in the same order.
    let (sparse, said) = set(&[&fixture("parquet/sparse.parquet")], &folder.path("sparse"));
    for note in ["2047 rows hold no spectrum", "2046 rows hold no", "903 rows hold no", "4 spectra of 1 files"] {
        assert!(said.contains(note), "{note}: {said}");
    }
    for (name, bytes) in &hats {
        assert!(*bytes == sparse[name], "{name} differs");
    }
}

#[test]
fn an_hdf5_file_makes_the_set_of_the_same_spectra() {
    let folder = Folder::new("hdf5");
    let (npz, _) = set(&[&fixture("parquet/survey.npz")], &folder.path("npz"));
    let (hdf5, said) = set(&[&fixture("hdf5/survey.hdf5")], &folder.path("hdf5"));
    assert_alike(&npz, &hdf5);
    assert!(said.contains("files and pieces of files in"), "{said}");
}

#[test]
fn parquet_files_without_spectra_in_a_folder_are_passed_over() {
    let folder = Folder::new("passed-over");
    let survey = folder.path("survey");
    fs::create_dir_all(survey.join("margin/dataset")).unwrap();
    fs::copy(fixture("parquet/sparse.parquet"), survey.join("sparse.parquet")).unwrap();
    for name in ["catalogue.parquet", "_metadata.parquet"] {
        fs::copy(fixture("parquet/catalogue.parquet"), survey.join(name)).unwrap();
    }
    fs::copy(fixture("parquet/sparse.parquet"), survey.join("margin/dataset/again.parquet")).unwrap();
    fs::write(survey.join("margin/hats.properties"), "dataproduct_type=margin\n").unwrap();
    let (_, said) = set(&[&survey], &folder.path("set"));
    let lines = [
        "catalogue.parquet holds no spectra: it has no columns with a list of flux",
        "_metadata.parquet holds metadata; it was passed over",
        "margin: it repeats or indexes the rows of a HATS catalogue",
        "4 spectra of 1 files",
    ];
    for line in lines {
        assert!(said.contains(line), "{line}: {said}");
    }
    // Named as such it is an error.
    let output = run(&["encode", text(&survey.join("catalogue.parquet"))]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("catalogue.parquet holds no spectra"), "{}", stderr(&output));
}

#[test]
fn a_run_on_a_parquet_file_goes_on_with_the_pieces_that_are_missing() {
    let folder = Folder::new("pieces");
    let file = folder.path("survey.parquet");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::copy(fixture("parquet/sparse.parquet"), &file).unwrap();
    let (expected, _) = set(&[&file], &folder.path("whole"));

    let out = folder.path("parts");
    let part = |part: &str| run(&["preprocess", text(&file), "--out", text(&out), "--part", part]);
    for number in ["2/3", "1/3", "3/3"] {
        let output = part(number);
        assert!(output.status.success(), "{}", stderr(&output));
    }
    fs::remove_file(out.join(".work/chunk-000001.safetensors")).unwrap();
    let (again, said) = set(&[&file], &out);
    assert!(said.contains("Going on: 2 of 3 files and pieces of files were done before"), "{said}");
    assert!(expected == again, "another set");

    // A file with other rows is not mixed with what was done.
    let output = part("1/1");
    assert!(output.status.success(), "{}", stderr(&output));
    fs::copy(fixture("parquet/multimodal.parquet"), &file).unwrap();
    let output = part("1/1");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("other rows in them"), "{}", stderr(&output));
}

#[test]
fn rows_of_parquet_files_are_encoded_under_their_numbers() {
    let columns = |path: &Path| -> Vec<Vec<String>> {
        let output = run(&["encode", text(path)]);
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output).lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
    };
    let parquet = columns(&fixture("parquet/sparse.parquet"));
    let npz = columns(&fixture("parquet/survey.npz"));
    let file = fixture("parquet/sparse.parquet");
    let names: Vec<&str> = parquet.iter().map(|row| row[0].trim_matches('"')).collect();
    let numbered = [11, 2101, 2102, 5000].map(|number| format!("{}#{number}", file.display()));
    assert_eq!(names, numbered);
    for (parquet, npz) in parquet.iter().zip(&npz) {
        assert_eq!(parquet[1..5], npz[1..5]);
        for column in 6..18 {
            let [a, b] = [parquet, npz].map(|row| row[column].parse::<f64>().unwrap());
            assert!((a - b).abs() < 1e-2, "column {column}: {a} and {b}");
        }
    }
    // Redshifts that files do not have are an advice, rows without a spectrum a note.
    let output = run(&["encode", text(&fixture("parquet/multimodal.parquet"))]);
    assert!(stderr(&output).contains("multimodal.parquet#3"), "{}", stderr(&output));
}
