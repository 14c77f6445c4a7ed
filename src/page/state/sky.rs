//! The sky: positions of spectra, finding one by name or position, and pictures that the reader has agreed to.

use super::AppState;
use super::slices::found::Found;
use super::slices::pictures::Pictures;
use super::slices::selection::Source;
use crate::page::view::sky_links::PictureHost;
use crate::spectrum::{SkyPosition, SourceId, TypedPosition};

/// Radius within which a spectrum is found by its position, arcsec.
pub const FIND_RADIUS: f64 = 5.0;

impl AppState {
    /// Returns whether the open set says where its objects are.
    pub fn has_positions(&self) -> bool {
        self.set.has_column("ra") && self.set.has_column("dec")
    }

    /// Returns the position of a row; `None` where it is not known.
    pub fn position_of(&self, row: usize) -> Option<SkyPosition> {
        self.set.catalogue()?.position(row)
    }

    /// Returns the position of the selected spectrum; `None` where it is not known.
    pub fn selected_position(&self) -> Option<SkyPosition> {
        match self.selecting.source()? {
            Source::Row(row) => self.position_of(row),
            Source::File(index) => self.own.files().get(index)?.object.position,
        }
    }

    /// Returns what the newest search has come to.
    pub fn found(&self) -> Option<&Found> {
        self.found.as_ref()
    }

    /// Selects the spectrum that a text names: by any spelling of an identifier, or the nearest within `radius` arcsec of a position.
    pub fn find_object(&mut self, text: &str, radius: f64) {
        let outcome = self.object_named(text.trim(), radius);
        let (source, sentence) = match outcome {
            Ok((source, sentence)) => (Some(source), sentence),
            Err(sentence) => (None, sentence),
        };
        match source {
            Some(Source::Row(row)) => self.select_row(row),
            Some(Source::File(index)) => self.select_file(index),
            None => {}
        }
        self.found = Some(Found { sentence, found: source.is_some() });
    }

    fn object_named(&self, text: &str, radius: f64) -> Result<(Source, String), String> {
        if text.is_empty() {
            return Err("Type a spectrum's name, or a position.".to_owned());
        }
        let ids = SourceId::all_in(text);
        for &id in &ids {
            if let Some(index) = self.own.files().iter().position(|file| file.id == id && !id.is_none()) {
                return Ok((Source::File(index), format!("{id} is among your own spectra.")));
            }
            if let Some(row) = self.set.row_of(id) {
                return Ok((Source::Row(row), format!("{id} is selected.")));
            }
        }
        match (TypedPosition::parse(text), ids.first()) {
            (Some(typed), _) => self.object_near(typed, radius),
            (None, Some(id)) => Err(format!("The set has no spectrum {id}.")),
            (None, None) => Err(format!(
                "\u{201c}{text}\u{201d} is neither a name (266-51602-1, desi:39627835576420141, a file's) nor a position \
                 (188.736 +12.582, 12:34:56.7 +12:34:56)."
            )),
        }
    }

    fn object_near(&self, typed: TypedPosition, radius: f64) -> Result<(Source, String), String> {
        if !self.has_positions() {
            return Err("This set says no positions: find a spectrum by its name.".to_owned());
        }
        let catalogue = self.set.catalogue().ok_or("The catalogue has not loaded yet: try again.")?;
        let distance = |row: usize| Some((catalogue.position(row)?.separation(typed.position), row));
        let nearest = (0..catalogue.len()).filter_map(distance).min_by(|a, b| a.0.total_cmp(&b.0));
        let (away, row) = nearest.ok_or("No spectrum of the set has a position.")?;
        let name = self.id_of(row).map_or_else(|| format!("spectrum {}", row + 1), |id| id.to_string());
        let within = radius.max(3600.0 * typed.tolerance);
        if 3600.0 * away <= within {
            return Ok((Source::Row(row), format!("{name} is selected, {} from that position.", angle_text(away))));
        }
        let (within, away) = (angle_text(within / 3600.0), angle_text(away));
        Err(format!("No spectrum lies within {within} of that position: the nearest, {name}, is {away} away."))
    }

    /// Agrees to fetch pictures from a server.
    pub fn agree_to_pictures(&mut self, host: PictureHost) {
        self.pictures.agree(host);
    }

    /// Agrees to the servers that an earlier visit has agreed to for good.
    pub fn remember_pictures(&mut self, kept: &str) {
        self.pictures.agree_to_text(kept);
    }

    /// Fetches no picture any more.
    pub fn withdraw_pictures(&mut self) {
        self.pictures.withdraw();
    }

    /// Takes in that a picture could not be had.
    pub fn picture_failed(&mut self, address: String) {
        self.pictures.on_failed(address);
    }

    /// Returns which pictures may be fetched.
    pub fn pictures(&self) -> &Pictures {
        &self.pictures
    }
}

/// Returns an angle given in degrees, in the unit that suits it.
fn angle_text(degrees: f64) -> String {
    match 3600.0 * degrees {
        seconds if seconds < 99.95 => format!("{seconds:.1}″"),
        seconds if seconds < 5997.0 => format!("{:.1}′", seconds / 60.0),
        _ => format!("{degrees:.1}°"),
    }
}
