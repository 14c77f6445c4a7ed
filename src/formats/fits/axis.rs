//! The wavelength axis of an image: keywords of FITS and IRAF, or an image of wavelengths beside it.

use super::hdu::Hdu;
use super::header::Header;
use crate::formats::error::ReadError;
use crate::formats::pixels::WavelengthUnit;

/// The form of an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scale {
    /// Wavelength.
    Linear,
    /// log10 of the wavelength.
    Log10,
    /// Natural logarithm of the wavelength.
    Ln,
    /// The logarithmic axis of the standard, `WAVE-LOG`: reference x exp(step x pixels / reference).
    Standard,
}

/// The wavelength axis of an image.
#[derive(Debug, Clone)]
pub(super) enum Axis {
    /// Keywords: the value at the reference pixel (from 1), and the step.
    Keywords { scale: AxisScale, value: f64, step: f64, reference: f64, unit: Option<WavelengthUnit> },
    /// Start and step of each row, from IRAF's `multispec` keywords.
    Rows { rows: Vec<Row>, unit: Option<WavelengthUnit> },
    /// The wavelengths themselves.
    Listed { values: Vec<f64>, unit: Option<WavelengthUnit> },
}

/// The form of an axis in keywords.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct AxisScale(Scale);

/// A row of an image of IRAF's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    log10: bool,
    start: f64,
    step: f64,
    /// 1 + the redshift by which the row was shifted.
    shift: f64,
}

impl Axis {
    /// Finds the axis of an image; `None` where nothing gives wavelengths.
    ///
    /// # Errors
    /// A unit that is not known.
    pub(super) fn of(
        file: &str,
        hdus: &[Hdu<'_>],
        hdu: &Hdu<'_>,
        headers: &[Header<'_>],
    ) -> Result<Option<Self>, ReadError> {
        let parse = |text: &str| WavelengthUnit::parse(text).map_err(|what| ReadError::not_spectrum(file, what));
        if let Some(listed) = listed(hdus, hdu) {
            let is_log = listed.name().contains("LOG");
            let unit = if is_log {
                Some(WavelengthUnit::LOG)
            } else {
                parse(&listed.header.text("BUNIT").unwrap_or_default())?
            };
            return Ok(listed.image_row(0).map(|values| Self::Listed { values, unit }));
        }
        let text = |keys: &[&str]| headers.iter().find_map(|header| header.first_text(keys)).unwrap_or_default();
        let kind = text(&["CTYPE1"]).to_uppercase();
        let attributes = attributes(&headers[0], "WAT1_");
        let said =
            [text(&["CUNIT1"]), value_of(&attributes, "units").unwrap_or_default(), text(&["WAVEUNIT", "XUNIT"])];
        let unit = said.iter().find(|unit| !unit.is_empty()).map_or(Ok(None), |unit| parse(unit))?;
        if kind.starts_with("MULTISPE") {
            let rows = multispec(&attributes_of(&headers[0]));
            return Ok((!rows.is_empty()).then_some(Self::Rows { rows, unit }));
        }
        if kind.starts_with("FREQ")
            || kind.starts_with("VELO")
            || kind.starts_with("VRAD")
            || kind.starts_with("RA--")
            || kind.starts_with("PIXEL")
        {
            return Ok(None);
        }
        // The header of the image alone, then that of the file: never a value of one and a step of the other.
        let keywords = headers.iter().find_map(|header| {
            let value = header.number("CRVAL1").or_else(|| header.number("COEFF0"))?;
            let step = header.first_number(&["CDELT1", "CD1_1", "COEFF1"]).filter(|step| *step != 0.0)?;
            Some((*header, value, step, header.number("CRPIX1").unwrap_or(1.0)))
        });
        let Some((header, value, step, reference)) = keywords.filter(|(_, value, ..)| *value > 0.0) else {
            return Ok(None);
        };
        let says_log = header.number("DC-FLAG") == Some(1.0)
            || header.flag("LOGSCALE") == Some(true)
            || header.number("CRVAL1").is_none()
            || header.text("WFITTYPE").is_some_and(|fit| fit.to_uppercase().contains("LOG"))
            || kind.contains("LOG")
            || kind.starts_with("LN");
        let log10 = (2.5..5.0).contains(&value)
            && step.abs() < 0.01
            && unit.is_none_or(|unit| unit == WavelengthUnit::ANGSTROM);
        let scale = match () {
            () if log10 => Scale::Log10,
            () if says_log && (6.0..11.5).contains(&value) && step.abs() < 0.01 => Scale::Ln,
            () if kind.ends_with("-LOG") => Scale::Standard,
            () => Scale::Linear,
        };
        Ok(Some(Self::Keywords { scale: AxisScale(scale), value, step, reference, unit }))
    }

    /// Returns the wavelengths of a row, and their unit.
    pub(super) fn wavelengths(&self, pixels: usize, row: usize) -> (Vec<f64>, Option<WavelengthUnit>) {
        match self {
            Self::Listed { values, unit } => (values.clone(), *unit),
            Self::Keywords { scale: AxisScale(scale), value, step, reference, unit } => {
                let at = |pixel: usize| (pixel as f64 + 1.0 - reference) * step;
                let wavelength = |pixel: usize| match scale {
                    Scale::Linear => value + at(pixel),
                    Scale::Log10 => 10f64.powf(value + at(pixel)),
                    Scale::Ln => (value + at(pixel)).exp(),
                    Scale::Standard => value * (at(pixel) / value).exp(),
                };
                let unit = if matches!(scale, Scale::Log10 | Scale::Ln) {
                    unit.or(Some(WavelengthUnit::ANGSTROM))
                } else {
                    *unit
                };
                ((0..pixels).map(wavelength).collect(), unit)
            }
            Self::Rows { rows, unit } => {
                let Some(row) = rows.get(row) else { return (Vec::new(), *unit) };
                let at = |pixel: usize| row.start + row.step * pixel as f64;
                let wavelength = |pixel: usize| if row.log10 { 10f64.powf(at(pixel)) } else { at(pixel) } / row.shift;
                ((0..pixels).map(wavelength).collect(), *unit)
            }
        }
    }
}

/// Returns the image of wavelengths that has the length of an image.
fn listed<'a, 'b>(hdus: &'b [Hdu<'a>], image: &Hdu<'_>) -> Option<&'b Hdu<'a>> {
    let fits =
        |hdu: &&Hdu<'_>| hdu.index != image.index && hdu.is_image() && hdu.axis(1) == image.axis(1) && hdu.rows() == 1;
    let named = |hdu: &&Hdu<'_>| {
        let name = hdu.name();
        ["WAVE", "LAMBDA", "LOGLAM", "WLEN"].iter().any(|begin| name.starts_with(begin))
    };
    hdus.iter().filter(fits).find(named)
}

/// Returns the text that IRAF divides among the cards `root`001, `root`002, ...: 68 characters each, spaces at their ends included.
fn attributes(header: &Header<'_>, root: &str) -> String {
    let cards = (1..1000).map_while(|number| header.text(&format!("{root}{number:03}")));
    cards.map(|text| format!("{text:<68}")).collect()
}

/// Returns the attributes of the rows, which are those of the second axis.
fn attributes_of(header: &Header<'_>) -> String {
    attributes(header, "WAT2_")
}

/// Returns the value of an attribute: `label=Wavelength units=angstroms`.
fn value_of(attributes: &str, name: &str) -> Option<String> {
    let at = attributes.find(&format!("{name}="))?;
    let value = attributes[at + name.len() + 1..].trim_start_matches('"');
    Some(value.split([' ', '"']).next().unwrap_or("").to_owned())
}

/// Parses the rows of IRAF's `multispec`: `spec1 = "aperture beam type start step pixels redshift ..."`, type 0 linear, 1 log10. A row of
/// another type, a polynomial, ends the list.
fn multispec(attributes: &str) -> Vec<Row> {
    let rows = (1..).map_while(|number| {
        let text = attributes.split(&format!("spec{number} =")).nth(1)?;
        let quoted = text.split('"').nth(1)?;
        let fields: Vec<f64> =
            quoted.split_whitespace().take(7).map(|field| field.parse().unwrap_or(f64::NAN)).collect();
        let [_, _, kind, start, step, _, redshift] = fields[..] else { return None };
        let valid = (kind == 0.0 || kind == 1.0) && start > 0.0 && step != 0.0 && step.is_finite() && redshift > -1.0;
        valid.then_some(Row { log10: kind == 1.0, start, step, shift: 1.0 + redshift })
    });
    rows.take(2000).collect()
}
