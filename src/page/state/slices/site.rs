//! The site whose sets and models are open: this one, or another that the reader has agreed to.

use std::sync::Arc;

use crate::formats::set::Library;
use crate::page::permalink::Named;

/// The site whose sets and models are open.
#[derive(Debug, Clone, Default)]
pub struct Site {
    library: Option<Arc<Library>>,
    /// Set and model that the link named.
    named: Named,
    /// Address and origin of another site, where the link's set is on one.
    elsewhere: Option<(String, String)>,
    /// Whether the reader is still to be asked about it.
    asking: bool,
}

impl Site {
    /// Returns what the site offers, once it is known.
    pub fn library(&self) -> Option<&Arc<Library>> {
        self.library.as_ref()
    }

    /// Returns what the link named of set and model.
    pub fn named(&self) -> Named {
        self.named
    }

    /// Notes what the link named of set and model.
    pub fn set_named(&mut self, named: Named) {
        self.named = named;
    }

    /// Returns the address of another site, where its set is open or is to be.
    pub fn elsewhere(&self) -> Option<&str> {
        self.elsewhere.as_ref().map(|(site, _)| site.as_str())
    }

    /// Returns the origin that the reader is asked about.
    pub fn asked_about(&self) -> Option<&str> {
        self.elsewhere.as_ref().filter(|_| self.asking).map(|(_, origin)| origin.as_str())
    }

    /// Asks the reader about another site.
    pub fn ask_about(&mut self, site: String, origin: String) {
        self.elsewhere = Some((site, origin));
        self.asking = true;
    }

    /// Takes in that the reader agrees to the other site.
    pub fn agree(&mut self) {
        self.asking = false;
    }

    /// Goes back to this site, whose library is yet to be read, and forgets what the link named. Returns whether another was open.
    pub fn leave(&mut self) -> bool {
        self.asking = false;
        self.named = Named::default();
        self.library = None;
        self.elsewhere.take().is_some()
    }

    /// Takes in what the site offers.
    pub fn set_library(&mut self, library: Library) {
        self.library = Some(Arc::new(library));
    }
}
