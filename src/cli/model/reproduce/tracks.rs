//! The four tracks through latent space: Figures 10 to 14.

use anyhow::Result;

use super::claims::{Claim, Verdict};
use super::latent_space::{draw_order, legend, range_of};
use super::stacked_spectra::{stacked, wavelength_rows};
use super::study::{Report, Study, decode_all};
use super::svg::{self, Raster};
use crate::cli::model::table::Table;
use crate::latent::{TRACKS, Track};
use crate::numerics::statistics::{percentile, sorted};
use crate::plot::{Anchor, Area, Frame, Points, draw_scatter_axes};

/// Draws Figures 10 to 14 and adds the claims about tracks S and A.
pub(super) fn figures(study: &Study<'_>, report: &mut Report) -> Result<()> {
    let classes: Vec<i32> = study.class.iter().map(|&code| i32::from(code)).collect();
    let mut followed = Vec::new();
    for rule in &TRACKS {
        followed.push(rule.follow(&study.axes, &study.encoded.mean, &classes)?);
    }
    latent_space(study, report, &followed)?;
    let numbers = ["11", "12", "13", "14"];
    for (track, number) in followed.iter().zip(numbers) {
        spectra_along(study, report, track, number)?;
    }
    let claimed = [
        ("S", "star formation rises, from absorption lines to strong emission lines"),
        ("A", "lines widen from narrow to broad"),
    ];
    for (name, what) in claimed {
        let Some(track) = followed.iter().find(|track| track.name == name) else { continue };
        report.claims.push(track_claim(study, track, what));
    }
    Ok(())
}

/// Tests whether the property that a track is said to follow changes along it, by the simulator's truths where the set has them.
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
    let texts: Vec<String> = medians.iter().map(|median| format!("{median:.0}")).collect();
    let unit = if track.name == "S" { "Å, equivalent width of Hα" } else { "km/s, widest line" };
    Claim::new(
        &format!("Track {}: {what}", track.name),
        "Abstract: tracks interpolate between kinds of galaxies",
        match known {
            true => format!("median truth bin by bin: {} ({unit})", texts.join(", ")),
            false => "this set has no such truth column".to_owned(),
        },
        if !known {
            Verdict::NotTested
        } else if share >= 0.99 {
            Verdict::Holds
        } else if share >= 0.7 {
            Verdict::Partly
        } else {
            Verdict::Fails
        },
    )
}

/// Draws the tracks over latent space (Figure 10).
fn latent_space(study: &Study<'_>, report: &mut Report, tracks: &[Track]) -> Result<()> {
    let panels: [(usize, usize, &[&str]); 2] = [(2, 1, &["S", "P"]), (5, 1, &["S", "E", "A"])];
    let order = draw_order(&study.class);
    let mut csv = Table::of("track,bin,members,from_percentile,to_percentile,vae_1,vae_2,vae_3,vae_4,vae_5,vae_6");
    for track in tracks {
        for (at, bin) in track.bins.iter().enumerate() {
            let coordinates: Vec<f64> = study.axes.project(&bin.centroid).into_iter().map(f64::from).collect();
            let facts = [at as f64 + 1.0, bin.members as f64, bin.from_percentile, bin.to_percentile];
            csv.row(&[&track.name], &facts.into_iter().chain(coordinates).collect::<Vec<f64>>());
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
            sheet.scatter(&frame, &points, 1.1, 0.35);
            let theme = sheet.theme;
            draw_scatter_axes(&mut sheet.pen, &theme, &frame, (&format!("VAE {across}"), &format!("VAE {up}")))?;
            for track in tracks.iter().filter(|track| names.contains(&track.name.as_str())) {
                let positions: Vec<(f64, f64)> = track
                    .bins
                    .iter()
                    .map(|bin| {
                        let coordinates = study.axes.project(&bin.centroid);
                        (frame.x_at(f64::from(coordinates[across - 1])), frame.y_at(f64::from(coordinates[up - 1])))
                    })
                    .map(|(x, y)| (x.clamp(left, right), y.clamp(top, bottom)))
                    .collect();
                sheet.pen.curve(positions.iter().copied(), theme.ink, 1.0, 2.0)?;
                for (at, &(x, y)) in positions.iter().enumerate() {
                    sheet.pen.fill_rect((x - 11.0, y - 8.0), (x + 11.0, y + 8.0), theme.background, 0.9)?;
                    sheet.pen.text(&format!("{}{}", track.name, at + 1), (x, y), 11.0, theme.ink, Anchor::Middle)?;
                }
            }
        }
        legend(sheet, width - 180.0, 42.0)
    })?;
    let caption = "Centroids of the tracks' bins over all spectra. S: from quiescent to star-forming; P: to post-starbursts; E: to extreme \
                   emission lines; A: from narrow-line to broad-line AGN.";
    report.add(
        study.workspace,
        ("figure-10", "Figure 10", "The four tracks in latent space"),
        caption.to_owned(),
        Some(drawing),
        &csv,
    )
}

/// Draws the decoded spectra along a track (Figures 11 to 14).
fn spectra_along(study: &Study<'_>, report: &mut Report, track: &Track, number: &str) -> Result<()> {
    let centroids: Vec<f32> = track.bins.iter().flat_map(|bin| bin.centroid.iter().copied()).collect();
    let labels: Vec<String> = (1..=track.bins.len()).map(|at| format!("{}{at}", track.name)).collect();
    let spectra = decode_all(&study.model, &centroids);
    let drawing = svg::figure(900.0, 560.0, &format!("Track {}", track.name), |sheet| {
        let area = svg::panels(880.0, 560.0, 1, 1, (0.0, 0.0))[0];
        stacked(study, sheet, area, &spectra, &labels, 0.5)
    })?;
    let mut csv = Table::of(&format!("wavelength,{}", labels.join(",")));
    wavelength_rows(study, &mut csv, &spectra);
    let members: Vec<String> = track.bins.iter().map(|bin| bin.members.to_string()).collect();
    let left_out = if track.left_out.is_empty() { String::new() } else { format!(" {}.", track.left_out.join(" ")) };
    let caption = format!(
        "Decoded spectra at the centroids of track {} ({}), each divided by its mean and offset by 0.5. Spectra in the bins: {}.{left_out}",
        track.name,
        track.description,
        members.join(", ")
    );
    let stem = format!("figure-{number}");
    report.add(
        study.workspace,
        (&stem, &format!("Figure {number}"), &format!("Spectra along track {}", track.name)),
        caption,
        Some(drawing),
        &csv,
    )
}
