//! The texts on the reader's own catalogues.

use super::text::thousands;
use crate::formats::own_catalogue::JoinedBy;
use crate::page::state::{AppState, JoinedCatalogue};

/// A catalogue as the list shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogueText {
    /// Name of the file.
    pub name: String,
    /// Summary of the join, in sentences.
    pub summary: String,
    /// Radius of the join in arcsec; `None` where it is by identifier.
    pub radius: Option<f64>,
}

/// Returns the reader's catalogues as the list shows them.
pub fn catalogue_texts(state: &AppState) -> Vec<CatalogueText> {
    state.own_catalogues().list().iter().map(text_of).collect()
}

fn text_of(joined: &JoinedCatalogue) -> CatalogueText {
    let name = joined.catalogue.name.clone();
    let Some(join) = &joined.join else {
        return CatalogueText {
            name,
            summary: "It is joined once the set's catalogue has loaded.".to_owned(),
            radius: None,
        };
    };
    let (matched, all) = (thousands(join.matched), thousands(join.row_of.len()));
    let (radius, by) = match join.by {
        JoinedBy::Id => (None, "by name".to_owned()),
        JoinedBy::Position(radius) => (Some(radius), format!("within {radius}″ of their position")),
        JoinedBy::Nothing => {
            let summary = "Nothing is joined: it has positions only, and the set has none.".to_owned();
            return CatalogueText { name, summary, radius: None };
        }
    };
    let mut sentences = vec![format!("{matched} of {all} spectra matched {by}.")];
    if join.unmatched_rows > 0 {
        let rows = thousands(join.unmatched_rows);
        sentences.push(format!("{rows} of its {} rows match no spectrum.", thousands(joined.catalogue.len())));
    }
    if join.ambiguous > 0 {
        let taken = if radius.is_some() { "the nearest" } else { "the first" };
        sentences.push(format!("For {} spectra several rows would do: {taken} was taken.", thousands(join.ambiguous)));
    }
    sentences.push(format!("Columns to colour by and to lay out: {}.", joined.names.join(", ")));
    sentences.extend(joined.catalogue.notes.iter().cloned());
    CatalogueText { name, summary: sentences.join(" "), radius }
}
