"""What a forecast has to be better than, or it is not worth asking for.

- *naive*: the close stays where it is.
- *drift*: it goes on as it went in the last 250 sessions, a year, on average.
- *EWMA-t*: it moves by a Student t, as wide as the exponentially weighted variance of the whole
  past says.  Decay 0.94 is RiskMetrics' for daily returns (J.P. Morgan/Reuters, RiskMetrics
  Technical Document, 4th ed. 1996, section 5.3); 4 degrees of freedom are the usual thickness of
  daily returns' tails.

GARCH(1,1)-t has `model.garch` to itself.  All see the share's closes up to the origin of a
forecast and nothing after it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from model.closes import Prices
from model.windows import is_corporate_action

Positions = NDArray[np.intp]

DRIFT_SESSIONS = 250
"""Returns whose mean the drift is."""

DECAY = 0.94
"""Weight of yesterday's variance in today's."""

_FIRST_SESSIONS = 20
"""Returns whose mean square the recursion starts from; forgotten within a few months."""


def drift_forecasts(closes: Prices, last: Prices, origins: Positions, steps: int) -> Prices:
    """Last close × e^(h × mean log return of the last 250 sessions known), h sessions ahead.

    Corporate actions are no returns and stay out of the mean; where fewer sessions are known, it
    is the mean of those.

    Args:
        closes: oldest first, shape (m,).
        last: newest closes as the forecast starts from them, shape (n,).
        origins: where in `closes` they stand, each ≥ 1, shape (n,).
        steps: how many sessions ahead.

    Returns:
        shape (n, steps), in the currency of `last`.
    """
    jumps = is_corporate_action(closes)
    moves = np.where(jumps, 0.0, np.diff(np.log(closes)))
    sums, counts = (np.concatenate([[0.0], np.cumsum(a)]) for a in (moves, ~jumps))
    oldest = np.maximum(origins - DRIFT_SESSIONS, 0)
    known = np.maximum(counts[origins] - counts[oldest], 1)
    mean = (sums[origins] - sums[oldest]) / known
    forecasts: Prices = last[:, None] * np.exp(mean[:, None] * np.arange(1, steps + 1))
    return forecasts


def ewma_volatility(closes: Prices) -> Prices:
    """Standard deviation of the next session's log return, as known at each close.

    Jumps that are corporate actions leave the variance as it was: counting them would widen the
    baseline for months and flatter everything that is compared with it.

    Args:
        closes: oldest first, shape (n,), n ≥ 2.

    Returns:
        shape (n,); entry i uses closes[: i + 1] alone, apart from the level that the first
        twenty returns give the start.
    """
    squares = np.where(is_corporate_action(closes), np.nan, np.diff(np.log(closes)) ** 2)
    variance = float(np.nanmean(squares[:_FIRST_SESSIONS]))
    variances = [variance]
    for square in squares:
        if not math.isnan(square):
            variance = DECAY * variance + (1 - DECAY) * float(square)
        variances.append(variance)
    deviations: Prices = np.sqrt(np.array(variances))
    return deviations


def unit_student_t4(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of a Student t with 4 degrees of freedom, scaled to unit variance.

    With 4 degrees the quantile has a closed form (W. T. Shaw, "Sampling Student's T distribution
    - use of the inverse cumulative distribution function", 2006, section 3); its variance is 2.
    """
    alpha = 4 * levels * (1 - levels)
    half = np.cos(np.arccos(np.sqrt(alpha)) / 3) / np.sqrt(alpha)
    quantiles: NDArray[np.float64] = (
        np.sign(levels - 0.5) * 2 * np.sqrt(np.maximum(half - 1, 0)) / math.sqrt(2)
    )
    return quantiles


def ewma_quantiles(
    last: Prices, volatility: Prices, steps: int, levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Prices that EWMA-t expects after each of n origins.

    Args:
        last: newest closes, shape (n,).
        volatility: of one session, at the same origins, shape (n,).
        steps: how many sessions ahead; the spread grows with the square root of time.
        levels: ascending, shape (k,).

    Returns:
        shape (n, steps, k), in the currency of `last`.
    """
    horizon = np.sqrt(np.arange(1, steps + 1))
    spread = volatility[:, None, None] * horizon[:, None] * unit_student_t4(levels)
    prices: NDArray[np.float64] = last[:, None, None] * np.exp(spread)
    return prices
