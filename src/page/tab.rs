//! The tabs of the panel below the spectrum, as links name them.

/// A tab of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// Facts about the selected spectrum.
    #[default]
    About,
    /// Nearest spectra to the selected one.
    Neighbours,
    /// Outliers of the set.
    Outliers,
    /// Picked spectra.
    Picked,
    /// The user's spectra.
    Own,
    /// Dials of the simulator.
    Make,
    /// Noise added to the selected spectrum.
    Noise,
    /// Model compared with principal components.
    Pca,
    /// Latents drawn from the prior.
    Draws,
}

/// Every tab with its name and its key in links, in order.
const TABS: [(Tab, &str, &str); 9] = [
    (Tab::About, "About it", "about"),
    (Tab::Neighbours, "Neighbours", "neighbours"),
    (Tab::Outliers, "Outliers", "outliers"),
    (Tab::Picked, "Picked", "picked"),
    (Tab::Own, "Your spectra", "own"),
    (Tab::Make, "Make a galaxy", "make"),
    (Tab::Noise, "Add noise", "noise"),
    (Tab::Pca, "PCA", "pca"),
    (Tab::Draws, "Draws", "draws"),
];

impl Tab {
    /// Returns all tabs in order.
    pub fn all() -> impl Iterator<Item = Self> {
        TABS.into_iter().map(|(tab, ..)| tab)
    }

    /// Returns the tab of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        TABS.into_iter().find(|(.., other)| *other == key).map(|(tab, ..)| tab)
    }

    /// Returns the key in links.
    pub fn key(self) -> &'static str {
        TABS[self.index()].2
    }

    /// Returns the name on the page.
    pub fn name(self) -> &'static str {
        TABS[self.index()].1
    }

    /// Returns the tab so many places on, round and round.
    pub fn stepped(self, step: isize) -> Self {
        TABS[(self.index() as isize + step).rem_euclid(TABS.len() as isize) as usize].0
    }

    /// Returns the first and the last tab.
    pub fn ends() -> (Self, Self) {
        (TABS[0].0, TABS[TABS.len() - 1].0)
    }

    fn index(self) -> usize {
        TABS.iter().position(|(tab, ..)| *tab == self).unwrap_or(0)
    }
}
