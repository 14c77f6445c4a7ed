//! Joining a catalogue to the spectra of a set: by identifier, or by the nearest position within a radius.

use std::collections::HashMap;

use super::OwnCatalogue;
use crate::spectrum::{SkyPosition, SourceId};

/// The spectra that a catalogue is joined to.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// `[n]` identifiers.
    pub ids: &'a [Option<SourceId>],
    /// `[n]` positions.
    pub positions: &'a [Option<SkyPosition>],
}

/// The rows of a catalogue that belong to the spectra of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// `[n]` the row of each spectrum.
    pub row_of: Vec<Option<u32>>,
    /// Key by which the rows were joined.
    pub by: JoinedBy,
    /// Spectra with a row.
    pub matched: usize,
    /// Spectra for which several rows would do: the nearest, or the first of those with the same identifier, was taken.
    pub ambiguous: usize,
    /// Rows of the catalogue that belong to no spectrum.
    pub unmatched_rows: usize,
}

/// The key by which a catalogue is joined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum JoinedBy {
    /// Identifiers.
    Id,
    /// Positions, within this radius in arcsec.
    Position(f64),
    /// Neither the catalogue nor the set has what the other has.
    Nothing,
}

/// Joins a catalogue to spectra: by identifier where any is the same, else by position within `radius` arcsec.
pub fn join(catalogue: &OwnCatalogue, target: Target<'_>, radius: f64) -> Join {
    let by_id = by_id(catalogue, target.ids);
    if by_id.matched > 0 {
        return by_id;
    }
    let have_positions = |positions: &[Option<SkyPosition>]| positions.iter().any(Option::is_some);
    if have_positions(&catalogue.positions) && have_positions(target.positions) {
        return by_position(catalogue, target.positions, radius);
    }
    let none_named = catalogue.ids.iter().all(Vec::is_empty);
    Join { by: if none_named { JoinedBy::Nothing } else { JoinedBy::Id }, ..by_id }
}

fn by_id(catalogue: &OwnCatalogue, ids: &[Option<SourceId>]) -> Join {
    let mut rows: HashMap<SourceId, (u32, u32)> = HashMap::new();
    for (row, ids) in catalogue.ids.iter().enumerate() {
        for id in ids {
            rows.entry(*id).or_insert((row as u32, 0)).1 += 1;
        }
    }
    let found = ids.iter().map(|id| rows.get(&(*id)?).copied());
    counted(catalogue, found.map(|found| found.map(|(row, count)| (row, count > 1))).collect(), JoinedBy::Id)
}

fn by_position(catalogue: &OwnCatalogue, positions: &[Option<SkyPosition>], radius: f64) -> Join {
    let degrees = radius / 3600.0;
    let mut sorted: Vec<(SkyPosition, u32)> =
        catalogue.positions.iter().zip(0..).filter_map(|(position, row)| Some(((*position)?, row))).collect();
    sorted.sort_by(|a, b| a.0.dec.total_cmp(&b.0.dec));
    let nearest = |position: &Option<SkyPosition>| {
        let position = (*position)?;
        // Only the band of declination within the radius can hold a match.
        let start = sorted.partition_point(|(other, _)| other.dec < position.dec - degrees);
        let band = sorted[start..].iter().take_while(|(other, _)| other.dec <= position.dec + degrees);
        let within = band.map(|(other, row)| (position.separation(*other), *row)).filter(|(away, _)| *away <= degrees);
        within.fold(None, |best: Option<(f64, u32, bool)>, (away, row)| match best {
            Some((least, first, _)) if least <= away => Some((least, first, true)),
            Some(_) => Some((away, row, true)),
            None => Some((away, row, false)),
        })
    };
    let found = positions.iter().map(|position| nearest(position).map(|(_, row, several)| (row, several))).collect();
    counted(catalogue, found, JoinedBy::Position(radius))
}

/// Counts what was found: for each spectrum its row, and whether others would do.
fn counted(catalogue: &OwnCatalogue, found: Vec<Option<(u32, bool)>>, by: JoinedBy) -> Join {
    let mut used = vec![false; catalogue.len()];
    found.iter().flatten().for_each(|(row, _)| used[*row as usize] = true);
    Join {
        matched: found.iter().flatten().count(),
        ambiguous: found.iter().flatten().filter(|(_, several)| *several).count(),
        unmatched_rows: used.iter().filter(|used| !**used).count(),
        row_of: found.into_iter().map(|found| found.map(|(row, _)| row)).collect(),
        by,
    }
}
