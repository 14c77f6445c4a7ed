//! The served files: manifest, latents, catalogue, and single spectra out of shards.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use half::slice::HalfFloatSliceExt;

use crate::browser::fetch::{self, NetError};
use crate::formats::set::{Catalogue, FormatError, LatentSet, Manifest, Shard, ShardLayout};

/// Addresses of one set and one model, and what is known of the shards so far.
pub struct Library {
    /// Absolute address of the set's folder, with a slash at its end.
    pub set_url: String,
    /// Absolute address of the model file.
    pub model_url: String,
    latents_url: String,
    layouts: RefCell<HashMap<usize, ShardLayout>>,
}

/// Why a file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// It could not be had.
    #[error(transparent)]
    Net(#[from] NetError),
    /// It is damaged, or of another kind.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// Two files do not belong together.
    #[error("{0}")]
    Mismatch(String),
}

/// How much of a shard is fetched at first: its header is shorter.
const HEAD: usize = 8192;

impl Library {
    /// Of a set and a model by name, beside the page at `base`.
    pub fn new(base: &str, data: &str, model: &str) -> Self {
        let url = |path: String| web_sys::Url::new_with_base(&path, base).map_or(path, |url| url.href());
        Self {
            set_url: url(format!("data/{data}/")),
            model_url: url(format!("models/{model}.safetensors")),
            latents_url: url(format!("models/{model}.latents.safetensors")),
            layouts: RefCell::default(),
        }
    }

    /// Manifest and latents, fetched at once: all that the first scatter needs.
    pub async fn first(&self) -> (Result<Manifest, LibraryError>, Result<LatentSet, LibraryError>) {
        let manifest = async {
            let bytes = fetch::get(&format!("{}manifest.json", self.set_url)).await?;
            Ok(Manifest::from_json(&format!("{}manifest.json", self.set_url), &bytes)?)
        };
        both(manifest, self.latents()).await
    }

    /// The latents of this library's model alone: for another model over a set that is open.
    pub async fn latents(&self) -> Result<LatentSet, LibraryError> {
        Ok(LatentSet::from_bytes(&self.latents_url, &fetch::get(&self.latents_url).await?)?)
    }

    /// Flux and inverse variance of all spectra of the set's first shard, `[n * 1000]` each.
    pub async fn first_shard(&self, manifest: &Manifest) -> Result<(Vec<f32>, Vec<f32>), LibraryError> {
        let first = manifest.shards.first();
        let info = first.ok_or_else(|| LibraryError::Mismatch("The set has no shard.".to_owned()))?;
        let url = format!("{}{}", self.set_url, info.name);
        let shard = Shard::from_bytes(&url, &fetch::get(&url).await?)?;
        Ok((shard.flux.to_f32_vec(), shard.ivar.to_f32_vec()))
    }

    /// The catalogue.
    pub async fn catalogue(&self, manifest: &Manifest) -> Result<Catalogue, LibraryError> {
        let url = format!("{}{}", self.set_url, manifest.catalogue);
        let catalogue = Catalogue::from_bytes(&url, &fetch::get(&url).await?)?;
        if catalogue.len() != manifest.count {
            let (found, want) = (catalogue.len(), manifest.count);
            return Err(LibraryError::Mismatch(format!("{url} describes {found} spectra, the manifest names {want}.")));
        }
        Ok(catalogue)
    }

    /// Flux and inverse variance of one spectrum, `[1000]` each: two short ranges of its shard.
    pub async fn spectrum(&self, manifest: &Manifest, row: usize) -> Result<(Vec<f32>, Vec<f32>), LibraryError> {
        let (shard, row) =
            manifest.locate(row).ok_or_else(|| LibraryError::Mismatch(format!("The set has no spectrum {row}.")))?;
        let info = &manifest.shards[shard];
        let url = format!("{}{}", self.set_url, info.name);
        let known = self.layouts.borrow().get(&shard).copied();
        let layout = match known {
            Some(layout) => layout,
            None => {
                let layout = layout_of(&url).await?;
                if layout.count != info.count {
                    let (found, want) = (layout.count, info.count);
                    return Err(LibraryError::Mismatch(format!(
                        "{url} holds {found} spectra, the manifest names {want}."
                    )));
                }
                self.layouts.borrow_mut().insert(shard, layout);
                layout
            }
        };
        let offset = row * ShardLayout::ROW;
        let flux = fetch::get_range(&url, layout.flux + offset, ShardLayout::ROW);
        let ivar = fetch::get_range(&url, layout.ivar + offset, ShardLayout::ROW);
        let (flux, ivar) = both(flux, ivar).await;
        let (flux, ivar) = (flux?, ivar?);
        if flux.len() != ShardLayout::ROW || ivar.len() != ShardLayout::ROW {
            return Err(LibraryError::Mismatch(format!("{url} is cut short: spectrum {row} is not whole.")));
        }
        Ok((ShardLayout::decode_row(&flux), ShardLayout::decode_row(&ivar)))
    }
}

async fn layout_of(url: &str) -> Result<ShardLayout, LibraryError> {
    let mut head = fetch::get_range(url, 0, HEAD).await?;
    let short = || LibraryError::Mismatch(format!("{url} is cut short."));
    let length = ShardLayout::header_len(head.first_chunk::<8>().ok_or_else(short)?);
    if length > 1 << 20 {
        return Err(LibraryError::Mismatch(format!("{url} is not a shard.")));
    }
    if head.len() < 8 + length {
        head = fetch::get_range(url, 0, 8 + length).await?;
    }
    Ok(ShardLayout::from_header(url, head.get(8..8 + length).ok_or_else(short)?)?)
}

/// Waits for two futures at once.
async fn both<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_done, mut b_done) = (None, None);
    std::future::poll_fn(move |context| {
        if a_done.is_none()
            && let Poll::Ready(value) = a.as_mut().poll(context)
        {
            a_done = Some(value);
        }
        if b_done.is_none()
            && let Poll::Ready(value) = b.as_mut().poll(context)
        {
            b_done = Some(value);
        }
        if a_done.is_some() && b_done.is_some() {
            return Poll::Ready((a_done.take().expect("just seen"), b_done.take().expect("just seen")));
        }
        Poll::Pending
    })
    .await
}
