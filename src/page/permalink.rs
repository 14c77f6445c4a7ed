//! Links to a view of the page: `#v=1&data=simulated&model=vae6&z=..&axes=1,5&color=class&sel=266-51602-1&view=explore`.
//! Unknown keys are ignored, so that older pages can read newer links; invalid values are reported and dropped, so that no link
//! leads to a blank page.

use std::fmt;

use super::axis_choice::{AxisChoice, MOST_LATENTS, link_name};
use super::lessons::LessonStep;
use super::set_address::SetAddress;
use super::tab::Tab;
use super::training_form;
use super::view::color_scale::ScaleKind;
use crate::formats::set::EncodingMethod;
use crate::plot::SMOOTHINGS;
use crate::spectrum::{Class, SourceId};
use crate::vae::VaeConfig;
use crate::vae::weights_hash::WeightsHash;

/// Most spectra that a link picks: with more it would be too long for a message.
pub const MOST_LINKED: usize = 40;

/// Farthest from the origin that a link's latent lies along any axis: those of the models are within tens.
const FARTHEST: f32 = 1e4;

/// The view that a link describes.
#[derive(Debug, Clone, PartialEq)]
pub struct Permalink {
    /// The set: its name, a folder under `data/`, or its address on another site, as [`SetAddress`] writes it.
    pub data: String,
    /// Name of the model: a file under `models/`.
    pub model: String,
    /// Latent of the sliders (the key `z`), rounded to three decimals.
    pub latent: Option<Vec<f32>>,
    /// Axes x and y of the scatter.
    pub axes: (AxisChoice, AxisChoice),
    /// Column that colours the points.
    pub color: String,
    /// Scale of the colours, where the reader chose one.
    pub scale: Option<ScaleKind>,
    /// Selected spectrum.
    pub selected: Option<SourceId>,
    /// Part of the page in view.
    pub view: View,
    /// Path that is open: `S`, `E`, `P`, `A` as in the paper, or `sweep3`.
    pub track: Option<String>,
    /// Codes of the classes that the legend has hidden.
    pub hidden: Vec<u8>,
    /// Key of the line region shown; `None` for all wavelengths.
    pub region: Option<String>,
    /// Wavelengths shown where they are no region's, Angstrom.
    pub range: Option<(f64, f64)>,
    /// Pixels that observed flux is averaged over (the key `smooth`).
    pub smoothing: usize,
    /// Ranges of x and y of the scatter that are shown; `None` for all of it.
    pub zoom: Option<((f64, f64), (f64, f64))>,
    /// Open tab of the panel.
    pub tab: Tab,
    /// Tells whether the corner plot shows raw latents (the key `corner`).
    pub raw_corner: bool,
    /// Tells whether stars are marked.
    pub stars: bool,
    /// Pinned spectra of the set.
    pub pins: Vec<SourceId>,
    /// Picked spectra (the key `pick`), [`MOST_LINKED`] at most.
    pub picked: Vec<SourceId>,
    /// Plan of a training (the key `train`), as text in [`training_form::to_text`].
    pub plan: Option<VaeConfig>,
    /// Whether the training starts when the page opens.
    pub run: bool,
    /// Hash of the weights that the training ended with (the key `ends`).
    pub ends: Option<WeightsHash>,
    /// Step of a lesson that is open: `3.2`.
    pub lesson: Option<LessonStep>,
    /// Way from the user's own spectra to their latents: the encoder alone where the link says nothing.
    pub encoding: EncodingMethod,
    /// Whether the page is embedded in another: header and footer are left out.
    pub embed: bool,
}

/// A part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// Scatter, spectrum and sliders.
    #[default]
    Explore,
    /// The training panel.
    Train,
}

/// The set and the model that a link names; where it names none the site chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Named {
    /// Returns whether the link names a set.
    pub data: bool,
    /// Returns whether the link names a model.
    pub model: bool,
}

impl Named {
    /// Reads the fragment after the `#` of an address. A value that [`Permalink::parse`] drops names nothing.
    pub fn parse(fragment: &str) -> Self {
        let mut named = Self::default();
        for (key, value) in fragment.trim_start_matches('#').split('&').filter_map(|pair| pair.split_once('=')) {
            let value = percent_decoded(value);
            match key {
                "data" => named.data |= SetAddress::parse(&value).is_ok(),
                "model" => named.model |= link_name(&value).is_ok(),
                _ => {}
            }
        }
        named
    }
}

impl Default for Permalink {
    fn default() -> Self {
        Self {
            data: "simulated".to_owned(),
            model: "vae6".to_owned(),
            latent: None,
            axes: (AxisChoice::Vae(1), AxisChoice::Vae(2)),
            color: "class".to_owned(),
            scale: None,
            selected: None,
            view: View::Explore,
            track: None,
            hidden: Vec::new(),
            region: None,
            range: None,
            smoothing: SMOOTHINGS[0],
            zoom: None,
            tab: Tab::default(),
            raw_corner: false,
            stars: false,
            pins: Vec::new(),
            picked: Vec::new(),
            plan: None,
            run: false,
            ends: None,
            lesson: None,
            encoding: EncodingMethod::default(),
            embed: false,
        }
    }
}

impl Permalink {
    /// Parses the fragment after the `#` of an address. Returns the link, and a message for each value that was dropped.
    pub fn parse(fragment: &str) -> (Self, Vec<String>) {
        let mut link = Self::default();
        let mut problems = Vec::new();
        let mut refused = false;
        for pair in fragment.trim_start_matches('#').split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = percent_decoded(value);
            if let Err(reason) = link.set(key, &value) {
                refused |= key == "train";
                let reason = reason.trim_end_matches('.');
                problems.push(format!("The link's {key}=\u{201c}{}\u{201d} was left out: {reason}.", short(&value)));
            }
        }
        if refused && link.run {
            // A training with other settings than those meant would be of no use.
            link.run = false;
            problems.push("The link's training was not started: look at the settings, then press Train.".to_owned());
        }
        (link, problems)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        match key {
            "v" if value != "1" => return Err("this page reads links of version 1".to_owned()),
            "data" => self.data = SetAddress::parse(value)?.to_string(),
            "model" => self.model = link_name(value)?,
            "color" => self.color = link_name(value)?,
            "scale" => {
                let known = ScaleKind::from_name(value);
                self.scale = Some(known.ok_or("colours are on a scale that is linear, log or rank")?);
            }
            "z" => self.latent = Some(latent(value)?),
            "axes" if value == "sky" => self.axes = (AxisChoice::Sky, AxisChoice::Sky),
            "axes" => {
                let (x, y) = value.split_once(',').ok_or("it must name two axes, as in axes=1,5")?;
                let axes: (AxisChoice, AxisChoice) = (x.parse()?, y.parse()?);
                if axes.0 == AxisChoice::Sky || axes.1 == AxisChoice::Sky {
                    return Err("a map of the sky takes both axes, as in axes=sky".to_owned());
                }
                self.axes = axes;
            }
            "sel" => {
                let id = value.parse::<SourceId>();
                self.selected = Some(id.map_err(|_| "a spectrum is named plate-mjd-fiber, as in 266-51602-1, or by its survey, as in desi:39627835576420141")?);
            }
            "view" => {
                self.view = match value {
                    "explore" => View::Explore,
                    "train" => View::Train,
                    _ => return Err("the views are explore and train".to_owned()),
                }
            }
            "track" => self.track = Some(link_name(value)?),
            "region" => self.region = Some(link_name(value)?),
            "range" => {
                let [from, to] = numbers(value)
                    .filter(|[from, to]| from < to)
                    .ok_or("it is two wavelengths, as in range=5000,5200")?;
                self.range = Some((from, to));
            }
            "smooth" => {
                let pixels = value.parse().ok().filter(|pixels| SMOOTHINGS.contains(pixels));
                self.smoothing = pixels.ok_or("flux is averaged over 1, 3, 5 or 9 pixels")?;
            }
            "zoom" => {
                let [x0, x1, y0, y1] = numbers(value)
                    .filter(|[x0, x1, y0, y1]| x0 < x1 && y0 < y1)
                    .ok_or("it is two ends of x and two of y, as in zoom=-1,2,0,0.5")?;
                self.zoom = Some(((x0, x1), (y0, y1)));
            }
            "tab" => self.tab = Tab::from_key(value).ok_or("there is no such tab")?,
            "corner" => {
                self.raw_corner = match value {
                    "raw" => true,
                    "vae" => false,
                    _ => return Err("the corner plot shows vae or raw".to_owned()),
                }
            }
            "stars" => self.stars = flag(value)?,
            "pins" => self.pins = spectra(value)?,
            "pick" => self.picked = spectra(value)?,
            "lesson" => self.lesson = Some(value.parse()?),
            "hide" => {
                let codes: Result<Vec<u8>, _> = value.split(',').map(str::parse).collect();
                let known = |code: &u8| Class::ALL.iter().any(|class| class.code() == i32::from(*code));
                let codes = codes.ok().filter(|codes| codes.iter().all(known));
                self.hidden = codes.ok_or("it lists the codes of classes, as in hide=1,4")?;
            }
            "train" => self.plan = Some(training_form::from_text(value)?),
            "run" => self.run = flag(value)?,
            "ends" => self.ends = Some(value.parse()?),
            "encoding" => {
                let known = EncodingMethod::from_name(value);
                self.encoding = known.ok_or("latents are fitted or plain")?;
            }
            "embed" => self.embed = flag(value)?,
            _ => {}
        }
        Ok(())
    }
}

impl fmt::Display for Permalink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v=1&data={}&model={}", self.data, self.model)?;
        if let Some(latent) = &self.latent {
            let values: Vec<String> = latent.iter().map(|&value| rounded(value).to_string()).collect();
            write!(f, "&z={}", values.join(","))?;
        }
        match &self.axes {
            (AxisChoice::Sky, _) | (_, AxisChoice::Sky) => write!(f, "&axes=sky")?,
            (x, y) => write!(f, "&axes={x},{y}")?,
        }
        write!(f, "&color={}", self.color)?;
        if let Some(scale) = self.scale {
            write!(f, "&scale={}", scale.name())?;
        }
        if let Some(id) = self.selected {
            write!(f, "&sel={id}")?;
        }
        let view = match self.view {
            View::Explore => "explore",
            View::Train => "train",
        };
        write!(f, "&view={view}")?;
        if let Some(track) = &self.track {
            write!(f, "&track={track}")?;
        }
        if let Some(region) = &self.region {
            write!(f, "&region={region}")?;
        }
        self.write_plots(f)?;
        if !self.hidden.is_empty() {
            let codes: Vec<String> = self.hidden.iter().map(u8::to_string).collect();
            write!(f, "&hide={}", codes.join(","))?;
        }
        if let Some(config) = &self.plan {
            write!(f, "&train={}", training_form::to_text(config))?;
        }
        write!(f, "{}", if self.run { "&run=1" } else { "" })?;
        if let Some(hash) = &self.ends {
            write!(f, "&ends={hash}")?;
        }
        if let Some(lesson) = &self.lesson {
            write!(f, "&lesson={lesson}")?;
        }
        if self.encoding != EncodingMethod::default() {
            write!(f, "&encoding={}", self.encoding.name())?;
        }
        write!(f, "{}", if self.embed { "&embed=1" } else { "" })
    }
}

impl Permalink {
    /// Writes what the plots show, where that is not the usual.
    fn write_plots(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usual = Self::default();
        if let Some((from, to)) = self.range {
            write!(f, "&range={from},{to}")?;
        }
        if self.smoothing != usual.smoothing {
            write!(f, "&smooth={}", self.smoothing)?;
        }
        if let Some(((x0, x1), (y0, y1))) = self.zoom {
            write!(f, "&zoom={x0},{x1},{y0},{y1}")?;
        }
        if self.tab != usual.tab {
            write!(f, "&tab={}", self.tab.key())?;
        }
        write!(f, "{}{}", if self.raw_corner { "&corner=raw" } else { "" }, if self.stars { "&stars=1" } else { "" })?;
        for (key, ids) in [("pins", &self.pins), ("pick", &self.picked)] {
            if !ids.is_empty() {
                let names: Vec<String> = ids.iter().map(SourceId::to_string).collect();
                write!(f, "&{key}={}", names.join(","))?;
            }
        }
        Ok(())
    }
}

/// Returns a latent rounded to three decimals, as in a link.
pub fn rounded(value: f32) -> f32 {
    let rounded = (f64::from(value) * 1000.0).round() / 1000.0;
    if rounded == 0.0 { 0.0 } else { rounded as f32 }
}

fn flag(value: &str) -> Result<bool, String> {
    match value {
        "1" => Ok(true),
        "0" => Ok(false),
        _ => Err("it is 1 or 0".to_owned()),
    }
}

/// Reads so many finite numbers with commas between.
fn numbers<const N: usize>(value: &str) -> Option<[f64; N]> {
    let numbers = value.split(',').map(|part| part.parse::<f64>().ok().filter(|number| number.is_finite()));
    numbers.collect::<Option<Vec<f64>>>()?.try_into().ok()
}

/// Reads the identifiers of spectra with commas between.
fn spectra(value: &str) -> Result<Vec<SourceId>, String> {
    let ids: Option<Vec<SourceId>> = value.split(',').take(MOST_LINKED + 1).map(|name| name.parse().ok()).collect();
    match ids {
        Some(ids) if ids.len() <= MOST_LINKED => Ok(ids),
        Some(_) => Err(format!("a link holds {MOST_LINKED} spectra at most")),
        None => Err("it lists spectra, as in 266-51602-1,266-51602-2".to_owned()),
    }
}

fn latent(value: &str) -> Result<Vec<f32>, String> {
    let numbers: Option<Vec<f32>> =
        value.split(',').map(|part| part.parse::<f32>().ok().filter(|number| number.abs() <= FARTHEST)).collect();
    match numbers {
        Some(numbers) if numbers.len() <= MOST_LATENTS => Ok(numbers),
        _ => Err(format!("latents are a list of numbers with commas between, from -{FARTHEST} to {FARTHEST}")),
    }
}

/// Decodes percent escapes such as `%2C`, which chat programs write for commas; anything else is unchanged.
fn percent_decoded(value: &str) -> String {
    let bytes = value.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let byte = escape.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        decoded.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn short(value: &str) -> String {
    if value.chars().count() <= 40 { value.to_owned() } else { value.chars().take(40).chain(['…']).collect() }
}
