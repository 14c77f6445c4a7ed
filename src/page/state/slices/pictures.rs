//! The servers whose pictures the reader has agreed to see, and the picture that could not be had.

use crate::page::view::sky_links::PictureHost;

/// The consent to fetch pictures.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    agreed: Vec<PictureHost>,
    /// Address of the picture that could not be had.
    failed: Option<String>,
}

impl Pictures {
    /// Agrees to a server, for as long as the page is open.
    pub fn agree(&mut self, host: PictureHost) {
        self.failed = None;
        if !self.agreed.contains(&host) {
            self.agreed.push(host);
        }
    }

    /// Withdraws the agreement to all servers.
    pub fn withdraw(&mut self) {
        *self = Self::default();
    }

    /// Returns whether the reader has agreed to a server.
    pub fn may_fetch(&self, host: PictureHost) -> bool {
        self.agreed.contains(&host)
    }

    /// Takes in that a picture could not be had.
    pub fn on_failed(&mut self, address: String) {
        self.failed = Some(address);
    }

    /// Returns whether a picture could not be had.
    pub fn has_failed(&self, address: &str) -> bool {
        self.failed.as_deref() == Some(address)
    }

    /// Returns the servers agreed to as text to be kept on the device.
    pub fn to_text(&self) -> String {
        self.agreed.iter().map(|host| host.name()).collect::<Vec<_>>().join(",")
    }

    /// Agrees to the servers of a text that was kept on the device; unknown ones are left out.
    pub fn agree_to_text(&mut self, text: &str) {
        for host in PictureHost::ALL.into_iter().filter(|host| text.split(',').any(|name| name == host.name())) {
            self.agree(host);
        }
    }
}
