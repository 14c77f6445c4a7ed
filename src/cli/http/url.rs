//! Addresses of the kinds `http://` and `https://`.

use std::fmt;
use std::str::FromStr;

/// An address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Url {
    /// Whether the connection is encrypted.
    pub secure: bool,
    /// Name or number of the host, an IPv6 number without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Path and query.
    pub target: String,
}

impl Url {
    /// Returns host and port as the `Host` header has them: the port is left out where it is the usual one.
    pub(super) fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.secure { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }

    /// Returns the address that a `Location` header names, absolute or relative to this one.
    pub(super) fn join(&self, location: &str) -> Result<Self, String> {
        let scheme = if self.secure { "https" } else { "http" };
        if location.contains("://") {
            return location.parse();
        }
        if let Some(rest) = location.strip_prefix("//") {
            return format!("{scheme}://{rest}").parse();
        }
        let path = self.target.split('?').next().unwrap_or("/");
        let folder = &path[..path.rfind('/').map_or(0, |end| end + 1)];
        let target = if location.starts_with('/') { location.to_owned() } else { format!("{folder}{location}") };
        format!("{scheme}://{}{target}", self.authority()).parse()
    }
}

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let failed = |reason: &str| Err(format!("`{text}` {reason}"));
        // What is written into a request unchanged must not end its line.
        if text.bytes().any(|byte| !byte.is_ascii_graphic()) {
            return failed("is no address: blanks and letters outside ASCII must be percent-encoded");
        }
        let (secure, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (true, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (false, rest),
            _ => return failed("does not begin with http:// or https://"),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let (host, port) = match authority.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
            Some((host, port)) => (host, port.strip_prefix(':')),
            None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
        };
        let port = match port {
            Some(port) => port.parse().ok(),
            None => Some(if secure { 443 } else { 80 }),
        };
        let Some(port) = port.filter(|_| !host.is_empty() && !authority.contains('@')) else {
            return failed("names no host");
        };
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        Ok(Self { secure, host: host.to_owned(), port, target })
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.target)
    }
}
