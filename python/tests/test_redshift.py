"""Redshifts by trial, on spectra whose redshift is known."""

import numpy as np
import pytest
from conftest import decoded, encoded, observed
from spectrascape import Observation


def test_the_redshift_is_found(model, weights):
    wavelength, flux, ivar, redshift, _ = observed(weights, 5, seed=11)
    for row in range(5):
        # Its own redshift is not used.
        observation = Observation(wavelength, flux[row], ivar[row], redshift=0.3)
        found = model.redshift(observation, refine=False)
        assert 0 < found.error < 0.01
        assert 299_792.458 * abs(found.redshift - redshift[row]) / (1 + redshift[row]) < 150.0
        assert found.confidence > 1.5
        prepared = model.recipe.prepare(observation, model, redshift=found.redshift)
        good = ~prepared.mask
        residual = prepared.flux - decoded(weights, encoded(weights, prepared.flux)[0])
        assert found.pixels == good.sum()
        assert found.chi2 == pytest.approx(np.mean((residual**2 * prepared.ivar)[good]), rel=1e-3)
        assert model.redshift(observation, refine=True).chi2 < found.chi2, "of fitted latents"
        assert found.curve_redshift.shape == found.curve_chi2.shape == found.curve_score.shape
        assert (np.diff(found.curve_redshift) > 0).all()
        best = found.curve_redshift[found.curve_score.argmin()]
        assert abs(np.log10((1 + best) / (1 + found.redshift))) < 1.01 * 0.00039


def test_the_range_is_kept(model, weights):
    wavelength, flux, ivar, redshift, _ = observed(weights, 1, seed=12)
    observation = Observation(wavelength, flux[0], ivar[0])
    found = model.redshift(observation, low=0.25, high=0.3)
    assert 0.25 <= found.redshift <= 0.3
    assert found.curve_redshift.min() == 0.25 and found.curve_redshift.max() == 0.3
    with pytest.raises(ValueError, match="trial redshifts 0 to 2"):
        model.redshift(observation, 0.0, 2.0)
