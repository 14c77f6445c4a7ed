//! Fetching what lessons and tabs want besides single spectra: another shipped model, and a sample of the set for PCA.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::context::Page;
use super::loading::served_with;

/// The sample's name among what is being fetched; no model is called so.
const SAMPLE: &str = "";

impl Page {
    /// Fetches the model and the sample that are wanted, each once at a time.
    pub(super) fn fetch_on_demand(self) {
        let (model, sample) =
            self.state.with_untracked(|state| (state.wanted_model().map(str::to_owned), state.sample_wanted()));
        let known = self.state.with_untracked(|state| state.library().is_some());
        if let Some(name) = model.filter(|_| known)
            && self.begin(&name)
        {
            spawn_local(self.fetch_model(name));
        }
        if sample && self.begin(SAMPLE) {
            spawn_local(self.fetch_sample());
        }
    }

    async fn fetch_model(self, name: String) {
        let Some(served) = self.state.with_untracked(|state| served_with(state, &name)) else {
            self.end(&name);
            let sentence = format!("This site has no model {name} for the open set.");
            return self.act(|state| state.model_failed(&name, sentence));
        };
        let latents = served.latents().await;
        self.end(&name);
        self.act(|state| match latents {
            Ok(latents) => state.model_chosen(name, served.model.clone(), latents),
            Err(error) => state.model_failed(&name, error.to_string()),
        });
    }

    /// Fetches the first shard; the explorer fits its components.
    async fn fetch_sample(self) {
        let sample = self.sample().await;
        self.end(SAMPLE);
        self.act(|state| match sample {
            Ok((flux, ivar)) => state.on_sample_fetched(flux, ivar),
            Err(sentence) => state.sample_failed(sentence),
        });
    }

    async fn sample(self) -> Result<(Vec<f32>, Vec<f32>), String> {
        let manifest =
            self.state.with_untracked(|state| state.manifest().cloned()).ok_or("The set has not loaded yet.")?;
        let served = self.served.get_value().ok_or("The set has not loaded yet.")?;
        served.first_shard(&manifest).await.map_err(|error| error.to_string())
    }

    /// Whether something is to be fetched now: it is not under way yet.
    fn begin(self, name: &str) -> bool {
        let new = self.on_demand.with_value(|names| !names.iter().any(|other| other == name));
        if new {
            self.on_demand.update_value(|names| names.push(name.to_owned()));
        }
        new
    }

    fn end(self, name: &str) {
        self.on_demand.update_value(|names| names.retain(|other| other != name));
    }
}
