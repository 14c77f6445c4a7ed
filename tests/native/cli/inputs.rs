//! What `encode` and `redshift` read: everything that the page reads, and an error where nothing was read.

use std::path::PathBuf;

use spectrascape::formats;

use crate::cli::program::{Folder, run, stderr, stdout, text};
use crate::formats::read::galaxies;

/// A simulated galaxy as a FITS file and, pixel by pixel, as a table.
fn file_and_table(folder: &Folder) -> (PathBuf, PathBuf) {
    let fits = folder.path("fits");
    let output = run(&["simulate", "--count", "1", "--seed", "7", "--fits", text(&fits)]);
    assert!(output.status.success(), "{}", stderr(&output));
    let file = fits.join("100001/spec-100001-00000-0001.fits");
    let spectrum = &formats::read("file", &std::fs::read(&file).unwrap()).unwrap()[0].spectrum;
    let mut table = format!("# redshift = {}\nwavelength,flux,error\n", spectrum.redshift.unwrap());
    for ((log, flux), error) in spectrum.log_wavelength.iter().zip(&spectrum.flux).zip(&spectrum.error) {
        table += &format!("{:.6},{flux},{error}\n", 10f64.powf(*log));
    }
    let path = folder.path("tables/galaxy.csv");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, table).unwrap();
    (file, path)
}

#[test]
fn tables_and_archives_are_encoded_as_files_are() {
    let folder = Folder::new("inputs");
    let (file, table) = file_and_table(&folder);
    let archive = folder.path("tables/three.npz");
    std::fs::write(&archive, galaxies(3)).unwrap();
    let output = run(&["encode", text(&file), text(table.parent().unwrap())]);
    assert!(output.status.success(), "{}", stderr(&output));
    let printed = stdout(&output);
    let rows: Vec<Vec<&str>> = printed.lines().skip(1).map(|line| line.split(',').collect()).collect();
    // A field with `#` is quoted: readers that skip comments would end the line there.
    let names: Vec<&str> = rows.iter().map(|row| row[0].trim_matches('"')).collect();
    let numbered = |number: usize| format!("{}#{number}", archive.display());
    assert_eq!(names, [text(&file), text(&table), &numbered(1), &numbered(2), &numbered(3)]);
    for (of_file, of_table) in rows[0][6..19].iter().zip(&rows[1][6..19]) {
        let [a, b]: [f32; 2] = [of_file, of_table].map(|value| value.parse().unwrap());
        assert!((a - b).abs() < 0.02 * a.abs().max(1.0), "{a} {b}");
    }
    // What was assumed about the table is said, one line.
    let said = stderr(&output);
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    assert!(said.contains("galaxy.csv: Nothing says whether"), "{said}");

    let output = run(&["redshift", "--high", "0.2", text(&table)]);
    assert!(output.status.success(), "{}", stderr(&output));
    let printed = stdout(&output);
    let row: Vec<&str> = printed.lines().nth(1).unwrap().split(',').collect();
    assert_eq!(row[0], text(&table));
    assert!(row[5].parse::<f64>().is_ok(), "the table's own redshift: {row:?}");
}

#[test]
fn nothing_read_is_an_error() {
    let folder = Folder::new("nothing-read");
    let empty = folder.path("empty");
    std::fs::create_dir_all(&empty).unwrap();
    std::fs::write(empty.join("notes.md"), "none").unwrap();
    let bad = folder.path("bad/a.fits");
    std::fs::create_dir_all(bad.parent().unwrap()).unwrap();
    std::fs::write(&bad, b"hello").unwrap();
    for command in ["encode", "redshift"] {
        let output = run(&[command, text(&empty)]);
        assert_eq!(output.status.code(), Some(1), "{command}");
        let said = stderr(&output);
        assert_eq!(said.trim().lines().count(), 1, "{said}");
        assert!(said.contains("there is nothing to") && said.contains(".csv"), "{said}");
        let output = run(&[command, text(bad.parent().unwrap())]);
        assert_eq!(output.status.code(), Some(1), "{command}: {}", stderr(&output));
        assert!(stderr(&output).contains("a.fits is not a FITS file"), "{}", stderr(&output));
        assert_eq!(run(&[command]).status.code(), Some(2), "usage is 2");
    }
}
