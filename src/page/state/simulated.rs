//! Galaxies made with the simulator's dials.

use std::sync::Arc;

use super::spectra::{Pixels, Source};
use super::{AppState, Origin, OwnFile};
use crate::protocol::ExploreEvent;
use crate::simulator::GalaxyDials;
use crate::spectrum::SpectrumId;

impl AppState {
    /// Has the simulator make a galaxy. One is made at a time; what is dialled meanwhile is the newest only.
    pub fn make_galaxy(&mut self, dials: GalaxyDials) {
        if self.engine_is_there("A galaxy cannot be made") {
            self.waiting_dials = Some(Box::new(dials));
            self.send_files();
        }
    }

    /// Galaxies made so far.
    pub fn galaxies_simulated(&self) -> u64 {
        self.made
    }

    /// The galaxy being dialled stays as it is: the next one made is another.
    pub fn keep_simulated(&mut self) {
        self.dialled = None;
    }

    /// The galaxy that the dials change: the one made last, while it is selected.
    pub(super) fn dialled_index(&self) -> Option<usize> {
        let Some(Source::File(index)) = self.selection.as_ref().map(|selection| selection.source) else { return None };
        let serial = self.files.get(index)?.pixels.serial;
        (self.dialled == Some(serial)).then_some(index)
    }

    /// The simulator has made a galaxy. It takes the place of the last one made, while that was only being dialled.
    pub(super) fn on_galaxy_simulated(&mut self, dials: GalaxyDials, event: ExploreEvent) {
        let ExploreEvent::GalaxySimulated { flux, ivar, class, median_snr, encoding, truths } = event else { return };
        let serial = self.next_serial();
        let dialled = self.dialled_index();
        if dialled.is_none() {
            self.made += 1;
        }
        let file = OwnFile {
            name: format!("Galaxy {} made here", self.made),
            redshift: truths.iter().find(|(name, _)| name == "redshift").map_or(0.0, |(_, value)| f64::from(*value)),
            redshift_from: "the dials".to_owned(),
            origin: Origin::Simulated(Box::new(dials)),
            id: SpectrumId { plate: 0, mjd: 0, fiber: 0 },
            class,
            median_snr,
            notes: vec!["Simulated, with the dials that you set.".to_owned()],
            truths,
            pixels: Arc::new(Pixels { serial, flux, ivar }),
            encoding,
            placed: true,
            scan: None,
        };
        self.dialled = Some(serial);
        match dialled {
            Some(index) => {
                let name = self.files[index].name.clone();
                self.files[index] = OwnFile { name, ..file };
                self.select_file(index);
            }
            None => {
                self.files.push(file);
                self.select_file(self.files.len() - 1);
            }
        }
        self.send_files();
    }
}
