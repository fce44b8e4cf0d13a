"""Bands hold as often as they say on the closes that they were calibrated on."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.calibration import fitted

LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)


def offsets(rng: np.random.Generator, rows: int) -> NDArray[np.float64]:
    """Uncalibrated quantiles of two steps: positive widths outwards from zero."""
    widths = rng.uniform(0.1, 1.0, (rows, 2, 8))
    return outward(widths)


def outward(widths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of the widths from the median outwards."""
    below = -np.cumsum(widths[..., 3::-1], axis=-1)[..., ::-1]
    return np.concatenate(
        [below, np.zeros_like(below[..., :1]), np.cumsum(widths[..., 4:], axis=-1)], axis=-1
    )


@given(seed=st.integers(0, 1000), scale=st.floats(0.2, 5))
@settings(max_examples=20)
def test_every_band_holds_as_often_as_it_says(seed: int, scale: float) -> None:
    """Whether the closes are wilder or calmer than the network thought."""
    rng = np.random.default_rng(seed)
    raw, actual = offsets(rng, 4000), rng.standard_t(4, (4000, 2)) * scale

    quantiles = outward(np.diff(raw, axis=-1) * fitted(actual, raw, LEVELS))

    for band in range(4):
        low, high = quantiles[..., 3 - band], quantiles[..., 5 + band]
        held = ((low <= actual) & (actual <= high)).mean(axis=0)
        np.testing.assert_allclose(held, LEVELS[5 + band] - LEVELS[3 - band], atol=2e-3)


def test_both_sides_of_a_band_get_the_same_factor() -> None:
    """A rising market before the day must not tilt the bands after it."""
    rng = np.random.default_rng(0)
    factors = fitted(np.abs(rng.standard_t(4, (500, 2))), offsets(rng, 500), LEVELS)

    np.testing.assert_array_equal(factors, factors[:, ::-1])


def test_no_width_vanishes_however_calm_the_closes_were() -> None:
    """Quantiles of a band without width could not be told apart."""
    rng = np.random.default_rng(0)

    assert (fitted(np.zeros((100, 2)), offsets(rng, 100), LEVELS) > 0).all()
