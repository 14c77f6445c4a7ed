//! Tables for other programs: a selection as CSV or VOTable, a spectrum and the losses of a training run as CSV, and what to cite.
//!
//! Every function returns text and writes no file. CSV begins with `#` comments (`astropy.table.Table.read(file,
//! format='ascii.csv', comment='#')`, `pandas.read_csv(file, comment='#')`); VOTable is version 1.4, for TOPCAT, Aladin and astropy.
//!
//! - [`csv`]: the CSV writer, which the command line's tables use too.
//! - `table`: described columns, from which CSV (`table_csv`) and VOTable (`votable`) are written; `selection`: the chosen rows of a set
//!   as such a table.
//! - `spectrum`, `losses`: one spectrum, one training run.
//! - `units`: units in the spelling of the Virtual Observatory.
//! - `citation`: BibTeX.

pub mod csv;

mod citation;
mod losses;
mod selection;
mod spectrum;
mod table;
mod table_csv;
mod units;
mod votable;

pub use self::csv::CsvWriter;
pub use citation::CITATION_BIBTEX;
pub use losses::loss_table;
pub use selection::{ExtraColumn, Selection};
pub use spectrum::{SpectrumExport, spectrum_csv};
pub use table::{Cells, Field, Table};
pub use table_csv::{selection_csv, table_csv};
pub use units::vounit;
pub use votable::{selection_votable, votable};
