//! Latent space itself: the corner plot, the tracks and the sweeps, Figures 9 to 15.

use super::claims::{Claim, Verdict};
use super::study::{CLASSES, Report, Study, decode_all};
use super::svg::{self, Sheet};
use crate::cli::table::Table;
use crate::latent::{TRACKS, Track, percentile, sorted, sweeps};
use crate::plot::{Anchor, Area, Axis, Chart, Frame, Note, Points, Rgb, Series, draw_scatter_axes};
use crate::spectrum::Class;

/// Points that a cloud is splatted from, in an order that hides no class: the rarest last.
pub(super) fn draw_order(class: &[u8]) -> Vec<u32> {
    let mut count = [0_usize; 256];
    class.iter().for_each(|&code| count[usize::from(code)] += 1);
    let mut order: Vec<u32> = (0..class.len() as u32).collect();
    order.sort_by_key(|&row| std::cmp::Reverse(count[usize::from(class[row as usize])]));
    order
}

/// The range that holds all but the outermost 0.2 % of some values.
pub(super) fn range_of(values: &[f32]) -> Axis {
    let values = sorted(values.iter().map(|&value| f64::from(value)).filter(|value| value.is_finite()));
    let (low, high) = (percentile(&values, 0.1), percentile(&values, 99.9));
    let margin = (high - low) * 0.05;
    Axis::linear(low - margin, high + margin)
}

/// Figure 9.
pub(super) fn corner(study: &Study<'_>, report: &mut Report) -> Result<(), String> {
    let dims = study.dims();
    let values: Vec<Vec<f32>> = (1..=dims).map(|axis| study.along(axis)).collect();
    let ranges: Vec<Axis> = values.iter().map(|column| range_of(column)).collect();
    let order = draw_order(&study.class);
    let side = 900.0;
    let drawing = svg::figure(side, side, "Corner plot of the latents", |sheet| {
        let areas = svg::panels(side, side, dims, dims, (4.0, 4.0));
        let palette = sheet.theme.class_palette();
        for row in 0..dims {
            for column in 0..=row {
                let Area { left, top, right, bottom } = areas[row * dims + column];
                let frame = Frame { left, top, right, bottom, x: ranges[column], y: ranges[row] };
                if row == column {
                    histogram(sheet, &frame, &values[row], &study.class)?;
                } else {
                    let points =
                        Points { x: &values[column], y: &values[row], color: &study.class, order: &order, palette: &palette };
                    sheet.cloud(&frame, &points, 0.7, 0.6);
                }
                let theme = sheet.theme;
                for (from, to) in [((left, top), (left, bottom)), ((left, bottom), (right, bottom)), ((right, top), (right, bottom)), ((left, top), (right, top))] {
                    sheet.pen.line(from, to, theme.grid, 1.0)?;
                }
                if row == dims - 1 {
                    frame.draw_x(&mut sheet.pen, &theme, &format!("VAE {}", column + 1))?;
                }
                if column == 0 && row > 0 {
                    frame.draw_y(&mut sheet.pen, &theme, &format!("VAE {}", row + 1), &frame.y.ticks(4))?;
                }
            }
        }
        legend(sheet, side - 190.0, 50.0)
    })?;
    let mut csv = Table::of("class,axis,mean,standard_deviation,spectra");
    for class in CLASSES {
        for (axis, column) in values.iter().enumerate() {
            let mine: Vec<f64> = of_class(study, class).map(|row| f64::from(column[row])).collect();
            let (mean, deviation) = moments(&mine);
            csv.row(&[class.name()], &[axis as f64 + 1.0, mean, deviation, mine.len() as f64]);
        }
    }
    let total: f32 = study.axes.variance.iter().sum();
    let shares: Vec<String> = study.axes.variance.iter().map(|v| format!("{:.0} %", 100.0 * v / total)).collect();
    let caption = format!(
        "All {} spectra along VAE 1 to {dims}, the principal axes of the training latents (they hold {} of the variance), by class.",
        study.set.len(),
        shares.join(", ")
    );
    report.add(study.workspace, ("figure-09", "Figure 9", "Corner plot of VAE 1 to 6"), caption, Some(drawing), &csv)?;
    let accuracy = neighbour_accuracy(study);
    let chance = CLASSES.iter().map(|&class| (of_class(study, class).count() as f64 / study.set.len() as f64).powi(2)).sum::<f64>();
    report.claims.push(Claim::new(
        "Classes separate in latent space although the model never saw them",
        "Section 4.1, corner plot",
        format!(
            "a validation spectrum has its class from its 15 nearest training spectra in {:.1} % of cases (recall, class by class: {}); by chance {:.0} %",
            100.0 * accuracy.0,
            CLASSES.iter().zip(&accuracy.1).map(|(class, recall)| format!("{} {:.0} %", class.name(), 100.0 * recall)).collect::<Vec<_>>().join(", "),
            100.0 * chance
        ),
        Verdict::of_all(&[accuracy.0 > 0.75, accuracy.1.iter().all(|&recall| recall > 0.5)]),
    ));
    Ok(())
}

/// How often the commonest class among the 15 nearest training spectra is a validation spectrum's own: over all of the four
/// classes, and for each.
fn neighbour_accuracy(study: &Study<'_>) -> (f64, Vec<f64>) {
    let dims = study.dims();
    let latent = |row: usize| &study.encoded.mean[row * dims..(row + 1) * dims];
    let known = |row: &&usize| CLASSES.iter().any(|class| class.code() == i32::from(study.class[**row]));
    let train: Vec<usize> = study.split.train.iter().filter(known).copied().collect();
    let points: Vec<f32> = train.iter().flat_map(|&row| latent(row)).copied().collect();
    let Ok(tree) = crate::latent::NeighbourTree::new(&points, dims) else { return (f64::NAN, vec![f64::NAN; 4]) };
    let (mut right, mut total) = ([0_usize; 4], [0_usize; 4]);
    for &row in study.split.valid.iter().filter(known) {
        let mut votes = [0_usize; 4];
        for neighbour in tree.nearest(latent(row), 15) {
            votes[usize::from(study.class[train[neighbour.row]])] += 1;
        }
        let own = usize::from(study.class[row]);
        let winner = (0..4).max_by_key(|&code| (votes[code], std::cmp::Reverse(code))).unwrap_or(0);
        total[own] += 1;
        right[own] += usize::from(winner == own);
    }
    let share = |right: usize, total: usize| right as f64 / total.max(1) as f64;
    (share(right.iter().sum(), total.iter().sum()), (0..4).map(|code| share(right[code], total[code])).collect())
}

fn of_class(study: &Study<'_>, class: Class) -> impl Iterator<Item = usize> {
    (0..study.class.len()).filter(move |&row| i32::from(study.class[row]) == class.code())
}

fn moments(values: &[f64]) -> (f64, f64) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count).sqrt())
}

/// Bars of how many spectra lie where, class upon class.
fn histogram(sheet: &mut Sheet<'_, '_>, frame: &Frame, values: &[f32], class: &[u8]) -> svg::Drawn {
    const BINS: usize = 40;
    let mut counts = vec![[0_usize; 4]; BINS];
    for (&value, &code) in values.iter().zip(class) {
        let bin = frame.x.fraction(f64::from(value)) * BINS as f64;
        if (0.0..BINS as f64).contains(&bin) && code < 4 {
            counts[bin as usize][usize::from(code)] += 1;
        }
    }
    let top = counts.iter().map(|bin| bin.iter().sum::<usize>()).max().unwrap_or(1).max(1) as f64;
    let height = (frame.bottom - frame.top) * 0.95;
    let width = (frame.right - frame.left) / BINS as f64;
    for (at, bin) in counts.iter().enumerate() {
        let mut below = 0.0;
        for (class, &count) in CLASSES.iter().zip(bin) {
            let above = below + count as f64 / top * height;
            let left = frame.left + at as f64 * width;
            let color = sheet.theme.class(*class);
            if count > 0 {
                sheet.pen.fill_rect((left, frame.bottom - above), (left + width, frame.bottom - below), color, 1.0)?;
            }
            below = above;
        }
    }
    Ok(())
}

/// The classes' colours in words.
pub(super) fn legend(sheet: &mut Sheet<'_, '_>, left: f64, top: f64) -> svg::Drawn {
    let background = sheet.theme.background;
    sheet.pen.fill_rect((left - 10.0, top - 12.0), (left + 150.0, top + 18.0 * CLASSES.len() as f64 - 5.0), background, 0.85)?;
    for (row, class) in CLASSES.into_iter().enumerate() {
        let y = top + 18.0 * row as f64;
        let color = sheet.theme.class(class);
        sheet.pen.circle((left, y), 5.0, color, None)?;
        let ink = sheet.theme.ink;
        sheet.pen.text(class.name(), (left + 12.0, y), 12.0, ink, Anchor::Start)?;
    }
    Ok(())
}

/// Figures 10 to 14.
pub(super) fn tracks(study: &Study<'_>, report: &mut Report) -> Result<(), String> {
    let classes: Vec<i32> = study.class.iter().map(|&code| i32::from(code)).collect();
    let mut followed = Vec::new();
    for rule in &TRACKS {
        followed.push(rule.follow(&study.axes, &study.encoded.mean, &classes).map_err(|error| error.to_string())?);
    }
    through_space(study, report, &followed)?;
    let numbers = ["11", "12", "13", "14"];
    for (track, number) in followed.iter().zip(numbers) {
        spectra_along(study, report, track, number)?;
    }
    let fixed = [("S", "star formation rises, from absorption lines to strong emission lines"), ("A", "lines widen from narrow to broad")];
    for (name, what) in fixed {
        let Some(track) = followed.iter().find(|track| track.name == name) else { continue };
        report.claims.push(track_claim(study, track, what));
    }
    Ok(())
}

/// Whether what a track is said to follow changes along it, by the simulator's truths where there are some.
fn track_claim(study: &Study<'_>, track: &Track, what: &str) -> Claim {
    let column = if track.name == "S" { "truth_halpha_ew" } else { "truth_line_width" };
    let medians: Vec<f64> = track
        .bins
        .iter()
        .map(|bin| {
            let values = bin.rows.iter().map(|&row| f64::from(study.set.value(column, row))).filter(|v| v.is_finite());
            percentile(&sorted(values), 50.0)
        })
        .collect();
    let known = medians.iter().filter(|median| median.is_finite()).count() == medians.len() && medians.len() > 1;
    let rising = medians.windows(2).filter(|pair| pair[1] > pair[0]).count();
    let steps = medians.len().saturating_sub(1);
    // A principal axis has no sign of its own, so a track may run either way.
    let share = rising.max(steps - rising) as f64 / steps.max(1) as f64;
    let words: Vec<String> = medians.iter().map(|median| format!("{median:.0}")).collect();
    let unit = if track.name == "S" { "Å, equivalent width of Hα" } else { "km/s, widest line" };
    Claim::new(
        &format!("Track {}: {what}", track.name),
        "Section 4.2",
        match known {
            true => format!("median truth bin by bin: {} ({unit})", words.join(", ")),
            false => "this set has no such truth column".to_owned(),
        },
        if !known { Verdict::NotTested } else if share >= 0.99 { Verdict::Holds } else if share >= 0.7 { Verdict::Partly } else { Verdict::Fails },
    )
}

fn through_space(study: &Study<'_>, report: &mut Report, tracks: &[Track]) -> Result<(), String> {
    let panels: [(usize, usize, &[&str]); 2] = [(2, 1, &["S", "P"]), (5, 1, &["S", "E", "A"])];
    let order = draw_order(&study.class);
    let mut csv = Table::of("track,bin,members,from_percentile,to_percentile,vae_1,vae_2,vae_3,vae_4,vae_5,vae_6");
    for track in tracks {
        for (at, bin) in track.bins.iter().enumerate() {
            let place: Vec<f64> = study.axes.project(&bin.centroid).into_iter().map(f64::from).collect();
            let facts = [at as f64 + 1.0, bin.members as f64, bin.from_percentile, bin.to_percentile];
            csv.row(&[&track.name], &facts.into_iter().chain(place).collect::<Vec<f64>>());
        }
    }
    let (width, height) = (1080.0, 560.0);
    let drawing = svg::figure(width, height, "The four tracks through latent space", |sheet| {
        let areas = svg::panels(width, height, 2, 1, (70.0, 0.0));
        let palette = sheet.theme.class_palette();
        for (&(across, up, names), area) in panels.iter().zip(areas) {
            let (x, y) = (study.along(across), study.along(up));
            let Area { left, top, right, bottom } = area;
            let frame = Frame { left, top, right, bottom, x: range_of(&x), y: range_of(&y) };
            let points = Points { x: &x, y: &y, color: &study.class, order: &order, palette: &palette };
            sheet.cloud(&frame, &points, 1.1, 0.35);
            let theme = sheet.theme;
            draw_scatter_axes(&mut sheet.pen, &theme, &frame, (&format!("VAE {across}"), &format!("VAE {up}")))?;
            for track in tracks.iter().filter(|track| names.contains(&track.name.as_str())) {
                let places: Vec<(f64, f64)> = track
                    .bins
                    .iter()
                    .map(|bin| {
                        let place = study.axes.project(&bin.centroid);
                        (frame.x_at(f64::from(place[across - 1])), frame.y_at(f64::from(place[up - 1])))
                    })
                    .map(|(x, y)| (x.clamp(left, right), y.clamp(top, bottom)))
                    .collect();
                sheet.pen.curve(places.iter().copied(), theme.ink, 1.0, 2.0)?;
                for (at, &(x, y)) in places.iter().enumerate() {
                    sheet.pen.fill_rect((x - 11.0, y - 8.0), (x + 11.0, y + 8.0), theme.background, 0.9)?;
                    sheet.pen.text(&format!("{}{}", track.name, at + 1), (x, y), 11.0, theme.ink, Anchor::Middle)?;
                }
            }
        }
        legend(sheet, width - 180.0, 42.0)
    })?;
    let caption = "Centroids of the tracks' bins over all spectra. S: from quiescent to star-forming; P: to post-starbursts; E: to extreme \
                   emission lines; A: from narrow-line to broad-line AGN.";
    report.add(study.workspace, ("figure-10", "Figure 10", "The four tracks in latent space"), caption.to_owned(), Some(drawing), &csv)
}

fn spectra_along(study: &Study<'_>, report: &mut Report, track: &Track, number: &str) -> Result<(), String> {
    let places: Vec<f32> = track.bins.iter().flat_map(|bin| bin.centroid.iter().copied()).collect();
    let labels: Vec<String> = (1..=track.bins.len()).map(|at| format!("{}{at}", track.name)).collect();
    let spectra = decode_all(&study.model, &places);
    let drawing = svg::figure(900.0, 560.0, &format!("Track {}", track.name), |sheet| {
        let area = svg::panels(880.0, 560.0, 1, 1, (0.0, 0.0))[0];
        stacked(study, sheet, area, &spectra, &labels, 0.5)
    })?;
    let mut csv = Table::of(&format!("wavelength,{}", labels.join(",")));
    wavelength_rows(study, &mut csv, &spectra);
    let members: Vec<String> = track.bins.iter().map(|bin| bin.members.to_string()).collect();
    let left_out = if track.left_out.is_empty() { String::new() } else { format!(" {}.", track.left_out.join(" ")) };
    let caption = format!(
        "Decoded spectra at the centroids of track {} ({}), each divided by its mean and set off by 0.5. Spectra in the bins: {}.{left_out}",
        track.name,
        track.description,
        members.join(", ")
    );
    let stem = format!("figure-{number}");
    report.add(study.workspace, (&stem, &format!("Figure {number}"), &format!("Spectra along track {}", track.name)), caption, Some(drawing), &csv)
}

/// Figure 15.
pub(super) fn figure_15(study: &Study<'_>, report: &mut Report) -> Result<(), String> {
    let all = sweeps(&study.axes, &study.encoded.mean).map_err(|error| error.to_string())?;
    let mut csv = Table::of("axis,label,along,wavelength,flux");
    let decoded: Vec<Vec<f32>> = all
        .iter()
        .map(|sweep| decode_all(&study.model, &sweep.points.iter().flat_map(|point| point.latent.iter().copied()).collect::<Vec<f32>>()))
        .collect();
    for (sweep, spectra) in all.iter().zip(&decoded) {
        for (point, flux) in sweep.points.iter().zip(spectra.chunks(study.wavelengths.len())) {
            for (&wavelength, &flux) in study.wavelengths.iter().zip(flux) {
                csv.row(&[&sweep.axis.to_string(), &point.label], &[point.along, wavelength, f64::from(flux)]);
            }
        }
    }
    let drawing = svg::figure(1080.0, 1100.0, "A sweep along each axis", |sheet| {
        let areas = svg::panels(1070.0, 1100.0, 2, 3, (76.0, 62.0));
        for ((sweep, spectra), area) in all.iter().zip(&decoded).zip(areas) {
            let labels: Vec<String> = sweep.points.iter().map(|point| point.label.clone()).collect();
            stacked(study, sheet, area, spectra, &labels, 1.0)?;
            let ink = sheet.theme.ink;
            sheet.pen.text(&format!("VAE {}", sweep.axis), (area.left + 30.0, area.top + 12.0), 13.0, ink, Anchor::Middle)?;
        }
        Ok(())
    })?;
    let caption = "Decoded spectra along each axis at 1 %, 16 %, the mean, 84 % and 99 % of all spectra, the other axes at their mean; each divided by its \
                   mean and set off by 1.";
    report.add(study.workspace, ("figure-15", "Figure 15", "Sweeps along VAE 1 to 6"), caption.to_owned(), Some(drawing), &csv)
}

/// Spectra one above the other, each divided by its mean flux.
pub(super) fn stacked(
    study: &Study<'_>,
    sheet: &mut Sheet<'_, '_>,
    area: Area,
    spectra: &[f32],
    labels: &[String],
    offset: f64,
) -> svg::Drawn {
    let pixels = study.wavelengths.len();
    let count = spectra.len() / pixels;
    let scaled: Vec<Vec<f64>> = spectra
        .chunks(pixels)
        .enumerate()
        .map(|(at, flux)| {
            let mean = flux.iter().map(|&f| f64::from(f)).sum::<f64>() / pixels as f64;
            flux.iter().map(|&f| f64::from(f) / mean + offset * at as f64).collect()
        })
        .collect();
    // Strong lines are cut rather than everything else flattened.
    let all = sorted(scaled.iter().flatten().copied());
    let top = percentile(&all, 99.6).max(offset * count as f64 + 1.0) + 0.4;
    let mut chart = Chart::new(
        Axis::linear(study.wavelengths[0], study.wavelengths[pixels - 1]),
        Axis::linear(0.0, top),
        "rest wavelength / Å",
        "flux / mean + offset",
    );
    let scale = sheet.theme.colormap();
    for (at, flux) in scaled.into_iter().enumerate() {
        let color = scale.at(at as f64 / (count.max(2) - 1) as f64);
        let end = flux[pixels - 12..].iter().sum::<f64>() / 12.0;
        let note = Note { x: study.wavelengths[pixels - 1] + 25.0, y: end, text: labels[at].clone(), color, anchor: Anchor::Start };
        chart.series.push(Series { width: 1.0, ..Series::line("", study.wavelengths.clone(), flux, color) });
        chart.notes.push(note);
    }
    let area = Area { right: area.right - 30.0, ..area };
    chart.draw(&mut sheet.pen, &sheet.theme, area)
}

pub(super) fn wavelength_rows(study: &Study<'_>, csv: &mut Table, spectra: &[f32]) {
    let pixels = study.wavelengths.len();
    for (pixel, &wavelength) in study.wavelengths.iter().enumerate() {
        let values = spectra.chunks(pixels).map(|flux| f64::from(flux[pixel]));
        csv.row(&[], &std::iter::once(wavelength).chain(values).collect::<Vec<f64>>());
    }
}

/// A colour for the n-th of ten.
pub(super) fn color_of(at: usize) -> Rgb {
    const TEN: [Rgb; 10] = [
        Rgb(0x00, 0x72, 0xb2),
        Rgb(0xd5, 0x5e, 0x00),
        Rgb(0x00, 0x9e, 0x73),
        Rgb(0xc0, 0x4f, 0x92),
        Rgb(0x9a, 0x8a, 0x00),
        Rgb(0x4a, 0x34, 0xd0),
        Rgb(0x2c, 0x72, 0x8e),
        Rgb(0x8c, 0x51, 0x0a),
        Rgb(0x5d, 0x66, 0x75),
        Rgb(0xb2, 0x18, 0x2b),
    ];
    TEN[at % TEN.len()]
}
