"""Galaxy spectra to the latents of a variational autoencoder and back."""

import os
from collections.abc import Sequence
from typing import Any, Literal, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Model",
    "Observation",
    "Prepared",
    "REDSHIFT_RANGE",
    "Recipe",
    "RedshiftEstimate",
    "__version__",
    "local_outlier_factor",
    "read",
    "wavelengths",
]

__version__: str

REDSHIFT_RANGE: tuple[float, float]
"""Lowest and highest redshift of the spectra that models are made for."""

def read(
    path_or_bytes: str | os.PathLike[str] | bytes | bytearray,
    name: str | None = None,
    *,
    medium: Literal["vacuum", "air"] | None = None,
    rows: Sequence[int] | None = None,
    redrock: str | os.PathLike[str] | None = None,
) -> list[Observation]:
    """Reads the spectra of a file, given by its path or by its bytes; `name` is the file's, for errors and for its extension.

    `medium` is that of the wavelengths, where one knows better than the file; `rows`, counted from 0, are those to read of a file with
    several spectra; `redrock` is the path of the redrock file of a DESI coadd.

    Raises OSError for a file that cannot be read, and ValueError for one that is not understood, with what to do.
    """

def wavelengths() -> NDArray[np.float64]:
    """Returns the `[1000]` vacuum wavelengths, Angstrom, rest frame, of prepared and decoded spectra."""

def local_outlier_factor(latents: ArrayLike, k: int = 20) -> NDArray[np.float64]:
    """Returns the local outlier factor `[n]` of each row of `latents` `[n, d]` with `k` neighbours; NaN for rows that are not finite.

    Raises ValueError where there are fewer than two finite rows, or `k` is 0.
    """

@final
class Observation:
    """A spectrum as a survey observed it: read by `read`, or built from arrays."""

    def __new__(
        cls,
        wavelength: ArrayLike,
        flux: ArrayLike,
        ivar: ArrayLike | None = None,
        *,
        redshift: float | None = None,
        id: str | None = None,
        name: str | None = None,
        ra: float | None = None,
        dec: float | None = None,
        medium: Literal["vacuum", "air"] = "vacuum",
    ) -> Observation:
        """Builds an observation from wavelengths (Angstrom, as observed), flux and inverse variance, each `[n]`.

        Pixels whose wavelength is not positive are padding. Without `ivar` the noise is estimated from the scatter of pixels.

        Raises ValueError for arrays of unequal length, and for too few or no good pixels.
        """
    @property
    def id(self) -> str | None:
        """Identifier, as in "266-51602-1" (SDSS) or "desi:39627835576420141"; None where the file has none."""
    @property
    def file(self) -> str | None:
        """File that it was read from, with `#1`, `#2`, ... where that holds several; None where it is built from arrays."""
    @property
    def name(self) -> str | None:
        """Name of the object; None where the file has none."""
    @property
    def ra(self) -> float | None:
        """Right ascension, degrees, ICRS; None where unknown."""
    @property
    def dec(self) -> float | None:
        """Declination, degrees, ICRS; None where unknown."""
    @property
    def redshift(self) -> float | None:
        """Redshift in the file; None where it has none."""
    @property
    def redshift_error(self) -> float | None:
        """Standard error of the redshift in the file; None where it has none."""
    @property
    def class_name(self) -> str:
        """Class by the file's own measurements, "unclassified" where it has none."""
    @property
    def wavelength(self) -> NDArray[np.float64]:
        """`[n]` vacuum wavelengths of the pixels' centres, Angstrom, as observed, evenly spaced in their logarithm."""
    @property
    def flux(self) -> NDArray[np.float32]:
        """`[n]` flux density, 1e-17 erg/s/cm^2/Angstrom."""
    @property
    def error(self) -> NDArray[np.float32]:
        """`[n]` standard error of the flux; 0 or not finite where the pixel is bad."""
    @property
    def notes(self) -> list[str]:
        """What had to be assumed or changed, a sentence each; often empty."""

@final
class Recipe:
    """The preparation of observed spectra for a model. A model's own is `Model.recipe`."""

    def __new__(cls, steps: str = "standard", normalization: str = "rms") -> Recipe:
        """Builds a recipe: `steps` "standard" or "astroml", `normalization` "rms" or "total"."""
    @staticmethod
    def standard() -> Recipe:
        """Returns the recipe of the models that come with Spectrascape."""
    @property
    def steps(self) -> str:
        """Steps by which spectra are rebinned and masked: "standard" or "astroml"."""
    @property
    def normalization(self) -> str:
        """Normalisation of the flux: "rms" or "total"."""
    def prepare(self, observation: Observation, model: Model, redshift: float | None = None) -> Prepared:
        """Prepares an observation for a model, at its own redshift where none is given.

        Raises ValueError for a model that was trained on spectra of another recipe, where there is no redshift or one outside the
        model's range, and where too few pixels are good.
        """
    def __hash__(self) -> int: ...
    def __eq__(self, value: object, /) -> bool: ...

@final
class Prepared:
    """A spectrum on the model's grid: in the rest frame, masked, infilled and normalised."""

    @property
    def flux(self) -> NDArray[np.float32]:
        """`[1000]` normalised flux; masked pixels are infilled."""
    @property
    def ivar(self) -> NDArray[np.float32]:
        """`[1000]` inverse variance of `flux`; 0 where masked."""
    @property
    def mask(self) -> NDArray[np.bool_]:
        """`[1000]` true where the pixel is bad or was not observed."""
    @property
    def norm(self) -> float:
        """Factor by which the flux was divided, in the unit of the observed flux."""
    @property
    def redshift(self) -> float:
        """Redshift at which it was taken to the rest frame."""

@final
class Model:
    """A trained model: flux to latents and back."""

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Model:
        """Reads a model from its file (safetensors).

        Raises OSError for a file that cannot be read, and ValueError for one that is no model.
        """
    @staticmethod
    def from_bytes(data: bytes, name: str = "the model") -> Model:
        """Reads a model from the bytes of its file; `name` is for errors.

        Raises ValueError for bytes that are no model.
        """
    def to_bytes(self) -> bytes:
        """Returns the bytes of the model's file, its weights in single precision."""
    @property
    def name(self) -> str:
        """Name of the model."""
    @property
    def latents(self) -> int:
        """Number of latents, d."""
    @property
    def recipe(self) -> Recipe:
        """Preparation of the spectra that it takes."""
    @property
    def card(self) -> dict[str, Any]:
        """The description in the model's file: configuration, recipe, training set, epoch and losses."""
    @property
    def input_mean(self) -> NDArray[np.float32]:
        """`[1000]` spectrum that is subtracted before encoding and added after decoding."""
    def encode(
        self, flux: ArrayLike, ivar: ArrayLike | None = None, refine: bool = False
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Encodes prepared spectra `[n, 1000]` to the mean and the log variance of the latents' posterior, each `[n, d]`.

        With `refine` the latents are fitted to the unmasked pixels from the encoder's mean on; without it they are the encoder's
        own, as in the paper.

        Raises ValueError for arrays of other shapes, and where `ivar` is needed and missing.
        """
    def decode(self, latents: ArrayLike) -> NDArray[np.float32]:
        """Decodes latents `[n, d]` to normalised flux `[n, 1000]`.

        Raises ValueError for another shape.
        """
    def redshift(
        self, observation: Observation, low: float | None = None, high: float | None = None, refine: bool = False
    ) -> RedshiftEstimate:
        """Finds the redshift between `low` and `high` at which the model reconstructs an observation best.

        Trials are encoded by the encoder alone; with `refine`, `chi2` is that of latents fitted at the redshift found.

        Raises ValueError for a range beyond that of the model, and for a spectrum that fits on the grid at no redshift in it.
        """

@final
class RedshiftEstimate:
    """A redshift by trial: that at which the model reconstructs the spectrum best."""

    @property
    def redshift(self) -> float:
        """Redshift of the best trial."""
    @property
    def error(self) -> float:
        """Standard error of the redshift, from the curvature of the score."""
    @property
    def chi2(self) -> float:
        """Mean over unmasked pixels of (flux - reconstruction)^2 ivar at the redshift found."""
    @property
    def pixels(self) -> int:
        """Unmasked pixels on the grid at the best trial."""
    @property
    def confidence(self) -> float:
        """Score of the second-best redshift over that of the best: about 1 where the two fit equally well."""
    @property
    def second(self) -> float | None:
        """Second-best redshift, more than 1500 km/s from the best; None where there is none."""
    @property
    def curve_redshift(self) -> NDArray[np.float64]:
        """`[n]` trial redshifts of the first pass, increasing."""
    @property
    def curve_chi2(self) -> NDArray[np.float64]:
        """`[n]` chi2 of each trial."""
    @property
    def curve_score(self) -> NDArray[np.float64]:
        """`[n]` weighted mean square deviation of each trial, by which trials are ranked; lower is better."""
