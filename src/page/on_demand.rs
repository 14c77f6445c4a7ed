//! Fetching what lessons and tabs want beside single spectra: another shipped model, and a sample of the set for PCA.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::client::library::Library;
use super::context::{Page, base};
use super::view::sample_pca::{Fitting, Sample};

/// The sample's name among what is being fetched; no model is called so.
const SAMPLE: &str = "";

impl Page {
    /// Fetches the model and the sample that are wanted, each once at a time.
    pub(super) fn bring_wanted(self) {
        let (model, sample) = self.state.with_untracked(|state| (state.wanted_model.clone(), state.sample_wanted()));
        if let Some(name) = model
            && self.begin(&name)
        {
            spawn_local(self.bring_model(name));
        }
        if sample && self.begin(SAMPLE) {
            spawn_local(self.bring_sample());
        }
    }

    async fn bring_model(self, name: String) {
        let data = self.state.with_untracked(|state| state.link.data.clone());
        let library = Library::new(&base(), &data, &name);
        let latents = library.latents().await;
        self.end(&name);
        self.act(|state| match latents {
            Ok(latents) => state.model_chosen(name, library.model_url.clone(), latents),
            Err(error) => state.model_failed(&name, error.to_string()),
        });
    }

    /// The first shard, and its components: a sweep over the spectra at a time, so that the page moves meanwhile.
    async fn bring_sample(self) {
        let sample = self.sample().await;
        self.end(SAMPLE);
        self.act(|state| match sample {
            Ok(sample) => state.on_sample_loaded(sample),
            Err(sentence) => state.sample_failed(sentence),
        });
    }

    async fn sample(self) -> Result<Sample, String> {
        let manifest =
            self.state.with_untracked(|state| state.manifest.clone()).ok_or("The set has not loaded yet.")?;
        let (flux, ivar) = self.library().first_shard(&manifest).await.map_err(|error| error.to_string())?;
        let fitting = Fitting::new(flux, ivar);
        let mut fitting = fitting.ok_or("The set has fewer than two spectra: it has no principal components.")?;
        while !fitting.step() {
            next_task().await;
        }
        Ok(fitting.finish())
    }

    /// Whether something is to be fetched now: it is not under way yet.
    fn begin(self, name: &str) -> bool {
        let new = self.bringing.with_value(|names| !names.iter().any(|other| other == name));
        if new {
            self.bringing.update_value(|names| names.push(name.to_owned()));
        }
        new
    }

    fn end(self, name: &str) {
        self.bringing.update_value(|names| names.retain(|other| other != name));
    }
}

/// Lets the browser do what else it has to do.
async fn next_task() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback(&resolve);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}
