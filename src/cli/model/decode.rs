//! `decode`: the spectra of latents, as CSV or JSON.

use anyhow::{Context, Result, bail};
use clap::Args;

use super::choice::ModelChoice;
use crate::cli::outcome::Outcome;
use crate::spectrum::{PIXELS, grid};

#[derive(Debug, Args)]
pub(in crate::cli) struct Decode {
    #[command(flatten)]
    model: ModelChoice,
    /// The latents with commas between, as in --latent=0.1,-0.5,0,0,0,0. Give it again for more spectra.
    #[arg(long = "latent", required = true, allow_hyphen_values = true)]
    latents: Vec<String>,
    /// JSON in place of CSV.
    #[arg(long)]
    json: bool,
}

impl Decode {
    pub(super) fn run(&self) -> Result<Outcome> {
        let model = self.model.load()?;
        let dims = model.latents();
        let latents = self.latents.iter().map(|text| parse(text, dims)).collect::<Result<Vec<_>, _>>()?;
        let spectra = model.decode(&latents.concat());
        let fluxes: Vec<&[f32]> = spectra.chunks(PIXELS).collect();
        if self.json {
            let rows = latents.iter().zip(&fluxes);
            let rows: Vec<_> =
                rows.map(|(latent, flux)| serde_json::json!({ "latent": latent, "flux": flux })).collect();
            println!("{}", serde_json::json!({ "wavelength": grid::wavelengths(), "spectra": rows }));
            return Ok(Outcome::Done);
        }
        let names: Vec<String> = (1..=latents.len()).map(|number| format!(",flux_{number}")).collect();
        println!("wavelength{}", names.concat());
        for (pixel, wavelength) in grid::wavelengths().into_iter().enumerate() {
            let row: Vec<String> = fluxes.iter().map(|flux| format!(",{}", flux[pixel])).collect();
            println!("{wavelength:.4}{}", row.concat());
        }
        Ok(Outcome::Done)
    }
}

/// Parses the latents `[dims]` of an argument.
fn parse(text: &str, dims: usize) -> Result<Vec<f32>> {
    let latent: Vec<f32> = text
        .split(',')
        .map(|part| part.trim().parse().ok().filter(|value: &f32| value.is_finite()))
        .collect::<Option<_>>()
        .with_context(|| format!("--latent={text}: give finite numbers with commas between"))?;
    if latent.len() != dims {
        bail!("--latent={text}: the model has {dims} latents, this names {}", latent.len());
    }
    Ok(latent)
}
