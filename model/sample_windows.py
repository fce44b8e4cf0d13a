"""Windows that an exported graph has to survive, drawn from a seed.

Half of them look like shares: random walks with ranges around their closes.  The others are what
sources deliver on bad days: constant series, prices of a millionth or a billion, ranges missing
on some sessions or all, sessions without any range, one price ten times too high.
"""

import numpy as np
from numpy.typing import NDArray

from model.windows import WINDOW

Inputs = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]

COMPARED = 256
"""How many are drawn before a publication."""

_KINDS = 8
"""Hostile kinds; they take turns over the second half of the windows."""


def sample_windows(count: int, rng: np.random.Generator) -> Inputs:
    """Closes, highs and lows, each (count, WINDOW), oldest first."""
    volatility = rng.uniform(0.005, 0.05, (count, 1))
    walks = np.cumsum(rng.standard_t(4, (count, WINDOW)) * volatility, axis=1)
    closes = rng.uniform(1, 100, (count, 1)) * np.exp(walks)
    above, below = np.exp(np.abs(rng.normal(0, volatility, (2, count, WINDOW))))
    highs, lows = closes * above, closes / below
    for row in range(count // 2, count):
        _spoil(row % _KINDS, closes[row], highs[row], lows[row], rng)
    return closes.astype(np.float32), highs.astype(np.float32), lows.astype(np.float32)


def _spoil(
    kind: int,
    closes: NDArray[np.float64],
    highs: NDArray[np.float64],
    lows: NDArray[np.float64],
    rng: np.random.Generator,
) -> None:
    """Make one window hostile, in place."""
    somewhere = rng.random(WINDOW) < 0.3  # noqa: PLR2004 - about a third of the sessions
    match kind:
        case 0:
            closes[:] = highs[:] = lows[:] = closes[0]
        case 1 | 2:
            factor = 1e8 if kind == 1 else 1e-6
            closes *= factor
            highs *= factor
            lows *= factor
        case 3:
            highs[:] = lows[:] = np.nan
        case 4:
            highs[somewhere] = np.nan
        case 5:
            lows[somewhere] = 0
        case 6:
            highs[:], lows[:] = closes, closes
        case _:
            closes[WINDOW // 2] *= 10
