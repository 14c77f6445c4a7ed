//! What a model answers at once: each of these takes milliseconds.

use super::file;
use crate::formats::Observation;
use crate::latent::reasons::Evidence;
use crate::latent::{self, noise};
use crate::protocol::{Encoding, Event};
use crate::simulator::GalaxyDials;
use crate::simulator::{self, star};
use crate::vae::{Model, chi2};

/// An event, or one sentence on why there is none.
pub type Answer = Result<Event, String>;

pub fn decode(model: &Model, latent: Vec<f32>) -> Answer {
    check_latents(model, &latent, 1)?;
    let flux = model.decode(&latent);
    Ok(Event::Decoded { latent, flux })
}

pub fn band(model: &Model, latent: Vec<f32>, log_var: &[f32]) -> Answer {
    check_latents(model, &latent, 1)?;
    let sigma = latent::band(&latent, log_var, |places| model.decode(places)).map_err(in_words)?;
    Ok(Event::Band { latent, sigma })
}

pub fn encode(model: &Model, flux: &[f32], ivar: &[f32]) -> Result<Encoding, String> {
    let pixels = model.pixels();
    if flux.len() != pixels || ivar.len() != pixels {
        return Err(format!("A spectrum for this model has {pixels} pixels, this one has {}.", flux.len()));
    }
    let encoded = model.encode(flux, ivar);
    let reconstruction = model.decode(&encoded.mean);
    let chi2 = chi2(flux, ivar, &reconstruction);
    Ok(Encoding { mean: encoded.mean, log_var: encoded.log_var, reconstruction, chi2 })
}

pub fn explain(model: &Model, flux: &[f32], ivar: &[f32], redshift: f64, median_snr: f64) -> Answer {
    let encoding = encode(model, flux, ivar)?;
    let reconstruction = &encoding.reconstruction;
    let evidence = Evidence { flux, ivar, reconstruction, redshift, median_snr, stars: star::templates() };
    let reasons = latent::reasons(&evidence).into_iter().map(|reason| reason.text).collect();
    Ok(Event::Explained { reasons, encoding })
}

pub fn encode_file(model: &Model, name: String, bytes: &[u8], told: Option<f64>) -> Answer {
    let Observation { spectrum: observed, mut notes } = file::read_observed(&name, bytes)?;
    let Some(redshift) = told.or(observed.redshift) else {
        return Ok(Event::RedshiftWanted { name });
    };
    let spectrum = model.prepare(&observed, redshift).map_err(|error| ended(&format!("{name}: {error}")))?;
    let encoding = encode(model, &spectrum.flux, &spectrum.ivar)?;
    notes.extend(file::notes(&observed, redshift, &spectrum));
    Ok(Event::FileEncoded {
        name,
        spectrum_id: observed.id,
        redshift,
        redshift_from: if told.is_some() { "you" } else { "the file" }.to_owned(),
        median_snr: observed.median_snr(),
        notes,
        class: observed.class,
        flux: spectrum.flux,
        ivar: spectrum.ivar,
        encoding,
    })
}

pub fn make_galaxy(model: &Model, dials: &GalaxyDials, seed: u64) -> Answer {
    let simulated = simulator::observe(dials.parameters(), seed, 0);
    let redshift = simulated.observed.redshift.unwrap_or(simulated.parameters.redshift);
    let spectrum = model
        .prepare(&simulated.observed, redshift)
        .map_err(|error| format!("This galaxy cannot be put on the model's grid: {error}; turn another dial."))?;
    let encoding = encode(model, &spectrum.flux, &spectrum.ivar)?;
    Ok(Event::GalaxySimulated {
        class: simulated.class,
        median_snr: simulated.observed.median_snr(),
        truths: simulated.truths.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        flux: spectrum.flux,
        ivar: spectrum.ivar,
        encoding,
    })
}

pub fn degrade(model: &Model, flux: &[f32], ivar: &[f32], snr: f32, seed: u64) -> Answer {
    let (flux, ivar) = latent::degraded(flux, ivar, f64::from(snr), seed).map_err(in_words)?;
    let encoding = encode(model, &flux, &ivar)?;
    let snr = noise::median_snr(&flux, &ivar, 0.0) as f32;
    Ok(Event::Degraded { snr, flux, ivar, encoding })
}

/// An error of the core as a sentence of its own.
pub fn in_words(error: impl std::error::Error) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    ended(&(first.into_iter().flatten().chain(letters).collect::<String>()))
}

/// With a full stop. What begins with a file's name begins as that does.
pub fn ended(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

/// Refuses what is not one place or more, up to `most`, or has a number that is none.
pub fn check_latents(model: &Model, latents: &[f32], most: usize) -> Result<(), String> {
    let (found, wanted) = (latents.len(), model.latents());
    if found > most * wanted && most > 1 {
        let places = found / wanted;
        return Err(format!("{places} places are too many to decode at once: ask for {most} at a time."));
    }
    let whole = found > 0 && found.is_multiple_of(wanted) && found <= most * wanted;
    if !whole || latents.iter().any(|value| !value.is_finite()) {
        return Err(format!("A place in this latent space is {wanted} numbers; {found} were given, or one is none."));
    }
    Ok(())
}
