//! The drawing of a spectrum plot.

use plotters_backend::DrawingBackend;

use super::content::{LineMark, SpectrumPlot};
use super::layout::SpectrumFrames;
use super::residuals::residuals;
use super::trace::{Trace, runs};
use crate::plot::axis::Frame;
use crate::plot::palette::Theme;
use crate::plot::pen::{Anchor, Drawn, Pen};
use crate::spectrum::grid;

/// Height of the strip that shows masked pixels, CSS pixels.
const STRIP: f64 = 4.0;
/// Widths of the observed curve, beneath, and of the decoded one over it, CSS pixels: either shows where they agree.
const OBSERVED: f64 = 2.25;
const DECODED: f64 = 1.0;

impl SpectrumPlot<'_> {
    /// Draws the plot into `width` x `height` CSS pixels.
    pub fn draw<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, width: f64, height: f64) -> Drawn<DB> {
        let SpectrumFrames { flux: upper, residual: lower } = self.frames(width, height);
        let base = lower.unwrap_or(upper);

        let ticks = upper.y.ticks(((upper.bottom - upper.top) / 55.0).max(2.0) as usize);
        upper.draw_grid(pen, theme, &ticks)?;
        self.draw_brush(pen, theme, &upper, base.bottom)?;
        self.draw_lines(pen, theme, &upper)?;
        upper.draw_y(pen, theme, "flux / root mean square", &ticks)?;
        self.draw_flux(pen, theme, &upper)?;
        if let Some(lower) = &lower {
            self.draw_residual(pen, theme, lower)?;
        }
        self.draw_masked(pen, theme, &base)?;
        // A label too near the right edge would be cut in half.
        let ticks = base.x.ticks(((base.right - base.left) / 90.0).max(2.0) as usize);
        let ticks: Vec<f64> = ticks.into_iter().filter(|&tick| base.x_at(tick) <= base.right - 6.0).collect();
        base.draw_x_at(pen, theme, "rest-frame vacuum wavelength / Å", &ticks)
    }

    /// Draws a strip along the wavelength axis where pixels are masked.
    fn draw_masked<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let Some((_, ivar)) = self.observed else { return Ok(()) };
        for (first, last) in runs(ivar, |weight| weight <= 0.0) {
            let from = frame.x_at(grid::wavelength(first as f64 - 0.5)).max(frame.left);
            let to = frame.x_at(grid::wavelength(last as f64 + 0.5)).min(frame.right);
            if from <= frame.right && to >= frame.left {
                pen.fill_rect((from, frame.bottom - STRIP), (to.max(from + 0.75), frame.bottom), theme.masked, 1.0)?;
            }
        }
        Ok(())
    }

    fn draw_brush<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        theme: &Theme,
        frame: &Frame,
        bottom: f64,
    ) -> Drawn<DB> {
        let Some((a, b)) = self.brush.filter(|(a, b)| a.is_finite() && b.is_finite()) else { return Ok(()) };
        let x_of = |wavelength: f64| frame.x_at(wavelength).clamp(frame.left, frame.right.max(frame.left));
        let (from, to) = (x_of(a.min(b)), x_of(a.max(b)));
        pen.fill_rect((from, frame.top), (to, bottom), theme.ink, 0.1)?;
        for x in [from, to] {
            pen.curve([(x, frame.top), (x, bottom)], theme.ink, 0.6, 1.0)?;
        }
        Ok(())
    }

    fn draw_lines<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let mut marks: Vec<&LineMark> = self.lines.iter().collect();
        marks.sort_by(|a, b| b.main.cmp(&a.main).then(a.wavelength.total_cmp(&b.wavelength)));
        // Two rows of labels; one that would touch a label already drawn goes to the other row, or is left out.
        let mut taken: [Vec<(f64, f64)>; 2] = [Vec::new(), Vec::new()];
        let mut named: Vec<(f64, &str)> = Vec::new();
        for mark in marks {
            let x = frame.x_at(mark.wavelength);
            if !(frame.left..=frame.right).contains(&x) {
                continue;
            }
            pen.curve([(x, frame.top), (x, frame.bottom)], theme.muted, if theme.dark { 0.45 } else { 0.4 }, 0.75)?;
            if named.iter().any(|(other, label)| *label == mark.label && (x - other).abs() < 40.0) {
                continue;
            }
            let half = mark.label.chars().count() as f64 * 3.1 + 3.0;
            if frame.right - frame.left < 2.0 * half {
                continue;
            }
            let middle = x.clamp(frame.left + half, frame.right - half);
            let free = |row: &Vec<(f64, f64)>| row.iter().all(|(a, b)| middle + half < *a || middle - half > *b);
            let Some(row) = taken.iter().position(free) else { continue };
            taken[row].push((middle - half, middle + half));
            named.push((x, &mark.label));
            let y = frame.top - 8.0 - 14.0 * row as f64;
            pen.text(&mark.label, (middle, y), 11.0, theme.muted, Anchor::Middle)?;
        }
        Ok(())
    }

    fn draw_flux<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let trace = Trace::new(*frame, self.window());
        if let Some(spread) = self.spread {
            trace.area(pen, &spread.low, &spread.high, theme.spread, 0.22)?;
        }
        if let (Some(decoded), Some(band)) = (self.decoded, self.band) {
            let edge = |sign: f32| decoded.iter().zip(band).map(move |(x, s)| x + sign * s).collect::<Vec<f32>>();
            trace.area(pen, &edge(-1.0), &edge(1.0), theme.decoded, 0.25)?;
        }
        self.draw_observed(pen, theme, &trace)?;
        if let Some(spread) = self.spread {
            trace.curves(pen, &spread.mean, theme.spread, 1.5)?;
        }
        for pinned in self.pinned {
            trace.curves(pen, pinned.flux, pinned.color, 1.25)?;
        }
        if let Some(decoded) = self.decoded {
            trace.curve(pen, decoded, (0, decoded.len()), (theme.decoded, 1.0, DECODED))?;
        }
        Ok(())
    }

    fn draw_observed<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, trace: &Trace) -> Drawn<DB> {
        let (Some((_, ivar)), Some(flux)) = (self.observed, self.observed_shown()) else { return Ok(()) };
        let (opacity, width) = if self.unrelated { (0.45, 1.0) } else { (1.0, OBSERVED) };
        // Infilled pixels were not observed: the curve continues through them, fainter.
        for (opacity, width, masked) in [(0.4 * opacity, 1.0, true), (opacity, width, false)] {
            for (first, last) in runs(ivar, |weight| (weight <= 0.0) == masked) {
                let end = if masked { last + 1 } else { last };
                let start = if masked { first.saturating_sub(1) } else { first };
                trace.curve(pen, &flux, (start, end), (theme.observed, opacity, width))?;
            }
        }
        Ok(())
    }

    fn draw_residual<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let (Some((flux, ivar)), Some(decoded)) = (self.observed, self.decoded) else { return Ok(()) };
        let end = frame.y.max;
        let one = (frame.y_at(1.0), frame.y_at(-1.0));
        pen.fill_rect((frame.left, one.0), (frame.right, one.1), theme.decoded, 0.12)?;
        let sigmas = residuals(flux, ivar, decoded);
        let trace = Trace::new(*frame, self.window());
        trace.curves(pen, &sigmas, theme.ink.toward(theme.background, 0.25), 0.75)?;
        self.draw_beyond(pen, theme, frame, &sigmas)?;
        pen.line((frame.left, frame.y_at(0.0)), (frame.right, frame.y_at(0.0)), theme.decoded, 1.0)?;
        frame.draw_y(pen, theme, "residual / σ", &[-end, 0.0, end])
    }

    /// Marks the pixels whose residual lies beyond the axis, at the edge that it leaves by.
    fn draw_beyond<DB: DrawingBackend>(
        &self,
        pen: &mut Pen<'_, DB>,
        theme: &Theme,
        frame: &Frame,
        sigmas: &[f32],
    ) -> Drawn<DB> {
        let (from, to) = self.window();
        for (pixel, &sigma) in sigmas.iter().enumerate().filter(|(_, sigma)| f64::from(sigma.abs()) > frame.y.max) {
            if (from..=to).contains(&(pixel as f64)) {
                let x = frame.x_at(grid::wavelength(pixel as f64));
                let (edge, inward) = if sigma > 0.0 { (frame.top, 4.0) } else { (frame.bottom, -4.0) };
                pen.line((x, edge), (x, edge + inward), theme.decoded, 2.0)?;
            }
        }
        Ok(())
    }
}
