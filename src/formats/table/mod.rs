//! Reading a spectrum from a table of text: CSV, ECSV, TSV, or columns of numbers with blanks between them.
//!
//! Columns are known by their names, in any case; without names the first is wavelength, the second flux and the third,
//! if there is one, the standard error. Wavelengths are vacuum Angstrom unless a name, a unit or a comment says otherwise.
//! The redshift stands in a comment (`# redshift = 0.1`) or in an ECSV's `meta`.

mod columns;
mod names;
mod noise;
mod resample;
mod text;
mod units;

use super::error::ReadError;
use super::observation::Observation;
use crate::spectrum::{Class, ObservedSpectrum, SpectrumId};
use columns::{Columns, Frame};
use resample::Samples;
use text::Text;
pub use units::air_to_vacuum;

/// Fewest rows that make a spectrum.
const FEWEST_ROWS: usize = 4;

/// Whether bytes are to be read as a table: text that begins as an ECSV, is `named` as a table is, or has a line of two or more
/// numbers near its beginning; never what begins as FITS.
pub fn recognises(bytes: &[u8], named: bool) -> bool {
    let head = &bytes[..bytes.len().min(8192)];
    let packed = head.starts_with(&[0x1f, 0x8b]) || head.starts_with(b"PK\x03\x04");
    if head.is_empty() || packed || head.starts_with(b"SIMPLE") || text::is_binary(head) {
        return false;
    }
    named || text::begins_as_table(head)
}

/// Reads the spectrum of a table. `name` is the file's, for errors.
///
/// # Errors
/// One sentence that names the line: what is no number, a row too short, a wavelength that stands twice, columns that
/// cannot be told, too few rows, bytes that are no text.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Observation>, ReadError> {
    let text = Text::parse(name, bytes)?;
    let columns = Columns::find(name, &text)?;
    let mut notes = Vec::new();
    let mut samples = Vec::with_capacity(text.rows.len());
    for row in &text.rows {
        samples.push(columns.sample(name, row)?);
    }
    if samples.len() < FEWEST_ROWS {
        let reason = format!("it has {} rows of numbers, and a spectrum needs hundreds", samples.len());
        return Err(ReadError::table(name, reason));
    }
    let redshift = columns::number_in(&text.comments, &["redshift", "z"]).filter(|value| *value > -1.0);
    columns.wavelengths(name, &mut samples, &mut notes)?;
    columns.fluxes(&mut samples, &mut notes);
    let order = resample::sort(&mut samples);
    if let Some((line, other)) = order.twice {
        let reason =
            "this wavelength stands in two rows: keep one row for each, or give the parts as files of their own";
        return Err(ReadError::line(
            name,
            line.max(other),
            format!("{reason} (the other is line {})", line.min(other)),
        ));
    }
    if order.scrambled {
        notes.push("The rows were not in order of wavelength and have been sorted.".to_owned());
    }
    let mut samples = Samples::new(&samples);
    if !columns.has_errors() {
        noise::estimate(&mut samples);
        notes.push(
            "The table has no errors: they were estimated from the scatter of neighbouring pixels, so χ² is about 1 by \
             construction."
                .to_owned(),
        );
    }
    let redshift = match columns.frame(&text.comments) {
        Frame::Observed => redshift,
        Frame::Rest => {
            // Back to where the light was observed, so that one redshift takes all spectra to the rest frame.
            let redshift = redshift.unwrap_or(0.0);
            samples.wavelength.iter_mut().for_each(|wavelength| *wavelength *= 1.0 + redshift);
            notes.push("Its wavelengths are in the rest frame already.".to_owned());
            Some(redshift)
        }
    };
    let even = resample::even(name, &samples, &mut notes)?;
    let whole = |key: &str| columns::number_in(&text.comments, &[key]).map_or(0, |value| value as i32);
    let id = SpectrumId { plate: whole("plate"), mjd: whole("mjd"), fiber: whole("fiber") };
    let spectrum = ObservedSpectrum {
        id,
        redshift,
        class: Class::Unknown,
        log_wavelength: even.log_wavelength,
        flux: even.flux,
        error: even.error,
    };
    Ok(vec![Observation { spectrum, notes }])
}
