"""Encoding and decoding, held against the same network written in NumPy."""

import json
import pickle
import threading
import time

import numpy as np
import pytest
import spectrascape
from conftest import MODEL, decoded, encoded, observed
from safetensors import safe_open


def test_encode_is_the_network_in_numpy(model, weights):
    random = np.random.default_rng(1)
    flux = (weights["input_mean"] + 0.2 * random.normal(size=(600, 1000))).astype(np.float32)
    mean, log_var = model.encode(flux, np.ones_like(flux), refine=False)
    assert mean.shape == log_var.shape == (600, 6)
    assert mean.dtype == log_var.dtype == np.float32
    for ours, theirs in zip((mean, log_var), encoded(weights, flux.astype(np.float64))):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)


def test_a_fit_lowers_the_objective(model, weights):
    wavelength, flux, ivar, redshift, _ = observed(weights, 6, seed=6)
    observations = [spectrascape.Observation(wavelength, *row, redshift=z) for *row, z in zip(flux, ivar, redshift)]
    prepared = [model.recipe.prepare(one, model) for one in observations]
    flux, ivar = np.stack([one.flux for one in prepared]), np.stack([one.ivar for one in prepared])
    ivar[:, 300:350] = 0.0
    mean, log_var = model.encode(flux, ivar, refine=True)
    plain, _ = model.encode(flux, ivar, refine=False)
    assert mean.dtype == log_var.dtype == np.float32 and np.isfinite(log_var).all()

    def objective(latents):
        light = decoded(weights, latents.astype(np.float64))
        scale = (flux * light * ivar).sum(axis=1) / (light**2 * ivar).sum(axis=1)
        return ((flux - scale[:, None] * light) ** 2 * ivar).sum(axis=1) + (latents**2).sum(axis=1)

    assert (objective(mean) < objective(plain)).all()
    # The prior, and what the unmasked pixels say, is all that the variances hold.
    assert (log_var < 0.0).all()
    np.testing.assert_array_equal(model.encode(flux)[0], plain)
    with pytest.raises(ValueError, match="a fit needs uncertainties: give ivar, too"):
        model.encode(flux, refine=True)


def test_decode_is_the_network_in_numpy(model, weights):
    latents = np.random.default_rng(2).normal(size=(600, 6))
    flux = model.decode(latents)
    assert flux.shape == (600, 1000) and flux.dtype == np.float32
    np.testing.assert_allclose(flux, decoded(weights, latents), rtol=1e-4, atol=1e-4)


def test_one_spectrum_needs_no_axis_of_rows(model):
    mean, log_var = model.encode(model.input_mean)
    assert mean.shape == log_var.shape == (6,)
    assert model.decode(mean).shape == (1000,)
    np.testing.assert_array_equal(model.encode(model.input_mean[None])[0][0], mean)
    assert model.encode(np.empty((0, 1000)))[0].shape == (0, 6)
    assert model.decode(np.empty((0, 6))).shape == (0, 1000)


def test_any_layout_and_type_of_numbers_gives_the_same(model):
    flux = np.random.default_rng(3).normal(1.0, 0.1, size=(4, 1000)).astype(np.float32)
    mean, _ = model.encode(flux)
    np.testing.assert_array_equal(model.encode(np.asfortranarray(flux))[0], mean)
    np.testing.assert_array_equal(model.encode(np.repeat(flux, 2, axis=1)[:, ::2])[0], mean)
    np.testing.assert_array_equal(model.encode(flux.astype(np.float64))[0], mean)
    np.testing.assert_array_equal(model.encode(flux.tolist())[0], mean)


def test_pixels_that_are_not_numbers_take_the_mean_spectrum(model):
    flux = model.input_mean.copy()
    flux[[3, 500]] = np.nan, np.inf
    np.testing.assert_array_equal(model.encode(flux)[0], model.encode(model.input_mean)[0])


@pytest.mark.parametrize("flux", [np.ones((3, 999)), np.ones(999), np.ones((2, 3, 1000)), np.float32(1.0)])
def test_other_shapes_are_refused(model, flux):
    with pytest.raises(ValueError, match=r"flux has the shape .*: it must be \[n, 1000\]"):
        model.encode(flux)


def test_what_is_no_array_is_refused(model):
    with pytest.raises(TypeError, match="flux is not an array of numbers"):
        model.encode("bright")
    with pytest.raises(ValueError, match=r"latents has the shape \[2, 5\]: it must be \[n, 6\]"):
        model.decode(np.zeros((2, 5)))
    with pytest.raises(ValueError, match="flux has 2 rows and ivar 3"):
        model.encode(np.ones((2, 1000)), np.ones((3, 1000)))


def test_the_card_is_that_of_the_file(model):
    with safe_open(MODEL, "numpy") as file:
        card = json.loads(file.metadata()["spectrascape"])
    assert model.card["config"]["hidden1"] == card["config"]["hidden1"] == 703
    for name in ("name", "training_set", "training_set_sha256", "epoch", "simulated"):
        assert model.card[name] == card[name]
    assert model.card["history"] == card["history"]
    assert (model.name, model.latents) == ("vae6", 6)
    assert model.recipe == spectrascape.Recipe.standard()
    assert repr(model) == f"<Model `vae6`: 6 latents, trained on `{card['training_set']}`>"


def test_a_model_is_pickled(model):
    again = pickle.loads(pickle.dumps(model))
    latents = np.random.default_rng(4).normal(size=(5, 6))
    np.testing.assert_array_equal(again.decode(latents), model.decode(latents))
    assert again.card == model.card


def test_a_file_that_is_no_model_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="none.safetensors"):
        spectrascape.Model.load(tmp_path / "none.safetensors")
    with pytest.raises(OSError):
        spectrascape.Model.load(tmp_path)
    path = tmp_path / "broken.safetensors"
    path.write_bytes(MODEL.read_bytes()[:5000])
    with pytest.raises(ValueError, match="broken.safetensors"):
        spectrascape.Model.load(path)
    with pytest.raises(ValueError, match="mine"):
        spectrascape.Model.from_bytes(b"", "mine")


def test_other_threads_run_while_spectra_are_encoded(model):
    flux = np.ones((8000, 1000), np.float32)
    spent = []

    def encode():
        start = time.perf_counter()
        model.encode(flux)
        spent.append(time.perf_counter() - start)

    worker = threading.Thread(target=encode)
    worker.start()
    longest, before = 0.0, time.perf_counter()
    while worker.is_alive():
        time.sleep(0.001)
        longest = max(longest, time.perf_counter() - before)
        before = time.perf_counter()
    assert longest < spent[0] / 2, f"another thread stood still for {longest:.2f} s of {spent[0]:.2f} s"
