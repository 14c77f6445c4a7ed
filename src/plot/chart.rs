//! A chart of curves, dots, bands and rules in one frame, for the figures of a report.

use plotters_backend::DrawingBackend;

use super::axis::{Axis, Frame};
use super::palette::{Rgb, Theme};
use super::pen::{Anchor, Drawn, Pen};

/// The mark that a series is drawn with.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A curve.
    Line,
    /// A curve of dashes.
    Dashes,
    /// A curve with a dot at each point.
    LineAndDots,
    /// Dashes with a ring at each point.
    DashesAndRings,
    /// Dots without a curve.
    Dots,
    /// The area between the series and these other y values.
    Band(Vec<f64>),
}

/// A series of points and how it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name in the legend; empty for none.
    pub name: String,
    /// x values.
    pub x: Vec<f64>,
    /// y values; a value that is not finite breaks the curve.
    pub y: Vec<f64>,
    /// Half-lengths of error bars; empty for none.
    pub spread: Vec<f64>,
    /// Colour of the mark.
    pub color: Rgb,
    /// Mark.
    pub mark: Mark,
    /// Width of the curve, CSS pixels.
    pub width: f64,
}

/// A text in a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// x value of the anchor point.
    pub x: f64,
    /// y value of the anchor point.
    pub y: f64,
    /// Text.
    pub text: String,
    /// Colour of the text.
    pub color: Rgb,
    /// Position of the text relative to the anchor point.
    pub anchor: Anchor,
    /// Distance above the anchor point, CSS pixels.
    pub lift: f64,
}

/// A chart: one frame with its content.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Title above the frame; empty for none.
    pub title: String,
    /// Axis from left to right.
    pub x: Axis,
    /// Axis from bottom to top.
    pub y: Axis,
    /// Title of the x axis; where empty, the axis has no labels either (a panel above another).
    pub x_title: String,
    /// Title of the y axis; where empty, the axis has no labels either (a panel right of another).
    pub y_title: String,
    /// Ticks of x; empty for round ones.
    pub x_ticks: Vec<f64>,
    /// Series, drawn in order.
    pub series: Vec<Series>,
    /// y values of dashed horizontal rules.
    pub rules: Vec<f64>,
    /// x values of thin vertical lines.
    pub marks: Vec<f64>,
    /// Texts.
    pub notes: Vec<Note>,
    /// Whether the upper right corner has a legend.
    pub legend: bool,
}

/// A rectangle in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

/// Length of a dash and of the gap after it, CSS pixels.
const DASH: (f64, f64) = (5.0, 4.0);

impl Series {
    /// Returns a series drawn as a curve.
    pub fn line(name: &str, x: Vec<f64>, y: Vec<f64>, color: Rgb) -> Self {
        Self { name: name.to_owned(), x, y, spread: Vec::new(), color, mark: Mark::Line, width: 1.25 }
    }

    /// Returns the series drawn with another mark.
    pub fn drawn(self, mark: Mark) -> Self {
        Self { mark, ..self }
    }
}

impl Chart {
    /// Returns a chart without content.
    pub fn new(x: Axis, y: Axis, x_title: &str, y_title: &str) -> Self {
        Self {
            title: String::new(),
            x,
            y,
            x_title: x_title.to_owned(),
            y_title: y_title.to_owned(),
            x_ticks: Vec::new(),
            series: Vec::new(),
            rules: Vec::new(),
            marks: Vec::new(),
            notes: Vec::new(),
            legend: false,
        }
    }

    /// Returns an axis that contains all finite values, with a margin; logarithmic where asked for and possible.
    pub fn axis_of(values: impl IntoIterator<Item = f64>, log: bool) -> Axis {
        let finite = values.into_iter().filter(|value| value.is_finite() && (!log || *value > 0.0));
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        if log && low.is_finite() && high > low {
            let margin = (high / low).powf(0.06).max(1.05);
            return Axis::log(low / margin, high * margin);
        }
        let margin = (high - low) * 0.06;
        Axis::linear(low - margin, high + margin)
    }

    /// Returns the axis extended upwards by a third of its length, as space for a legend.
    pub fn with_legend_space(axis: Axis) -> Axis {
        match axis.log {
            true => Axis::log(axis.min, axis.max * (axis.max / axis.min).powf(0.33)),
            false => Axis::linear(axis.min, axis.max + (axis.max - axis.min) * 0.33),
        }
    }

    /// Draws the chart with its frame on the edges of `area`; titles and labels lie outside.
    pub fn draw<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, area: Area) -> Drawn<DB> {
        let Area { left, top, right, bottom } = area;
        let frame = Frame { left, top, right, bottom, x: self.x, y: self.y };
        let ticks = frame.y.ticks(((bottom - top) / 45.0).max(2.0) as usize);
        if !self.y_title.is_empty() {
            frame.draw_grid(pen, theme, &ticks)?;
            frame.draw_y(pen, theme, &self.y_title, &ticks)?;
        }
        for &mark in &self.marks {
            let x = frame.x_at(mark);
            if (left..=right).contains(&x) {
                pen.curve([(x, top), (x, bottom)], theme.muted, 0.35, 0.75)?;
            }
        }
        for series in &self.series {
            draw_series(pen, &frame, series)?;
        }
        for &rule in &self.rules {
            draw_dashes(pen, &[(left, frame.y_at(rule)), (right, frame.y_at(rule))], theme.muted, 1.0)?;
        }
        match self.x_title.is_empty() {
            true => pen.line((left, bottom), (right, bottom), theme.muted, 1.0)?,
            false if self.x_ticks.is_empty() => frame.draw_x(pen, theme, &self.x_title)?,
            false => frame.draw_x_at(pen, theme, &self.x_title, &self.x_ticks)?,
        }
        pen.line((left, top), (left, bottom), theme.muted, 1.0)?;
        for note in &self.notes {
            let at = (frame.x_at(note.x), frame.y_at(note.y) - note.lift);
            pen.text(&note.text, at, 11.0, note.color, note.anchor)?;
        }
        if !self.title.is_empty() {
            pen.text(&self.title, ((left + right) / 2.0, top - 10.0), 12.0, theme.ink, Anchor::Middle)?;
        }
        if self.legend { self.draw_legend(pen, theme, &frame) } else { Ok(()) }
    }

    fn draw_legend<DB: DrawingBackend>(&self, pen: &mut Pen<'_, DB>, theme: &Theme, frame: &Frame) -> Drawn<DB> {
        let named: Vec<&Series> = self.series.iter().filter(|series| !series.name.is_empty()).collect();
        let longest = named.iter().map(|series| series.name.chars().count()).max().unwrap_or(0) as f64;
        let left = frame.right - 40.0 - 6.4 * longest;
        let height = 16.0 * named.len() as f64 + 6.0;
        pen.fill_rect(
            (left - 6.0, frame.top + 3.0),
            (frame.right - 3.0, frame.top + 3.0 + height),
            theme.background,
            0.85,
        )?;
        for (row, series) in named.into_iter().enumerate() {
            let y = frame.top + 14.0 + 16.0 * row as f64;
            let sample = [(left, y), (left + 24.0, y)];
            match series.mark {
                Mark::Dashes | Mark::DashesAndRings => draw_dashes(pen, &sample, series.color, 1.5)?,
                Mark::Dots => pen.circle((left + 12.0, y), 3.0, series.color, None)?,
                Mark::Band(_) => pen.fill_rect((left, y - 5.0), (left + 24.0, y + 5.0), series.color, 0.3)?,
                Mark::Line | Mark::LineAndDots => pen.curve(sample, series.color, 1.0, 1.75)?,
            }
            pen.text(&series.name, (left + 31.0, y), 11.0, theme.ink, Anchor::Start)?;
        }
        Ok(())
    }
}

fn draw_series<DB: DrawingBackend>(pen: &mut Pen<'_, DB>, frame: &Frame, series: &Series) -> Drawn<DB> {
    let position = |x: f64, y: f64| (frame.x_at(x), frame.y_at(y).clamp(frame.top, frame.bottom));
    let finite = |&(x, y): &(f64, f64)| x.is_finite() && y.is_finite() && frame.x.fraction(x).abs() < 1e3;
    let pairs: Vec<(f64, f64)> = series.x.iter().copied().zip(series.y.iter().copied()).collect();
    if let Mark::Band(other) = &series.mark {
        let upper = pairs.iter().copied().filter(finite).map(|(x, y)| position(x, y));
        let back = series.x.iter().copied().zip(other.iter().copied()).filter(finite).map(|(x, y)| position(x, y));
        let back: Vec<(f64, f64)> = back.collect();
        return pen.fill(upper.chain(back.into_iter().rev()), series.color, 0.3);
    }
    for run in pairs.split(|pair| !finite(pair)).filter(|run| !run.is_empty()) {
        let path: Vec<(f64, f64)> = run.iter().map(|&(x, y)| position(x, y)).collect();
        match series.mark {
            Mark::Line | Mark::LineAndDots => pen.curve(path.iter().copied(), series.color, 1.0, series.width)?,
            Mark::Dashes | Mark::DashesAndRings => draw_dashes(pen, &path, series.color, series.width)?,
            Mark::Dots | Mark::Band(_) => {}
        }
        for &at in &path {
            match series.mark {
                Mark::LineAndDots | Mark::Dots => pen.circle(at, 3.0, series.color, None)?,
                Mark::DashesAndRings => pen.circle(at, 3.0, series.color, Some(1.25))?,
                _ => break,
            }
        }
    }
    for (&(x, y), spread) in pairs.iter().zip(&series.spread) {
        pen.curve([position(x, y - spread), position(x, y + spread)], series.color, 1.0, 1.25)?;
    }
    Ok(())
}

/// Draws a dashed polyline, which plotters' backends do not offer.
fn draw_dashes<DB: DrawingBackend>(pen: &mut Pen<'_, DB>, path: &[(f64, f64)], color: Rgb, width: f64) -> Drawn<DB> {
    let period = DASH.0 + DASH.1;
    let mut walked = 0.0;
    for pair in path.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let length = (x1 - x0).hypot(y1 - y0);
        let at = |along: f64| (x0 + (x1 - x0) * along / length, y0 + (y1 - y0) * along / length);
        let mut along = 0.0;
        while along < length {
            let phase = (walked + along) % period;
            let dash = phase < DASH.0;
            let step = (if dash { DASH.0 - phase } else { period - phase }).clamp(1e-3, length - along + 1e-3);
            if dash {
                pen.curve([at(along), at((along + step).min(length))], color, 1.0, width)?;
            }
            along += step;
        }
        walked += length;
    }
    Ok(())
}
