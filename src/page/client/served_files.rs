//! The served files of a set and a model: manifest, latents, catalogue, and single spectra out of shards.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use half::slice::HalfFloatSliceExt;

use crate::browser::fetch::{self, NetError};
use crate::formats::set::{Catalogue, FormatError, LatentSet, Library, Manifest, Pair, SetEntry, Shard, ShardLayout};
use crate::page::state::ModelAddress;

/// Addresses of a set and a model, and what is known of the shards so far.
pub struct ServedFiles {
    /// Absolute address of the set's folder, with a slash at its end.
    pub set_url: String,
    /// The model's file.
    pub model: ModelAddress,
    latents_url: String,
    /// What the files must be, where they come from another site: then every file is fetched whole and its hash checked.
    promised: Option<(SetEntry, Pair)>,
    layouts: RefCell<HashMap<usize, ShardLayout>>,
    /// The last shards of another site, by number.
    shards: RefCell<VecDeque<(usize, Rc<Shard>)>>,
}

/// Shards of another site that are kept: 2 MB each.
const KEPT_SHARDS: usize = 8;

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

/// Fetches what a site offers, from the site's address.
pub async fn library(site: &str) -> Result<Library, LibraryError> {
    let url = format!("{site}library.json");
    Ok(Library::from_json(&url, &fetch::get(&url).await?)?)
}

impl ServedFiles {
    /// Returns the files of a set and a model of a library, below the address of its site; hashes are checked where it is
    /// `another` than the page's own. `None` where the two do not go together.
    pub fn new(site: &str, library: &Library, set: &str, model: &str, another: bool) -> Option<Self> {
        let pair = library.pair(set, model)?;
        let (set, model) = (library.set(set)?, library.model(model)?);
        Some(Self {
            set_url: format!("{site}data/{}/", set.name),
            model: ModelAddress {
                url: format!("{site}models/{}.safetensors", model.name),
                sha256: another.then(|| model.sha256.clone()),
            },
            latents_url: format!("{site}{}", pair.latents),
            promised: another.then(|| (set.clone(), pair.clone())),
            layouts: RefCell::default(),
            shards: RefCell::default(),
        })
    }

    /// Manifest and latents, fetched at once: all that the first scatter needs.
    pub async fn first(&self) -> (Result<Manifest, LibraryError>, Result<LatentSet, LibraryError>) {
        let manifest = async {
            let url = format!("{}manifest.json", self.set_url);
            let bytes = fetch::get(&url).await?;
            if let Some((set, _)) = &self.promised {
                set.verify(&url, &bytes)?;
            }
            Ok(Manifest::from_json(&url, &bytes)?)
        };
        both(manifest, self.latents()).await
    }

    /// The latents alone: for another model over a set that is open.
    pub async fn latents(&self) -> Result<LatentSet, LibraryError> {
        let bytes = fetch::get(&self.latents_url).await?;
        if let Some((_, pair)) = &self.promised {
            pair.verify(&self.latents_url, &bytes)?;
        }
        Ok(LatentSet::from_bytes(&self.latents_url, &bytes)?)
    }

    /// Flux and inverse variance of all spectra of the set's first shard, `[n * 1000]` each.
    pub async fn first_shard(&self, manifest: &Manifest) -> Result<(Vec<f32>, Vec<f32>), LibraryError> {
        if manifest.shards.is_empty() {
            return Err(LibraryError::Mismatch("The set has no shard.".to_owned()));
        }
        let shard = self.whole_shard(manifest, 0).await?;
        Ok((shard.flux.to_f32_vec(), shard.ivar.to_f32_vec()))
    }

    /// A shard, fetched whole; its hash is checked where it is another site's.
    async fn whole_shard(&self, manifest: &Manifest, number: usize) -> Result<Rc<Shard>, LibraryError> {
        let known = self.shards.borrow().iter().find(|(kept, _)| *kept == number).map(|(_, shard)| shard.clone());
        if let Some(shard) = known {
            return Ok(shard);
        }
        let info = &manifest.shards[number];
        let url = format!("{}{}", self.set_url, info.name);
        let bytes = fetch::get(&url).await?;
        if self.promised.is_some() {
            info.verify(&bytes)?;
        }
        let shard = Rc::new(Shard::from_bytes(&url, &bytes)?);
        if shard.len() != info.count {
            let (found, want) = (shard.len(), info.count);
            return Err(LibraryError::Mismatch(format!("{url} holds {found} spectra, the manifest names {want}.")));
        }
        if self.promised.is_some() {
            let mut shards = self.shards.borrow_mut();
            shards.push_back((number, shard.clone()));
            if shards.len() > KEPT_SHARDS {
                shards.pop_front();
            }
        }
        Ok(shard)
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

    /// Flux and inverse variance of one spectrum, `[1000]` each: two short ranges of its shard, or the whole of it where its hash is
    /// to be checked.
    pub async fn spectrum(&self, manifest: &Manifest, row: usize) -> Result<(Vec<f32>, Vec<f32>), LibraryError> {
        let (shard, row) =
            manifest.locate(row).ok_or_else(|| LibraryError::Mismatch(format!("The set has no spectrum {row}.")))?;
        if self.promised.is_some() {
            return Ok(self.whole_shard(manifest, shard).await?.row(row));
        }
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
