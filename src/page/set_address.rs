//! The address of a link's set: a name on this site, or an address on another.

use crate::formats::set::names::{is_file_name, is_link_name};

/// The set of a link (the key `data`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetAddress {
    /// A set of this site, by its name.
    Here(String),
    /// A set of another site.
    Elsewhere {
        /// Address of the site's folder, which holds its `library.json`, with a slash at its end.
        site: String,
        /// Scheme and host, as in a Content-Security-Policy: `https://example.org`.
        origin: String,
        /// The set's name; `None` for the one that the site opens first.
        set: Option<String>,
    },
}

/// Longest address that a link may hold.
const LONGEST: usize = 400;
/// The flaw of an address.
const WRONG: &str = "a set is a name (letters, digits, _ and -) or an address such as https://example.org/site/";

impl SetAddress {
    /// Parses the value of the key `data`. An address is that of a site, `https://host/path/`, or of a set on it,
    /// `https://host/path/data/NAME/`; plain http is for this machine alone.
    ///
    /// # Errors
    /// One clause for what is neither a name nor such an address.
    pub fn parse(value: &str) -> Result<Self, String> {
        if !value.contains("://") {
            let name = is_link_name(value).then(|| Self::Here(value.to_owned()));
            return name.ok_or_else(|| WRONG.to_owned());
        }
        let secure = value.strip_prefix("https://");
        let rest = secure.or_else(|| value.strip_prefix("http://")).filter(|_| value.len() <= LONGEST).ok_or(WRONG)?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        if !is_host(host) {
            return Err(WRONG.to_owned());
        }
        if secure.is_none() && !is_this_machine(host) {
            return Err("another site's data come over https only".to_owned());
        }
        let mut folders: Vec<&str> = path.strip_suffix('/').unwrap_or(path).split('/').collect();
        folders.retain(|folder| !folder.is_empty());
        if !folders.iter().all(|folder| is_file_name(folder) || is_file_name(folder.strip_prefix('~').unwrap_or(""))) {
            return Err(WRONG.to_owned());
        }
        let set = match folders[..] {
            [.., "data", set] if is_link_name(set) => Some(set.to_owned()),
            _ => None,
        };
        folders.truncate(folders.len() - if set.is_some() { 2 } else { 0 });
        let scheme = if secure.is_some() { "https" } else { "http" };
        let origin = format!("{scheme}://{}", host.to_ascii_lowercase());
        let site = folders.iter().fold(format!("{origin}/"), |site, folder| site + folder + "/");
        Ok(Self::Elsewhere { site, origin, set })
    }

    /// Returns the name of the set, where the address has one.
    pub fn set(&self) -> Option<&str> {
        match self {
            Self::Here(name) => Some(name),
            Self::Elsewhere { set, .. } => set.as_deref(),
        }
    }

    /// Returns the address of another set of the same site.
    pub fn with_set(&self, name: &str) -> Self {
        match self {
            Self::Here(_) => Self::Here(name.to_owned()),
            Self::Elsewhere { site, origin, .. } => {
                Self::Elsewhere { site: site.clone(), origin: origin.clone(), set: Some(name.to_owned()) }
            }
        }
    }
}

impl std::fmt::Display for SetAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Here(name) => write!(f, "{name}"),
            Self::Elsewhere { site, set: Some(set), .. } => write!(f, "{site}data/{set}/"),
            Self::Elsewhere { site, set: None, .. } => write!(f, "{site}"),
        }
    }
}

/// Returns the origins other than the page's own that a Content-Security-Policy lets the page fetch from.
pub fn allowed_origins(policy: &str) -> Vec<String> {
    let directive = policy.split(';').find_map(|directive| directive.trim().strip_prefix("connect-src "));
    let sources = directive.unwrap_or_default().split_ascii_whitespace();
    sources.filter(|source| source.contains("://")).map(str::to_ascii_lowercase).collect()
}

/// Returns whether a text is a host, with its port where it has one: no user, no escapes.
fn is_host(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let letters = |part: &str| {
        let fine = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        !part.is_empty() && fine && !part.starts_with('-') && !part.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(letters) && port.len() <= 5 && port.parse::<u16>().is_ok()
}

fn is_this_machine(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or_default();
    name == "localhost" || name == "127.0.0.1"
}
