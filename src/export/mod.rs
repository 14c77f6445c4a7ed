//! Tables for other programs: a selection as CSV or VOTable, a spectrum and the losses of a training run as CSV, and what to cite.
//!
//! Every function returns text and writes no file. CSV begins with `#` comments (`astropy.table.Table.read(file,
//! format='ascii.csv', comment='#')`, `pandas.read_csv(file, comment='#')`); VOTable is version 1.4, for TOPCAT, Aladin and astropy.
//!
//! - [`csv`]: the CSV writer, which the command line's tables use too.
//! - `selection`: the chosen rows as described columns, from which `selection_csv` and `votable` are written.
//! - `spectrum`, `losses`: one spectrum, one training run.
//! - `units`: units in the spelling of the Virtual Observatory.
//! - `citation`: BibTeX.

pub mod csv;

mod citation;
mod losses;
mod selection;
mod selection_csv;
mod spectrum;
mod units;
mod votable;

pub use self::csv::CsvWriter;
pub use citation::CITATION_BIBTEX;
pub use losses::loss_table;
pub use selection::{ExtraColumn, Selection};
pub use selection_csv::selection_csv;
pub use spectrum::{SpectrumExport, spectrum_csv};
pub use units::vounit;
pub use votable::selection_votable;
