//! The description of a graphics processor, before anything is fetched for it.

use serde::{Deserialize, Serialize};

/// The browser's description of its graphics processor. Nothing here is required but `available`: the kernels use no optional feature.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Probe {
    /// Whether there is a processor that a page may use.
    pub available: bool,
    /// Why not, as a clause; empty where there is one.
    pub reason: String,
    /// Whether it is emulated on the CPU: right numbers, slowly.
    pub fallback: bool,
    /// `nvidia`, `apple`, ...; empty where the browser does not say.
    pub vendor: String,
    /// A family of chips.
    pub architecture: String,
    /// The device and what the browser adds to it.
    pub description: String,
    /// Optional features, sorted.
    pub features: Vec<String>,
    /// Whether kernels can be timed.
    pub timestamp_query: bool,
    /// Whether kernels can compute in half precision.
    pub shader_f16: bool,
    /// Bytes of a buffer that a kernel can see.
    pub max_storage_binding: f64,
    /// Bytes of a buffer.
    pub max_buffer: f64,
    /// Workgroups along one side of a dispatch.
    pub max_groups: f64,
}

impl Probe {
    /// Returns the name of the processor, as far as the browser states it.
    pub fn name(&self) -> String {
        let parts = [&self.vendor, &self.architecture, &self.description];
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { "a GPU without a name".to_owned() } else { parts.join(" ") }
    }

    /// Returns whether there is a graphics processor that is not emulated.
    pub fn is_real(&self) -> bool {
        self.available && !self.fallback
    }

    /// Returns the properties that matter for training, as rows of a table: name and value.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        if !self.available {
            return vec![("adapter", format!("none: {}", self.reason))];
        }
        let yes = |has: bool| if has { "yes" } else { "no" }.to_owned();
        let megabytes = |bytes: f64| format!("{:.0} MB", bytes / 1e6);
        let others = self.features.iter().map(String::as_str);
        let others: Vec<&str> = others.filter(|name| !["timestamp-query", "shader-f16"].contains(name)).collect();
        vec![
            ("adapter", self.name()),
            ("imitated by the CPU", yes(self.fallback)),
            ("largest buffer", megabytes(self.max_buffer)),
            ("of which a kernel sees", megabytes(self.max_storage_binding)),
            ("timestamp-query (not needed)", yes(self.timestamp_query)),
            ("shader-f16 (not needed)", yes(self.shader_f16)),
            ("other features", if others.is_empty() { "none".to_owned() } else { others.join(", ") }),
        ]
    }
}
