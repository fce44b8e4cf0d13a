"""Whether a difference between two forecasts' losses is more than chance.

    loss − rival's loss, a row per forecast ─▶ mean / its standard error ─▶ two-sided p

F. Diebold, R. Mariano, "Comparing Predictive Accuracy", J. Bus. Econ. Stat. 13, 1995.  Forecasts
h sessions ahead made on h neighbouring days share sessions, so their losses hang together: the
variance of the mean counts h − 1 lags (W. Newey, K. West, Econometrica 55, 1987).  Shares hang
together as well: `by_day` makes one number of a day before any test, so that twenty banks on one
bad day count as one bad day.
"""

import math
from collections.abc import Sequence

import numpy as np

from model.closes import Days, Prices


def diebold_mariano(differences: Prices, lags: int) -> float | None:
    """Two-sided p-value of "both lose the same on average", by the normal distribution.

    Args:
        differences: of losses, oldest first, shape (n,).
        lags: neighbours that losses hang together with; steps ahead − 1.

    Returns:
        None where the differences never vary, all being zero for one: there is nothing to test.
    """
    if len(differences) == 0 or not np.ptp(differences) > 0:
        return None
    error = math.sqrt(long_run_variance(differences, lags) / len(differences))
    return math.erfc(abs(float(differences.mean())) / error / math.sqrt(2))


def long_run_variance(values: Prices, lags: int) -> float:
    """Variance of a mean times the number of values that it is of: Newey and West's estimator.

    Autocovariances up to `lags` count with the weights 1 − k / (lags + 1), which cannot give a
    negative variance.
    """
    centred = values - values.mean()
    lags = min(lags, len(values) - 1)
    neighbours = (
        (1 - lag / (lags + 1)) * float(centred[lag:] @ centred[: len(values) - lag])
        for lag in range(1, lags + 1)
    )
    return (float(centred @ centred) + 2 * math.fsum(neighbours)) / len(values)


def relative(losses: Prices, rivals: Prices) -> Prices | None:
    """Differences in units of the rival's mean loss: their mean is the ratio of losses − 1.

    Shares in several currencies can be averaged then; None where the rival never lost anything.
    """
    level = float(rivals.mean())
    return (losses - rivals) / level if level > 0 else None


def by_day(days: Sequence[Days], differences: Sequence[Prices]) -> Prices:
    """Mean over the shares of each day, oldest first.

    Args:
        days: of each share, shape (n,) each.
        differences: of each share, aligned with its days.

    Returns:
        shape (number of different days,).
    """
    if not days:
        return np.empty(0)
    _, position = np.unique(np.concatenate(days), return_inverse=True)
    sums = np.bincount(position, np.concatenate(differences))
    return np.asarray(sums / np.bincount(position), float)
