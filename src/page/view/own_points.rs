//! The user's spectra as points of the scatter and of the corner plot: where they lie, in which colour, and which of them are picked.

use std::sync::Arc;

use super::coloring::Coloring;
use super::own_table::OwnRow;
use super::scatter_layers::{OwnPoint, Plane};
use super::text::minus;
use crate::page::axis_choice::{AxisChoice, CHI2, LOF, RARITY};
use crate::page::state::{OwnFile, OwnKey};
use crate::plot::Theme;

/// Returns the user's spectra as points, in their order. `rows` are those of their table; where some are picked, the others are faint.
pub fn own_points(
    files: &[Arc<OwnFile>],
    rows: &[Arc<OwnRow>],
    plane: &Plane<'_>,
    coloring: &Coloring,
    picked: Option<&[OwnKey]>,
    theme: &Theme,
) -> Vec<OwnPoint> {
    let palette = coloring.palette(theme);
    let point = |(file, row): (&Arc<OwnFile>, &Arc<OwnRow>)| {
        let key = file.key();
        let value = own_value(file, row, &coloring.column);
        let color = palette[usize::from(coloring.index_of(file.class, value))];
        let faint = picked.is_some_and(|keys| !keys.contains(&key));
        let color = if faint { color.toward(theme.background, 0.65) } else { color };
        OwnPoint { key, at: position(file, row, plane), color }
    };
    files.iter().zip(rows).map(point).collect()
}

/// Returns what a spectrum of the user's has for a column of the set; `None` where that is not known.
pub fn own_value(file: &OwnFile, row: &OwnRow, column: &str) -> Option<f32> {
    match column {
        "redshift" => Some(file.redshift as f32),
        "median_snr" => Some(file.median_snr),
        LOF => row.factor,
        RARITY => row.rarity,
        CHI2 => file.latent().map(|_| file.encoding.chi2),
        name => file.truths.iter().find(|(truth, _)| truth == name).map(|(_, value)| *value),
    }
}

/// Returns the position: on a map of the sky where the file says that it is; else exact along latents and their principal axes, by its own
/// value along a column that it has, and that of the nearest spectrum along any other.
fn position(file: &OwnFile, row: &OwnRow, plane: &Plane<'_>) -> Option<(f32, f32)> {
    if plane.is_sky() {
        return plane.file(file);
    }
    let latent = file.latent()?;
    let along = |vertical: bool| {
        let own = match plane.axis(vertical) {
            AxisChoice::Column(name) => own_value(file, row, name),
            axis => plane.exact(latent, axis),
        };
        own.or_else(|| plane.value(vertical, row.nearest?.row)).filter(|value| value.is_finite())
    };
    Some((along(false)?, along(true)?))
}

/// Returns the facts on the card at the pointer: name and value.
pub fn own_hover_facts(row: &OwnRow) -> Vec<(String, String)> {
    let mut facts = vec![
        ("redshift".to_owned(), minus(&format!("{:.4}", row.redshift))),
        ("χ²".to_owned(), format!("{:.2}", row.chi2)),
    ];
    facts.extend(row.factor.map(|factor| ("outlier factor".to_owned(), format!("{factor:.2}"))));
    facts
}
