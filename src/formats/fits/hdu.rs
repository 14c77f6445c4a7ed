//! The header-data units of a FITS file (FITS standard 4.0, section 3).

use super::header::{BLOCK, Header};
use crate::formats::error::ReadError;

/// A header and the bytes of its data.
pub(super) struct Hdu<'a> {
    /// Index in the file, from 0.
    pub(super) index: usize,
    /// Header.
    pub(super) header: Header<'a>,
    /// Data, without the padding after it.
    pub(super) data: &'a [u8],
}

/// Splits a file into its HDUs. Records after the last one that are no extension are ignored, as the standard asks.
pub(super) fn split<'a>(file: &str, bytes: &'a [u8]) -> Result<Vec<Hdu<'a>>, ReadError> {
    if !bytes.starts_with(b"SIMPLE  =") {
        return Err(ReadError::NotFits { file: file.to_owned() });
    }
    let mut hdus = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let index = hdus.len();
        if index > 0 && !bytes[start..].starts_with(b"XTENSION") {
            break;
        }
        let cut =
            |needed: usize| ReadError::Truncated { file: file.to_owned(), hdu: index, needed, found: bytes.len() };
        let Some((header, length)) = Header::parse(&bytes[start..]) else {
            return Err(cut(bytes.len().next_multiple_of(BLOCK) + BLOCK));
        };
        if index == 0 && !header.is_true("SIMPLE") {
            return Err(ReadError::NotFits { file: file.to_owned() });
        }
        let Some(size) = data_size(&header) else {
            return Err(ReadError::damaged(file, index, "its header gives no possible size of the data"));
        };
        let begin = start + length;
        let end = begin.saturating_add(size);
        let Some(data) = bytes.get(begin..end) else {
            return Err(cut(end));
        };
        hdus.push(Hdu { index, header, data });
        start = end.next_multiple_of(BLOCK);
    }
    Ok(hdus)
}

impl Hdu<'_> {
    /// Returns the length of an axis, counted from 1; 0 where there is none.
    pub(super) fn axis(&self, number: usize) -> usize {
        self.header.count(&format!("NAXIS{number}")).unwrap_or(0)
    }

    /// Returns the name, EXTNAME, in upper case.
    pub(super) fn name(&self) -> String {
        self.header.text("EXTNAME").unwrap_or_default().trim().to_uppercase()
    }

    /// Returns whether the HDU holds an image, the primary one or an extension, with pixels.
    pub(super) fn is_image(&self) -> bool {
        let kind = self.header.text("XTENSION");
        kind.is_none_or(|kind| kind.eq_ignore_ascii_case("IMAGE")) && self.axis(1) > 0 && !self.data.is_empty()
    }

    /// Returns the number of rows of an image: the product of the lengths of all its axes but the first.
    pub(super) fn rows(&self) -> usize {
        let axes = self.header.count("NAXIS").unwrap_or(0).min(9);
        (2..=axes).map(|axis| self.axis(axis)).fold(usize::from(axes > 0), usize::saturating_mul)
    }

    /// Returns a row of an image, counted from 0, with its scale (BSCALE, BZERO) applied and NaN for BLANK; `None` where there is no such
    /// row.
    pub(super) fn image_row(&self, row: usize) -> Option<Vec<f64>> {
        let width = self.axis(1);
        let kind = self.header.number("BITPIX")? as i32;
        let size = kind.unsigned_abs() as usize / 8;
        let start = row.checked_mul(width)?.checked_mul(size)?;
        let bytes = self.data.get(start..start.checked_add(width.checked_mul(size)?)?)?;
        let mut values: Vec<f64> = match kind {
            8 => bytes.iter().map(|&b| f64::from(b)).collect(),
            16 => bytes.as_chunks::<2>().0.iter().map(|b| f64::from(i16::from_be_bytes(*b))).collect(),
            32 => bytes.as_chunks::<4>().0.iter().map(|b| f64::from(i32::from_be_bytes(*b))).collect(),
            64 => bytes.as_chunks::<8>().0.iter().map(|b| i64::from_be_bytes(*b) as f64).collect(),
            -32 => bytes.as_chunks::<4>().0.iter().map(|b| f64::from(f32::from_be_bytes(*b))).collect(),
            -64 => bytes.as_chunks::<8>().0.iter().map(|b| f64::from_be_bytes(*b)).collect(),
            _ => return None,
        };
        if let Some(blank) = self.header.number("BLANK").filter(|_| kind > 0) {
            values.iter_mut().filter(|value| **value == blank).for_each(|value| *value = f64::NAN);
        }
        let (scale, zero) = (self.header.number("BSCALE").unwrap_or(1.0), self.header.number("BZERO").unwrap_or(0.0));
        if (scale, zero) != (1.0, 0.0) {
            values.iter_mut().for_each(|value| *value = *value * scale + zero);
        }
        Some(values)
    }
}

/// Computes the size of the data, bytes: |BITPIX| / 8 x GCOUNT x (PCOUNT + NAXIS1 x NAXIS2 x ...); `None` where it is not given or
/// overflows.
fn data_size(header: &Header<'_>) -> Option<usize> {
    let bytes = match header.number("BITPIX")? as i32 {
        bits @ (8 | 16 | 32 | 64 | -32 | -64) => bits.unsigned_abs() as usize / 8,
        _ => return None,
    };
    let axes = header.count("NAXIS").filter(|&axes| axes <= 999)?;
    if axes == 0 {
        return Some(0);
    }
    let pixels =
        (1..=axes).try_fold(1usize, |product, axis| product.checked_mul(header.count(&format!("NAXIS{axis}"))?))?;
    let with_heap = pixels.checked_add(header.count("PCOUNT").unwrap_or(0))?;
    with_heap.checked_mul(header.count("GCOUNT").unwrap_or(1))?.checked_mul(bytes)
}
