//! Filling masked pixels by the model itself, in place of PCA (a wish of the paper's section 4).

use half::f16;

use super::dataset::TrainingSet;
use super::inference::Model;

/// Replaces the flux of every masked pixel of a set by what the model decodes there. Trained again on the result, a model no
/// longer learns what PCA put into the gaps. Returns the root mean square of the changes, in normalised flux.
pub fn fill_set(set: &mut TrainingSet, model: &Model) -> f64 {
    set.load();
    let pixels = set.pixels();
    let (mut squares, mut count) = (0.0_f64, 0_usize);
    for start in (0..set.len()).step_by(Model::BATCH) {
        let end = set.len().min(start + Model::BATCH);
        let (flux, ivar) = set.rows(start, end);
        let decoded = model.decode(&model.encode(&flux, &ivar).mean);
        for (at, decoded) in decoded.into_iter().enumerate().filter(|&(at, _)| ivar[at] <= 0.0) {
            squares += f64::from(decoded - flux[at]).powi(2);
            count += 1;
            set.flux[start * pixels + at] = f16::from_f32(decoded);
        }
    }
    (squares / count.max(1) as f64).sqrt()
}

/// Returns one spectrum with its masked pixels filled by the model: encoded and decoded `rounds` times, each time from what the last one
/// filled in.
pub fn fill(model: &Model, flux: &[f32], ivar: &[f32], rounds: usize) -> Vec<f32> {
    let mut filled = flux.to_vec();
    for _ in 0..rounds {
        let decoded = model.decode(&model.encode(&filled, ivar).mean);
        for ((value, decoded), &ivar) in filled.iter_mut().zip(decoded).zip(ivar) {
            if ivar <= 0.0 {
                *value = decoded;
            }
        }
    }
    filled
}
