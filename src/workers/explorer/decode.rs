//! Decoding one latent position, or several.

use std::rc::Rc;

use super::reply::{Answer, Job, later, now, progress};
use crate::protocol::{ExploreEvent, MAX_LATENTS, Progress};
use crate::vae::Model;

/// Positions decoded a piece.
const PIECE: usize = 128;

/// Decodes one latent position `[latents]`.
pub fn one(model: &Model, latent: Vec<f32>) -> Answer {
    check(model, &latent, 1)?;
    let flux = model.decode(&latent);
    now(ExploreEvent::Decoded { latent, flux })
}

/// Decodes latent positions `[n * latents]` in pieces.
pub fn many(model: Rc<Model>, latents: Vec<f32>) -> Answer {
    check(&model, &latents, MAX_LATENTS)?;
    later(Decoding { latents, flux: Vec::new(), model })
}

/// Refuses what is not one latent position or more, up to `most`, or has a number that is not finite.
pub fn check(model: &Model, latents: &[f32], most: usize) -> Result<(), String> {
    let (found, wanted) = (latents.len(), model.latents());
    if found > most * wanted && most > 1 {
        let positions = found / wanted;
        return Err(format!("{positions} latent positions are too many to decode at once: ask for {most} at a time."));
    }
    let whole = found > 0 && found.is_multiple_of(wanted) && found <= most * wanted;
    if !whole || latents.iter().any(|value| !value.is_finite()) {
        return Err(format!(
            "A position in this latent space is {wanted} finite numbers; {found} were given, or one is not finite."
        ));
    }
    Ok(())
}

/// Positions with the flux so far.
struct Decoding {
    latents: Vec<f32>,
    flux: Vec<f32>,
    model: Rc<Model>,
}

impl Job for Decoding {
    fn advance(&mut self) -> Result<Option<ExploreEvent>, String> {
        let (done, dims) = (self.flux.len() / self.model.pixels(), self.model.latents());
        let end = self.latents.len().min((done + PIECE) * dims);
        self.flux.append(&mut self.model.decode(&self.latents[done * dims..end]));
        let whole = end == self.latents.len();
        Ok(whole.then(|| ExploreEvent::DecodedMany { flux: std::mem::take(&mut self.flux) }))
    }

    fn progress(&self) -> Progress {
        let (done, total) = (self.flux.len() / self.model.pixels(), self.latents.len() / self.model.latents());
        progress("Decoding", (done, total), "spectra")
    }
}
