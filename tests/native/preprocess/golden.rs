//! The preprocessing against astroML 1.0.2 on three real DR7 spectra, to rounding.

use spectrascape::preprocess::mask::{self, MaskOptions};
use spectrascape::preprocess::rebin::{self, ErrorRule};
use spectrascape::preprocess::{Recipe, Steps};
use spectrascape::spectrum::{PIXELS, grid};

use crate::real;

const PAIRS: [(&str, &str); 3] = [
    ("spSpec-52235-0750-459.fit", "pyspeckit_SIIdoublet.astroml_rebin.csv"),
    ("spSpec-52999-1307-323.fit", "pyspeckit_sample_sdss.astroml_rebin.csv"),
    ("spSpec-51993-0542-631.fit", "quarum_spSpec-51993-0542-631.astroml_rebin.csv"),
];

/// wavelength, flux, error, mask of a golden file.
fn golden(text: &str) -> [Vec<f64>; 4] {
    let mut columns = [const { Vec::new() }; 4];
    for line in text.lines().skip(1) {
        for (column, field) in columns.iter_mut().zip(line.split(',')) {
            column.push(field.parse().unwrap());
        }
    }
    assert!(columns.iter().all(|column| column.len() == PIXELS));
    columns
}

#[test]
fn astroml_options_meet_the_golden_files() {
    let mut met = 0;
    for (spectrum, csv) in PAIRS {
        let (Some(fit), Some(csv)) = (real::path(&format!("dr7/{spectrum}")), real::path(&format!("golden/{csv}")))
        else {
            return;
        };
        let [wavelength, flux, error, masked] = golden(&std::fs::read_to_string(csv).unwrap());
        let observed = real::fits_spectrum(spectrum, &std::fs::read(fit).unwrap()).unwrap();
        for (i, expected) in wavelength.iter().enumerate() {
            assert!((grid::wavelength(i as f64) - expected).abs() < 1e-6);
        }
        match rebin::rebin(&observed, observed.redshift.unwrap(), ErrorRule::AstroMl) {
            // The quasar at redshift 2.232 lies beside the grid: astroML makes zeros of it, here it is refused.
            Err(refusal) => {
                assert!(refusal.to_string().contains("does not overlap"), "{refusal}");
                assert!(flux.iter().all(|&f| f == 0.0) && masked.iter().all(|&m| m == 1.0));
            }
            Ok(rebinned) => {
                let mask = mask::compute(&rebinned, &MaskOptions::astroml());
                // The files hold seven significant digits.
                let largest = |column: &[f64]| column.iter().fold(0.0f64, |a, b| a.max(b.abs()));
                for i in 0..PIXELS {
                    let near = |a: f64, b: f64, top: f64| (a - b).abs() < 1e-7 * top;
                    assert!(near(rebinned.flux[i], flux[i], largest(&flux)), "{spectrum} flux {i}");
                    assert!(near(rebinned.error[i], error[i], largest(&error)), "{spectrum} error {i}");
                    assert_eq!(mask[i], masked[i] == 1.0, "{spectrum} mask {i}");
                }
                // The whole pipeline with these options keeps them, where they mean something.
                let rest = Recipe { steps: Steps::Astroml, ..Recipe::standard() }
                    .to_rest_frame(&observed, observed.redshift.unwrap())
                    .unwrap();
                for i in (0..PIXELS).filter(|&i| !rest.mask[i]) {
                    assert!(((rest.ivar[i] as f64).powf(-0.5) / error[i] - 1.0).abs() < 1e-5);
                    assert_eq!(masked[i], 0.0);
                }
                met += 1;
            }
        }
    }
    assert_eq!(met, 2);
}

#[test]
fn errors_in_quadrature_are_half_of_astromls() {
    for (spectrum, _) in &PAIRS[..2] {
        let Some(path) = real::path(&format!("dr7/{spectrum}")) else { return };
        let observed = real::fits_spectrum(spectrum, &std::fs::read(path).unwrap()).unwrap();
        let redshift = observed.redshift.unwrap();
        let ours = rebin::rebin(&observed, redshift, ErrorRule::Quadrature).unwrap();
        let theirs = rebin::rebin(&observed, redshift, ErrorRule::AstroMl).unwrap();
        let mut ratios: Vec<f64> =
            (0..PIXELS).filter(|&i| ours.coverage[i] > 0.99).map(|i| theirs.error[i] / ours.error[i]).collect();
        ratios.sort_by(f64::total_cmp);
        let median = ratios[ratios.len() / 2];
        // 3.9 old pixels make a new one; sqrt(3.9) = 1.97, a little more since the two at its ends count in part.
        assert!((1.9..2.2).contains(&median), "{spectrum}: {median}");
        let differ = (0..PIXELS).filter(|&i| ours.coverage[i] > 0.999);
        let worst = differ.map(|i| (ours.flux[i] - theirs.flux[i]).abs()).fold(0.0, f64::max);
        assert!(worst < 0.02, "{spectrum}: fluxes differ by {worst}");
    }
}
