"""Local outlier factors, held against scikit-learn's."""

import numpy as np
import pytest
import spectrascape
from sklearn.neighbors import LocalOutlierFactor


@pytest.mark.parametrize("k", [5, 20])
def test_factors_are_those_of_scikit_learn(k):
    random = np.random.default_rng(5)
    latents = np.concatenate([random.normal(size=(800, 6)), random.normal(3.0, 0.2, (150, 6)), random.normal(0, 6, (20, 6))])
    latents = latents.astype(np.float32)
    theirs = -LocalOutlierFactor(n_neighbors=k).fit(latents.astype(np.float64)).negative_outlier_factor_
    ours = spectrascape.local_outlier_factor(latents, k)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    if k == 20:
        np.testing.assert_array_equal(spectrascape.local_outlier_factor(latents), ours)


def test_rows_that_are_not_finite_have_none():
    latents = np.random.default_rng(6).normal(size=(50, 2))
    latents[7, 1] = np.nan
    factors = spectrascape.local_outlier_factor(latents, k=3)
    assert np.isnan(factors[7]) and np.isfinite(np.delete(factors, 7)).all()
    np.testing.assert_array_equal(np.delete(factors, 7), spectrascape.local_outlier_factor(np.delete(latents, 7, axis=0), k=3))


def test_too_little_is_refused():
    with pytest.raises(ValueError, match="at least 2"):
        spectrascape.local_outlier_factor(np.zeros((1, 6)))
    with pytest.raises(ValueError, match="at least 2"):
        spectrascape.local_outlier_factor(np.zeros((0, 6)))
    with pytest.raises(ValueError, match="number of neighbours is 0"):
        spectrascape.local_outlier_factor(np.zeros((9, 6)), k=0)
    with pytest.raises(ValueError, match=r"latents has the shape \[9\]"):
        spectrascape.local_outlier_factor(np.zeros(9))
