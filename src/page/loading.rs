//! Fetching the open set: manifest, latents and catalogue at the start, then single spectra.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::client::library::Library;
use super::context::{Page, base};
use super::permalink::Permalink;

/// Spectra that are fetched at once: as many as browsers open connections to one server.
const FETCHES: usize = 6;

impl Page {
    /// Manifest and latents first; the catalogue when the scatter can be drawn. A set or model of the link's that is
    /// not there is named, and the shipped ones are opened.
    pub(super) async fn load(self) {
        loop {
            let library = self.library.get_value();
            let (manifest, latents) = library.first().await;
            let problem = match (manifest, latents) {
                (Ok(manifest), Ok(latents)) if latents.len() == manifest.count => {
                    let copy = manifest.clone();
                    self.act(|state| {
                        state.on_manifest_loaded(manifest);
                        state.on_latents_loaded(latents);
                    });
                    match library.catalogue(&copy).await {
                        Ok(catalogue) => self.act(|state| state.on_catalogue_loaded(catalogue)),
                        Err(error) => self.act(|state| state.catalogue_failed(error.to_string())),
                    }
                    return;
                }
                (Ok(manifest), Ok(latents)) => format!(
                    "The model's latents are of {} spectra, the set has {}: they do not belong together.",
                    latents.len(),
                    manifest.count
                ),
                (Err(error), _) => error.to_string(),
                (_, Err(error)) => error.to_string(),
            };
            let shipped = Permalink::default();
            let (data, model) = self.state.with_untracked(|s| (s.link.data.clone(), s.link.model.clone()));
            let last = data == shipped.data && model == shipped.model;
            self.act(|state| {
                state.fail(problem);
                state.unavailable = last;
                state.link = Permalink { data: shipped.data, model: shipped.model, ..state.link.clone() };
            });
            if last {
                return;
            }
            let library = Library::new(&base(), &Permalink::default().data, &Permalink::default().model);
            let model_url = library.model_url.clone();
            self.library.set_value(Rc::new(library));
            self.act(|state| state.reopen_model(model_url));
        }
    }

    /// Fetches spectra that are wanted, some at a time; the selected one before all.
    pub(super) fn fetch_wanted(self) {
        let (wanted, manifest) = self.state.with_untracked(|state| (state.wanted_rows(), state.manifest.clone()));
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
            let (library, manifest) = (self.library.get_value(), manifest.clone());
            spawn_local(async move {
                let outcome = library.spectrum(&manifest, row).await;
                self.fetching.update_value(|rows| rows.retain(|other| *other != row));
                self.act(|state| match outcome {
                    Ok((flux, ivar)) => state.on_pixels_loaded(row, flux, ivar),
                    Err(error) => state.pixels_failed(row, error.to_string()),
                });
            });
        }
    }
}
