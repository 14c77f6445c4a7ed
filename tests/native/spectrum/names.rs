//! Identifiers and positions as people write them.

use spectrascape::spectrum::{SkyPosition, SourceId, Survey, TypedPosition};

#[test]
fn every_spelling_of_a_plate_mjd_and_fibre_is_the_same_spectrum() {
    let id = SourceId::sdss(266, 51602, 1);
    for text in [
        "266-51602-1",
        " 0266-51602-0001 ",
        "266 51602 1",
        "266, 51602, 1",
        "sdss:266-51602-1",
        "SDSS 266-51602-001",
        "plate=266 mjd=51602 fiberid=1",
        "spec-0266-51602-0001.fits",
        "spec-0266-51602-0001",
        "https://data.sdss.org/sas/dr17/sdss/spectro/redux/26/spectra/lite/0266/spec-0266-51602-0001.fits",
        "spSpec-51602-0266-001.fit",
        "spec-0266-51602-0001.fits.gz",
    ] {
        assert_eq!(SourceId::all_in(text).first(), Some(&id), "{text}");
    }
}

#[test]
fn long_numbers_are_tried_as_what_surveys_write() {
    // SDSS's own example: plate 266, MJD 51602, fibre 1, run2d 26.
    let number = (266u64 << 50) | (1 << 38) | ((51602 - 50000) << 24) | (26 << 10);
    let found = SourceId::all_in(&number.to_string());
    assert!(found.contains(&SourceId::sdss(266, 51602, 1)), "{found:?}");
    assert_eq!(SourceId::all_in("39627835576420141")[0], SourceId::desi(39627835576420141));
    assert_eq!(SourceId::all_in("desi:39627835576420141"), [SourceId::desi(39627835576420141)]);
    assert_eq!(SourceId::all_in("TARGETID 39627835576420141"), [SourceId::desi(39627835576420141)]);
    assert_eq!(SourceId::all_in("lamost:101001"), [SourceId::lamost(101001)]);
    assert!(SourceId::all_in("12").contains(&SourceId { survey: Survey::Other, parts: [12, 0, 0] }));
    // Its numbers are larger than SDSS's fibres.
    let of_sdss_v = SourceId::sdss_v(112360, 60000, 27021598150202075);
    assert_eq!(SourceId::all_in("spec-112360-60000-27021598150202075.fits"), [of_sdss_v]);
    assert_eq!(SourceId::all_in("sdssv:112360-60000-27021598150202075"), [of_sdss_v]);
}

#[test]
fn what_is_no_identifier_is_none() {
    for text in ["", "M31", "188.73 12.58", "12:34:56 +12:34:56", "NGC 4321", "1 2", "1-2-3-4", "spec-a-b-c.fits", "--"]
    {
        assert_eq!(SourceId::all_in(text), [], "{text}");
    }
}

/// Values by astropy's `SkyCoord`.
#[test]
fn positions_are_read_in_degrees_and_in_hours() {
    for (text, ra, dec) in [
        ("188.73625 12.582222", 188.73625, 12.582222),
        ("188.73625, -12.582222", 188.73625, -12.582222),
        ("RA=188.73625 Dec=+12.582222", 188.73625, 12.582222),
        ("188.73625d 12.582222d", 188.73625, 12.582222),
        ("12:34:56.7 +12:34:56", 188.73625, 12.582222),
        ("12 34 56.7 +12 34 56", 188.73625, 12.582222),
        ("12h34m56.7s+12d34m56s", 188.73625, 12.582222),
        ("12h 34m 56.7s, +12° 34′ 56″", 188.73625, 12.582222),
        ("12h34m56.7s \u{2212}00d12m30s", 188.73625, -0.208333),
        ("188d44m10.5s 12d34m56s", 188.73625, 12.582222),
    ] {
        let typed = TypedPosition::parse(text).unwrap_or_else(|| panic!("{text} is a position"));
        let there = SkyPosition::new(ra, dec).expect("it is on the sky");
        assert!(3600.0 * typed.position.separation(there) < 0.01, "{text}: {typed:?}");
        assert_eq!(typed.tolerance, 0.0, "{text}");
    }
    for text in
        ["266-51602-1", "12", "12 34 56", "400 12", "12 95", "12:61:00 +1:00:00", "12h M31", "one two", "1 2 3 4 5"]
    {
        assert_eq!(TypedPosition::parse(text), None, "{text}");
    }
}

#[test]
fn the_position_in_a_name_is_cut_off_and_says_by_how_much() {
    let typed = TypedPosition::parse("SDSS J123456.7+123456").expect("it is a name");
    // What is meant lies between 12:34:56.7 and 12:34:56.8, +12:34:56 and +12:34:57.
    for (ra, dec) in [(188.73625, 12.582222), (188.736667, 12.5825)] {
        let there = SkyPosition::new(ra, dec).expect("it is on the sky");
        let away = typed.position.separation(there);
        assert!(away <= typed.tolerance + 1e-6 && 3600.0 * away < 1.0, "{away} {}", typed.tolerance);
    }
    let south = TypedPosition::parse("J000000.00-001230.5").expect("it is a name");
    assert!((south.position.dec + 0.20848).abs() < 1e-4, "{south:?}");
    assert_eq!(TypedPosition::parse("J126156.7+123456"), None);
}

/// Texts by astropy's `to_string`; it writes 24 h, -0 and 60 where rounding carries over.
#[test]
fn positions_are_written_to_a_tenth_of_an_arcsecond() {
    for (ra, dec, hours, angle) in [
        (188.73625, 12.582222, "12:34:56.70", "+12:34:56.0"),
        (266.4168333, -29.0078056, "17:45:40.04", "-29:00:28.1"),
        (359.9999999, -0.00001, "00:00:00.00", "+00:00:00.0"),
        (0.001, -89.99999, "00:00:00.24", "-90:00:00.0"),
    ] {
        let position = SkyPosition::new(ra, dec).expect("it is on the sky");
        let (found, other) = position.sexagesimal([":", ":", ""], [":", ":", ""]);
        assert_eq!((found.as_str(), other.as_str()), (hours, angle));
    }
}
