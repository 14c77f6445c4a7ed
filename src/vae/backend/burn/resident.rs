//! A training set that stays on the device: a batch is gathered there, and nothing but its row numbers goes there.

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::model::matrix;
use crate::vae::config::VaeConfig;
use crate::vae::dataset::TrainingSet;

/// The spectra of a set on a device, put there when a batch is first asked for.
pub struct ResidentSet {
    most: usize,
    spectra: Option<Spectra>,
}

struct Spectra {
    count: usize,
    /// `[count, pixels]` flux less the mean spectrum.
    x: Tensor<2>,
    /// `[count, pixels]` weights, 0 where masked.
    weight: Tensor<2>,
}

impl ResidentSet {
    /// Returns an empty one. A set of more than `most` spectra does not go there.
    pub fn new(most: usize) -> Self {
        Self { most, spectra: None }
    }

    /// Returns `rows` of a set, less the mean spectrum, and their weights, both `[n, pixels]`; none where the set is too large.
    pub fn batch(
        &mut self,
        set: &TrainingSet,
        config: &VaeConfig,
        rows: &[usize],
        device: &Device,
    ) -> Option<(Tensor<2>, Tensor<2>)> {
        let count = set.len();
        if count > self.most {
            return None;
        }
        if self.spectra.as_ref().is_none_or(|spectra| spectra.count != count) {
            let all = set.batch(&(0..count).collect::<Vec<usize>>(), config);
            let put = |values: Vec<f32>| matrix(values, count, config.pixels, device);
            self.spectra = Some(Spectra { count, x: put(all.x), weight: put(all.weight) });
        }
        let Spectra { x, weight, .. } = self.spectra.as_ref()?;
        let numbers = rows.iter().map(|&row| i32::try_from(row)).collect::<Result<Vec<i32>, _>>().ok()?;
        let rows = Tensor::<1, Int>::from_data(TensorData::new(numbers, [rows.len()]), device);
        Some((x.clone().select(0, rows.clone()), weight.clone().select(0, rows)))
    }
}
