//! Sets that are not taken into memory.

use crate::cli::program::{Folder, run, stderr, text};

fn simulate(folder: &Folder) -> std::path::PathBuf {
    let set = folder.path("set");
    let output = run(&["simulate", "--count", "700", "--seed", "4", "--out", text(&set)]);
    assert!(output.status.success(), "{}", stderr(&output));
    set
}

fn train<'a>(set: &'a str, out: &'a str, more: &[&'a str]) -> std::process::Output {
    let sizes =
        ["--latents", "2", "--hidden1", "24", "--hidden2", "8", "--epochs", "2", "--no-umap", "--device", "cpu"];
    run(&[&["train", "--data", set, "--out", out][..], &sizes, more].concat())
}

#[test]
fn a_model_is_the_same_to_the_byte_where_its_spectra_are_read_from_the_disk() {
    let folder = Folder::new("from-disk");
    let set = simulate(&folder);
    // 700 spectra are two shards, so that the second one is read too.
    let (one, other) = (folder.path("one.safetensors"), folder.path("other.safetensors"));
    for (out, more) in [(&one, &[][..]), (&other, &["--from-disk"][..])] {
        let output = train(text(&set), text(out), &[more, &["--name", "same"]].concat());
        assert!(output.status.success(), "{}", stderr(&output));
    }
    assert!(std::fs::read(&one).unwrap() == std::fs::read(&other).unwrap(), "the models differ");
    let latents = |path: &std::path::Path| std::fs::read(path.with_extension("latents.safetensors")).unwrap();
    assert!(latents(&one) == latents(&other), "the latents differ");
}
