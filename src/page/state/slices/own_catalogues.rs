//! The reader's own catalogues, joined to the open set.

use std::sync::Arc;

use crate::formats::own_catalogue::{Join, OwnCatalogue, Target, join};
use crate::formats::set::{Catalogue, Column, ColumnInfo, Values};
use crate::page::axis_choice::is_measure;

/// Radius of a join by position at first, arcsec.
pub const JOIN_RADIUS: f64 = 2.0;

/// A catalogue and its join to the open set.
#[derive(Debug, Clone)]
pub struct JoinedCatalogue {
    /// The catalogue.
    pub catalogue: Arc<OwnCatalogue>,
    /// Radius of a join by position, arcsec.
    pub radius: f64,
    /// The join; `None` until the set's own catalogue has loaded.
    pub join: Option<Arc<Join>>,
    /// Names that its columns have on the page, in its order.
    pub names: Vec<String>,
}

/// The catalogues, in the order in which they were added.
#[derive(Debug, Clone, Default)]
pub struct OwnCatalogues {
    list: Vec<JoinedCatalogue>,
}

/// Longest name of a column in a link.
const LONGEST: usize = 48;

impl OwnCatalogues {
    /// Returns the catalogues.
    pub fn list(&self) -> &[JoinedCatalogue] {
        &self.list
    }

    /// Returns whether a column is of one of the catalogues.
    pub fn has(&self, column: &str) -> bool {
        self.list.iter().any(|joined| joined.names.iter().any(|name| name == column))
    }

    /// Adds a catalogue; one of the same file name is replaced. `taken` says which names of columns the set has.
    pub fn add(&mut self, catalogue: OwnCatalogue, taken: impl Fn(&str) -> bool) {
        self.list.retain(|joined| joined.catalogue.name != catalogue.name);
        let mut names: Vec<String> = Vec::new();
        for column in &catalogue.columns {
            let plain = plain_name(&column.name);
            let is_taken = |name: &str| {
                name == "class"
                    || is_measure(name)
                    || taken(name)
                    || self.has(name)
                    || names.iter().any(|other| other == name)
            };
            let numbered = (2..).map(|number| format!("{plain}_{number}"));
            let name = [plain.clone()].into_iter().chain(numbered).find(|name| !is_taken(name));
            names.extend(name);
        }
        let catalogue = Arc::new(catalogue);
        self.list.push(JoinedCatalogue { catalogue, radius: JOIN_RADIUS, join: None, names });
    }

    /// Removes a catalogue.
    pub fn remove(&mut self, index: usize) {
        if index < self.list.len() {
            self.list.remove(index);
        }
    }

    /// Changes the radius of a join.
    pub fn set_radius(&mut self, index: usize, radius: f64) {
        if let Some(joined) = self.list.get_mut(index).filter(|_| radius.is_finite() && radius > 0.0) {
            joined.radius = radius;
            joined.join = None;
        }
    }

    /// Joins those that are not joined yet to a set's catalogue.
    pub fn join(&mut self, set: &Catalogue) {
        if self.list.iter().all(|joined| joined.join.is_some()) {
            return;
        }
        let ids: Vec<_> = (0..set.len()).map(|row| set.source_id(row)).collect();
        let positions: Vec<_> = (0..set.len()).map(|row| set.position(row)).collect();
        for joined in self.list.iter_mut().filter(|joined| joined.join.is_none()) {
            let target = Target { ids: &ids, positions: &positions };
            joined.join = Some(Arc::new(join(&joined.catalogue, target, joined.radius)));
        }
    }

    /// Returns the joined columns, as a set's catalogue and manifest have them.
    pub fn columns(&self) -> Vec<(Column, ColumnInfo)> {
        self.list.iter().flat_map(JoinedCatalogue::columns).collect()
    }
}

impl JoinedCatalogue {
    fn columns(&self) -> Vec<(Column, ColumnInfo)> {
        let Some(join) = &self.join else { return Vec::new() };
        let described = self.catalogue.columns.iter().zip(&self.names).map(|(own, name)| {
            let value = |row: &Option<u32>| row.map_or(f64::NAN, |row| own.values[row as usize]);
            let values = Values::Double(join.row_of.iter().map(value).collect());
            let alone = Catalogue { columns: vec![Column { name: name.clone(), values: values.clone() }] };
            let label = format!("{} ({})", own.name, self.catalogue.name);
            let info = ColumnInfo { truth: false, ..ColumnInfo::new(&alone, name, &label, &own.unit) };
            (Column { name: name.clone(), values }, info)
        });
        described.collect()
    }
}

/// Returns a name with letters, digits, `_` and `-` only, as links have them.
fn plain_name(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).take(LONGEST).collect();
    if plain.is_empty() { "column".to_owned() } else { plain }
}
