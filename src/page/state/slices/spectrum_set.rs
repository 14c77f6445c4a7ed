//! The open set: manifest, catalogue, embedding, and the spectra fetched so far.

use std::collections::HashMap;
use std::sync::Arc;

use crate::formats::set::{Catalogue, Column, ColumnInfo, Manifest};
use crate::page::view::embedding::Cloud;
use crate::simulator::ODDITY_NAMES;
use crate::spectrum::{Class, SourceId};

/// The pixels of an observed spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Pixels {
    /// Tells spectra apart without comparing them.
    pub serial: u32,
    /// `[1000]` normalised flux.
    pub flux: Vec<f32>,
    /// `[1000]` inverse variance, 0 = masked.
    pub ivar: Vec<f32>,
}

/// The open set.
#[derive(Debug, Clone, Default)]
pub struct SpectrumSet {
    /// With the columns of the reader's own catalogues.
    manifest: Option<Arc<Manifest>>,
    catalogue: Option<Arc<Catalogue>>,
    /// Sets and models of the site.
    served: (Option<Arc<Manifest>>, Option<Arc<Catalogue>>),
    /// Under the model on screen.
    embedding: Option<Arc<Cloud>>,
    /// Under the shipped model.
    shipped: Option<Arc<Cloud>>,
    unavailable: bool,
    pixels: HashMap<usize, Arc<Pixels>>,
    unreachable: Vec<usize>,
}

/// The most spectra kept in memory: 8 kB each.
const MOST_PIXELS: usize = 1024;

impl SpectrumSet {
    /// Returns the manifest.
    pub fn manifest(&self) -> Option<&Arc<Manifest>> {
        self.manifest.as_ref()
    }

    /// Returns the catalogue.
    pub fn catalogue(&self) -> Option<&Arc<Catalogue>> {
        self.catalogue.as_ref()
    }

    /// Returns the embedding under the model on screen.
    pub fn embedding(&self) -> Option<&Arc<Cloud>> {
        self.embedding.as_ref()
    }

    /// Returns the embedding under the shipped model.
    pub fn shipped(&self) -> Option<&Arc<Cloud>> {
        self.shipped.as_ref()
    }

    /// Returns whether no set could be opened at all.
    pub fn is_unavailable(&self) -> bool {
        self.unavailable
    }

    /// Sets the manifest.
    pub fn set_manifest(&mut self, manifest: Manifest) {
        self.manifest = Some(Arc::new(manifest));
        self.served.0.clone_from(&self.manifest);
    }

    /// Sets the catalogue.
    pub fn set_catalogue(&mut self, catalogue: Catalogue) {
        self.catalogue = Some(Arc::new(catalogue));
        self.served.1.clone_from(&self.catalogue);
    }

    /// Returns the catalogue without the columns of the reader's own.
    pub fn served_catalogue(&self) -> Option<&Arc<Catalogue>> {
        self.served.1.as_ref()
    }

    /// Returns whether the set itself has a column.
    pub fn serves_column(&self, name: &str) -> bool {
        let listed = self.served.0.iter().flat_map(|manifest| &manifest.columns).any(|column| column.name == name);
        listed || self.served.1.as_ref().is_some_and(|catalogue| catalogue.column(name).is_some())
    }

    /// Adds columns of the reader's own catalogues, in the place of those before.
    pub fn set_joined(&mut self, columns: Vec<(Column, ColumnInfo)>) {
        let (Some(manifest), Some(catalogue)) = &self.served else { return };
        if columns.is_empty() {
            (self.manifest, self.catalogue) = self.served.clone();
            return;
        }
        let (mut manifest, mut catalogue) = (manifest.as_ref().clone(), catalogue.as_ref().clone());
        for (column, info) in columns {
            catalogue.columns.push(column);
            manifest.columns.push(info);
        }
        (self.manifest, self.catalogue) = (Some(Arc::new(manifest)), Some(Arc::new(catalogue)));
    }

    /// Sets the embedding on screen.
    pub fn set_embedding(&mut self, embedding: Arc<Cloud>) {
        self.embedding = Some(embedding);
    }

    /// Sets the embedding of the shipped model.
    pub fn set_shipped(&mut self, embedding: Arc<Cloud>) {
        self.shipped = Some(embedding);
    }

    /// Takes in that no set can be opened at all.
    pub fn give_up_all(&mut self) {
        self.unavailable = true;
    }

    /// Returns the pixels of a row, if they were fetched.
    pub fn pixels_of(&self, row: usize) -> Option<Arc<Pixels>> {
        self.pixels.get(&row).cloned()
    }

    /// Keeps the pixels of a row.
    pub fn keep_pixels(&mut self, row: usize, pixels: Arc<Pixels>) {
        if self.pixels.len() >= MOST_PIXELS {
            self.pixels.clear();
        }
        self.pixels.insert(row, pixels);
    }

    /// Returns whether a row's pixels are still to be fetched.
    pub fn is_missing(&self, row: usize) -> bool {
        !self.pixels.contains_key(&row) && !self.unreachable.contains(&row)
    }

    /// Gives up a row whose pixels could not be had, until it is asked for again.
    pub fn give_up(&mut self, row: usize) {
        self.unreachable.push(row);
    }

    /// Tries rows again whose pixels could not be had.
    pub fn retry(&mut self, rows: impl Fn(usize) -> bool) {
        self.unreachable.retain(|row| !rows(*row));
    }

    /// Returns whether the manifest has a column.
    pub fn has_column(&self, name: &str) -> bool {
        self.manifest.as_ref().is_some_and(|manifest| manifest.columns.iter().any(|column| column.name == name))
    }

    /// Returns the name of a row, once the catalogue is there.
    pub fn id_of(&self, row: usize) -> Option<SourceId> {
        self.catalogue.as_ref()?.source_id(row)
    }

    /// Returns the row of a name.
    pub fn row_of(&self, id: SourceId) -> Option<usize> {
        (0..self.embedding.as_ref()?.len()).find(|&row| self.id_of(row) == Some(id))
    }

    /// Returns the class of a row.
    pub fn class_of(&self, row: usize) -> Option<Class> {
        let code = self.embedding.as_ref()?.class.get(row).copied()?;
        Some(Class::from_code(i32::from(code)))
    }

    /// Returns a value of the catalogue.
    pub fn value_of(&self, row: usize, column: &str) -> Option<f32> {
        self.catalogue.as_ref()?.column(column)?.get(row)
    }

    /// Returns whether the simulation knows something wrong with a row.
    pub fn is_odd(&self, row: usize) -> bool {
        self.value_of(row, "truth_oddity").is_some_and(|code| code > 0.0)
    }

    /// Returns the rows that are stars: by their class, or by what the simulation knows.
    pub fn star_rows(&self) -> Vec<usize> {
        let Some(embedding) = &self.embedding else { return Vec::new() };
        let oddity = self.catalogue.as_ref().and_then(|catalogue| catalogue.column("truth_oddity"));
        let is_star = |row: &usize| {
            let named = oddity.and_then(|codes| codes.get(*row)).and_then(|code| ODDITY_NAMES.get(code as usize));
            self.class_of(*row) == Some(Class::Star) || named.is_some_and(|name| name.ends_with("star"))
        };
        (0..embedding.len()).filter(is_star).collect()
    }
}
