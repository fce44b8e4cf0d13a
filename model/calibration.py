"""Makes bands hold as often as they say, on closes that the network was not trained on.

A band of 80 % that held 83 % of the time before the cut-off is narrowed by the factor that would
have made it hold 80 %; from the median outwards, so that quantiles still cannot cross.  Both
sides of a band get the same factor: how often shares rose in the years of calibration says
little about the years after them (fitting the sides one by one was worse on every span tried).
"""

import numpy as np
from numpy.typing import NDArray

_SMALLEST = 0.05
"""No width is narrowed below this, however odd the closes are that it is fitted on."""


def fitted(
    actual: NDArray[np.float64], offsets: NDArray[np.float64], levels: tuple[float, ...]
) -> NDArray[np.float32]:
    """Factors of the widths between neighbouring quantiles.

    Args:
        actual: log moves from the last close, in any unit, shape (n, steps), n ≥ 1.
        offsets: their uncalibrated quantiles in the same unit, shape (n, steps, levels), the
            middle one zero.
        levels: ascending and symmetric about the median.

    Returns:
        shape (steps, levels - 1), lowest level first.
    """
    steps = actual.shape[1]
    return np.array(
        [_step(actual[:, step], np.diff(offsets[:, step]), levels) for step in range(steps)],
        np.float32,
    )


def _step(
    actual: NDArray[np.float64], widths: NDArray[np.float64], levels: tuple[float, ...]
) -> NDArray[np.float64]:
    """Factors for one step, band by band, the narrowest first."""
    side = widths.shape[1] // 2
    factors = np.ones(2 * side)
    sides = np.where(actual > 0, side, side - 1), np.where(actual > 0, 1, -1)
    inner = np.zeros(len(actual))
    for band in range(side):
        column = sides[0] + sides[1] * band
        width = widths[np.arange(len(actual)), column]
        held = levels[side + 1 + band] - levels[side - 1 - band]
        factor = max(float(np.quantile((np.abs(actual) - inner) / width, held)), _SMALLEST)
        factors[[side - 1 - band, side + band]] = factor
        inner = inner + factor * width
    return factors
