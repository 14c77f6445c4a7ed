//! `preprocess` and `merge` on a survey: in parts, killed, started again, always to the same bytes.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use spectrascape::formats::set::{Catalogue, Manifest, Shard};
use spectrascape::spectrum::Class;

use crate::formats::read::npz;

/// A folder of this test's own with simulated survey files in `fits`, removed at the end.
struct Survey(PathBuf);

impl Survey {
    fn new(name: &str, count: usize) -> Self {
        let folder = std::env::temp_dir().join(format!("spectrascape-survey-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let survey = Self(folder);
        let fits = survey.path("fits");
        done(&run(&["simulate", "--count", &count.to_string(), "--seed", "11", "--fits", &fits]));
        survey
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("a plain path").to_owned()
    }

    /// `preprocess` of all the files into `out`, five files a chunk.
    fn preprocess(&self, out: &str, more: &[&str]) -> Output {
        run(&[&["preprocess", &self.path("fits"), "--out", &self.path(out), "--chunk", "5"], more].concat())
    }

    fn merge(&self, out: &str) -> Output {
        run(&["merge", "--out", &self.path(out)])
    }

    /// A file that is none, between the others.
    fn spoil(&self) -> PathBuf {
        let bad = self.0.join("fits/100001/spec-100001-00000-0007x.fits");
        fs::write(&bad, b"SIMPLE? no").unwrap();
        bad
    }

    /// Every file of a folder, by name. Fails on folders in it: nothing but the set may be left.
    fn files(&self, out: &str) -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(self.path(out)).unwrap().map(Result::unwrap);
        let files: BTreeMap<_, _> = entries
            .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap()))
            .collect();
        assert!(files.contains_key("manifest.json"), "{:?}", files.keys());
        files
    }

    fn chunks(&self, out: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.0.join(out).join(".work")).into_iter().flatten().flatten();
        let mut paths: Vec<_> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e == "safetensors"))
            .collect();
        paths.sort();
        paths
    }
}

impl Drop for Survey {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spectrascape-sets"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn done(output: &Output) {
    assert!(output.status.success(), "{}", stderr(output));
}

/// Exit 1 with one line on stderr, which is returned.
fn refusal(output: &Output) -> String {
    let said = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.trim().lines().count() == 1 && !said.contains("panicked"), "{said}");
    said
}

fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert!(one.keys().eq(other.keys()), "{what}: {:?} against {:?}", one.keys(), other.keys());
    for (name, bytes) in one {
        assert!(*bytes == other[name], "{what}: {name} differs");
    }
}

#[test]
fn parts_make_the_bytes_of_the_whole() {
    let survey = Survey::new("parts", 44);
    let bad = survey.spoil();
    let whole = survey.preprocess("whole", &[]);
    assert_eq!(whole.status.code(), Some(1), "one file is refused: {}", stderr(&whole));
    let expected = survey.files("whole");
    let refused = String::from_utf8_lossy(&expected["refused.csv"]).into_owned();
    assert_eq!(refused.lines().count(), 2);
    assert!(refused.starts_with("file,reason\n") && refused.contains(bad.to_str().unwrap()), "{refused}");
    let names = expected.keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(
        names,
        ["catalogue.safetensors", "manifest.json", "mean.safetensors", "refused.csv", "shard-0000.safetensors"]
    );

    for parts in [1, 3, 7] {
        let out = format!("in{parts}");
        // Parts may come in any order.
        for part in (1..=parts).rev() {
            let output = survey.preprocess(&out, &["--part", &format!("{part}/{parts}")]);
            let lines: Vec<String> = stderr(&output).lines().map(str::to_owned).collect();
            let refused = lines.iter().any(|line| line.contains("0007x.fits is not a FITS file"));
            assert_eq!(output.status.code(), Some(i32::from(refused)), "{lines:?}");
        }
        let output = survey.merge(&out);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert!(stderr(&output).contains("44 spectra of 45 files in 1 shards"), "{}", stderr(&output));
        assert_same(&expected, &survey.files(&out), &format!("{parts} parts"));
    }

    // A list is as good as a folder, and chunks of another size make no difference.
    let mut paths: Vec<_> = fs::read_dir(bad.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let list = paths.iter().map(|path| format!("{}\n", path.display())).collect::<String>();
    fs::write(survey.path("list.txt"), list).unwrap();
    run(&["preprocess", "--list", &survey.path("list.txt"), "--out", &survey.path("list"), "--chunk", "64"]);
    assert_same(&expected, &survey.files("list"), "a list");
}

#[test]
fn who_is_killed_goes_on_to_the_same_bytes() {
    let survey = Survey::new("killed", 40);
    done(&survey.preprocess("whole", &[]));
    let expected = survey.files("whole");

    // Everything but the merge is done. One chunk is lost, one cut short, one is of another plan, one not moved in place.
    done(&survey.preprocess("cut", &["--part", "1/1"]));
    let chunks = survey.chunks("cut");
    assert_eq!(chunks.len(), 8);
    fs::remove_file(&chunks[0]).unwrap();
    File::options().write(true).open(&chunks[3]).unwrap().set_len(1000).unwrap();
    let mut other = fs::read(&chunks[5]).unwrap();
    let plan = other.windows(8).position(|window| window == b"\"plan\":\"").unwrap() + 8;
    other[plan] = if other[plan] == b'0' { b'1' } else { b'0' };
    fs::write(&chunks[5], &other).unwrap();
    fs::rename(&chunks[7], chunks[7].with_extension("safetensors.partial-0")).unwrap();
    let output = survey.preprocess("cut", &[]);
    done(&output);
    assert!(stderr(&output).contains("Going on: 20 of 40 files were done before"), "{}", stderr(&output));
    assert_same(&expected, &survey.files("cut"), "four chunks lost");

    // A file that has changed since is read again.
    done(&survey.preprocess("changed", &["--part", "1/1"]));
    let file = survey.0.join("fits/100001/spec-100001-00000-0001.fits");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 2880]).unwrap();
    let output = survey.preprocess("changed", &[]);
    assert_eq!(output.status.code(), Some(1), "a file cut short is refused: {}", stderr(&output));
    assert!(stderr(&output).contains("Going on: 35 of 40"), "{}", stderr(&output));
    fs::write(&file, &bytes).unwrap();

    // Killed in the midst of it, wherever that is.
    for wanted in [1, 4] {
        let out = format!("killed{wanted}");
        let (fits, set) = (survey.path("fits"), survey.path(&out));
        let arguments = ["preprocess", &fits, "--out", &set, "--chunk", "5"];
        let mut child = command(&arguments).stderr(Stdio::null()).spawn().expect("the program starts");
        while survey.chunks(&out).len() < wanted && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let _ = child.kill();
        child.wait().unwrap();
        done(&run(&arguments));
        assert_same(&expected, &survey.files(&out), "killed");
    }
}

#[test]
fn nobody_goes_on_with_another_list_or_other_options() {
    let survey = Survey::new("other", 12);
    done(&survey.preprocess("set", &["--part", "1/2"]));
    let said = refusal(&survey.preprocess("set", &["--part", "2/2", "--norm", "total"]));
    assert!(said.contains("--norm (rms then, total now)") && said.contains("remove that folder"), "{said}");
    let extra = survey.spoil();
    let said = refusal(&survey.preprocess("set", &["--part", "2/2"]));
    assert!(said.contains("number of files (12 then, 13 now)"), "{said}");
    fs::remove_file(&extra).unwrap();
    let file = survey.0.join("fits/100001/spec-100001-00000-0003.fits");
    fs::rename(&file, file.with_file_name("spec-100001-00000-0099.fits")).unwrap();
    let said = refusal(&survey.preprocess("set", &["--part", "2/2"]));
    assert!(said.contains("list of files"), "{said}");
    fs::rename(file.with_file_name("spec-100001-00000-0099.fits"), &file).unwrap();
    done(&survey.preprocess("set", &["--part", "2/2"]));
    done(&survey.merge("set"));
}

#[test]
fn a_merge_names_the_parts_that_are_missing() {
    let survey = Survey::new("missing", 35);
    assert!(refusal(&survey.merge("set")).contains("holds no parts to merge"));
    for part in ["1/7", "3/7", "4/7"] {
        done(&survey.preprocess("set", &["--part", part]));
    }
    let said = refusal(&survey.merge("set"));
    assert!(said.contains("4 of 7 chunks are missing"), "{said}");
    assert!(said.contains("`--part i/7` for i = 2, 5-7, then `merge` again"), "{said}");
    // Whoever comes without a part makes what is missing, and the set.
    let output = survey.preprocess("set", &[]);
    done(&output);
    assert!(stderr(&output).contains("Going on: 15 of 35"), "{}", stderr(&output));
    assert!(survey.files("set").contains_key("manifest.json"));

    for nonsense in ["0/3", "4/3", "1", "a/b", "1/0"] {
        assert_eq!(survey.preprocess("set", &["--part", nonsense]).status.code(), Some(2), "{nonsense}");
    }
}

#[test]
fn one_process_a_part() {
    let survey = Survey::new("lock", 8);
    done(&survey.preprocess("set", &["--part", "1/2"]));
    let held = File::options().write(true).open(survey.path("set/.work/part-1-of-2.lock")).unwrap();
    held.lock().unwrap();
    let said = refusal(&survey.preprocess("set", &["--part", "1/2"]));
    assert!(said.contains("part 1/2 of") && said.contains("is being made by another process (process "), "{said}");
    done(&survey.preprocess("set", &["--part", "2/2"]));
    drop(held);
    done(&survey.preprocess("set", &["--part", "1/2"]));
    done(&survey.merge("set"));
}

#[test]
fn nothing_to_do_is_said() {
    let survey = Survey::new("nothing", 1);
    fs::create_dir(survey.path("empty")).unwrap();
    let said = refusal(&run(&["preprocess", &survey.path("empty"), "--out", &survey.path("set")]));
    assert!(said.contains("nothing to preprocess"), "{said}");
    assert_eq!(run(&["preprocess", "--out", &survey.path("set")]).status.code(), Some(2));
    let output = run(&["preprocess", &survey.path("absent.fits"), "--out", &survey.path("set")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("absent.fits cannot be read"), "{}", stderr(&output));
    assert!(stderr(&output).contains("no spectrum went through"), "{}", stderr(&output));
    assert!(!Path::new(&survey.path("set/manifest.json")).exists());
    // The file that was absent is there now: it is read, not remembered as refused.
    let simulated = survey.0.join("fits/100001/spec-100001-00000-0001.fits");
    fs::copy(simulated, survey.path("absent.fits")).unwrap();
    done(&run(&["preprocess", &survey.path("absent.fits"), "--out", &survey.path("set")]));
    assert!(!Path::new(&survey.path("set/refused.csv")).exists());
}

#[test]
fn twice_the_same_name_is_kept_and_said() {
    let survey = Survey::new("twice", 3);
    let original = survey.0.join("fits/100001/spec-100001-00000-0002.fits");
    fs::copy(&original, original.with_file_name("a-copy.fits")).unwrap();
    let output = survey.preprocess("set", &[]);
    done(&output);
    assert!(stderr(&output).contains("1 names occur more than once"), "{}", stderr(&output));
    let manifest = Manifest::from_json("m", &survey.files("set")["manifest.json"]).unwrap();
    assert_eq!(manifest.count, 4);
}

#[test]
fn simulated_files_make_the_set_that_simulate_makes() {
    let survey = Survey::new("again", 1);
    let (set, fits, again) = (survey.path("set"), survey.path("files"), survey.path("again"));
    done(&run(&["simulate", "--count", "96", "--seed", "4", "--out", &set, "--fits", &fits]));
    done(&run(&["preprocess", &fits, "--out", &again]));
    let shard = |folder: &str| {
        let bytes = fs::read(Path::new(folder).join("shard-0000.safetensors")).unwrap();
        Shard::from_bytes(folder, &bytes).unwrap()
    };
    let (expected, found) = (shard(&set), shard(&again));
    assert_eq!((expected.len(), found.len()), (96, 96));
    let close = |a: f32, b: f32, step: f32| (a - b).abs() <= step * a.abs().max(b.abs()).max(1e-2);
    for row in 0..96 {
        let ((flux, ivar), (flux_again, ivar_again)) = (expected.row(row), found.row(row));
        for i in 0..flux.len() {
            // Half precision has 11 bits: neighbours in it are 2^-10 apart.
            assert!(close(flux[i], flux_again[i], 1.0 / 1024.0), "{row}, {i}: {} {}", flux[i], flux_again[i]);
            assert!(close(ivar[i], ivar_again[i], 1.0 / 1024.0), "{row}, {i}: {} {}", ivar[i], ivar_again[i]);
        }
    }
    let (expected, found) = (&expected.catalogue, &found.catalogue);
    for row in 0..96 {
        assert!(expected.source_id(row).is_some());
        assert_eq!(expected.source_id(row), found.source_id(row), "{row}");
    }
    assert_eq!(expected.floats("redshift"), found.floats("redshift"));
    for name in ["norm", "median_snr"] {
        let column = |catalogue: &Catalogue| catalogue.floats(name).unwrap().to_vec();
        let pairs = column(expected).into_iter().zip(column(found));
        pairs.for_each(|(a, b)| assert!(close(a, b, 1e-5), "{name}: {a} {b}"));
    }
    let classes = |catalogue: &Catalogue| {
        catalogue.integers("class").unwrap().iter().map(|&code| Class::from_code(code)).collect::<Vec<_>>()
    };
    let differing: Vec<_> = classes(expected).into_iter().zip(classes(found)).filter(|(a, b)| a != b).collect();
    // Galaxies with [N II] or [O III] below their errors, which the two count differently.
    let emission = [Class::EmissionLine, Class::NarrowLineAgn];
    assert!(differing.iter().all(|(a, b)| emission.contains(a) && emission.contains(b)), "{differing:?}");
    assert!(differing.len() <= 5, "{differing:?}");
}

#[test]
fn a_set_has_the_columns_of_format_2() {
    let survey = Survey::new("columns", 6);
    done(&survey.preprocess("set", &[]));
    let files = survey.files("set");
    let manifest = Manifest::from_json("m", &files["manifest.json"]).unwrap();
    let names: Vec<&str> = manifest.columns.iter().map(|column| column.name.as_str()).collect();
    let expected = "norm redshift median_snr class survey id_a id_b id_c ra dec z_err zwarning subclass";
    assert_eq!(names.join(" "), expected);
    assert!(manifest.columns.iter().all(|column| column.label != column.name));
    assert_eq!((manifest.format, manifest.survey_names.len()), (2, 5));
    let catalogue = Catalogue::from_bytes("c", &files["catalogue.safetensors"]).unwrap();
    assert_eq!(catalogue.source_id(2).unwrap().to_string(), "100001-0-3");
    for row in 0..6 {
        let known = catalogue.position(row).is_some();
        assert_eq!(known, catalogue.doubles("ra").unwrap()[row].is_finite(), "{row}");
    }
}

#[test]
fn work_with_the_columns_of_another_format_is_refused() {
    let survey = Survey::new("format", 6);
    done(&survey.preprocess("set", &["--part", "1/2"]));
    let plan = survey.0.join("set/.work/plan.json");
    let now = fs::read_to_string(&plan).unwrap();
    // Plans of the program before did not name the format.
    let before: String =
        now.lines().filter(|line| !line.contains("\"format\"")).map(|line| format!("{line}\n")).collect();
    assert_ne!(now, before);
    fs::write(&plan, before).unwrap();
    let said = refusal(&survey.preprocess("set", &["--part", "2/2"]));
    assert!(said.contains("format of the set (1 then, 2 now)") && said.contains("remove that folder"), "{said}");
}

#[test]
fn a_refusal_in_a_file_of_several_spectra_names_the_row() {
    let survey = Survey::new("rows", 1);
    let pixels = 3000;
    let loglam: Vec<f64> = (0..pixels).map(|i| 3.58 + 1e-4 * i as f64).collect();
    let flux: Vec<f64> = (0..3 * pixels).map(|i| 2.0 + (i % pixels) as f64 / 3000.0).collect();
    let arrays: [(&str, &[usize], &[f64]); 4] = [
        ("loglam", &[pixels], &loglam),
        ("flux", &[3, pixels], &flux),
        ("ivar", &[3, pixels], &vec![100.0; 3 * pixels]),
        ("z", &[3], &[0.1, 0.9, 0.2]),
    ];
    let file = survey.path("three.npz");
    fs::write(&file, npz(&arrays)).unwrap();
    let output = run(&["preprocess", &file, "--out", &survey.path("set")]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let refused = String::from_utf8_lossy(&survey.files("set")["refused.csv"]).into_owned();
    assert_eq!(refused.lines().count(), 2, "{refused}");
    assert!(refused.contains("three.npz#2 (") && refused.contains("0.900 is outside"), "{refused}");
}

#[test]
fn a_file_that_may_hold_many_spectra_ends_its_chunk() {
    let survey = Survey::new("many", 4);
    let folder = survey.0.join("fits/100001");
    for (number, name) in [(1, "coadd-main-dark-1.fits"), (2, "spPlate-266-51602.fits")] {
        fs::rename(folder.join(format!("spec-100001-00000-000{number}.fits")), folder.join(name)).unwrap();
    }
    done(&survey.preprocess("set", &["--part", "1/1"]));
    // The coadd, the plate, and the two other files.
    assert_eq!(survey.chunks("set").len(), 3, "{:?}", survey.chunks("set"));
    done(&survey.merge("set"));
}

#[test]
fn files_of_three_layouts_become_one_set_that_says_it_is_simulated() {
    let survey = Survey::new("layouts", 12);
    for layout in ["lamost", "desi"] {
        let folder = survey.path(&format!("fits/{layout}"));
        done(&run(&["simulate", "--count", "12", "--seed", "3", "--layout", layout, "--fits", &folder]));
    }
    done(&survey.preprocess("set", &["--simulated"]));
    let manifest = Manifest::from_json("manifest", &survey.files("set")["manifest.json"]).unwrap();
    assert!(manifest.simulated && manifest.count == 36, "{} spectra", manifest.count);
    let catalogue = Catalogue::from_bytes("catalogue", &survey.files("set")["catalogue.safetensors"]).unwrap();
    let mut ids: Vec<String> = (0..36).map(|row| catalogue.source_id(row).unwrap().to_string()).collect();
    ids.sort();
    ids.dedup();
    let of = |start: &str| ids.iter().filter(|id| id.starts_with(start)).count();
    assert_eq!((ids.len(), of("100001-0-"), of("lamost:"), of("desi:")), (36, 12, 12, 12));
    assert!((0..36).all(|row| catalogue.position(row).is_some()), "each has a position");
    // Whether it is simulated is an option like any other.
    done(&survey.preprocess("other", &["--part", "1/2", "--simulated"]));
    let said = refusal(&survey.preprocess("other", &["--part", "2/2"]));
    assert!(said.contains("--simulated (true then, false now)"), "{said}");
}
