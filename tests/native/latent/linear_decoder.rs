//! A small stand-in for the model: ten principal components of a few hundred simulated spectra.

use std::sync::OnceLock;

use spectrascape::numerics::pca::Pca;
use spectrascape::preprocess::{InfillBasis, Recipe};
use spectrascape::simulator;
use spectrascape::spectrum::{GridSpectrum, ObservedSpectrum};

/// A decoder and what puts spectra before it.
pub struct Model {
    pub basis: InfillBasis,
    pca: Pca,
}

/// The same for every test.
pub fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| {
        let recipe = Recipe::standard();
        let rest: Vec<_> = (0..500)
            .map(|index| simulator::simulate(11, index))
            .filter(|spectrum| spectrum.parameters.oddity.code() == 0)
            .map(|spectrum| recipe.to_rest_frame(&spectrum.observed, spectrum.observed.redshift.unwrap()).unwrap())
            .collect();
        let basis = InfillBasis::fit(&rest, 10, 12, |_, _| {});
        let flux: Vec<f32> = rest.iter().flat_map(|rest| recipe.finish(rest, &basis).flux).collect();
        Model { pca: Pca::fit(&flux, 1000, 10), basis }
    })
}

impl Model {
    /// A spectrum as the model takes it, at its own redshift.
    pub fn prepare(&self, observed: &ObservedSpectrum) -> GridSpectrum {
        let redshift = observed.redshift.unwrap();
        Recipe::standard().prepare(observed, redshift, &self.basis).unwrap()
    }

    /// What the model makes of rows of flux.
    pub fn reconstruct(&self, rows: &[f32]) -> Vec<f32> {
        rows.chunks_exact(1000).flat_map(|row| self.pca.reconstruct(&self.pca.project(row))).collect()
    }
}
