//! The selected object: its name, its position, what its survey says of it, and where else it can be looked at.

use super::sky_links::{Link, PictureHost, links};
use super::text::minus;
use crate::page::state::{AppState, Source};
use crate::spectrum::{SkyPosition, SourceId};

/// The object of the selected spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Identifier, as text.
    pub id: String,
    /// Position, where the set or the file has one.
    pub position: Option<PositionText>,
    /// Names and values: redshift with its error, warnings, subclass.
    pub facts: Vec<(&'static str, String)>,
    /// Links to archives.
    pub links: Vec<Link>,
    /// Server and address of a picture; `None` without a position, and in a page within another.
    pub picture: Option<(PictureHost, String)>,
}

/// A position as it is shown and copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionText {
    /// Decimal degrees: `188.736250 +12.582222`.
    pub degrees: String,
    /// Sexagesimal, to be read: `12h 34m 56.70s, +12° 34′ 56.0″`.
    pub shown: String,
    /// Sexagesimal, to be copied: `12:34:56.70 +12:34:56.0`.
    pub copied: String,
}

/// Name of the fact that is the redshift with its error.
pub const REDSHIFT: &str = "Redshift";

/// Names of the bits of ZWARNING, the same in SDSS's spectro1d and DESI's redrock.
const WARNINGS: [&str; 12] = [
    "sky fibre",
    "little wavelength coverage",
    "another redshift fits nearly as well",
    "negative template",
    "many outlying pixels",
    "redshift at the limit of the fit",
    "negative emission",
    "unplugged fibre",
    "bad target",
    "no data",
    "bad minimum of the fit",
    "poor data",
];

/// Returns the object of the selected spectrum; `None` where nothing is selected, and for simulated spectra, which are of no object.
pub fn object_of(state: &AppState) -> Option<Object> {
    if state.shows_simulated() {
        return None;
    }
    let id = state.selected_id()?;
    let position = state.selected_position();
    let links = links(id, position);
    let facts = match state.selection()?.source {
        Source::Row(row) => facts_of_row(state, row),
        Source::File(_) => Vec::new(),
    };
    if links.is_empty() && facts.is_empty() {
        return None;
    }
    let picture = position.filter(|_| !state.link().embed).map(|position| {
        let host = PictureHost::of(id.survey);
        (host, host.picture(position))
    });
    let name = if id == SourceId::NONE { state.title() } else { id.to_string() };
    Some(Object { id: name, position: position.map(PositionText::of), facts, links, picture })
}

fn facts_of_row(state: &AppState, row: usize) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let value = |name: &str| state.value_of(row, name).filter(|value| value.is_finite()).map(f64::from);
    if let (Some(redshift), Some(error)) = (value("redshift"), value("z_err").filter(|error| *error > 0.0)) {
        facts.push((REDSHIFT, with_error(redshift, error)));
    }
    let subclass = || {
        let code = state.catalogue()?.integers("subclass")?.get(row).copied()?;
        state.manifest()?.subclass_names.get(usize::try_from(code).ok()?).filter(|name| !name.is_empty()).cloned()
    };
    facts.extend(subclass().map(|name| ("Subclass by the survey", name)));
    if let Some(bits) = value("zwarning").filter(|bits| *bits >= 0.0) {
        facts.push(("Warnings on the redshift", warnings(bits as u32)));
    }
    facts
}

/// Returns a value and its standard error, both to the error's second digit.
pub fn with_error(value: f64, error: f64) -> String {
    let decimals = (1.0 - error.log10().floor()).clamp(0.0, 8.0) as usize;
    minus(&format!("{value:.decimals$} ± {error:.decimals$}"))
}

/// Returns the meanings of the bits of ZWARNING.
pub fn warnings(bits: u32) -> String {
    let named = |bit: u32| WARNINGS.get(bit as usize).map_or_else(|| format!("bit {bit}"), |name| (*name).to_owned());
    let set: Vec<String> = (0..32).filter(|bit| (bits >> bit) & 1 == 1).map(named).collect();
    if set.is_empty() { "none".to_owned() } else { set.join(", ") }
}

impl PositionText {
    /// Returns the texts of a position.
    pub fn of(position: SkyPosition) -> Self {
        let (ra, dec) = position.degrees();
        let (hours, angle) = position.sexagesimal(["h ", "m ", "s"], ["° ", "′ ", "″"]);
        let copied = position.sexagesimal([":", ":", ""], [":", ":", ""]);
        Self {
            degrees: format!("{ra} {dec}"),
            shown: minus(&format!("{hours}, {angle}")),
            copied: format!("{} {}", copied.0, copied.1),
        }
    }
}
