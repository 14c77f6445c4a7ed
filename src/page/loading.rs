//! Loading what the link names: the set and the model first, then single spectra as they are wanted.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::client::served_files::{LibraryError, ServedFiles, library};
use super::context::{Page, base};
use super::state::AppState;

/// Spectra that are fetched at once: as many as browsers open connections to one server.
const FETCHES: usize = 6;

impl Page {
    /// Loads what the link names, unless the reader is to be asked first. Where that cannot be had, the reason is named and what the
    /// site opens first is loaded.
    pub(super) async fn load(self) {
        while self.state.with_untracked(|state| state.asked_host().is_none()) && self.try_to_load().await {}
    }

    /// Takes in whether the reader agrees to another site's data, and loads those or this site's.
    pub fn answer_consent(self, agrees: bool) {
        self.act(|state| if agrees { state.agree_to_host() } else { state.stay_here() });
        spawn_local(self.load());
    }

    /// Loads library, manifest and latents, and the catalogue when the scatter can be drawn. Returns whether to try again with what the
    /// site opens first.
    async fn try_to_load(self) -> bool {
        if let Err(error) = self.load_library().await {
            let mut again = false;
            self.act(|state| again = state.on_library_failed(error.to_string()));
            return again;
        }
        let Some(served) = self.state.with_untracked(served) else { return false };
        let served = Rc::new(served);
        self.served.set_value(Some(served.clone()));
        self.act(|state| state.reopen_model(served.model.clone()));
        let (manifest, latents) = served.first().await;
        let problem = match (manifest, latents) {
            (Ok(manifest), Ok(latents)) if latents.len() == manifest.count => {
                let copy = manifest.clone();
                self.act(|state| {
                    state.on_manifest_loaded(manifest);
                    state.on_latents_loaded(latents);
                });
                match served.catalogue(&copy).await {
                    Ok(catalogue) => self.act(|state| state.on_catalogue_loaded(catalogue)),
                    Err(error) => self.act(|state| state.catalogue_failed(error.to_string())),
                }
                return false;
            }
            (Ok(manifest), Ok(latents)) => format!(
                "The model's latents are of {} spectra, the set has {}: they do not belong together.",
                latents.len(),
                manifest.count
            ),
            (Err(error), _) => error.to_string(),
            (_, Err(error)) => error.to_string(),
        };
        let mut again = false;
        self.act(|state| again = state.on_set_failed(problem));
        again
    }

    /// Fetches what the site offers, unless that is known.
    async fn load_library(self) -> Result<(), LibraryError> {
        if self.state.with_untracked(|state| state.library().is_some()) {
            return Ok(());
        }
        let library = library(&self.state.with_untracked(site)).await?;
        self.act(|state| state.on_library_loaded(library));
        Ok(())
    }

    /// Fetches spectra that are wanted, some at a time; the selected one before all.
    pub(super) fn fetch_wanted(self) {
        let (wanted, manifest) = self.state.with_untracked(|state| (state.wanted_rows(), state.manifest().cloned()));
        let Some(manifest) = manifest else { return };
        for row in wanted {
            let under_way = self.fetching.with_value(|rows| (rows.contains(&row), rows.len()));
            if under_way.0 {
                continue;
            }
            if under_way.1 >= FETCHES {
                return;
            }
            self.fetching.update_value(|rows| rows.push(row));
            let Some(served) = self.served.get_value() else { return };
            let manifest = manifest.clone();
            spawn_local(async move {
                let outcome = served.spectrum(&manifest, row).await;
                self.fetching.update_value(|rows| rows.retain(|other| *other != row));
                self.act(|state| match outcome {
                    Ok((flux, ivar)) => state.on_pixels_loaded(row, flux, ivar),
                    Err(error) => state.pixels_failed(row, error.to_string()),
                });
            });
        }
    }
}

/// The files of the set and model of the link.
fn served(state: &AppState) -> Option<ServedFiles> {
    served_with(state, &state.link().model)
}

/// The files of the open set and a model, once it is known what the site offers.
pub(super) fn served_with(state: &AppState, model: &str) -> Option<ServedFiles> {
    let another = state.other_site().is_some();
    ServedFiles::new(&site(state), state.library()?, &state.set_name(), model, another)
}

/// The absolute address of the site whose sets are open: the page's own folder, or another's.
fn site(state: &AppState) -> String {
    let own = || web_sys::Url::new_with_base("./", &base()).map_or_else(|_| base(), |url| url.href());
    state.other_site().map_or_else(own, str::to_owned)
}
