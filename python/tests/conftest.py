"""The shipped model, its weights in NumPy, and spectra with a known redshift."""

import os
from pathlib import Path

import numpy as np
import pytest
import spectrascape
from safetensors.numpy import load_file
from scipy.interpolate import CubicSpline

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "public/models/vae6.safetensors"
# log10 of the first wavelength and its step, and pixels, as SDSS has them.
SDSS = (3.5806, 1e-4, 3828)


@pytest.fixture(scope="session")
def model():
    return spectrascape.Model.load(MODEL)


@pytest.fixture(scope="session")
def weights():
    """The model's tensors as NumPy has them, without our code."""
    return {name: tensor.astype(np.float64) for name, tensor in load_file(MODEL).items()}


@pytest.fixture(scope="session")
def real():
    """The folder of real spectra: SPECTRASCAPE_DATA, else shared/data beside the project."""
    named = os.environ.get("SPECTRASCAPE_DATA")
    folder = Path(named) if named else ROOT.parent / "shared/data"
    if not folder.is_dir():
        assert named is None, f"SPECTRASCAPE_DATA names {folder}, which is not there"
        pytest.skip(f"there are no real spectra at {folder}")
    return folder


def relu(x):
    return np.maximum(x, 0.0)


def encoded(weights, flux):
    """Mean and log variance of the posterior, recomputed."""
    x = flux - weights["input_mean"]
    for layer in ("encoder.0", "encoder.2"):
        x = relu(x @ weights[f"{layer}.weight"].T + weights[f"{layer}.bias"])
    return tuple(x @ weights[f"{head}.weight"].T + weights[f"{head}.bias"] for head in ("mean", "log_var"))


def decoded(weights, latents):
    """Decoded flux, recomputed."""
    x = latents
    for layer in ("decoder.0", "decoder.2"):
        x = relu(x @ weights[f"{layer}.weight"].T + weights[f"{layer}.bias"])
    return x @ weights["decoder.4.weight"].T + weights["decoder.4.bias"] + weights["input_mean"]


def observed(weights, count, seed, snr=30.0, survey=SDSS):
    """Spectra of random latents as a survey would observe them: wavelength `[p]`; flux and ivar `[count, p]`, redshift `[count]`;
    and what was decoded, `[count, 1000]`.
    """
    random = np.random.default_rng(seed)
    spectra = decoded(weights, random.normal(size=(count, weights["mean.bias"].size)))
    redshift = random.uniform(0.02, 0.2, count)
    start, step, pixels = survey
    loglam = start + step * np.arange(pixels)
    grid = 3.53 + 0.00039 * np.arange(1000)
    scale = random.uniform(5.0, 50.0, count)
    rest = np.clip(loglam - np.log10(1 + redshift)[:, None], grid[0], grid[-1])
    clean = scale[:, None] * np.array([CubicSpline(grid, row)(x) for x, row in zip(rest, spectra)])
    error = np.broadcast_to((scale / snr)[:, None], clean.shape)
    ivar = error**-2.0
    # A few pixels without weight, as there are in every survey.
    ivar[random.random(ivar.shape) < 0.002] = 0.0
    noisy = clean + error * random.normal(size=clean.shape)
    return 10.0**loglam, noisy, ivar, redshift, spectra
