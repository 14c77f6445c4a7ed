//! Describes a FITS file in which no spectrum is found: its instrument or kind, and what to do.

use super::hdu::Hdu;
use super::image::has_wavelength_axis;

/// The list of layouts that are read, for the end of a refusal.
const READ: &str = "SDSS's spec, spSpec and spPlate, DESI's coadd and spectra, LAMOST's, images of one dimension with a wavelength axis, and \
                    tables with a wavelength and a flux are read, or a CSV of wavelength, flux and error";

/// Describes a file that no layout reads.
pub(super) fn describe(hdus: &[Hdu<'_>]) -> String {
    let header = &hdus[0].header;
    let says = |key: &str| header.text(key).unwrap_or_default().trim().to_owned();
    let (telescope, origin, instrument) = (says("TELESCOP"), says("ORIGIN"), says("INSTRUME"));
    let upper = format!("{telescope} {origin} {instrument} {}", says("SURVEY")).to_uppercase();
    let has = |word: &str| upper.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
    let as_csv = "save its wavelength, flux and error as a CSV and open that";
    let named = match () {
        () if has("GAMA") => Some("it is a GAMA spectrum of the Anglo-Australian Telescope".to_owned()),
        () if has("6DF") || upper.contains("6DF") => {
            Some("it is a 6dF spectrum of the UK Schmidt Telescope".to_owned())
        }
        () if has("2DFGRS") || upper.contains("2DF") => {
            Some("it is a 2dF spectrum of the Anglo-Australian Telescope".to_owned())
        }
        () if has("ANGLO") || has("AAO") || has("AAT") => {
            Some("it is a spectrum of the Anglo-Australian Telescope".to_owned())
        }
        () if has("LAMOST") => Some("it is a LAMOST file without a spectrum of low resolution".to_owned()),
        () => None,
    };
    if let (Some(named), false) = (&named, hdus.iter().any(is_cube)) {
        return format!("{named}, in a layout that is not read: {as_csv}");
    }
    let by = match [&instrument, &telescope].into_iter().find(|name| !name.is_empty()) {
        Some(name) => format!(" of `{}`", name.chars().take(40).collect::<String>()),
        None => String::new(),
    };
    if hdus.iter().any(is_cube) {
        return format!("it is a spectral cube{by}: extract the spectrum of one object, and open that");
    }
    if hdus.iter().any(|hdu| hdu.header.is_true("ZIMAGE")) {
        return format!("its images{by} are compressed: unpack it with funpack and open that");
    }
    let images = || hdus.iter().filter(|hdu| hdu.is_image());
    if let Some(image) = images().find(|hdu| hdu.rows() > 1) {
        let kind = if has_wavelength_axis(&image.header) { "a two-dimensional spectrum" } else { "an image" };
        return format!(
            "it is {kind}{by} of {} x {} pixels: extract the spectrum of one object, and open that",
            image.axis(1),
            image.rows()
        );
    }
    if images().next().is_some() {
        return format!("its image{by} has no wavelengths (no CRVAL1 and CDELT1, and no image of them): {as_csv}");
    }
    let table = hdus.iter().find(|hdu| hdu.header.text("XTENSION").as_deref() == Some("BINTABLE"));
    let Some(table) = table else {
        return format!("it holds{by} neither an image nor a table: {READ}");
    };
    let names: Vec<String> = (1..=999)
        .map_while(|number| table.header.text(&format!("TTYPE{number}")))
        .map(|name| name.trim().to_uppercase())
        .collect();
    let named = |words: &[&str]| names.iter().any(|name| words.contains(&name.as_str()));
    if named(&["TARGETID"]) && named(&["SPECTYPE"]) {
        return "it is DESI's table of redshifts: open the coadd file beside it".to_owned();
    }
    if named(&["LINENAME", "LINEWAVE", "RESTWAVE", "LINE"]) {
        return "it is a table of measured lines, not a spectrum: open the file of the spectrum".to_owned();
    }
    let positions = named(&["RA", "RAJ2000", "PLUG_RA", "RA_DEG", "TARGET_RA", "ALPHA_J2000", "RACAT"]);
    if positions || (table.axis(2) > 1 && named(&["Z", "REDSHIFT", "MAG"])) {
        return format!(
            "it is a catalogue of {} objects{by}, not a spectrum: open the files of its spectra",
            table.axis(2)
        );
    }
    let listed: Vec<String> = names.iter().take(6).map(|name| format!("`{name}`")).collect();
    format!("no table{by} has a column of wavelengths and one of fluxes (the first has {}): {READ}", listed.join(", "))
}

/// Returns whether an HDU is an image of three dimensions or more.
fn is_cube(hdu: &Hdu<'_>) -> bool {
    hdu.is_image() && (2..=3).all(|axis| hdu.axis(axis) > 1)
}
