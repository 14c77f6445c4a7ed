//! Galaxies simulated with the dials.

use std::sync::Arc;

use super::AppState;
use super::slices::own_file::{Origin, OwnFile};
use super::slices::spectrum_set::Pixels;
use crate::protocol::ExploreEvent;
use crate::simulator::GalaxyDials;
use crate::spectrum::{ObjectFacts, SourceId};

impl AppState {
    /// Has the simulator make a galaxy. One is simulated at a time; what is dialled meanwhile is the newest only.
    pub fn make_galaxy(&mut self, dials: GalaxyDials) {
        if self.explorer_works("A galaxy cannot be made") {
            self.own.want_galaxy(dials);
            self.send_files();
        }
    }

    /// Returns how many galaxies were simulated so far.
    pub fn galaxies_simulated(&self) -> u64 {
        self.own.simulated()
    }

    /// Leaves the galaxy being dialled as it is: the next one simulated is another.
    pub fn keep_simulated(&mut self) {
        self.own.keep_galaxy();
    }

    /// Takes in a simulated galaxy. It replaces the last one, while that was only being dialled.
    pub(super) fn on_galaxy_simulated(&mut self, dials: GalaxyDials, event: ExploreEvent) {
        let ExploreEvent::GalaxySimulated { flux, ivar, class, median_snr, encoding, truths } = event else { return };
        let serial = self.next_serial();
        let galaxy = OwnFile {
            name: String::new(),
            redshift: truths.iter().find(|(name, _)| name == "redshift").map_or(0.0, |(_, value)| f64::from(*value)),
            redshift_from: "the dials".to_owned(),
            file_redshift: None,
            medium: None,
            object: ObjectFacts::default(),
            origin: Origin::Simulated(Box::new(dials)),
            id: SourceId::NONE,
            class,
            median_snr,
            notes: vec!["Simulated, with the dials that you set.".to_owned()],
            truths,
            pixels: Arc::new(Pixels { serial, flux, ivar }),
            encoded_here: encoding.method == self.explorer.method(),
            encoding,
            scan: None,
            tried: false,
            curve_wanted: false,
            reasons: None,
        };
        let index = self.own.list_galaxy(galaxy, self.selected_file());
        self.select_file(index);
        self.own.encode_again(&mut self.explorer);
        self.send_files();
    }
}
