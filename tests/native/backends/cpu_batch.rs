//! Batches from half precision: every number widened as the format says, into memory that is used again.

use half::f16;
use spectrascape::formats::set::writer::MeanSpectrum;
use spectrascape::preprocess::InfillBasis;
use spectrascape::vae::VaeConfig;
use spectrascape::vae::dataset::{Batch, TrainingSet};
use spectrascape::vae::objective::pixel_weight;

const PIXELS: usize = 1 << 16;

/// Two spectra: one whose flux is every number of half precision, one whose inverse variance is.
fn every_number() -> TrainingSet {
    let infill = InfillBasis { mean: Vec::new(), components: Vec::new(), eigenvalues: Vec::new() };
    let all = (0..=u16::MAX).map(f16::from_bits);
    let ones = std::iter::repeat_n(f16::ONE, PIXELS);
    TrainingSet {
        name: "every number".to_owned(),
        manifest_sha256: String::new(),
        recipe: spectrascape::preprocess::Recipe::standard(),
        simulated: true,
        split_seed: 1,
        mean: MeanSpectrum { mean: vec![0.25; PIXELS], infill },
        flux: all.clone().chain(ones.clone()).collect(),
        ivar: ones.chain(all).collect(),
        stored: None,
        labels: None,
    }
}

#[test]
fn every_half_precision_number_is_widened_exactly() {
    let config = VaeConfig { pixels: PIXELS, ..VaeConfig::paper(6) };
    let set = every_number();
    let batch = set.batch(&[0, 1], &config);
    let unweighted = set.batch(&[0, 1], &VaeConfig { unweighted: true, ..config.clone() });
    for bits in 0..=u16::MAX {
        let (half, at) = (f16::from_bits(bits), usize::from(bits));
        let (x, weight) = match half.is_finite() {
            true => (half.to_f32() - 0.25, pixel_weight(1.0, config.weight_epsilon)),
            false => (0.0, 0.0),
        };
        assert_eq!((batch.x[at].to_bits(), batch.weight[at]), (x.to_bits(), weight), "flux {bits:#x}");
        assert_eq!(unweighted.weight[at], f32::from(u8::from(half.is_finite())), "flux {bits:#x}");
        let expected = pixel_weight(half.to_f32(), config.weight_epsilon);
        assert_eq!(batch.weight[PIXELS + at].to_bits(), expected.to_bits(), "inverse variance {bits:#x}");
        assert_eq!(unweighted.weight[PIXELS + at], 1.0);
    }
}

#[test]
fn a_batch_is_filled_again_in_place() {
    let config = VaeConfig { pixels: PIXELS, ..VaeConfig::paper(6) };
    let set = every_number();
    let mut batch = Batch::default();
    set.batch_into(&[1, 0, 1], &config, &mut batch);
    let (x, weight) = (batch.x.as_ptr(), batch.weight.as_ptr());
    for rows in [&[0, 1, 0][..], &[1], &[0, 0, 1]] {
        set.batch_into(rows, &config, &mut batch);
        assert_eq!(batch, set.batch(rows, &config));
        assert_eq!((batch.x.as_ptr(), batch.weight.as_ptr()), (x, weight), "no new memory");
    }
}
