//! The table of the user's own spectra: what is known of each beside the set, in what order, and what has changed.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use super::embedding::Cloud;
use super::measures::Scores;
use super::neighbourhood::{Neighbourhood, Vote, vote_of};
use super::own_spectra::{TrialSentence, own_text, trial_sentence};
use crate::formats::set::Catalogue;
use crate::numerics::k_d_tree::Neighbour;
use crate::page::state::{OwnFile, OwnKey, TrialRedshift};
use crate::spectrum::Class;

/// A row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnRow {
    /// Tells the rows from each other.
    pub key: OwnKey,
    /// Index in the list.
    pub index: usize,
    /// Identifier or name.
    pub title: String,
    /// Name of the file.
    pub name: String,
    /// Class by its own lines.
    pub class: Class,
    /// What else its lines say, where the paper's rule says too little.
    pub class_note: Option<String>,
    /// Redshift used.
    pub redshift: f64,
    /// Source of it: "the file", "you", "trial", "the dials".
    pub source: String,
    /// Redshift in the file.
    pub file_redshift: Option<f64>,
    /// Redshift by trial.
    pub trial: Option<TrialRedshift>,
    /// What the trial says of the redshift used.
    pub trial_text: Option<TrialSentence>,
    /// Median signal-to-noise a pixel.
    pub median_snr: f32,
    /// Chi-squared a pixel of the reconstruction.
    pub chi2: f32,
    /// Share of the set's spectra whose chi-squared is smaller, per cent; `None` where those are not known.
    pub percentile: Option<f32>,
    /// Class that its neighbours vote for.
    pub vote: Option<Vote>,
    /// Nearest spectrum of the set and its distance in latent space.
    pub nearest: Option<Neighbour>,
    /// Identifier of that spectrum.
    pub nearest_name: String,
    /// Local outlier factor among the set's spectra; `None` until those of the set are known.
    pub factor: Option<f32>,
    /// Minus the logarithm of the density of the set's latents there; 0 is ordinary.
    pub rarity: Option<f32>,
    /// Why it is odd; `None` until the explorer has looked.
    pub reasons: Option<Vec<String>>,
    /// Its latents under the model on screen.
    pub latent: Option<Vec<f32>>,
    /// All of it in a sentence.
    pub text: String,
}

/// The rows of the table in the list's order; two are equal where every row is the same one.
#[derive(Debug, Clone, Default)]
pub struct OwnRows(pub Arc<Vec<Arc<OwnRow>>>);

impl PartialEq for OwnRows {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(other.0.iter()).all(|(a, b)| Arc::ptr_eq(a, b))
    }
}

impl OwnRows {
    /// Returns the row of a spectrum, if it is on the list.
    pub fn get(&self, key: OwnKey) -> Option<Arc<OwnRow>> {
        self.0.iter().find(|row| row.key == key).cloned()
    }
}

/// What the user's spectra are held against.
#[derive(Clone, Copy, Default)]
pub struct Against<'a> {
    /// The set's latents.
    pub cloud: Option<&'a Arc<Cloud>>,
    /// Its neighbourhoods.
    pub neighbourhood: Option<&'a Neighbourhood>,
    /// Its scores.
    pub scores: Option<&'a Arc<Scores>>,
    /// Its catalogue.
    pub catalogue: Option<&'a Arc<Catalogue>>,
}

/// The table, which remembers the rows that it has made: each spectrum's neighbours are looked up once a model.
#[derive(Default)]
pub struct OwnTable {
    known: HashMap<OwnKey, Known>,
    /// Chi-squared of the set's spectra, increasing, by the serial of the embedding.
    chi2: (u32, Vec<f32>),
    searches: usize,
}

/// A row, and what it was made of.
struct Known {
    file: Arc<OwnFile>,
    index: usize,
    serials: (u32, usize, usize),
    near: Option<Near>,
    row: Arc<OwnRow>,
}

/// The neighbours of latents, under the embedding of a serial.
#[derive(Clone)]
struct Near {
    serial: u32,
    latent: Vec<f32>,
    neighbours: Arc<Vec<Neighbour>>,
}

/// A column by which the table can be sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnColumn {
    /// Identifier or name.
    Name,
    /// Redshift used.
    Redshift,
    /// Redshift by trial.
    Trial,
    /// Class by its own lines.
    Class,
    /// Class of its neighbours.
    Around,
    /// Chi-squared, and with it its percentile.
    Chi2,
    /// Local outlier factor.
    Factor,
    /// Reason.
    Reason,
    /// Distance to the nearest spectrum of the set.
    Nearest,
}

/// The order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnOrder {
    /// Column; `None` for the order in which the spectra were read.
    pub column: Option<OwnColumn>,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl OwnColumn {
    /// Every column with its heading and what that means, in the order shown.
    pub const ALL: [(Self, &'static str, &'static str); 9] = [
        (Self::Name, "spectrum", "Identifier or name, and the file"),
        (Self::Redshift, "redshift", "The redshift used and where it comes from"),
        (Self::Trial, "by trial", "The redshift at which the model reconstructs the spectrum best"),
        (Self::Class, "class", "Class by its own lines"),
        (Self::Around, "around it", "Class of most of the 15 nearest spectra of the set"),
        (Self::Chi2, "χ²", "Misfit a pixel, and the share of the set's spectra with a smaller one"),
        (Self::Factor, "outlier factor", "Local outlier factor among the set's spectra: 1 is ordinary"),
        (Self::Reason, "what is odd", "Reasons found in the spectrum"),
        (Self::Nearest, "nearest", "The nearest spectrum of the set in latent space"),
    ];

    /// Returns the name in test ids and labels of cells.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Redshift => "redshift",
            Self::Trial => "trial",
            Self::Class => "class",
            Self::Around => "around",
            Self::Chi2 => "chi2",
            Self::Factor => "factor",
            Self::Reason => "reason",
            Self::Nearest => "nearest",
        }
    }
}

impl OwnOrder {
    /// Returns the order after a click on a column's heading: increasing, then decreasing, then as read.
    pub fn after_click(self, column: OwnColumn) -> Self {
        match self {
            Self { column: Some(before), descending: false } if before == column => Self { descending: true, ..self },
            Self { column: Some(before), .. } if before == column => Self { column: None, descending: false },
            _ => Self { column: Some(column), descending: false },
        }
    }

    /// Sorts rows; those without a value come last.
    pub fn sort(self, rows: &mut [Arc<OwnRow>]) {
        let Some(column) = self.column else { return };
        rows.sort_by(|a, b| self.compare(a, b, column).then(a.index.cmp(&b.index)));
    }

    fn compare(self, a: &OwnRow, b: &OwnRow, column: OwnColumn) -> Ordering {
        let number = |value: fn(&OwnRow) -> Option<f64>| {
            let known = |row: &OwnRow| value(row).filter(|value| value.is_finite());
            match (known(a), known(b)) {
                (Some(a), Some(b)) => self.turned(a.total_cmp(&b)),
                (a, b) => b.is_some().cmp(&a.is_some()),
            }
        };
        let text = |value: fn(&OwnRow) -> String| {
            let (a, b) = (value(a), value(b));
            a.is_empty().cmp(&b.is_empty()).then_with(|| self.turned(natural(&a, &b)))
        };
        match column {
            OwnColumn::Name => text(|row| row.title.clone()),
            OwnColumn::Redshift => number(|row| Some(row.redshift)),
            OwnColumn::Trial => number(|row| row.trial.map(|trial| trial.redshift)),
            OwnColumn::Class => self.turned((a.class as usize).cmp(&(b.class as usize))),
            OwnColumn::Around => {
                number(|row| row.vote.map(|vote| 100.0 * vote.class as usize as f64 - vote.votes as f64))
            }
            OwnColumn::Chi2 => number(|row| Some(f64::from(row.chi2))),
            OwnColumn::Factor => number(|row| row.factor.map(f64::from)),
            OwnColumn::Reason => text(|row| row.reasons.as_deref().unwrap_or_default().join("; ")),
            OwnColumn::Nearest => number(|row| row.nearest.as_ref().map(|nearest| nearest.distance)),
        }
    }

    fn turned(self, order: Ordering) -> Ordering {
        if self.descending { order.reverse() } else { order }
    }
}

impl Default for OwnOrder {
    /// Returns the order in which the spectra were read.
    fn default() -> Self {
        Self { column: None, descending: false }
    }
}

impl OwnTable {
    /// Returns the rows in the list's order; one whose spectrum and whose set are as before is the same one.
    pub fn rows(&mut self, files: &[Arc<OwnFile>], against: Against<'_>) -> OwnRows {
        self.sort_chi2(against.cloud);
        let address = |scores: &Arc<Scores>| Arc::as_ptr(scores) as usize;
        let serials = (
            against.neighbourhood.map_or(0, |neighbourhood| neighbourhood.serial),
            against.scores.map_or(0, address),
            against.catalogue.map_or(0, |catalogue| Arc::as_ptr(catalogue) as usize),
        );
        let mut before = std::mem::take(&mut self.known);
        let mut rows = Vec::with_capacity(files.len());
        for (index, file) in files.iter().enumerate() {
            let known = before.remove(&file.key());
            let as_before =
                |known: &Known| Arc::ptr_eq(&known.file, file) && known.index == index && known.serials == serials;
            let known = match known {
                Some(known) if as_before(&known) => known,
                known => self.make(file, index, serials, against, known.and_then(|known| known.near)),
            };
            rows.push(known.row.clone());
            self.known.insert(file.key(), known);
        }
        OwnRows(Arc::new(rows))
    }

    /// Returns how often neighbours were looked up.
    pub fn searches(&self) -> usize {
        self.searches
    }

    fn make(
        &mut self,
        file: &Arc<OwnFile>,
        index: usize,
        serials: (u32, usize, usize),
        against: Against<'_>,
        near: Option<Near>,
    ) -> Known {
        let near = self.near(file, against, near);
        let neighbours = near.as_ref().map_or(&[][..], |near| near.neighbours.as_slice());
        let vote = against.cloud.and_then(|cloud| vote_of(cloud, neighbours));
        let nearest = neighbours.first().copied();
        let densities = against.scores.and_then(|scores| scores.densities.as_ref());
        let dims = against.cloud.map_or(0, |cloud| cloud.dims);
        let factor = densities.and_then(|densities| densities.score(neighbours)).map(|factor| factor as f32);
        let farthest = neighbours.last().map(|neighbour| neighbour.distance);
        let rarity = densities.zip(farthest).map(|(densities, farthest)| densities.rarity(farthest, dims));
        let name_of = |row: usize| against.catalogue.and_then(|catalogue| catalogue.source_id(row));
        let chi2 = file.encoding.chi2;
        let all = &self.chi2.1;
        let percentile = (!all.is_empty() && file.encoded_here && chi2.is_finite())
            .then(|| 100.0 * all.partition_point(|other| *other < chi2) as f32 / all.len() as f32);
        let row = OwnRow {
            key: file.key(),
            index,
            title: file.title(),
            name: file.name.clone(),
            class: file.class,
            class_note: file.object.class_note.clone(),
            redshift: file.redshift,
            source: file.redshift_from.clone(),
            file_redshift: file.file_redshift,
            trial: file.trial(),
            trial_text: trial_sentence(file),
            median_snr: file.median_snr,
            chi2,
            percentile,
            vote,
            nearest,
            nearest_name: nearest.and_then(|near| name_of(near.row)).map_or(String::new(), |id| id.to_string()),
            factor,
            rarity,
            reasons: file.reasons.clone(),
            latent: file.latent().map(<[f32]>::to_vec),
            text: own_text(file, vote),
        };
        Known { file: file.clone(), index, serials, near, row: Arc::new(row) }
    }

    /// Returns the neighbours of a spectrum, looked up again only where its latents or the set's are others.
    fn near(&mut self, file: &OwnFile, against: Against<'_>, before: Option<Near>) -> Option<Near> {
        let (cloud, neighbourhood, latent) = (against.cloud?, against.neighbourhood?, file.latent()?);
        if neighbourhood.serial != cloud.serial || latent.len() != cloud.dims {
            return None;
        }
        let serial = cloud.serial;
        if let Some(near) = before.filter(|near| near.serial == serial && near.latent == latent) {
            return Some(near);
        }
        self.searches += 1;
        let neighbours = Arc::new(neighbourhood.around(latent));
        Some(Near { serial, latent: latent.to_vec(), neighbours })
    }

    fn sort_chi2(&mut self, cloud: Option<&Arc<Cloud>>) {
        let serial = cloud.map_or(0, |cloud| cloud.serial);
        if self.chi2.0 != serial {
            let chi2 = cloud.and_then(|cloud| cloud.chi2()).unwrap_or_default();
            let mut sorted: Vec<f32> = chi2.iter().copied().filter(|value| value.is_finite()).collect();
            sorted.sort_unstable_by(f32::total_cmp);
            self.chi2 = (serial, sorted);
        }
    }
}

/// Compares names as people do: runs of digits by their numbers.
fn natural(a: &str, b: &str) -> Ordering {
    let parts = |text: &str| -> Vec<(Option<u64>, String)> {
        let is_digit = |c: char| c.is_ascii_digit();
        let mut parts: Vec<(Option<u64>, String)> = Vec::new();
        for c in text.to_lowercase().chars() {
            match parts.last_mut() {
                Some((_, part)) if part.ends_with(is_digit) == is_digit(c) => part.push(c),
                _ => parts.push((None, c.to_string())),
            }
        }
        parts.iter_mut().for_each(|(number, part)| *number = part.parse().ok());
        parts
    };
    parts(a).cmp(&parts(b))
}
