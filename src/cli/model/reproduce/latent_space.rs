//! The corner plot of latent space (Figure 9), and how well the classes separate in it.

use anyhow::Result;

use super::claims::{Claim, Verdict};
use super::study::{CLASSES, Report, Study};
use super::svg::{self, Raster, Sheet};
use crate::cli::model::table::Table;
use crate::numerics::statistics::{percentile, sorted};
use crate::plot::{Anchor, Area, Axis, Frame, Points};
use crate::spectrum::Class;

/// Returns the rows in the order in which they are drawn: the rarest class last, so that no class hides it.
pub(super) fn draw_order(class: &[u8]) -> Vec<u32> {
    let mut count = [0_usize; 256];
    class.iter().for_each(|&code| count[usize::from(code)] += 1);
    let mut order: Vec<u32> = (0..class.len() as u32).collect();
    order.sort_by_key(|&row| std::cmp::Reverse(count[usize::from(class[row as usize])]));
    order
}

/// Returns the range of all but the outermost 0.2 % of some values.
pub(super) fn range_of(values: &[f32]) -> Axis {
    let values = sorted(values.iter().map(|&value| f64::from(value)).filter(|value| value.is_finite()));
    let (low, high) = (percentile(&values, 0.1), percentile(&values, 99.9));
    let margin = (high - low) * 0.05;
    Axis::linear(low - margin, high + margin)
}

/// Draws Figure 9.
pub(super) fn corner(study: &Study<'_>, report: &mut Report) -> Result<()> {
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
                    let points = Points {
                        x: &values[column],
                        y: &values[row],
                        color: &study.class,
                        order: &order,
                        palette: &palette,
                    };
                    sheet.scatter(&frame, &points, 0.7, 0.6);
                }
                let theme = sheet.theme;
                for (from, to) in [
                    ((left, top), (left, bottom)),
                    ((left, bottom), (right, bottom)),
                    ((right, top), (right, bottom)),
                    ((left, top), (right, top)),
                ] {
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
            let mine: Vec<f64> = rows_of(study, class).map(|row| f64::from(column[row])).collect();
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
    report.add(
        study.workspace,
        ("figure-09", "Figure 9", "Corner plot of VAE 1 to 6"),
        caption,
        Some(drawing),
        &csv,
    )?;
    let accuracy = neighbour_accuracy(study);
    let chance = CLASSES
        .iter()
        .map(|&class| (rows_of(study, class).count() as f64 / study.set.len() as f64).powi(2))
        .sum::<f64>();
    report.claims.push(Claim::new(
        "Classes separate in latent space although the model never saw them",
        "Abstract, and the corner plot",
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

/// Classifies each validation spectrum as the commonest class of its 15 nearest training spectra. Returns the accuracy, and the
/// recall of each of the four classes.
fn neighbour_accuracy(study: &Study<'_>) -> (f64, Vec<f64>) {
    let dims = study.dims();
    let latent = |row: usize| &study.encoded.mean[row * dims..(row + 1) * dims];
    let known = |row: &&usize| CLASSES.iter().any(|class| class.code() == i32::from(study.class[**row]));
    let train: Vec<usize> = study.split.train.iter().filter(known).copied().collect();
    let points: Vec<f32> = train.iter().flat_map(|&row| latent(row)).copied().collect();
    let Ok(tree) = crate::numerics::k_d_tree::NeighbourTree::new(&points, dims) else {
        return (f64::NAN, vec![f64::NAN; 4]);
    };
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

/// Returns the rows of a class.
fn rows_of(study: &Study<'_>, class: Class) -> impl Iterator<Item = usize> {
    (0..study.class.len()).filter(move |&row| i32::from(study.class[row]) == class.code())
}

/// Returns mean and standard deviation.
fn moments(values: &[f64]) -> (f64, f64) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count).sqrt())
}

/// Draws a histogram with the classes stacked.
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

/// Draws the legend of the classes' colours.
pub(super) fn legend(sheet: &mut Sheet<'_, '_>, left: f64, top: f64) -> svg::Drawn {
    let background = sheet.theme.background;
    sheet.pen.fill_rect(
        (left - 10.0, top - 12.0),
        (left + 150.0, top + 18.0 * CLASSES.len() as f64 - 5.0),
        background,
        0.85,
    )?;
    for (row, class) in CLASSES.into_iter().enumerate() {
        let y = top + 18.0 * row as f64;
        let color = sheet.theme.class(class);
        sheet.pen.circle((left, y), 5.0, color, None)?;
        let ink = sheet.theme.ink;
        sheet.pen.text(class.name(), (left + 12.0, y), 12.0, ink, Anchor::Start)?;
    }
    Ok(())
}
