"""The way from an observed spectrum to the model's input, held against formulas."""

import pickle

import numpy as np
import pytest
import spectrascape
from conftest import SDSS, observed
from scipy.interpolate import CubicSpline
from spectrascape import Observation, Recipe

START, STEP, PIXELS = SDSS
WAVELENGTH = 10.0 ** (START + STEP * np.arange(PIXELS))


def power_law(redshift=0.1, error=0.05):
    flux = 3.0 * (WAVELENGTH / 5000.0) ** 0.7
    return Observation(WAVELENGTH, flux, np.full(PIXELS, error**-2.0), redshift=redshift)


def test_a_power_law_stays_one(model):
    prepared = Recipe.standard().prepare(power_law(), model)
    assert prepared.flux.dtype == prepared.ivar.dtype == np.float32 and prepared.mask.dtype == np.bool_
    assert prepared.redshift == 0.1
    rest = 10.0 ** (3.53 + 0.00039 * np.arange(1000))
    np.testing.assert_allclose(spectrascape.wavelengths(), rest, rtol=1e-12)
    good = ~prepared.mask
    # The survey's blue end is at 3461 Angstrom in the rest frame; pixels next to masked ones are masked, too.
    first = np.flatnonzero(good)[0]
    assert good[first:].all() and 3461.0 < rest[first] < 3472.0
    expected = 3.0 * (rest * 1.1 / 5000.0) ** 0.7
    np.testing.assert_allclose(prepared.flux[good] * prepared.norm, expected[good], rtol=2e-5)
    assert np.mean(prepared.flux.astype(np.float64) ** 2) == pytest.approx(1.0, abs=1e-5)


def test_errors_add_in_quadrature(model):
    prepared = Recipe.standard().prepare(power_law(error=0.05), model)
    # Edges of the new pixels in units of the old ones, and the part of each old pixel in each new one.
    edges = (3.53 + 0.00039 * (np.arange(1001) - 0.5) + np.log10(1.1) - (START - 0.5 * STEP)) / STEP
    shares = np.minimum(edges[1:, None], np.arange(1, PIXELS + 1)) - np.maximum(edges[:-1, None], np.arange(PIXELS))
    shares = np.clip(shares, 0.0, None)
    variance = 0.05**2 * (shares**2).sum(axis=1) / 3.9**2
    good = ~prepared.mask
    np.testing.assert_allclose(prepared.ivar[good] / prepared.norm**2, 1.0 / variance[good], rtol=1e-4)


def test_pixels_without_weight_are_masked_and_infilled(model):
    flux, ivar = 3.0 * np.ones(PIXELS), np.full(PIXELS, 100.0)
    ivar[1500:1600] = 0.0
    flux[1500:1550] = np.nan
    flux[1550:1600] = 1e30
    prepared = model.recipe.prepare(Observation(WAVELENGTH, flux, ivar, redshift=0.0), model)
    rest = spectrascape.wavelengths()
    gap = (rest > WAVELENGTH[1505]) & (rest < WAVELENGTH[1595])
    assert gap.sum() > 20 and prepared.mask[gap].all()
    np.testing.assert_array_equal(prepared.mask, prepared.ivar == 0.0)
    assert np.isfinite(prepared.flux).all() and abs(prepared.flux).max() < 10.0


def test_flux_is_rebinned_by_a_spline_through_its_sum(model, weights):
    wavelength, flux, ivar, redshift, _ = observed(weights, 3, seed=7)
    old = START + STEP * (np.arange(PIXELS + 1) - 0.5)
    for row in range(3):
        prepared = model.recipe.prepare(Observation(wavelength, flux[row], np.ones(PIXELS), redshift=redshift[row]), model)
        total = CubicSpline(old - np.log10(1 + redshift[row]), np.append(0.0, np.cumsum(flux[row])), bc_type="natural")
        expected = np.diff(total(3.53 + 0.00039 * (np.arange(1001) - 0.5))) / 3.9
        good = ~prepared.mask
        np.testing.assert_allclose((prepared.flux * prepared.norm)[good], expected[good], rtol=1e-4, atol=1e-4)


def test_arrays_in_any_order_with_padding(model):
    straight = power_law()
    order = np.concatenate([np.arange(PIXELS)[::-1], [0, 0, 0]])
    wavelength, flux, ivar = WAVELENGTH[order], (3.0 * (WAVELENGTH / 5000.0) ** 0.7)[order], np.full(PIXELS + 3, 400.0)
    wavelength[-3:] = -1.0, -1.0, np.nan
    padded = Observation(wavelength, flux, ivar, redshift=0.1)
    np.testing.assert_array_equal(padded.flux, straight.flux)
    np.testing.assert_allclose(padded.wavelength, WAVELENGTH, rtol=1e-9)
    np.testing.assert_allclose(padded.error, 0.05, rtol=1e-6)
    linear = Observation(np.arange(3800.0, 9200.0, 1.5), np.ones(3600), np.ones(3600))
    assert "resampled" in linear.notes[0] and linear.redshift is None
    steps = np.diff(np.log10(linear.wavelength))
    np.testing.assert_allclose(steps, steps[0], rtol=1e-6)


def test_arrays_with_facts_of_the_object():
    facts = {"id": "desi:39627835576420141", "name": "Mrk 1", "ra": 19.03, "dec": 33.09, "redshift": 0.016}
    observation = Observation(WAVELENGTH, np.ones(PIXELS), np.ones(PIXELS), **facts)
    assert {name: getattr(observation, name) for name in facts} == facts
    assert observation.redshift_error is None and observation.file is None and observation.class_name == "unclassified"
    with pytest.raises(ValueError, match="`7` is not a spectrum's name"):
        Observation(WAVELENGTH, np.ones(PIXELS), id="7")


def test_arrays_in_air_and_without_noise():
    random = np.random.default_rng(8)
    flux = random.normal(10.0, 0.5, PIXELS)
    observation = Observation(WAVELENGTH, flux, medium="air")
    # Edlen (1953), at 5000 Angstrom in air: 5001.394.
    at = np.abs(observation.wavelength - 5001.394).argmin()
    expected = 10.0 ** np.interp(5000.0, WAVELENGTH, np.log10(WAVELENGTH)) + 1.394
    assert abs(observation.wavelength[at] - expected) < 1.2
    assert np.median(observation.error) == pytest.approx(0.5, rel=0.1)
    assert any("estimated from the scatter" in note for note in observation.notes)
    assert observation.redshift is None


def test_what_cannot_be_prepared_is_said(model):
    with pytest.raises(ValueError, match="there is no redshift"):
        model.recipe.prepare(power_law(redshift=None), model)
    with pytest.raises(ValueError, match="redshift 1.000 is outside"):
        model.recipe.prepare(power_law(), model, redshift=1.0)
    with pytest.raises(ValueError, match="use model.recipe"):
        Recipe("astroml").prepare(power_law(), model)
    with pytest.raises(ValueError, match="mine .*there are 5 values of wavelength, of flux 4"):
        Observation(np.arange(1.0, 6.0), np.ones(4), np.ones(5), name="mine")
    with pytest.raises(ValueError, match="flux has the shape"):
        Observation(np.arange(1.0, 6.0), np.ones((5, 1)), np.ones(5))
    with pytest.raises(ValueError, match="0 wavelengths above 0"):
        Observation([-1.0] * 9, np.ones(9), np.ones(9))
    with pytest.raises(ValueError):
        Observation(WAVELENGTH, np.ones(PIXELS), np.zeros(PIXELS))


def test_recipes_have_names():
    recipe = Recipe("astroml", "total")
    assert (recipe.steps, recipe.normalization) == ("astroml", "total")
    assert repr(recipe) == 'Recipe(steps="astroml", normalization="total")'
    assert pickle.loads(pickle.dumps(recipe)) == recipe != Recipe.standard()
    assert len({recipe, Recipe("astroml", "total"), Recipe()}) == 2
    with pytest.raises(ValueError, match="`log` is no normalisation"):
        Recipe(normalization="log")
    with pytest.raises(ValueError, match="`quick` are no steps"):
        Recipe("quick")
