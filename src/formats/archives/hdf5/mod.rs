//! HDF5 of the Multimodal Universe: datasets whose first dimension counts the spectra, at the root or in a group, of which rows are read.

mod cell;

use std::ops::Range;
use std::sync::Arc;

use hdf5_reader::error::Error;
use hdf5_reader::group::Group;
use hdf5_reader::{
    Dataset, Datatype, Hdf5File, OpenOptions, RangeRequestStorage, SliceInfo, SliceInfoElem, VarLenKind,
};

use super::batch::{Batch, Lists};
use super::guard::guarded;
use super::layout::{Column, ColumnKind, Layout, is_flux, is_wavelength};
use super::rows::Rows;
use super::source::Source;
use cell::{Number, Reference, Text};

/// The bytes that begin an HDF5 file.
pub(super) const MAGIC: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Bytes of unpacked chunks that are kept: those of a few datasets in which a batch of rows lies.
const CACHE: usize = 256 << 20;
const CACHED_CHUNKS: usize = 4096;
/// Most bytes of an unpacked chunk, and of the rows of a dataset that are read at once.
const MOST_BYTES: usize = 512 << 20;
/// Largest ratio of unpacked to packed bytes: that of deflate.
const PACKED: u64 = 1100;
/// Most datasets of a file that are looked at.
const MOST_DATASETS: usize = 1000;

/// A dataset by the groups that it is in and its own name.
struct Named {
    path: Vec<String>,
    dataset: Dataset,
    kind: Kind,
}

/// Names the ways in which a dataset holds the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A row of numbers for each row.
    Rows,
    /// A list of any length for each row.
    Lists,
    /// One list for all rows.
    Shared,
    /// A number or a text for each row.
    Single,
    Other,
}

/// An opened HDF5 file.
pub(super) struct Hdf5Rows {
    datasets: Vec<Named>,
    statements: Vec<(String, String)>,
    rows: usize,
}

impl Hdf5Rows {
    /// Opens a file, of which only the description is read.
    pub(super) fn open(source: Source) -> Result<Self, String> {
        guarded(|| Self::describe(&source).map_err(|error| failed(&error))).and_then(|opened| opened.checked(&source))
    }

    fn describe(source: &Source) -> Result<Self, Error> {
        let bytes = source.clone();
        let read = move |start, count| Ok(bytes.read(start, count)?.to_vec());
        let options = OpenOptions::default()
            .with_chunk_cache_bytes(CACHE)
            .with_chunk_cache_slots(CACHED_CHUNKS)
            .with_max_chunk_bytes(MOST_BYTES)
            .with_max_read_bytes(MOST_BYTES);
        let storage = Arc::new(RangeRequestStorage::new(source.length(), read));
        let root = Hdf5File::from_storage_with_options(storage, options)?.root_group()?;
        let (groups, own) = root.members()?;
        let mut found: Vec<(Vec<String>, Dataset)> =
            own.into_iter().map(|dataset| (name_of(&[], &dataset), dataset)).collect();
        for group in groups.iter().take(MOST_DATASETS) {
            let name = last_part(group.name());
            found.extend(
                group.datasets()?.into_iter().map(|dataset| (name_of(std::slice::from_ref(&name), &dataset), dataset)),
            );
        }
        found.truncate(MOST_DATASETS);
        let rows = found.iter().find_map(|(path, dataset)| rows_of_flux(path, dataset)).unwrap_or(0);
        let datasets =
            found.into_iter().map(|(path, dataset)| Named { kind: kind(&path, &dataset, rows), path, dataset });
        let datasets = datasets.collect();
        Ok(Self { datasets, statements: statements(&root), rows: usize::try_from(rows).unwrap_or(usize::MAX) })
    }

    /// Refuses what claims to hold more than its bytes can.
    fn checked(self, source: &Source) -> Result<Self, String> {
        let most = source.length().saturating_mul(PACKED);
        let claims_more = |named: &Named| {
            let bytes = named.dataset.shape().iter().try_fold(1u64, |product, size| product.checked_mul(*size));
            named.kind != Kind::Other && bytes.is_none_or(|bytes| bytes > most)
        };
        match self.datasets.iter().find(|named| claims_more(named)) {
            Some(named) => Err(format!(
                "its dataset {} claims more numbers than it can hold: fetch it again",
                named.path.join("/")
            )),
            None => Ok(self),
        }
    }
}

impl Rows for Hdf5Rows {
    fn columns(&self) -> Vec<Column> {
        let column = |named: &Named| Column {
            path: named.path.clone(),
            kind: match named.kind {
                Kind::Rows | Kind::Lists | Kind::Shared => ColumnKind::List,
                Kind::Single => ColumnKind::Single,
                Kind::Other => ColumnKind::Other,
            },
            unit: guarded(|| Ok(unit(&named.dataset))).unwrap_or_default(),
        };
        self.datasets.iter().map(column).collect()
    }

    fn statements(&self) -> Vec<(String, String)> {
        self.statements.clone()
    }

    fn groups(&self) -> Vec<usize> {
        vec![self.rows]
    }

    fn read(
        &self,
        layout: &Layout,
        _group: usize,
        rows: Range<usize>,
        batch: usize,
        each: &mut dyn FnMut(Batch),
    ) -> Result<(), String> {
        for start in rows.clone().step_by(batch) {
            let range = start..rows.end.min(start + batch);
            let decoded = guarded(|| self.batch(layout, range).map_err(|error| failed(&error)))?;
            each(decoded);
        }
        Ok(())
    }
}

impl Hdf5Rows {
    fn batch(&self, layout: &Layout, rows: Range<usize>) -> Result<Batch, Error> {
        let mut batch = Batch { rows: rows.len(), ..Batch::default() };
        for (role, index) in &layout.lists {
            batch.lists.push((*role, self.datasets[*index].lists(rows.clone())?));
        }
        for (key, index) in &layout.texts {
            batch.texts.push((key.clone(), self.datasets[*index].texts(rows.clone())?));
        }
        Ok(batch)
    }
}

impl Named {
    /// Reads the lists of some rows.
    fn lists(&self, rows: Range<usize>) -> Result<Lists, Error> {
        let count = rows.len();
        match self.kind {
            Kind::Shared => {
                let numbers = self.dataset.read_array::<Number>()?;
                let values: Vec<f64> = numbers.iter().map(|number| number.0).collect();
                let length = values.len();
                Ok(Lists { values, rows: vec![0..length; count] })
            }
            Kind::Lists => {
                let Datatype::VarLen { base, .. } = self.dataset.dtype() else { return Ok(Lists::default()) };
                let mut lists = Lists::default();
                for reference in self.dataset.read_slice::<Reference>(&slice(&self.dataset, rows))?.iter() {
                    let start = lists.values.len();
                    let size = cell::size(base);
                    let bytes = self.dataset.resolve_vlen_reference_bytes(reference.bytes(), size)?;
                    for element in bytes.chunks_exact(size.max(1)) {
                        lists.values.push(cell::number(element, base)?);
                    }
                    lists.rows.push(start..lists.values.len());
                }
                Ok(lists)
            }
            Kind::Rows | Kind::Single | Kind::Other => {
                let numbers = self.dataset.read_slice::<Number>(&slice(&self.dataset, rows))?;
                let values: Vec<f64> = numbers.iter().map(|number| number.0).collect();
                let length = values.len() / count.max(1);
                Ok(Lists { values, rows: (0..count).map(|row| row * length..(row + 1) * length).collect() })
            }
        }
    }

    /// Reads the values of some rows as texts.
    fn texts(&self, rows: Range<usize>) -> Result<Vec<Option<String>>, Error> {
        let slice = slice(&self.dataset, rows);
        if !cell::is_text_elsewhere(self.dataset.dtype()) {
            return Ok(self.dataset.read_slice::<Text>(&slice)?.into_iter().map(|text| Some(text.0)).collect());
        }
        let references = self.dataset.read_slice::<Reference>(&slice)?;
        let text = |reference: &Reference| {
            let bytes = self.dataset.resolve_vlen_reference_bytes(reference.bytes(), 1)?;
            Ok(Some(cell::text(&bytes)))
        };
        references.iter().map(text).collect()
    }
}

/// Returns the selection of some rows of a dataset.
fn slice(dataset: &Dataset, rows: Range<usize>) -> SliceInfo {
    let mut selection = SliceInfo::all(dataset.shape().len());
    if let Some(first) = selection.selections.first_mut() {
        *first = SliceInfoElem::Slice { start: rows.start as u64, end: rows.end as u64, step: 1 };
    }
    selection
}

/// Returns the number of rows of a dataset of fluxes; `None` for any other dataset.
fn rows_of_flux(path: &[String], dataset: &Dataset) -> Option<u64> {
    let holds_lists = match dataset.shape() {
        [_, _] => cell::is_number(dataset.dtype()),
        [_] => is_list(dataset.dtype()),
        _ => false,
    };
    (is_flux(path) && holds_lists).then(|| dataset.shape()[0])
}

fn is_list(datatype: &Datatype) -> bool {
    matches!(datatype, Datatype::VarLen { base, kind: VarLenKind::Sequence, .. } if cell::is_number(base))
}

fn kind(path: &[String], dataset: &Dataset, rows: u64) -> Kind {
    let is_number = cell::is_number(dataset.dtype());
    match *dataset.shape() {
        [of_rows, 1] if of_rows == rows && is_number && !is_flux(path) => Kind::Single,
        [of_rows, _] if of_rows == rows && is_number => Kind::Rows,
        [of_rows] if of_rows == rows && is_list(dataset.dtype()) => Kind::Lists,
        [_] if is_number && is_wavelength(path) => Kind::Shared,
        [of_rows] if of_rows == rows && cell::is_single(dataset.dtype()) => Kind::Single,
        _ => Kind::Other,
    }
}

fn name_of(groups: &[String], dataset: &Dataset) -> Vec<String> {
    groups.iter().cloned().chain([last_part(dataset.name())]).collect()
}

fn last_part(name: &str) -> String {
    name.rsplit('/').next().unwrap_or(name).to_owned()
}

/// Returns a dataset's unit; empty where it has none.
fn unit(dataset: &Dataset) -> String {
    let attribute = |name: &str| dataset.attribute(name).ok()?.read_string().ok();
    ["unit", "units"].into_iter().find_map(attribute).unwrap_or_default()
}

/// Returns the texts among a group's attributes.
fn statements(root: &Group) -> Vec<(String, String)> {
    let attributes = root.attributes().unwrap_or_default();
    attributes.iter().filter_map(|attribute| Some((attribute.name.clone(), attribute.read_string().ok()?))).collect()
}

/// Returns the reason that an error of the library stands for.
fn failed(error: &Error) -> String {
    let said: String = error.to_string().lines().next().unwrap_or_default().chars().take(200).collect();
    let said = said.trim_end_matches('.');
    if said.contains("unsupported filter") {
        return format!("it is packed in a way that is not read ({said}): save it with gzip, or without compression");
    }
    format!(
        "it is damaged, cut short or of an unknown kind of HDF5 ({said}): fetch it again, or save it anew with h5py"
    )
}
