//! The identifier of a spectrum in its survey.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The survey that a spectrum is from, as far as its identifier tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(i32)]
pub enum Survey {
    /// SDSS-I to SDSS-IV: plate, modified Julian date, fibre.
    Sdss = 0,
    /// SDSS-V: field, modified Julian date, catalogue id.
    SdssV = 1,
    /// DESI: target id; its survey and program, and its healpix, are not part of the identifier.
    Desi = 2,
    /// LAMOST: observation id.
    Lamost = 3,
    /// Any other source: an integer of its own.
    Other = 4,
}

/// The identifier of a spectrum: its survey and up to three integers. Displayed and parsed as the survey's name, a colon and the integers, as
/// in `desi:39627835576420141`; those of SDSS are displayed bare, as in `266-51602-1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceId {
    /// Survey.
    pub survey: Survey,
    /// The survey's integers; those that it does not use are 0.
    pub parts: [i64; 3],
}

impl Survey {
    /// Every survey, in the order of the codes.
    pub const ALL: [Survey; 5] = [Survey::Sdss, Survey::SdssV, Survey::Desi, Survey::Lamost, Survey::Other];

    /// Returns the code that catalogues use.
    pub fn code(self) -> i32 {
        self as i32
    }

    /// Returns the survey of a code; `Other` for any other number.
    pub fn from_code(code: i32) -> Self {
        Self::ALL.into_iter().find(|survey| survey.code() == code).unwrap_or(Survey::Other)
    }

    /// Returns the name before the colon of an identifier.
    pub fn prefix(self) -> &'static str {
        match self {
            Survey::Sdss => "sdss",
            Survey::SdssV => "sdssv",
            Survey::Desi => "desi",
            Survey::Lamost => "lamost",
            Survey::Other => "other",
        }
    }

    /// Returns the number of integers in an identifier.
    fn length(self) -> usize {
        match self {
            Survey::Sdss | Survey::SdssV => 3,
            Survey::Desi | Survey::Lamost | Survey::Other => 1,
        }
    }
}

impl SourceId {
    /// The identifier of a spectrum whose file has none.
    pub const NONE: SourceId = SourceId { survey: Survey::Sdss, parts: [0; 3] };

    /// Returns an identifier of SDSS-I to SDSS-IV.
    pub fn sdss(plate: i32, mjd: i32, fiber: i32) -> Self {
        Self { survey: Survey::Sdss, parts: [plate, mjd, fiber].map(i64::from) }
    }

    /// Returns an identifier of SDSS-V.
    pub fn sdss_v(field: i64, mjd: i64, catalog_id: i64) -> Self {
        Self { survey: Survey::SdssV, parts: [field, mjd, catalog_id] }
    }

    /// Returns an identifier of DESI.
    pub fn desi(target_id: i64) -> Self {
        Self { survey: Survey::Desi, parts: [target_id, 0, 0] }
    }

    /// Returns an identifier of LAMOST.
    pub fn lamost(observation_id: i64) -> Self {
        Self { survey: Survey::Lamost, parts: [observation_id, 0, 0] }
    }

    /// Decodes SDSS's 64-bit SPECOBJID of DR8 and later: 14 bits of plate, 12 of fibre, 14 of MJD - 50000, 14 of the reduction (SDSS, "specObjID"
    /// in the glossary of SkyServer). Returns `None` where the bits are no plate and fibre.
    pub fn from_spec_obj_id(id: u64) -> Option<Self> {
        let bits = |shift: u32, width: u32| ((id >> shift) & ((1 << width) - 1)) as i32;
        let (plate, fiber, mjd) = (bits(50, 14), bits(38, 12), bits(24, 14) + 50_000);
        (plate > 0 && fiber > 0).then(|| Self::sdss(plate, mjd, fiber))
    }

    /// Returns whether the file of the spectrum had no identifier.
    pub fn is_none(self) -> bool {
        // A coadd of all epochs of SDSS-V has no field.
        let naming = if self.survey == Survey::SdssV { self.parts[2] } else { self.parts[0] };
        naming == 0
    }

    /// Returns plate, modified Julian date and fibre; `None` for other surveys and numbers that are too large.
    pub fn plate_mjd_fiber(self) -> Option<[i32; 3]> {
        if self.survey != Survey::Sdss {
            return None;
        }
        let [plate, mjd, fiber] = self.parts.map(|part| i32::try_from(part).ok());
        Some([plate?, mjd?, fiber?])
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.survey != Survey::Sdss {
            write!(f, "{}:", self.survey.prefix())?;
        }
        for (i, part) in self.parts[..self.survey.length()].iter().enumerate() {
            let dash = if i > 0 { "-" } else { "" };
            write!(f, "{dash}{part}")?;
        }
        Ok(())
    }
}

impl FromStr for SourceId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (prefix, numbers) = text.trim().split_once(':').unwrap_or(("sdss", text.trim()));
        let survey = Survey::ALL.into_iter().find(|survey| survey.prefix().eq_ignore_ascii_case(prefix));
        let read: Option<Vec<i64>> = numbers.split('-').map(|part| part.parse().ok()).collect();
        match (survey, read) {
            (Some(survey), Some(read)) if read.len() == survey.length() => {
                let mut parts = [0; 3];
                parts[..read.len()].copy_from_slice(&read);
                Ok(Self { survey, parts })
            }
            _ => Err(format!(
                "`{text}` is not a spectrum's name: plate-mjd-fiber, as in 266-51602-1, or a survey and its numbers, as in \
                 desi:39627835576420141"
            )),
        }
    }
}
