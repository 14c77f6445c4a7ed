//! The methods that Figure 3 compares.

use super::models::{Kind, Order};
use crate::latent::linear_baseline::{LinearConfig, LinearKind};
use crate::plot::palette::method::{AUTOENCODER, NMF, PCA, VAE};
use crate::plot::{Mark, Rgb};

/// A method that compresses a spectrum to a few parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Method {
    /// PCA with every pixel counting the same.
    Pca,
    /// PCA with the weights of the model's loss.
    WeightedPca,
    /// NMF with every pixel counting the same.
    Nmf,
    /// NMF with the weights of the model's loss.
    WeightedNmf,
    /// Autoencoder trained with every pixel counting the same.
    UnweightedAutoencoder,
    /// Autoencoder trained with the weights of the VAE.
    Autoencoder,
    /// The paper's VAE.
    Vae,
}

/// All methods, in the order of the figure's legend.
pub(super) const METHODS: [Method; 7] = [
    Method::Pca,
    Method::WeightedPca,
    Method::Nmf,
    Method::WeightedNmf,
    Method::UnweightedAutoencoder,
    Method::Autoencoder,
    Method::Vae,
];

impl Method {
    /// Returns the name that figures and tables give the method.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pca => "PCA",
            Self::WeightedPca => "PCA, weighted",
            Self::Nmf => "NMF",
            Self::WeightedNmf => "NMF, weighted",
            Self::UnweightedAutoencoder => "AE",
            Self::Autoencoder => "AE, weighted",
            Self::Vae => "VAE",
        }
    }

    /// Returns the colour of the method's curves.
    pub(super) fn color(self) -> Rgb {
        self.style().0
    }

    /// Returns colour and mark: solid for a fit without weights, as the paper fits PCA, NMF and AE; dashed for a weighted fit.
    pub(super) fn style(self) -> (Rgb, Mark) {
        match self {
            Self::Pca => (PCA, Mark::LineAndDots),
            Self::WeightedPca => (PCA, Mark::DashesAndRings),
            Self::Nmf => (NMF, Mark::LineAndDots),
            Self::WeightedNmf => (NMF, Mark::DashesAndRings),
            Self::UnweightedAutoencoder => (AUTOENCODER, Mark::LineAndDots),
            Self::Autoencoder => (AUTOENCODER, Mark::DashesAndRings),
            Self::Vae => (VAE, Mark::LineAndDots),
        }
    }

    /// Returns the network to train for the method; `None` for a linear method.
    pub(super) fn order(self, latents: usize, seed: u64) -> Option<Order> {
        let kind = match self {
            Self::UnweightedAutoencoder => Kind::UnweightedAutoencoder,
            Self::Autoencoder => Kind::Autoencoder,
            Self::Vae => Kind::Vae,
            _ => return None,
        };
        Some(Order { kind, latents, seed })
    }

    /// Returns the settings of a linear baseline; `None` for a network.
    pub(super) fn linear_baseline(self, components: usize, seed: u64) -> Option<LinearConfig> {
        let (kind, weighted) = match self {
            Self::Pca => (LinearKind::Pca, false),
            Self::WeightedPca => (LinearKind::Pca, true),
            Self::Nmf => (LinearKind::Nmf, false),
            Self::WeightedNmf => (LinearKind::Nmf, true),
            _ => return None,
        };
        Some(LinearConfig { kind, weighted, components, seed })
    }
}
