//! Spectra in a NumPy archive: `loglam` `[pixels]`, `flux` and `ivar` `[n, pixels]`, `z` `[n]`, and optionally `plate_mjd_fiber` `[n, 3]`
//! and `cls` `[n]` (GALAXY, QSO or STAR).

use std::io::{Cursor, Read};

use npyz::{NpyFile, Order};
use zip::ZipArchive;

use super::error::ReadError;
use super::observation::Observation;
use super::options::ReadOptions;
use crate::numerics::statistics;
use crate::spectrum::{Class, ObjectFacts, ObservedSpectrum, SourceId};

/// Largest size of an unpacked array, bytes: a small archive can unpack to more than the memory of a machine.
const LARGEST: u64 = 4 << 30;

/// The first bytes of a zip archive.
const ZIP: &[u8] = b"PK\x03\x04";

/// Returns whether bytes are a NumPy archive; `named` is whether the file's name says so.
pub(super) fn recognises(bytes: &[u8], named: bool) -> bool {
    named || bytes.starts_with(ZIP)
}

/// Returns whether bytes are an archive of stars for [`read_stars`]: `loglam` and `flux`, without errors and redshifts.
pub(super) fn recognises_stars(bytes: &[u8], _named: bool) -> bool {
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else { return false };
    let has = |key: &str| archive.index_for_name(&format!("{key}.npy")).is_some();
    has("loglam") && has("flux") && !has("ivar") && !has("z")
}

/// Reads all spectra of an archive. `name` is the file's, for errors. The class of a galaxy is unknown, since there are no line fluxes.
///
/// # Errors
/// Bytes that are no archive, and arrays that are missing or of another shape.
pub fn read(name: &str, bytes: &[u8], _: &ReadOptions<'_>) -> Result<Vec<Observation>, ReadError> {
    let refused = |reason: String| ReadError::Npz { file: name.to_owned(), reason };
    let mut arrays = Arrays::open(bytes).map_err(refused)?;
    let (loglam, flux) = pixels(name, &mut arrays)?;
    let pixels = loglam.len();
    let count = flux.len() / pixels;
    let ivar = arrays.numbers("ivar", Some(count * pixels)).map_err(refused)?;
    let redshift = arrays.numbers("z", Some(count)).map_err(refused)?;
    let ids = arrays.optional("plate_mjd_fiber", |a, key| a.numbers(key, Some(count * 3))).map_err(refused)?;
    let classes = arrays.optional("cls", |a, key| a.texts(key, count)).map_err(refused)?;
    let id = |i: usize| {
        let part = |k: usize| ids.as_ref().map_or(0, |ids| ids[3 * i + k] as i32);
        SourceId::sdss(part(0), part(1), part(2))
    };
    let class = |i: usize| match classes.as_ref().map(|classes| classes[i].as_str()) {
        Some("STAR") => Class::Star,
        Some("QSO") => Class::BroadLineAgn,
        _ => Class::Unknown,
    };
    let one = |i: usize| {
        let error = |&v: &f64| if v > 0.0 && v.is_finite() { v.powf(-0.5) as f32 } else { 0.0 };
        let spectrum = ObservedSpectrum {
            id: id(i),
            redshift: Some(redshift[i]).filter(|z| z.is_finite()),
            class: class(i),
            object: ObjectFacts::default(),
            log_wavelength: loglam.clone(),
            flux: flux[i * pixels..(i + 1) * pixels].iter().map(|&f| f as f32).collect(),
            error: ivar[i * pixels..(i + 1) * pixels].iter().map(error).collect(),
        };
        spectrum.into()
    };
    Ok((0..count).map(one).collect())
}

/// Reads the spectra of an archive with `loglam` and `flux` alone, the form in which lists of stars are shared. The error of a pixel is a
/// tenth of its spectrum's median flux, the redshift 0, and the class [`Class::Star`].
///
/// # Errors
/// The errors of [`read`], and an archive with errors, which is not a list of stars.
pub fn read_stars(name: &str, bytes: &[u8], _: &ReadOptions<'_>) -> Result<Vec<Observation>, ReadError> {
    let refused = |reason: String| ReadError::Npz { file: name.to_owned(), reason };
    let mut arrays = Arrays::open(bytes).map_err(refused)?;
    if arrays.has("ivar") {
        return Err(refused("it has errors (`ivar`), which a list of stars has not".to_owned()));
    }
    let (loglam, flux) = pixels(name, &mut arrays)?;
    let star = |flux: &[f64]| {
        let seen = statistics::sorted(flux.iter().copied());
        let error = seen.get(seen.len() / 2).map_or(0.0, |median| median.abs() / 10.0) as f32;
        let spectrum = ObservedSpectrum {
            id: SourceId::NONE,
            redshift: Some(0.0),
            class: Class::Star,
            object: ObjectFacts::default(),
            log_wavelength: loglam.clone(),
            flux: flux.iter().map(|&flux| if flux.is_finite() { flux as f32 } else { 0.0 }).collect(),
            error: flux.iter().map(|flux| if flux.is_finite() { error } else { 0.0 }).collect(),
        };
        let note = "The archive has neither errors nor redshifts: its spectra are taken as stars at redshift 0, with a tenth of the \
                    median flux as error.";
        Observation { spectrum, notes: vec![note.to_owned()] }
    };
    Ok(flux.chunks_exact(loglam.len()).map(star).collect())
}

/// Reads `loglam` `[pixels]` and `flux` `[n * pixels]`, and refuses shapes that do not fit.
fn pixels(name: &str, arrays: &mut Arrays<'_>) -> Result<(Vec<f64>, Vec<f64>), ReadError> {
    let refused = |reason: String| ReadError::Npz { file: name.to_owned(), reason };
    let loglam = arrays.numbers("loglam", None).map_err(refused)?;
    let flux = arrays.numbers("flux", None).map_err(refused)?;
    if loglam.len() < 4 || flux.is_empty() || flux.len() % loglam.len() != 0 {
        let (found, pixels) = (flux.len(), loglam.len());
        return Err(refused(format!("`flux` has {found} numbers, no multiple of the {pixels} of `loglam`")));
    }
    check_even(name, &loglam)?;
    Ok((loglam, flux))
}

struct Arrays<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Arrays<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, String> {
        let archive = ZipArchive::new(Cursor::new(bytes));
        Ok(Self { archive: archive.map_err(|error| format!("it is no npz archive ({error})"))? })
    }

    fn has(&self, key: &str) -> bool {
        self.archive.index_for_name(&format!("{key}.npy")).is_some()
    }

    /// Reads an array of real or whole numbers, row by row; where `count` is given, of that length.
    fn numbers(&mut self, key: &str, count: Option<usize>) -> Result<Vec<f64>, String> {
        let bytes = self.bytes(key)?;
        let file = NpyFile::new(&bytes[..]).map_err(|error| format!("`{key}` is no NumPy array ({error})"))?;
        if file.order() == Order::Fortran && file.shape().len() > 1 {
            return Err(format!("`{key}` is stored column by column: save it with numpy.ascontiguousarray"));
        }
        let kind = file.dtype().descr();
        let cut = |error: std::io::Error| format!("`{key}` is cut short ({error})");
        let file = match file.try_data::<f64>() {
            Ok(data) => return checked(key, data.collect::<Result<_, _>>().map_err(cut)?, count),
            Err(file) => file,
        };
        let file = match file.try_data::<f32>() {
            Ok(data) => {
                return checked(key, data.map(|v| v.map(f64::from)).collect::<Result<_, _>>().map_err(cut)?, count);
            }
            Err(file) => file,
        };
        let file = match file.try_data::<i64>() {
            Ok(data) => {
                return checked(key, data.map(|v| v.map(|v| v as f64)).collect::<Result<_, _>>().map_err(cut)?, count);
            }
            Err(file) => file,
        };
        match file.try_data::<i32>() {
            Ok(data) => checked(key, data.map(|v| v.map(f64::from)).collect::<Result<_, _>>().map_err(cut)?, count),
            Err(_) => Err(format!("`{key}` is of type {kind}, expected real or whole numbers")),
        }
    }

    /// Reads an array of `count` strings as NumPy stores them: four-byte characters, padded with zeros to a fixed width.
    fn texts(&mut self, key: &str, count: usize) -> Result<Vec<String>, String> {
        let bytes = self.bytes(key)?;
        let file = NpyFile::new(&bytes[..]).map_err(|error| format!("`{key}` is no NumPy array ({error})"))?;
        let kind = file.dtype().descr();
        let width = file.dtype().num_bytes().filter(|&width| width > 0 && kind.contains("<U"));
        let width = width.ok_or_else(|| format!("`{key}` is of type {kind}, expected texts"))?;
        let text = |cell: &[u8]| {
            let codes = cell.as_chunks::<4>().0.iter().map(|code| u32::from_le_bytes(*code));
            codes.take_while(|&code| code != 0).filter_map(char::from_u32).collect::<String>()
        };
        let texts: Vec<String> = file.into_inner().chunks_exact(width).map(text).collect();
        if texts.len() == count { Ok(texts) } else { Err(format!("`{key}` has {} entries, not {count}", texts.len())) }
    }

    /// Reads an array that may be absent.
    fn optional<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Self, &str) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        if self.has(key) { read(self, key).map(Some) } else { Ok(None) }
    }

    fn bytes(&mut self, key: &str) -> Result<Vec<u8>, String> {
        let names: Vec<String> = self.archive.file_names().flatten().map(String::from).collect();
        let file = self.archive.by_name(&format!("{key}.npy"));
        let file = file.map_err(|_| format!("it has no array `{key}`, only: {}", names.join(", ")))?;
        let mut bytes = Vec::new();
        file.take(LARGEST).read_to_end(&mut bytes).map_err(|error| format!("`{key}` cannot be unpacked ({error})"))?;
        Ok(bytes)
    }
}

fn checked(key: &str, values: Vec<f64>, count: Option<usize>) -> Result<Vec<f64>, String> {
    match count {
        Some(count) if count != values.len() => Err(format!("`{key}` has {} numbers, not {count}", values.len())),
        _ => Ok(values),
    }
}

fn check_even(file: &str, loglam: &[f64]) -> Result<(), ReadError> {
    let steps = || loglam.windows(2).map(|pair| pair[1] - pair[0]);
    let (low, high) = (steps().fold(f64::INFINITY, f64::min), steps().fold(f64::NEG_INFINITY, f64::max));
    // Written so that NaN is refused too.
    let even = low > 0.0 && high - low < 0.1 * low;
    if even { Ok(()) } else { Err(ReadError::Uneven { file: file.to_owned(), low, high }) }
}
