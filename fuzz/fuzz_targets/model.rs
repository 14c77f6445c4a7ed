//! Model files, PyTorch state files as safetensors, and checkpoints of trainings.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spectrascape::vae::model_file::ModelFile;
use spectrascape::vae::checkpoint::Checkpoint;

fuzz_target!(|bytes: &[u8]| {
    let _ = ModelFile::from_bytes("a", bytes);
    let _ = Checkpoint::from_bytes("a", bytes);
});
