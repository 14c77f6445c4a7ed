//! A map of the sky in Mollweide's equal-area projection, with right ascension growing to the left, as the sky is seen.
//!
//! Coordinates are degrees on the map, as in the projection MOL of FITS (Calabretta & Greisen 2002, section 5.3.3): the whole sky is an
//! ellipse from -162 to 162 in x and from -81 to 81 in y.

use std::f64::consts::{FRAC_PI_2, PI, SQRT_2};

use plotters_backend::DrawingBackend;

use super::axis::Frame;
use super::overlay::clipped;
use super::palette::Theme;
use super::pen::{Anchor, Drawn, Pen};
use crate::spectrum::SkyPosition;

/// A map of the sky.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkyMap {
    /// Right ascension in the middle of the map, degrees.
    pub middle: f64,
}

/// Half the width and half the height of the whole sky on the map.
const WHOLE: (f64, f64) = (2.0 * SQRT_2 / PI * 180.0, SQRT_2 / PI * 180.0);
/// Width of a band of right ascension without objects, from which on the map is turned so that its edges lie in it.
const WIDE_GAP: f64 = 60.0;
/// Distances of the lines of the graticule, degrees.
const STEPS: [f64; 12] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0];
/// Points along a line of the graticule.
const POINTS: usize = 96;
/// Width of a label of a meridian, CSS pixels.
const LABEL_WIDTH: f64 = 34.0;
/// Size of the labels, CSS pixels.
const LABEL: f64 = 11.0;

impl SkyMap {
    /// Returns the map for these positions: 12 h in the middle, or the middle of the positions where they leave a wide band free.
    pub fn around(positions: impl Iterator<Item = SkyPosition>) -> Self {
        let mut ra: Vec<f64> = positions.map(|position| position.ra).collect();
        ra.sort_unstable_by(f64::total_cmp);
        let Some((&first, &last)) = ra.first().zip(ra.last()) else { return Self { middle: 180.0 } };
        let round = (first + 360.0 - last, first, last);
        let between = ra.windows(2).map(|pair| (pair[1] - pair[0], pair[1], pair[0] + 360.0));
        let (gap, start, end) = between.fold(round, |widest, gap| if gap.0 > widest.0 { gap } else { widest });
        if gap < WIDE_GAP {
            return Self { middle: 180.0 };
        }
        Self { middle: ((start + end) / 2.0).rem_euclid(360.0) }
    }

    /// Projects a position onto the map, degrees.
    pub fn project(&self, position: SkyPosition) -> (f64, f64) {
        let from_middle = (position.ra - self.middle + 540.0).rem_euclid(360.0) - 180.0;
        self.at(from_middle, position.dec)
    }

    /// Projects a position given by its right ascension from the middle, -180 to 180, and its declination.
    fn at(&self, from_middle: f64, dec: f64) -> (f64, f64) {
        let (sine, cosine) = auxiliary_angle(dec).sin_cos();
        (-WHOLE.0 * from_middle / 180.0 * cosine, WHOLE.1 * sine)
    }

    /// Returns the position at a place on the map; `None` outside the sky.
    pub fn position(&self, x: f64, y: f64) -> Option<SkyPosition> {
        let dec = declination_at(y)?;
        let half = half_width_at(y);
        let from_middle = if half > 0.0 { -180.0 * x / half } else { 0.0 };
        (from_middle.abs() <= 180.0).then(|| SkyPosition::new((self.middle + from_middle).rem_euclid(360.0), dec))?
    }

    /// Returns the ranges of x and y that the map shows at first: the whole sky, or the part of it in which all points `[n]` lie.
    pub fn range(x: &[f32], y: &[f32]) -> ((f64, f64), (f64, f64)) {
        let span = |values: &[f32]| {
            let finite = values.iter().copied().filter(|value| value.is_finite()).map(f64::from);
            finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
        };
        let ((x0, x1), (y0, y1)) = (span(x), span(y));
        let whole = ((-1.04 * WHOLE.0, 1.04 * WHOLE.0), (-1.06 * WHOLE.1, 1.06 * WHOLE.1));
        if x0 > x1 || x1 - x0 > WHOLE.0 || y1 - y0 > WHOLE.1 {
            return whole;
        }
        // A lone object is shown with a degree around it.
        let margin = (0.06 * (x1 - x0).max(y1 - y0)).max(0.02);
        ((x0 - margin, x1 + margin), (y0 - margin, y1 + margin))
    }

    /// Widens one of the ranges so that both axes of a frame of this size have the same scale.
    pub fn even_scale(
        ((x0, x1), (y0, y1)): ((f64, f64), (f64, f64)),
        (width, height): (f64, f64),
    ) -> ((f64, f64), (f64, f64)) {
        let unit = ((x1 - x0) / width).max((y1 - y0) / height);
        let widened = |low: f64, high: f64, pixels: f64| {
            let (middle, half) = ((low + high) / 2.0, unit * pixels / 2.0);
            (middle - half, middle + half)
        };
        (widened(x0, x1, width), widened(y0, y1, height))
    }

    /// Draws the graticule with its labels, the edge of the sky, and the titles of the axes.
    pub fn draw<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let ((low, high), (east, west)) = (visible_declinations(frame), visible_longitudes(frame));
        let dec_step = step_for(high - low, 4.5);
        let ra_step = step_for(west - east, 6.0);
        let parallels = multiples(low, high, dec_step);
        let meridians = multiples(self.middle + east, self.middle + west, ra_step);
        for &ra in &meridians {
            self.curve(pen, theme, frame, (low, high), ra - self.middle)?;
        }
        for edge in [-180.0, 180.0] {
            self.curve(pen, theme, frame, (low, high), edge)?;
        }
        for &dec in &parallels {
            let ends = (pixel(frame, self.at(east, dec)), pixel(frame, self.at(west, dec)));
            if let Some((from, to)) = clipped(frame, ends.0, ends.1) {
                pen.curve([from, to], theme.muted, 0.5, 0.75)?;
            }
        }
        self.draw_labels(pen, theme, frame, (&meridians, ra_step), (&parallels, dec_step))?;
        frame.draw_x_at(pen, theme, "Right ascension (ICRS), growing to the left", &[])?;
        pen.line((frame.left, frame.top), (frame.left, frame.bottom), theme.muted, 1.0)?;
        frame.draw_y(pen, theme, "Declination", &[])
    }

    /// Draws the part of a meridian between two declinations.
    fn curve<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        theme: &Theme,
        frame: &Frame,
        (low, high): (f64, f64),
        from_middle: f64,
    ) -> Drawn<DB> {
        let dec = |i: usize| low + (high - low) * i as f64 / POINTS as f64;
        let points: Vec<(f64, f64)> = (0..=POINTS).map(|i| pixel(frame, self.at(from_middle, dec(i)))).collect();
        for pair in points.windows(2) {
            if let Some((from, to)) = clipped(frame, pair[0], pair[1]) {
                pen.curve([from, to], theme.muted, 0.5, 0.75)?;
            }
        }
        Ok(())
    }

    fn draw_labels<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        theme: &Theme,
        frame: &Frame,
        (meridians, ra_step): (&[f64], f64),
        (parallels, dec_step): (&[f64], f64),
    ) -> Drawn<DB> {
        // Right ascensions stand along the parallel nearest to the middle of what is seen, declinations along its left edge.
        let middle = declination_at((frame.y.min + frame.y.max) / 2.0).unwrap_or(0.0);
        let along = parallels.iter().copied().min_by(|a, b| (a - middle).abs().total_cmp(&(b - middle).abs()));
        let along = along.unwrap_or(middle);
        let mut last = f64::INFINITY;
        // The two edges of the whole sky are one meridian, whose label would stand beside that of a declination.
        for &ra in meridians.iter().filter(|&&ra| (ra - self.middle).abs() < 179.999) {
            let (x, y) = pixel(frame, self.at(ra - self.middle, along));
            // On a narrow map every other label has no room.
            if frame.contains(x, y) && frame.contains(x + LABEL_WIDTH, y - 14.0) && (x - last).abs() >= LABEL_WIDTH {
                last = x;
                let label = angle_label(ra.rem_euclid(360.0), ra_step);
                pen.text(&label, (x + 3.0, y - 8.0), LABEL, theme.muted, Anchor::Start)?;
            }
        }
        for &dec in parallels.iter().filter(|dec| dec.abs() < 89.0) {
            let (edge, y) = pixel(frame, self.at(180.0, dec));
            if y < frame.top + 14.0 || y > frame.bottom - 2.0 || edge > frame.right {
                continue;
            }
            let sign = if dec > 0.0 { "+" } else { "" };
            let label = format!("{sign}{}", angle_label(dec, dec_step));
            let (x, anchor) = if edge > frame.left + 34.0 {
                (edge - 4.0, Anchor::End)
            } else {
                (frame.left.max(edge) + 4.0, Anchor::Start)
            };
            let y = if anchor == Anchor::End { y } else { y - 8.0 };
            pen.text(&label, (x, y), LABEL, theme.muted, anchor)?;
        }
        Ok(())
    }
}

/// Returns the auxiliary angle of Mollweide's projection: 2 g + sin 2 g = pi sin(dec).
fn auxiliary_angle(dec: f64) -> f64 {
    let wanted = PI * dec.to_radians().sin();
    let mut angle = dec.to_radians();
    // Newton's steps; they become short near the poles, where the slope vanishes.
    for _ in 0..60 {
        let slope = 2.0 + 2.0 * (2.0 * angle).cos();
        if slope < 1e-12 {
            break;
        }
        let step = (2.0 * angle + (2.0 * angle).sin() - wanted) / slope;
        angle = (angle - step).clamp(-FRAC_PI_2, FRAC_PI_2);
        if step.abs() < 1e-14 {
            break;
        }
    }
    angle
}

/// Returns the declination along a horizontal line of the map; `None` above and below the sky.
fn declination_at(y: f64) -> Option<f64> {
    let sine = y / WHOLE.1;
    if sine.abs() > 1.0 {
        return None;
    }
    let angle = sine.asin();
    Some(((2.0 * angle + (2.0 * angle).sin()) / PI).clamp(-1.0, 1.0).asin().to_degrees())
}

/// Returns half the width of the sky along a horizontal line of the map.
fn half_width_at(y: f64) -> f64 {
    WHOLE.0 * (1.0 - (y / WHOLE.1).powi(2)).max(0.0).sqrt()
}

fn visible_declinations(frame: &Frame) -> (f64, f64) {
    let at = |y: f64| declination_at(y.clamp(-WHOLE.1, WHOLE.1)).unwrap_or(0.0);
    (at(frame.y.min), at(frame.y.max))
}

/// Returns the range of right ascension from the middle that a frame shows somewhere: at its upper or lower edge, or at the equator.
fn visible_longitudes(frame: &Frame) -> (f64, f64) {
    let middle = 0f64.clamp(frame.y.min, frame.y.max);
    let at = |x: f64, y: f64| {
        let half = half_width_at(y);
        if half > 0.0 { (-180.0 * x / half).clamp(-180.0, 180.0) } else { 180.0 * -x.signum() }
    };
    let ends = [frame.y.min, middle, frame.y.max].into_iter().flat_map(|y| [at(frame.x.min, y), at(frame.x.max, y)]);
    ends.fold((180.0, -180.0), |(low, high), value| (f64::min(low, value), f64::max(high, value)))
}

/// Returns the least distance of lines that leaves about `count` of them, or fewer, in a range.
fn step_for(range: f64, count: f64) -> f64 {
    STEPS.into_iter().find(|step| range / step <= count + 1.0).unwrap_or(30.0)
}

/// Returns the multiples of a step in a range.
fn multiples(low: f64, high: f64, step: f64) -> Vec<f64> {
    let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
    (first..=last).map(|i| i as f64 * step).collect()
}

fn angle_label(angle: f64, step: f64) -> String {
    let decimals = if step >= 1.0 { 0 } else { (-step.log10() - 1e-9).ceil().max(1.0) as usize };
    format!("{angle:.decimals$}°").replace('-', "−")
}

fn pixel(frame: &Frame, (x, y): (f64, f64)) -> (f64, f64) {
    (frame.x_at(x), frame.y_at(y))
}
