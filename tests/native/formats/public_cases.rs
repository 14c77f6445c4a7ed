//! The inputs of public reports, each read, prepared and encoded by the shipped VAE-6: the latents are those of the same pixels in SDSS's
//! plain layout, which was checked against astropy and NumPy.

use spectrascape::formats;
use spectrascape::vae::Model;
use spectrascape::vae::inference::device;

use crate::real;

/// The latents of the table of a galaxy at redshift 0.1.
const TABLE: [f32; 6] = [-0.522, -0.480, -1.988, 0.920, -0.325, -0.684];

/// File, redshift, right latents, and the largest deviation allowed: that of three digits, or of estimated errors and resampling.
const CASES: &[(&str, f64, [f32; 6], f32)] = &[
    ("all_pixels_flagged.fits", 0.09, [-0.511, -0.438, -1.998, 0.927, -0.365, -0.656], 0.002),
    ("all_pixels_flagged.csv", 0.09, [-0.511, -0.438, -1.998, 0.927, -0.365, -0.656], 0.002),
    ("blueshifted_m86.fits", -0.000_747, [-0.212, -1.258, 0.205, 1.664, 0.229, -0.409], 0.002),
    ("lamost-dr9-table.fits", 0.07, [-0.283, -1.205, 0.214, 1.683, 0.190, -0.368], 0.002),
    ("muse-1d-awav.fits", 0.05, [-0.443, -0.445, -1.913, 0.851, -0.113, -0.671], 0.06),
    ("nan_and_infinite.fits", 0.06, [-0.533, -0.457, -1.980, 0.909, -0.388, -0.735], 0.002),
    ("negative_artefact.fits", 0.13, [-0.616, -0.423, -1.952, 0.852, -0.348, -0.647], 0.002),
    ("snr_1000.fits", 0.02, [-0.52, -0.54, -2.03, 0.71, -0.28, -0.76], 0.006),
    ("spec-112360-60000-27021598150202075.fits", 0.1, [-0.542, -0.487, -1.983, 0.939, -0.317, -0.625], 0.002),
    ("spec-9001-57000-0004.fits.gz", 0.1, [-0.472, -0.444, -1.974, 0.957, -0.349, -0.729], 0.002),
    ("spec-coadd-only.fits", 0.12, [-0.526, -0.480, -1.975, 0.903, -0.376, -0.629], 0.002),
    ("air_not_vacuum.csv", 0.1, TABLE, 0.003),
    ("blanks_and_brackets.txt", 0.1, TABLE, 0.003),
    ("excel_de.csv", 0.1, TABLE, 0.003),
    ("falling.csv", 0.1, TABLE, 0.003),
    ("ipac.tbl", 0.1, TABLE, 0.003),
    ("jwst_mjy_sr.ecsv", 0.1, TABLE, 0.003),
    ("snid.flm", 0.1, TABLE, 0.003),
    ("two_columns_air_nm.dat", 0.1, TABLE, 0.06),
    ("vounit_angstrom.csv", 0.1, TABLE, 0.003),
];

#[test]
fn every_public_case_has_the_right_latents() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/models/vae6.safetensors");
    let model = Model::from_bytes("vae6", &std::fs::read(path).unwrap(), &device()).unwrap();
    let mut wrong = Vec::new();
    for &(name, redshift, right, most) in CASES {
        let Some(path) = real::path(&format!("cases/{name}")) else { return };
        let mut read = formats::read(name, &std::fs::read(path).unwrap()).unwrap_or_else(|refusal| panic!("{refusal}"));
        assert_eq!(read.len(), 1, "{name}");
        let spectrum = model.card.recipe.prepare(&read.remove(0).spectrum, redshift, &model.infill).unwrap();
        let latents = model.encode(&spectrum.flux, &spectrum.ivar).mean;
        let off = latents.iter().zip(right).map(|(found, right)| (found - right).abs()).fold(0.0, f32::max);
        println!("{name}: off by {off:.4}");
        if off.is_nan() || off > most {
            wrong.push(format!("{name}: {latents:.3?} in place of {right:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
