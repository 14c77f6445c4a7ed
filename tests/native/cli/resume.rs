//! Commands that train, killed in the middle and run again.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli::program::{Folder, run, simulate, stderr, stdout, text};

/// Starts the program and kills it (SIGKILL) when `checkpoint` has been written `times`.
fn kill_after(arguments: &[&str], checkpoint: &Path, times: usize) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_spectrascape"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let written = || checkpoint.metadata().and_then(|data| data.modified()).ok();
    let (mut seen, mut last) = (0, None);
    let start = Instant::now();
    while seen < times {
        assert!(start.elapsed() < Duration::from_secs(300), "no checkpoint");
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        let now = written();
        if now.is_some() && now != last {
            (seen, last) = (seen + 1, now);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

fn train_arguments<'a>(set: &'a Path, model: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = ["train", "--data", text(set), "--out", text(model), "--name", "killed", "--latents", "4", "--no-umap"];
    let sizes = ["--hidden1", "90", "--hidden2", "20", "--batch", "8", "--epochs", "60"];
    [&fixed[..], &sizes, more].concat()
}

fn checkpoint_of(model: &Path) -> PathBuf {
    let mut path = model.as_os_str().to_owned();
    path.push(".checkpoint");
    path.into()
}

#[test]
fn a_killed_train_goes_on_to_the_same_file() {
    let folder = Folder::new("killed-train");
    let set = simulate(&folder, "set");
    let whole = folder.path("whole.safetensors");
    let output = run(&train_arguments(&set, &whole, &[]));
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!checkpoint_of(&whole).exists(), "the checkpoint goes when the model is written");

    let model = folder.path("killed.safetensors");
    let checkpoint = checkpoint_of(&model);
    for times in [1, 2] {
        kill_after(&train_arguments(&set, &model, &[]), &checkpoint, times);
        assert!(checkpoint.exists() && !model.exists());
    }
    // Another training does not go on from it, and says in what it differs.
    let output = run(&train_arguments(&set, &model, &["--lambda", "7", "--seed", "5"]));
    let complaint = stderr(&output);
    assert_eq!((output.status.code(), complaint.trim().lines().count()), (Some(1), 1), "{complaint}");
    assert!(complaint.contains("lambda (21.2, now 7.0)") && complaint.contains("seed (1, now 5)"), "{complaint}");
    assert!(complaint.contains("--restart") && !complaint.contains("hidden1"), "{complaint}");
    let other = folder.path("other");
    let output = run(&["simulate", "--count", "128", "--seed", "4", "--out", text(&other)]);
    assert!(output.status.success(), "{}", stderr(&output));
    let complaint = stderr(&run(&train_arguments(&other, &model, &[])));
    assert!(complaint.contains("differs in set (`simulated`, now `simulated`)"), "{complaint}");

    let output = run(&train_arguments(&set, &model, &[]));
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("killed: going on from epoch"), "{}", stderr(&output));
    assert!(std::fs::read(&model).unwrap() == std::fs::read(&whole).unwrap(), "not the same model");
    assert!(!checkpoint.exists());
}

#[test]
fn a_damaged_checkpoint_is_refused_and_restart_begins_again() {
    let folder = Folder::new("damaged-checkpoint");
    let set = simulate(&folder, "set");
    let model = folder.path("m.safetensors");
    std::fs::write(checkpoint_of(&model), b"no checkpoint").unwrap();
    let short = ["--epochs", "1"];
    let arguments: Vec<&str> = ["train", "--data", text(&set), "--out", text(&model), "--no-umap", "--hidden1", "20"]
        .into_iter()
        .chain(short)
        .collect();
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("m.safetensors.checkpoint"), "{}", stderr(&output));
    let output = run(&[&arguments[..], &["--restart"]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(model.exists() && !checkpoint_of(&model).exists());
}

#[test]
fn a_killed_search_keeps_its_draws_and_goes_on_to_the_same_table() {
    let folder = Folder::new("killed-search");
    let set = simulate(&folder, "set");
    let search = |out: &Path, run_it: &dyn Fn(&[&str])| {
        let arguments = ["search", "--data", text(&set), "--out", text(out), "--latents", "2", "--jobs", "1"];
        run_it(&[&arguments[..], &["--draws", "3", "--epochs", "30"]].concat());
    };
    let finish = |arguments: &[&str]| {
        let output = run(arguments);
        assert!(output.status.success() && !stdout(&output).is_empty(), "{}", stderr(&output));
    };
    let (whole, killed) = (folder.path("whole"), folder.path("killed"));
    search(&whole, &finish);
    let checkpoint = killed.join("draw-001.safetensors.checkpoint");
    search(&killed, &|arguments| kill_after(arguments, &checkpoint, 1));
    assert!(killed.join("draw-000.json").exists() && !killed.join("draw-001.json").exists());
    let kept = std::fs::metadata(killed.join("draw-000.json")).unwrap().modified().unwrap();
    search(&killed, &finish);
    assert_eq!(std::fs::metadata(killed.join("draw-000.json")).unwrap().modified().unwrap(), kept, "it is kept");
    for name in ["results.csv", "draw-000.safetensors", "draw-001.safetensors", "draw-002.safetensors"] {
        assert!(std::fs::read(whole.join(name)).unwrap() == std::fs::read(killed.join(name)).unwrap(), "{name}");
    }
    assert!(!checkpoint.exists());
}

/// Kills the report once a model of it is trained and another is under way.
fn kill_report(arguments: &[&str], models: &Path) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_spectrascape"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let start = Instant::now();
    loop {
        assert!(start.elapsed() < Duration::from_secs(300), "no checkpoint");
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        let names = names_in(models);
        let ends = |ending: &str| names.iter().any(|name| name.ends_with(ending));
        if ends(".safetensors") && ends(".checkpoint") {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_killed_report_goes_on_to_the_same_models() {
    let folder = Folder::new("killed-report");
    let set = folder.path("set");
    let output = run(&["simulate", "--count", "512", "--seed", "4", "--out", text(&set)]);
    assert!(output.status.success(), "{}", stderr(&output));
    let report = |out: &Path, run_it: &dyn Fn(&[&str])| {
        let arguments = ["reproduce", "--data", text(&set), "--out", text(out), "--seeds", "1"];
        run_it(&[&arguments[..], &["--epochs", "3", "--redshifts", "2"]].concat());
    };
    let finish = |arguments: &[&str]| {
        let output = run(arguments);
        assert!(output.status.success(), "{}", stderr(&output));
    };
    let (whole, killed) = (folder.path("whole"), folder.path("killed"));
    report(&killed, &|arguments| kill_report(arguments, &killed.join("models")));
    let kept: Vec<String> =
        names_in(&killed.join("models")).into_iter().filter(|name| name.ends_with(".safetensors")).collect();
    let modified = |name: &String| std::fs::metadata(killed.join("models").join(name)).unwrap().modified().unwrap();
    let before: Vec<_> = kept.iter().map(modified).collect();
    report(&killed, &finish);
    assert_eq!(kept.iter().map(modified).collect::<Vec<_>>(), before, "trained models are kept");
    report(&whole, &finish);
    let names = names_in(&whole.join("models"));
    assert!(names.len() > 5 && names.iter().all(|name| !name.ends_with(".checkpoint")), "{names:?}");
    assert_eq!(names_in(&killed.join("models")), names);
    for name in &names {
        let bytes = |out: &Path| std::fs::read(out.join("models").join(name)).unwrap();
        assert!(bytes(&whole) == bytes(&killed), "{name}");
    }
}
