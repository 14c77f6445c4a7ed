//! The choices for an axis of the scatter, as links spell them.

use std::fmt;
use std::str::FromStr;

use crate::formats::set::names::is_link_name;

/// The quantity along one axis of the scatter. Numbers count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AxisChoice {
    /// A principal axis of the latents, as in the paper's figures: `5`.
    Vae(usize),
    /// A latent as the encoder outputs it: `l5`.
    Latent(usize),
    /// One of the two axes of the latents' UMAP: `u1`.
    Umap(usize),
    /// A column of the catalogue, or [`LOF`]: `c:redshift`.
    Column(String),
    /// A map of the sky, on both axes at once: `sky`.
    Sky,
}

/// Name of the column of local outlier factors, which the page computes and no catalogue holds.
pub const LOF: &str = "lof";

/// Name of the column of how improbable the latents are, which the page computes.
pub const RARITY: &str = "rarity";

/// Name of the column of chi-squared a pixel of every reconstruction, which comes with the model's latents.
pub const CHI2: &str = "chi2";

/// Returns whether a column is measured on the latents or by the model, and is in no catalogue.
pub fn is_measure(column: &str) -> bool {
    [LOF, RARITY, CHI2].contains(&column)
}

/// Most latents that a link may hold.
pub(super) const MOST_LATENTS: usize = 64;

impl AxisChoice {
    /// Returns the number of latents that a model needs for this axis; 0 where any number will do.
    pub fn latents_needed(&self) -> usize {
        match self {
            AxisChoice::Vae(number) | AxisChoice::Latent(number) => *number,
            AxisChoice::Umap(_) | AxisChoice::Column(_) | AxisChoice::Sky => 0,
        }
    }

    /// Returns the label in selectors and on axes; a column is shown by its name.
    pub fn label(&self) -> String {
        match self {
            AxisChoice::Vae(number) => format!("VAE {number}"),
            AxisChoice::Latent(number) => format!("Latent {number}"),
            AxisChoice::Umap(number) => format!("UMAP {number}"),
            AxisChoice::Column(name) => name.clone(),
            AxisChoice::Sky => "Sky map".to_owned(),
        }
    }
}

impl fmt::Display for AxisChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AxisChoice::Vae(number) => write!(f, "{number}"),
            AxisChoice::Latent(number) => write!(f, "l{number}"),
            AxisChoice::Umap(number) => write!(f, "u{number}"),
            AxisChoice::Column(name) => write!(f, "c:{name}"),
            AxisChoice::Sky => write!(f, "sky"),
        }
    }
}

impl FromStr for AxisChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(column) = text.strip_prefix("c:") {
            return Ok(Self::Column(link_name(column)?));
        }
        if text == "sky" {
            return Ok(Self::Sky);
        }
        let (kind, digits) = text.split_at(text.find(|letter: char| letter.is_ascii_digit()).unwrap_or(0));
        match (kind, digits.parse::<usize>()) {
            ("", Ok(number)) if (1..=MOST_LATENTS).contains(&number) => Ok(Self::Vae(number)),
            ("l", Ok(number)) if (1..=MOST_LATENTS).contains(&number) => Ok(Self::Latent(number)),
            ("u", Ok(number)) if (1..=2).contains(&number) => Ok(Self::Umap(number)),
            _ => {
                Err("an axis is a number from 1 (VAE 1), l1 (latent 1), u1 (UMAP 1) or c: and a column's name; sky stands for both"
                    .to_owned())
            }
        }
    }
}

/// Checks a name in a link: letters, digits, `_` and `-` only, so that no link reaches outside its folder.
pub(super) fn link_name(value: &str) -> Result<String, String> {
    match is_link_name(value) {
        true => Ok(value.to_owned()),
        false => Err("a name has letters, digits, _ and - only".to_owned()),
    }
}
