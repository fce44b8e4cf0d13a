"""How far forecasts were from what happened.

A metric is a formula and a unit.  Arrays are aligned row by row, prices are in the share's own
currency, shares of one are fractions (0.8, not 80).  Ratios are below one when the forecast is
better than what it is compared with.
"""

import numpy as np
from numpy.typing import NDArray

Prices = NDArray[np.float64]


def absolute_errors(actual: Prices, forecast: Prices) -> Prices:
    """One per forecast, in the currency of the prices; shapes (n,)."""
    errors: Prices = np.abs(actual - forecast)
    return errors


def mean_absolute_error(actual: Prices, forecast: Prices) -> float:
    """In the currency of the prices; shapes (n,)."""
    return float(absolute_errors(actual, forecast).mean())


def root_mean_squared_error(actual: Prices, forecast: Prices) -> float:
    """In the currency of the prices; shapes (n,)."""
    return float(np.sqrt(((actual - forecast) ** 2).mean()))


def mean_absolute_percentage_error(actual: Prices, forecast: Prices) -> float:
    """As a fraction of the actual price; shapes (n,)."""
    return float(np.abs((actual - forecast) / actual).mean())


def pinball_losses(actual: Prices, quantiles: Prices, levels: Prices) -> Prices:
    """Quantile loss of each forecast, mean over its levels, in the currency of the prices.

    Being below quantile q by one real costs 1 - q, being above costs q (R. Koenker, G. Bassett,
    "Regression quantiles", Econometrica 46, 1978).

    Args:
        actual: shape (n,).
        quantiles: shape (n, k).
        levels: shape (k,), between 0 and 1.

    Returns:
        shape (n,).
    """
    above = actual[:, None] - quantiles
    losses: Prices = np.maximum(levels * above, (levels - 1) * above).mean(axis=1)
    return losses


def pinball_loss(actual: Prices, quantiles: Prices, levels: Prices) -> float:
    """Mean of `pinball_losses`."""
    return float(pinball_losses(actual, quantiles, levels).mean())


def coverage(actual: Prices, low: Prices, high: Prices) -> float:
    """Fraction of the prices that fell inside their band, borders included; shapes (n,)."""
    return float(((low <= actual) & (actual <= high)).mean())


def direction_hits(last: Prices, actual: Prices, forecast: Prices) -> float | None:
    """Fraction of the moves whose direction the forecast named, 0.5 being a thrown coin.

    A forecast equal to the last close names no direction and counts one half, as ties do in a
    concordance index (F. Harrell et al., JAMA 247, 1982).  Closes that did not move have no
    direction to name and stay out; None when none moved.  Shapes (n,).
    """
    moved = actual != last
    if not moved.any():
        return None
    agreement = np.sign(forecast - last)[moved] * np.sign(actual - last)[moved]
    return float(((agreement + 1) / 2).mean())


def ratio(loss: float, compared_with: float) -> float | None:
    """Loss relative to another one; None when the other one is zero, as on a constant series."""
    return loss / compared_with if compared_with > 0 else None
