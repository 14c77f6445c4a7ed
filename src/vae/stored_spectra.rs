//! Spectra of a training set that stay where they are stored, for sets larger than memory.

use std::fmt::Debug;
use std::sync::Arc;

use half::f16;

/// Spectra that are read one by one, when a batch needs them.
pub trait SpectrumStore: Debug + Send + Sync {
    /// Returns the number of spectra.
    fn count(&self) -> usize;

    /// Reads flux and inverse variance of a spectrum, `[pixels]` each. A spectrum that cannot be read is masked: its inverse variance is
    /// 0, and [`SpectrumStore::failure`] says why.
    fn read(&self, row: usize, flux: &mut [f16], ivar: &mut [f16]);

    /// Returns why a spectrum could not be read, the first that could not; `None` where all could.
    fn failure(&self) -> Option<String>;
}

/// A store that several trainings share.
#[derive(Debug, Clone)]
pub struct StoredSpectra(Arc<dyn SpectrumStore>);

impl StoredSpectra {
    /// Takes a store.
    pub fn new(store: impl SpectrumStore + 'static) -> Self {
        Self(Arc::new(store))
    }
}

impl std::ops::Deref for StoredSpectra {
    type Target = dyn SpectrumStore;

    fn deref(&self) -> &Self::Target {
        self.0.as_ref()
    }
}

impl PartialEq for StoredSpectra {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
