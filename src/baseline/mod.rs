//! Linear rivals of the model; PCA also serves infill and the latent axes.

pub mod pca;
