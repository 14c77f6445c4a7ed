//! `sample`: from catalogues to addresses.

use std::path::PathBuf;

use crate::cli::program::{Folder, run, stderr, stdout, text};

/// A list's rows as (url, path, alternatives), its header left out.
fn rows(csv: &str) -> Vec<(String, String, Vec<String>)> {
    assert_eq!(csv.lines().next(), Some("url,path,alternatives"), "{csv}");
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let words = fields[2].split_whitespace().map(str::to_owned).collect();
        (fields[0].to_owned(), fields[1].to_owned(), words)
    };
    csv.lines().skip(1).map(row).collect()
}

fn catalogue(folder: &Folder, name: &str, csv: &str) -> PathBuf {
    let path = folder.path(name);
    std::fs::write(&path, csv).unwrap();
    path
}

fn listed(csv: &str, more: &[&str]) -> Vec<(String, String, Vec<String>)> {
    let folder = Folder::new(&format!("sample-{}", more.join("").replace(['/', ':', '-', '.'], "")));
    let path = catalogue(&folder, "list.csv", csv);
    let output = run(&[&["sample", text(&path)], more].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    rows(&stdout(&output))
}

#[test]
fn the_papers_query_is_printed() {
    let output = run(&["sample", "portillo2020"]);
    assert!(output.status.success());
    let printed = stdout(&output);
    let words = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(
        "SELECT TOP 64000 plate, mjd, fiberid FROM specObj WHERE ((PrimTarget & 70) > 0) AND (z > 0) AND (z <= 0.36)"
    ));
    assert!(words.contains(
        "SELECT plate, mjd, fiberID, run2d, ra, dec, z, zErr, zWarning, class, subClass FROM SpecObj \
         WHERE (legacy_target1 & 70) > 0 AND z > 0 AND z <= 0.36"
    ));
    assert!(words.contains("SPEC_CLN") && words.contains("not yet tried"));
}

#[test]
fn the_result_of_the_query_becomes_addresses() {
    let folder = Folder::new("sample-paper");
    let dr7 = catalogue(&folder, "dr7.csv", "#Table1\nplate,mjd,fiberid\n266,51602,1\n1307,52999,323\n266,51602,1\n");
    let output = run(&["sample", "portillo2020", "--from", text(&dr7)]);
    assert!(output.status.success(), "{}", stderr(&output));
    let found = rows(&stdout(&output));
    assert_eq!(found.len(), 2, "a repeated row is one file");
    assert_eq!(found[0].0, "http://das.sdss.org/spectro/1d_26/0266/1d/spSpec-51602-0266-001.fit");
    assert_eq!(found[0].1, "dr7/0266/spSpec-51602-0266-001.fit");
    assert!(found[0].2.is_empty());

    let header = "plate,mjd,fiberID,run2d,ra,dec,z,zErr,zWarning,class,subClass";
    let dr17 = format!(
        "#Table1\r\n{header}\r\n266,51602,1,26,146.7,-1.0,0.02,1e-5,0,GALAXY,\r\n266,51602,2,26,1,1,0.0001,1e-5,0,STAR,F2\r\n"
    );
    let dr17 = catalogue(&folder, "dr17.csv", &dr17);
    let list = folder.path("list.csv");
    let output = run(&["sample", "portillo2020", "--from", text(&dr17), "--out", text(&list)]);
    assert!(output.status.success() && stdout(&output).is_empty(), "{}", stderr(&output));
    assert!(stderr(&output).contains("1 of another class"), "{}", stderr(&output));
    let found = rows(&std::fs::read_to_string(list).unwrap());
    let folder = "https://data.sdss.org/sas/dr17/sdss/spectro/redux/26/spectra";
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, format!("{folder}/lite/0266/spec-0266-51602-0001.fits"));
    assert_eq!(found[0].2, [format!("{folder}/0266/spec-0266-51602-0001.fits")]);
}

#[test]
fn every_release_has_its_addresses() {
    let plates = "Plate,MJD,Fiber,RUN2D\n7339,57518.0,42,v5_13_2\n11000,58000,999,v5_13_2\n";
    let found = listed(plates, &["--release", "dr17"]);
    let redux = "https://data.sdss.org/sas/dr17/sdss/spectro/redux/v5_13_2/spectra";
    assert_eq!(found[0].0, format!("{redux}/lite/7339/spec-7339-57518-0042.fits"));
    assert_eq!(found[0].2, [format!("{redux}/full/7339/spec-7339-57518-0042.fits")]);
    assert_eq!(found[1].1, "dr17/v5_13_2/11000/spec-11000-58000-0999.fits");

    let found =
        listed("plate;mjd;fiberid\n266;51602;1\n", &["--release", "dr8", "--base", "http://localhost:1/mirror/"]);
    let redux = "http://localhost:1/mirror/sas/dr8/sdss/spectro/redux";
    assert_eq!(found[0].0, format!("{redux}/26/spectra/0266/spec-0266-51602-0001.fits"));
    assert_eq!(
        found[0].2[0],
        format!("{redux}/103/spectra/0266/spec-0266-51602-0001.fits"),
        "a reduction that nobody named"
    );

    let found = listed("plate,mjd,fiberid\n266,51602,1\n", &["--release", "dr18", "--run2d", "26"]);
    assert_eq!(
        found[0].0,
        "https://data.sdss.org/sas/dr18/spectro/sdss/redux/26/spectra/lite/0266/spec-0266-51602-0001.fits"
    );

    let fields = "field,mjd,catalogid,run2d\n112360,60000,27021598150202075,v6_1_3\n15017,59630,4375786564,v6_0_4\n";
    let found = listed(fields, &["--release", "dr19"]);
    let redux = "https://data.sdss.org/sas/dr19/spectro/sdss/redux";
    assert_eq!(
        found[0].0,
        format!("{redux}/v6_1_3/spectra/lite/112360/60000/spec-112360-60000-27021598150202075.fits")
    );
    assert_eq!(found[1].0, format!("{redux}/v6_0_4/spectra/lite/015017/59630/spec-015017-59630-4375786564.fits"));
    assert_eq!(found[1].2[0], format!("{redux}/v6_0_4/spectra/lite/15017p/59630/spec-15017-59630-4375786564.fits"));

    let targets = "TARGETID,SURVEY,PROGRAM,HEALPIX,Z\n39627,main,bright,10150,0.1\n39628,main,bright,10150,0.2\n39629,sv3,dark,27,0.2\n";
    let found = listed(targets, &["--release", "desi-dr1"]);
    let folder = "https://data.desi.lbl.gov/public/dr1/spectro/redux/iron/healpix";
    let urls: Vec<&str> = found.iter().map(|(url, _, _)| url.as_str()).collect();
    let expected = [
        format!("{folder}/main/bright/101/10150/coadd-main-bright-10150.fits"),
        format!("{folder}/main/bright/101/10150/redrock-main-bright-10150.fits"),
        format!("{folder}/sv3/dark/0/27/coadd-sv3-dark-27.fits"),
        format!("{folder}/sv3/dark/0/27/redrock-sv3-dark-27.fits"),
    ];
    assert_eq!(urls, expected, "one coadd and its redshifts a healpix");
    assert_eq!(found[0].1.rsplit_once('/').unwrap().0, found[1].1.rsplit_once('/').unwrap().0, "side by side");
}

#[test]
fn bad_rows_are_named_and_the_others_go_through() {
    let folder = Folder::new("sample-bad");
    let csv = "plate,mjd,fiber,run2d\n266,51602,1,26\n266,51602,,26\n-3,51602,4,26\n266,51602,5,../26\n4000,55555,6,\n266,51602,7,26\n";
    let path = catalogue(&folder, "list.csv", csv);
    let output = run(&["sample", text(&path), "--release", "dr15"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(rows(&stdout(&output)).len(), 2);
    let said = stderr(&output);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 5, "{said}");
    for (line, number, reason) in
        [(0, 3, "fiber is missing"), (1, 4, "plate is `-3`"), (2, 5, "run2d is `../26`"), (3, 6, "no run2d")]
    {
        assert!(lines[line].contains(&format!("line {number}:")) && lines[line].contains(reason), "{}", lines[line]);
    }
}

#[test]
fn what_is_no_catalogue_is_one_sentence() {
    let folder = Folder::new("sample-none");
    let html = catalogue(&folder, "html.csv", "<!DOCTYPE html><html>error</html>");
    let other = catalogue(&folder, "other.csv", "ra,dec\n1,2\n");
    let empty = catalogue(&folder, "empty.csv", "#Table1\n");
    let binary = folder.path("binary.csv");
    std::fs::write(&binary, [0xff, 0xfe, 0, 1, 2]).unwrap();
    let no_release = catalogue(&folder, "plates.csv", "plate,mjd,fiber\n1,2,3\n");
    let old = catalogue(&folder, "old.csv", "field,mjd,catalogid\n1,2,3\n");
    for (arguments, words) in [
        (vec![text(&html), "--release", "dr8"], "page of HTML"),
        (vec![text(&other), "--release", "dr8"], "needs plate, mjd and fiber"),
        (vec![text(&empty), "--release", "dr8"], "is empty"),
        (vec![text(&binary), "--release", "dr8"], "not UTF-8"),
        (vec![text(&no_release)], "Give --release"),
        (vec![text(&old), "--release", "dr9"], "needs plate"),
        (vec![text(&no_release), "--release", "dr8", "--base", "localhost"], "http://"),
    ] {
        let output = run(&[&["sample"], &arguments[..]].concat());
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.trim().lines().count() == 1 && said.contains(words), "{words}: {said}");
    }
    assert_eq!(run(&["sample", text(&old), "--release", "dr21"]).status.code(), Some(2));
}
