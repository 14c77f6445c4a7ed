//! `outliers`: the spectra of a set with the largest local outlier factor among their latents.

use anyhow::Result;
use clap::Args;

use super::dataset::OBJECT_COLUMNS;
use super::encoded_set::{EncodedSet, Reconstructed, SetAndModel};
use super::table::{Cell, Table};
use crate::cli::outcome::Outcome;
use crate::latent::outlier::{NEIGHBOURS, OutlierFactors};
use crate::latent::reasons::{Evidence, plain_reason};
use crate::numerics::k_d_tree::NeighbourTree;
use crate::simulator::star;
use crate::spectrum::Class;
use crate::vae::inference::chi2;

#[derive(Debug, Args)]
pub(in crate::cli) struct Outliers {
    #[command(flatten)]
    inputs: SetAndModel,
    /// Number of spectra to print.
    #[arg(long, default_value_t = 10)]
    count: usize,
    /// Neighbours k of the local outlier factor.
    #[arg(long, default_value_t = NEIGHBOURS)]
    neighbours: usize,
}

impl Outliers {
    pub(super) fn run(&self) -> Result<Outcome> {
        let encoded = self.inputs.encode()?;
        let tree = NeighbourTree::new(&encoded.encoded.mean, encoded.dims())?;
        let factors = OutlierFactors::fit(tree, self.neighbours)?;
        let classes = encoded.set.classes();
        let header = ["rank", "row", "plate", "mjd", "fiber", "class", "factor", "chi2", "reason"];
        let mut table = Table::new(header.into_iter().chain(OBJECT_COLUMNS));
        for (rank, (row, factor)) in factors.top(self.count).into_iter().enumerate() {
            let class = Class::from_code(i32::from(classes[row])).name();
            let spectrum = encoded.reconstruct(row);
            let chi2 = chi2(&spectrum.flux, &spectrum.ivar, &spectrum.reconstruction);
            let reason = reason(&encoded, row, &spectrum).unwrap_or_default();
            let first = [Cell::from(rank + 1), row.into()].into_iter().chain(encoded.set.id_cells(row));
            let found = [class.into(), factor.into(), chi2.into(), reason.into()];
            table.push(first.chain(found).chain(encoded.set.object_cells(row)));
        }
        table.print(self.inputs.json);
        Ok(Outcome::Done)
    }
}

fn reason(encoded: &EncodedSet, row: usize, spectrum: &Reconstructed) -> Option<String> {
    plain_reason(&Evidence {
        flux: &spectrum.flux,
        ivar: &spectrum.ivar,
        reconstruction: &spectrum.reconstruction,
        redshift: f64::from(encoded.set.value("redshift", row)),
        median_snr: f64::from(encoded.set.value("median_snr", row)),
        stars: star::templates(),
        reconstruct: Some(&|flux: &[f32]| encoded.model.decode(&encoded.model.encode(flux, &spectrum.ivar).mean)),
    })
}
