//! `--device`: where the model runs.

use std::process::Command;

use crate::cli::program::{Folder, run, simulate, stderr, stdout, text};

fn train<'a>(set: &'a str, model: &'a str, device: &'a str) -> Vec<&'a str> {
    let sizes = ["--latents", "2", "--hidden1", "24", "--hidden2", "12", "--epochs", "2", "--no-umap"];
    [&["train", "--data", set, "--out", model, "--device", device][..], &sizes].concat()
}

fn card(model: &std::path::Path) -> serde_json::Value {
    let bytes = std::fs::read(model).unwrap();
    let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    serde_json::from_str(&header.metadata().as_ref().unwrap()["spectrascape"]).unwrap()
}

#[test]
fn a_model_trains_on_either_device_and_its_card_says_on_which() {
    let folder = Folder::new("device");
    let set = simulate(&folder, "set");
    let trained = |device: &str| {
        let model = folder.path(&format!("{device}.safetensors"));
        let output = run(&train(text(&set), text(&model), device));
        assert!(output.status.success(), "{}", stderr(&output));
        (card(&model), stderr(&output))
    };
    let (cpu, said) = trained("cpu");
    assert_eq!(cpu["trained_on"], "CPU");
    assert!(said.contains("training on the CPU"), "{said}");
    let (gpu, said) = trained("gpu");
    let name = gpu["trained_on"].as_str().unwrap();
    assert_eq!(name, crate::backends::burn_gpu::gpu().name);
    assert!(said.contains(&format!("training on the GPU: {name}")) && said.contains("ms a step on the GPU"), "{said}");
    let loss = |card: &serde_json::Value| card["history"][1]["valid"]["total"].as_f64().unwrap();
    assert!((loss(&gpu) - loss(&cpu)).abs() < 1e-3 * loss(&cpu), "{} {}", loss(&gpu), loss(&cpu));

    // No promise of the same bits is made for it.
    let promised = folder.path("gpu.safetensors");
    let output = run(&["train", "--data", text(&set), "--verify", text(&promised)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("only the CPU trains to the same bits twice"), "{}", stderr(&output));

    // Software is never what `auto` takes, and a real processor is taken where it is faster.
    let (auto, said) = trained("auto");
    match crate::backends::burn_gpu::gpu().is_software {
        true => {
            assert_eq!(auto["trained_on"], "CPU");
            assert!(said.contains("training on the CPU: the only graphics adapter is software"), "{said}");
        }
        false => assert!(said.contains("ms a step"), "{said}"),
    }

    let model = folder.path("cpu.safetensors");
    let table = |device: &str| {
        let out = folder.path(&format!("latents-{device}.safetensors"));
        let arguments = ["latents", "--data", text(&set), "--model", text(&model), "--out", text(&out), "--no-umap"];
        let output = run(&[&arguments[..], &["--device", device]].concat());
        assert!(output.status.success(), "{}{}", stderr(&output), stdout(&output));
        let bytes = std::fs::read(&out).unwrap();
        let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let mean = file.tensor("mean").unwrap().data().to_vec();
        mean.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect::<Vec<f32>>()
    };
    let (here, there) = (table("cpu"), table("gpu"));
    assert_eq!(here.len(), there.len());
    assert!(here.iter().zip(&there).all(|(a, b)| (a - b).abs() < 1e-4 * (1.0 + a.abs())));
}

/// A machine without any adapter: neither Vulkan's drivers nor EGL's are found.
#[test]
fn without_an_adapter_gpu_ends_in_a_sentence_and_auto_takes_the_cpu() {
    let folder = Folder::new("no-device");
    let set = simulate(&folder, "set");
    let model = folder.path("m.safetensors");
    let alone = |device: &str| {
        Command::new(env!("CARGO_BIN_EXE_spectrascape"))
            .args(train(text(&set), text(&model), device))
            .envs(
                ["VK_DRIVER_FILES", "VK_ICD_FILENAMES", "__EGL_VENDOR_LIBRARY_FILENAMES"]
                    .map(|name| (name, "/dev/null")),
            )
            .output()
            .unwrap()
    };
    let output = alone("gpu");
    let complaint = stderr(&output);
    assert_eq!((output.status.code(), complaint.trim().lines().count()), (Some(1), 1), "{complaint}");
    assert!(
        complaint.contains("no graphics processor was found") && complaint.contains("mesa-vulkan-drivers"),
        "{complaint}"
    );
    assert!(!model.exists());
    let output = alone("auto");
    let said = stderr(&output);
    assert!(output.status.success() && said.contains("training on the CPU: no graphics processor was found"), "{said}");
}
