//! What is read from the latents.

mod agreement;
mod axes;
#[cfg(feature = "clusters")]
mod clusters;
mod rows;
pub mod umap;

pub use agreement::{AgreementError, ClassTable, Trustworthiness, adjusted_rand_index, trustworthiness};
pub use axes::LatentAxes;
#[cfg(feature = "clusters")]
pub use clusters::{ClusterError, HdbscanConfig, KMeans, KMeansConfig, NOISE, hdbscan, k_means};
pub use umap::{UmapConfig, UmapError, UmapProgress, umap};
