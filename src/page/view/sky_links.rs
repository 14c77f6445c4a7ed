//! Addresses of an object at archives: plain links that a reader may follow, and pictures that are fetched once the reader agrees.

use crate::spectrum::{SkyPosition, SourceId, Survey};

/// A link to an object's page at an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Name of the archive.
    pub label: &'static str,
    /// Address.
    pub href: String,
}

/// A server that cuts pictures out of a survey of the sky.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureHost {
    /// SDSS's pictures, about a third of the sky.
    SkyServer,
    /// The DESI Legacy Surveys by the CDS, both hemispheres.
    Cds,
}

/// Side of a picture, pixels.
pub const PICTURE_SIZE: u32 = 256;
/// Scale of a picture, arcsec a pixel: 51 arcsec across.
const PICTURE_SCALE: f64 = 0.2;

/// Returns the links to an object: by its identifier where the archive knows that, else by its position.
pub fn links(id: SourceId, position: Option<SkyPosition>) -> Vec<Link> {
    let mut links = Vec::new();
    let mut link = |label: &'static str, href: String| links.push(Link { label, href });
    let explore = "https://skyserver.sdss.org/dr18/VisualTools/explore/summary";
    match (id.plate_mjd_fiber().filter(|_| !id.is_none()), position) {
        (Some([plate, mjd, fiber]), _) => link("SkyServer", format!("{explore}?plate={plate}&mjd={mjd}&fiber={fiber}")),
        (None, Some(SkyPosition { ra, dec })) => link("SkyServer", format!("{explore}?ra={ra:.6}&dec={dec:.6}")),
        (None, None) => {}
    }
    if id.survey == Survey::Desi && !id.is_none() {
        link("DESI spectrum", format!("https://www.legacysurvey.org/viewer/desi-spectrum/dr1/targetid{}", id.parts[0]));
    }
    if let Some(SkyPosition { ra, dec }) = position {
        link("Legacy Surveys", format!("https://www.legacysurvey.org/viewer?ra={ra:.6}&dec={dec:.6}&zoom=16"));
        // A plus sign in an address means a blank.
        let sign = if dec < 0.0 { "-" } else { "%2B" };
        let size = dec.abs();
        link(
            "SIMBAD",
            format!(
                "https://simbad.cds.unistra.fr/simbad/sim-coo?Coord={ra:.6}d{sign}{size:.6}d&Radius=6.00&Radius.unit=arcsec"
            ),
        );
        link(
            "NED",
            format!(
                "https://ned.ipac.caltech.edu/conesearch?search_type=Near%20Position%20Search&coordinates={ra:.6}d%20{sign}{size:.6}d\
                 &radius=0.1"
            ),
        );
    }
    links
}

impl PictureHost {
    /// Every server; the page's Content-Security-Policy names the same.
    pub const ALL: [PictureHost; 2] = [PictureHost::SkyServer, PictureHost::Cds];

    /// Returns the server that has pictures of a survey's objects.
    pub fn of(survey: Survey) -> Self {
        match survey {
            Survey::Sdss | Survey::SdssV => PictureHost::SkyServer,
            Survey::Desi | Survey::Lamost | Survey::Other => PictureHost::Cds,
        }
    }

    /// Returns the name of the server.
    pub fn name(self) -> &'static str {
        match self {
            PictureHost::SkyServer => "skyserver.sdss.org",
            PictureHost::Cds => "alasky.cds.unistra.fr",
        }
    }

    /// Returns whom to credit for a picture.
    pub fn credit(self) -> &'static str {
        match self {
            PictureHost::SkyServer => "SDSS (CC BY 4.0)",
            PictureHost::Cds => "DESI Legacy Imaging Surveys, by CDS hips2fits",
        }
    }

    /// Returns the address of a picture around a position.
    pub fn picture(self, SkyPosition { ra, dec }: SkyPosition) -> String {
        let side = PICTURE_SIZE;
        match self {
            PictureHost::SkyServer => format!(
                "https://skyserver.sdss.org/dr19/SkyServerWS/ImgCutout/getjpeg?ra={ra:.6}&dec={dec:.6}&scale={PICTURE_SCALE}&width={side}\
                 &height={side}"
            ),
            PictureHost::Cds => {
                let field = f64::from(side) * PICTURE_SCALE / 3600.0;
                format!(
                    "https://alasky.cds.unistra.fr/hips-image-services/hips2fits?hips=CDS/P/DESI-Legacy-Surveys/DR10/color&ra={ra:.6}\
                     &dec={dec:.6}&fov={field:.6}&width={side}&height={side}&projection=TAN&coordsys=icrs&format=jpg"
                )
            }
        }
    }
}
