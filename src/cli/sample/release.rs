//! Data releases, and the addresses of their spectra.
//!
//! SDSS: <https://www.sdss.org/dr17/spectro/spectro_access>, the paths of `sdss/tree` on GitHub for DR18 to DR20. DESI:
//! <https://data.desi.lbl.gov/doc/releases/dr1>.

use std::fmt;
use std::str::FromStr;

use crate::cli::address_list::Address;

/// A data release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Release {
    /// SDSS's, from 7 to 20.
    Sdss(u8),
    /// DESI's first.
    DesiDr1,
}

/// A spectrum or a file of spectra, as a row of a catalogue names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// SDSS to DR17, and what later releases keep of it.
    Plate { plate: u32, mjd: u32, fiber: u32, run2d: Option<String> },
    /// SDSS-V.
    Field { field: u32, mjd: u32, catalogid: u64, run2d: Option<String> },
    /// DESI: all targets of a healpix.
    Healpix { survey: String, program: String, healpix: u32 },
}

/// The first plate of BOSS; those before are of SDSS-I and II.
const FIRST_BOSS_PLATE: u32 = 3510;
/// Reductions of SDSS-I and II: the survey, then SEGUE and the special plates.
const LEGACY: [&str; 3] = ["26", "103", "104"];

impl FromStr for Release {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.to_ascii_lowercase();
        let number = text.strip_prefix("dr").and_then(|number| number.parse().ok());
        match number {
            _ if text == "desi-dr1" => Ok(Self::DesiDr1),
            Some(number) if (7..=20).contains(&number) => Ok(Self::Sdss(number)),
            _ => Err("the releases are dr7 to dr20 and desi-dr1".to_owned()),
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sdss(number) => write!(f, "dr{number}"),
            Self::DesiDr1 => f.write_str("desi-dr1"),
        }
    }
}

impl Release {
    /// Returns scheme and host of the release's server.
    pub(super) fn host(self) -> &'static str {
        match self {
            Self::Sdss(7) => "http://das.sdss.org",
            Self::Sdss(_) => "https://data.sdss.org",
            Self::DesiDr1 => "https://data.desi.lbl.gov",
        }
    }

    /// Returns the files of a source below `base`: one, and for DESI two.
    ///
    /// # Errors
    /// A source that the release does not hold, or for which its reduction must be given.
    pub(super) fn addresses(self, base: &str, source: &Source) -> Result<Vec<Address>, String> {
        let one = |(folders, name, path): (Vec<String>, String, String)| {
            let urls = folders.iter().map(|folder| format!("{base}/{folder}/{name}")).collect();
            Ok(vec![Address::new(urls, format!("{self}/{path}/{name}"))])
        };
        match (self, source) {
            (Self::Sdss(7), Source::Plate { plate, mjd, fiber, .. }) => one((
                vec![format!("spectro/1d_26/{plate:04}/1d")],
                format!("spSpec-{mjd:05}-{plate:04}-{fiber:03}.fit"),
                format!("{plate:04}"),
            )),
            (Self::Sdss(number), Source::Plate { plate, mjd, fiber, run2d }) => {
                let runs = plate_runs(self, *plate, run2d.as_deref())?;
                let folders = runs.iter().flat_map(|run| plate_folders(number, run, *plate)).collect();
                let name = format!("spec-{plate:04}-{mjd}-{fiber:04}.fits");
                one((folders, name, format!("{}/{plate:04}", runs[0])))
            }
            (Self::Sdss(number @ 18..), Source::Field { field, mjd, catalogid, run2d }) => {
                let run = match run2d {
                    Some(run) => run.clone(),
                    None => field_run(number).ok_or_else(|| lacks_run(self))?.to_owned(),
                };
                let urls = field_urls(number, &run, *field, *mjd, *catalogid);
                let path = format!("{self}/{run}/{field:06}/{mjd}/spec-{field:06}-{mjd}-{catalogid}.fits");
                Ok(vec![Address::new(urls.iter().map(|url| format!("{base}/{url}")).collect(), path)])
            }
            (Self::DesiDr1, Source::Healpix { survey, program, healpix }) => {
                let folder = format!("{survey}/{program}/{}/{healpix}", healpix / 100);
                let file = |kind: &str| {
                    let name = format!("{folder}/{kind}-{survey}-{program}-{healpix}.fits");
                    let url = format!("{base}/public/dr1/spectro/redux/iron/healpix/{name}");
                    Address::new(vec![url], format!("{self}/{name}"))
                };
                Ok(vec![file("coadd"), file("redrock")])
            }
            (_, Source::Healpix { .. }) => Err(format!("{self} has no healpix: those are of desi-dr1")),
            (_, Source::Field { .. }) => Err(format!("{self} has no catalogid: those are of dr18 and later")),
            (_, Source::Plate { .. }) => Err(format!("{self} has no plates: those are of dr7 to dr20")),
        }
    }
}

/// Returns the reductions that may hold a plate's spectra.
fn plate_runs(release: Release, plate: u32, run2d: Option<&str>) -> Result<Vec<String>, String> {
    let runs = match (run2d, release) {
        (Some(run), _) => vec![run],
        (None, _) if plate < FIRST_BOSS_PLATE => LEGACY.to_vec(),
        (None, Release::Sdss(16)) => vec!["v5_13_0"],
        (None, Release::Sdss(17)) => vec!["v5_13_2"],
        _ => return Err(lacks_run(release)),
    };
    Ok(runs.into_iter().map(str::to_owned).collect())
}

fn lacks_run(release: Release) -> String {
    format!("it has no run2d, and {release} holds several: give the column run2d, or --run2d for all")
}

/// Returns the folders of a plate, the small files (`lite`, without the exposures) first. Legacy plates and releases before DR16
/// have the others one folder up, those from DR16 on in `full`; DR8 has no small ones.
fn plate_folders(number: u8, run: &str, plate: u32) -> Vec<String> {
    let tree = if number < 18 { "sdss/spectro" } else { "spectro/sdss" };
    let spectra = format!("sas/dr{number}/{tree}/redux/{run}/spectra");
    let others = if number >= 16 && !LEGACY.contains(&run) { format!("{spectra}/full") } else { spectra.clone() };
    let lite = (number > 8).then(|| format!("{spectra}/lite"));
    lite.into_iter().chain([others]).map(|folder| format!("{folder}/{plate:04}")).collect()
}

/// Returns the reduction of SDSS-V's spectra.
fn field_run(number: u8) -> Option<&'static str> {
    match number {
        18 => Some("v6_0_4"),
        19 => Some("v6_1_3"),
        _ => None,
    }
}

/// Returns the addresses of a spectrum of SDSS-V below the host. A field has six digits, or at least four and a `p` after its
/// folder's name where it was a plate; DR20 also groups fields by thousands.
fn field_urls(number: u8, run: &str, field: u32, mjd: u32, catalogid: u64) -> Vec<String> {
    let spectra = format!("sas/dr{number}/spectro/sdss/redux/{run}/spectra");
    let six = |folder: &str| format!("{spectra}/{folder}/{field:06}/{mjd}/spec-{field:06}-{mjd}-{catalogid}.fits");
    let four = |folder: &str| format!("{spectra}/{folder}/{field:04}p/{mjd}/spec-{field:04}-{mjd}-{catalogid}.fits");
    let grouped = |folder: &str| six(&format!("daily/{folder}/{:03}XXX", field / 1000));
    let mut urls = Vec::new();
    for folder in ["lite", "full"] {
        if number >= 20 {
            urls.push(grouped(folder));
        }
        urls.extend([six(folder), four(folder)]);
    }
    urls
}
