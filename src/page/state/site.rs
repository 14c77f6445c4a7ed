//! What the site offers, which of it is open, and the reader's word on another site.

use std::sync::Arc;

use super::AppState;
use crate::formats::set::Library;
use crate::page::permalink::{Named, Permalink};
use crate::page::set_address::SetAddress;

impl AppState {
    /// Takes in what the link named, and the other origins that this page may fetch from. A set of another site is not opened before
    /// the reader agrees to it, and not at all where the page may not fetch from there.
    pub fn open_site(&mut self, named: Named, allowed: &[String]) {
        self.site.set_named(named);
        let Ok(SetAddress::Elsewhere { site, origin, .. }) = SetAddress::parse(&self.link.data) else { return };
        if allowed.contains(&origin) {
            self.site.ask_about(site, origin);
            return;
        }
        let host = host(&origin).to_owned();
        self.return_to_this_site();
        self.fail(format!(
            "The link's set is on {host}, and this page may not fetch from there: it was published without \u{201c}--allow-data-from \
             {host}\u{201d}."
        ));
    }

    /// Returns what the site offers, once it is known.
    pub fn library(&self) -> Option<&Arc<Library>> {
        self.site.library()
    }

    /// Returns the title that the site has given itself.
    pub fn site_title(&self) -> Option<&str> {
        self.library().map(|library| library.title.as_str()).filter(|title| !title.is_empty())
    }

    /// Returns the host that the reader is asked to agree to.
    pub fn asked_host(&self) -> Option<&str> {
        self.site.asked_about().map(host)
    }

    /// Takes in that the reader agrees to the host.
    pub fn agree_to_host(&mut self) {
        self.site.agree();
    }

    /// Takes in that the reader does not want another site's data: this site opens as without a link.
    pub fn stay_here(&mut self) {
        self.return_to_this_site();
    }

    /// Returns the address of the other site whose set is open or is to be; `None` for this site.
    pub fn other_site(&self) -> Option<&str> {
        self.site.elsewhere()
    }

    /// Returns the name of the open set, or of the one to be opened.
    pub fn set_name(&self) -> String {
        let address = SetAddress::parse(&self.link.data).ok();
        address.and_then(|address| address.set().map(str::to_owned)).unwrap_or_default()
    }

    /// Takes in what the site offers, and chooses what opens: what the link names where the site has it, else what comes first.
    pub fn on_library_loaded(&mut self, library: Library) {
        let named = self.site.named();
        let wanted = Some(self.set_name()).filter(|name| named.data && !name.is_empty());
        let set = match &wanted {
            Some(name) if library.set(name).is_some() => name.clone(),
            Some(name) => {
                self.fail(format!("This site has no set \u{201c}{name}\u{201d}: {} was opened.", library.opens.set));
                library.opens.set.clone()
            }
            None => first_set(&library, named.model.then_some(self.link.model.as_str())),
        };
        let model = library.first_model(&set).unwrap_or_default().to_owned();
        if !named.model {
            self.link.model = model;
        } else if library.pair(&set, &self.link.model).is_none() {
            let name = &self.link.model;
            let sentence = match library.model(name) {
                Some(_) => format!("The model {name} does not go with the set {set}: {model} was opened."),
                None => format!("This site has no model \u{201c}{name}\u{201d}: {model} was opened."),
            };
            self.fail(sentence);
            self.link.model = model;
        }
        self.link.data = self.address_of(&set).to_string();
        self.site.set_library(library);
    }

    /// Takes in that it cannot be known what the site offers. Returns whether this site is to be opened in another's place.
    pub fn on_library_failed(&mut self, sentence: String) -> bool {
        self.fail(sentence);
        let was_elsewhere = self.return_to_this_site();
        if !was_elsewhere {
            self.set.give_up_all();
        }
        was_elsewhere
    }

    /// Returns the link that opens another set of the site: with the model in use where it goes with it, and without what belongs to
    /// the set before.
    pub fn link_to_set(&self, name: &str) -> Permalink {
        let library = self.library();
        let same = library.is_some_and(|library| library.pair(name, &self.link.model).is_some());
        let first = library.and_then(|library| library.first_model(name)).unwrap_or_default();
        let model = if same { self.link.model.clone() } else { first.to_owned() };
        Permalink { data: self.address_of(name).to_string(), model, embed: self.link.embed, ..Permalink::default() }
    }

    /// Returns to this site's own sets, and forgets what the link named. Returns whether another's were open.
    pub(super) fn return_to_this_site(&mut self) -> bool {
        let was_elsewhere = self.site.leave();
        let usual = Permalink::default();
        self.link = Permalink { data: usual.data, model: usual.model, ..self.link.clone() };
        was_elsewhere
    }

    fn address_of(&self, set: &str) -> SetAddress {
        match SetAddress::parse(&self.link.data) {
            Ok(address) => address.with_set(set),
            Err(_) => SetAddress::Here(set.to_owned()),
        }
    }
}

/// Returns the set that opens where the link names none: the first one that goes with the model it names.
fn first_set(library: &Library, model: Option<&str>) -> String {
    let opens = &library.opens.set;
    let Some(model) = model.filter(|model| library.pair(opens, model).is_none()) else { return opens.clone() };
    let pair = library.pairs.iter().find(|pair| pair.model == model);
    pair.map_or(opens, |pair| &pair.set).clone()
}

fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}
