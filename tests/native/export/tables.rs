//! Tests of the exported files: CSV and VOTable of a selection, CSV of a spectrum, citations.

use spectrascape::export::{
    CITATION_BIBTEX, CsvWriter, ExtraColumn, Selection, SpectrumExport, selection_csv, selection_votable, spectrum_csv,
    vounit,
};
use spectrascape::formats;
use spectrascape::formats::set::{Catalogue, ColumnInfo, EncodingMethod, Grid, LatentSet, Manifest};
use spectrascape::preprocess::Recipe;
use spectrascape::spectrum::{PIXELS, grid};

fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    catalogue.push_floats("norm", vec![12.5, 3.25, 1e-7]);
    catalogue.push_floats("redshift", vec![0.125, f32::NAN, 0.25]);
    catalogue.push_integers("class", vec![0, 3, 77]);
    catalogue.push_integers("plate", vec![266, 267, 268]);
    catalogue.push_integers("mjd", vec![51602, 51608, 51609]);
    catalogue.push_integers("fiber", vec![1, 2, 3]);
    catalogue.push_floats("truth_ssfr", vec![-10.0, -9.5, -9.0]);
    catalogue.push_floats("truth_halpha_ew", vec![1.0, 2.0, f32::INFINITY]);
    catalogue
}

fn manifest(catalogue: &Catalogue) -> Manifest {
    Manifest {
        format: 1,
        name: "simulated".to_owned(),
        title: "three, \"simulated\" <spectra> & more".to_owned(),
        simulated: true,
        license: "CC0-1.0".to_owned(),
        provenance: "Simulated.\nNo real\u{1} spectrum.".to_owned(),
        seed: Some(1),
        grid: Grid::PAPER,
        recipe: spectrascape::preprocess::Recipe::standard(),
        count: 3,
        split_seed: 1,
        class_names: Manifest::class_names(),
        survey_names: Vec::new(),
        subclass_names: Vec::new(),
        columns: vec![
            ColumnInfo::new(catalogue, "norm", "Flux norm", "1e-17 erg/s/cm²/Å"),
            ColumnInfo::new(catalogue, "redshift", "Redshift", ""),
            ColumnInfo::new(catalogue, "mjd", "Modified Julian date", "d"),
            ColumnInfo::new(catalogue, "truth_ssfr", "specific star formation rate, log", "1/yr"),
            ColumnInfo::new(catalogue, "truth_halpha_ew", "equivalent width of narrow H-alpha", "A"),
        ],
        mean_spectrum: "mean.safetensors".to_owned(),
        catalogue: "catalogue.safetensors".to_owned(),
        shards: Vec::new(),
    }
}

fn latents() -> LatentSet {
    LatentSet {
        dims: 2,
        mean: vec![0.5, -0.25, 1.5, 2.0, f32::NAN, 3.0],
        log_var: vec![-2.0; 6],
        class: vec![0, 3, 77],
        umap: None,
        chi2: None,
        model: "vae2".to_owned(),
        set: "simulated".to_owned(),
        encoding: EncodingMethod::Plain,
    }
}

fn with_selection<T>(rows: &[usize], write: impl Fn(&Selection<'_>) -> T) -> T {
    let catalogue = catalogue();
    let manifest = manifest(&catalogue);
    let latents = latents();
    let lof = [1.0f32, 2.5];
    let extra = [ExtraColumn { name: "lof", label: "local outlier factor", unit: "", values: &lof }];
    write(&Selection { manifest: &manifest, catalogue: &catalogue, latents: Some(&latents), extra: &extra, rows })
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    });
}

#[test]
fn a_selection_as_csv() {
    let text = with_selection(&[2, 0, 1, 999], selection_csv);
    let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(rows.len(), 4, "a row that the set does not have is left out");
    assert!(rows[0].starts_with("id,class_name,norm,redshift,class,plate"));
    let columns = rows[0].split(',').count();
    assert!(rows.iter().all(|row| row.split(',').count() == columns));
    assert!(rows[1].starts_with("268-51609-3,unclassified,1e-7,0.25,77,268,"), "{}", rows[1]);
    assert!(rows[3].starts_with("267-51608-2,broad-line AGN,3.25,nan,3,267,"), "{}", rows[3]);
    assert!(text.contains("SIMULATED") && text.contains("model = vae2"));
    snapshot("selection_csv", &text);
    let empty = with_selection(&[], selection_csv);
    assert_eq!(empty.lines().filter(|line| !line.starts_with('#')).count(), 1);
}

#[test]
fn a_selection_as_votable() {
    let text = with_selection(&[0, 1, 2, 999], selection_votable);
    assert!(text.contains("&lt;spectra&gt; &amp; more") && !text.contains('\u{1}'));
    assert!(text.contains(r#"nrows="3""#) && text.matches("<TR>").count() == 3);
    let fields = text.matches("<FIELD ").count();
    assert_eq!(text.matches("<TD>").count() + text.matches("<TD/>").count(), 3 * fields);
    // NaN redshift, infinite width, NaN latent, a factor that was not computed.
    assert_eq!(text.matches("<TD/>").count(), 4);
    snapshot("selection_votable", &text);
    if let Some(folder) = std::env::var_os("SPECTRASCAPE_EXPORT_TO") {
        let folder = std::path::Path::new(&folder);
        std::fs::write(folder.join("selection.vot"), &text).unwrap();
        std::fs::write(folder.join("selection.csv"), with_selection(&[0, 1, 2], selection_csv)).unwrap();
        std::fs::write(folder.join("spectrum.csv"), a_spectrum()).unwrap();
    }
}

#[test]
fn a_table_with_nothing_in_it_can_be_written() {
    let catalogue = Catalogue::default();
    let manifest = manifest(&catalogue);
    let none = Selection { manifest: &manifest, catalogue: &catalogue, latents: None, extra: &[], rows: &[0, 1] };
    assert!(selection_votable(&none).contains("</VOTABLE>"));
    assert!(selection_csv(&none).starts_with("# 0 of 3"));
}

#[test]
fn units_are_the_virtual_observatory_s() {
    let expected = [
        ("", None),
        ("dex", None),
        ("furlong", None),
        ("A", Some("Angstrom")),
        ("Gyr", Some("Gyr")),
        ("mag", Some("mag")),
        ("km/s", Some("km.s**-1")),
        ("1/yr", Some("yr**-1")),
        ("1e-17 erg/s/cm²/Å", Some("1e-17erg.s**-1.cm**-2.Angstrom**-1")),
        ("1e-17 erg/s/cm^2/A", Some("1e-17erg.s**-1.cm**-2.Angstrom**-1")),
        ("erg s-1 cm-2", Some("erg.s**-1.cm**-2")),
        ("/", None),
        ("²", None),
    ];
    for (unit, spelled) in expected {
        assert_eq!(vounit(unit).as_deref(), spelled, "{unit}");
    }
}

fn a_spectrum() -> String {
    let decoded: Vec<f32> = grid::wavelengths().iter().map(|w| (w / 6000.0) as f32).collect();
    let flux: Vec<f32> = decoded.iter().enumerate().map(|(i, x)| x + 0.01 * (i % 5) as f32).collect();
    let mut ivar = vec![400.0; PIXELS];
    ivar[300..310].fill(0.0);
    spectrum_csv(&SpectrumExport {
        id: "266-51602-1",
        redshift: Some(0.125),
        norm: Some(12.5),
        model: "vae6",
        latent: &[0.5, -1.0],
        simulated: true,
        observed: Some((&flux, &ivar)),
        decoded: Some(&decoded),
        band: None,
        unrelated: false,
        extra: &[],
    })
}

#[test]
fn a_spectrum_as_csv_can_be_opened_again() {
    let text = a_spectrum();
    assert!(text.contains("SIMULATED") && text.contains("vae6") && text.contains("# redshift = 0.125\n"));
    let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(rows[0], "wavelength_vacuum_angstrom,flux,ivar,mask,decoded,residual_sigma");
    assert_eq!(rows.len(), 1 + PIXELS);
    assert_eq!(rows[2].split(',').collect::<Vec<_>>()[..4], ["3391.4858", "0.57524765", "400.0", "0"]);
    assert!(rows[302].contains(",0.0,1,") && rows[302].ends_with(",nan"));
    let again = &formats::read("spectrum.csv", text.as_bytes()).unwrap()[0].spectrum;
    assert_eq!(again.redshift, Some(0.125));
    let rest = Recipe::standard().to_rest_frame(again, 0.125).unwrap();
    for pixel in (10..990).filter(|&pixel| !rest.mask[pixel]) {
        let expected = grid::wavelength(pixel as f64) as f32 / 6000.0 + 0.01 * (pixel % 5) as f32;
        assert!((rest.flux[pixel] - expected).abs() < 1e-3, "{pixel}");
    }
    assert!(rest.mask[305] && !rest.mask[320]);
    assert!(spectrum_csv(&SpectrumExport::default()).contains("wavelength_vacuum_angstrom\n3388.4"));
}

#[test]
fn what_to_cite() {
    for words in ["10.3847/1538-3881/ab9644", "2002.10464", "{160}", "Portillo, Stephen K. N.", "Spectrascape"] {
        assert!(CITATION_BIBTEX.contains(words), "{words}");
    }
    assert_eq!(CITATION_BIBTEX.matches('{').count(), CITATION_BIBTEX.matches('}').count());
}

#[test]
fn csv_quotes_what_a_reader_would_take_apart() {
    let mut csv = CsvWriter::with_comments(["first", "second\nline"]);
    csv.record(["plain", "with, comma", "with \"quotes\"", "#3", "two\nlines", ""]);
    csv.record(["1", "2"]);
    let expected =
        "# first\n# second line\nplain,\"with, comma\",\"with \"\"quotes\"\"\",\"#3\",\"two\nlines\",\n1,2\n";
    assert_eq!(csv.finish(), expected);
    assert_eq!(CsvWriter::new().finish(), "");
}
