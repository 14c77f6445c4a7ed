//! What people take away: the spectrum and the selection as tables that other programs read, and what to cite.
//!
//! Everything here makes text; where it goes is the page's affair. CSV begins with `#` comments (`astropy.table.Table.read(file,
//! format='ascii.csv', comment='#')`, `pandas.read_csv(file, comment='#')`), VOTable is version 1.4 for TOPCAT, Aladin and
//! astropy.

mod citation;
mod csv;
mod losses;
mod selection;
mod spectrum;
mod units;
mod votable;

pub use citation::CITATION_BIBTEX;
pub use csv::selection_csv;
pub use losses::loss_table;
pub use selection::{ExtraColumn, Selection};
pub use spectrum::{SpectrumExport, spectrum_csv};
pub use units::vounit;
pub use votable::selection_votable;
