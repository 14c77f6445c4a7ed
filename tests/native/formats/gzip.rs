//! Files packed by gzip.

use spectrascape::formats;

/// `wave,flux` and four rows, packed by Python's gzip.
const PACKED: &[u8] = include_bytes!("table.csv.gz");

#[test]
fn a_packed_table_is_read_and_named_by_the_ending_before_gz() {
    let read = formats::read("mine.CSV.GZ", PACKED).unwrap();
    assert_eq!(read[0].spectrum.redshift, Some(0.1));
    // Members one after another unpack to their contents in a row, and zeros may follow.
    let twice = [PACKED, PACKED, &[0; 8]].concat();
    let refusal = formats::read("mine.csv.gz", &twice).unwrap_err().to_string();
    assert!(refusal.contains("line 16"), "the names of the columns again, after 14 lines: {refusal}");
}

#[test]
fn a_packed_file_that_is_cut_or_damaged_is_refused() {
    for end in 2..PACKED.len() {
        let refusal = formats::read("a.csv.gz", &PACKED[..end]).unwrap_err().to_string();
        assert!(refusal.starts_with("a.csv.gz is packed by gzip and cannot be unpacked: "), "{refusal}");
    }
    for at in 10..PACKED.len() {
        let mut damaged = PACKED.to_vec();
        damaged[at] ^= 0x10;
        // The checksum sees what the format does not; a name in the header is free to change.
        if let Ok(read) = formats::read("a.csv.gz", &damaged) {
            assert_eq!(read[0].spectrum.redshift, Some(0.1), "{at}");
        }
    }
}

#[test]
fn folders_are_searched_for_packed_files_of_known_kinds_only() {
    for name in ["spec.fits.gz", "a.FIT.GZ", "t.csv.gz", "a.fits"] {
        assert!(formats::has_known_ending(name), "{name}");
    }
    for name in ["paper.pdf.gz", "gz", "a.gz", "fits"] {
        assert!(!formats::has_known_ending(name), "{name}");
    }
}
