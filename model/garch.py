"""GARCH(1,1)-t: the strongest rival that a forecast of spread has.

    returns before a day ─fit()─▶ parameters ─filtered()─▶ variance known at each later close
                                                               └─ summed over the steps ahead

Zero mean, Student t with fitted degrees of freedom (T. Bollerslev, "Generalized Autoregressive
Conditional Heteroskedasticity", J. Econometrics 31, 1986; "A Conditionally Heteroskedastic Time
Series Model …", Rev. Econ. Stat. 69, 1987).  Fitted once, before the first forecast, and never
again.  Same closes, same parameters: nothing here is drawn.
"""

import math
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from model.closes import Prices, Share
from model.windows import is_corporate_action

LONGEST, SHORTEST = 2500, 250
"""Returns that a fit looks back on, at most and at least."""

_PERCENT = 100.0
"""Returns are fitted in percent: the optimiser is at home among numbers near one."""


@dataclass(frozen=True, slots=True)
class Garch:
    """A fitted process, in squared log returns per session.

    Attributes:
        omega, alpha, beta: variance = omega + alpha × last return² + beta × last variance.
        degrees: of freedom of the Student t.
        start: variance of the first return that was fitted.
    """

    omega: float
    alpha: float
    beta: float
    degrees: float
    start: float

    def after(self, variance: float, log_return: float) -> float:
        """The variance of the session after one; NaN, a corporate action, changes nothing."""
        if math.isnan(log_return):
            return variance
        return self.omega + self.alpha * log_return**2 + self.beta * variance

    def summed(self, variance: Prices, steps: int) -> Prices:
        """Variance of the move over 1 … steps sessions.

        Args:
            variance: of the next session, shape (n,).
            steps: how many sessions ahead.

        Returns:
            shape (n, steps).
        """
        ahead = [variance]
        for _ in range(steps - 1):
            ahead.append(self.omega + (self.alpha + self.beta) * ahead[-1])
        total: Prices = np.cumsum(ahead, axis=0).T
        return total


def fit(log_returns: Prices) -> Garch | None:
    """Maximum likelihood through the `arch` package.

    Args:
        log_returns: oldest first, finite, shape (n,).

    Returns:
        None where there are fewer than `SHORTEST`, none that moves, or no optimum was found: such
        a share has no GARCH to be compared with.
    """
    if len(log_returns) < SHORTEST or not np.ptp(log_returns) > 0:
        return None
    from arch import arch_model  # noqa: PLC0415 - takes seconds and pandas; for evaluations alone

    process = arch_model(
        log_returns * _PERCENT, mean="Zero", vol="GARCH", p=1, q=1, dist="t", rescale=False
    )
    found = process.fit(disp="off", show_warning=False)
    if found.convergence_flag != 0:
        return None
    omega, alpha, beta, degrees = map(float, found.params)
    first = float(np.asarray(found.conditional_volatility)[0])
    return Garch(omega / _PERCENT**2, alpha, beta, degrees, (first / _PERCENT) ** 2)


def filtered(process: Garch, log_returns: Prices) -> Prices:
    """Variance of each session as known the evening before, then of the one that comes next.

    Args:
        process: whose `start` is the variance of the first return.
        log_returns: oldest first, NaN for a corporate action, shape (n,).

    Returns:
        shape (n + 1,); entry i uses log_returns[:i] alone.
    """
    known = accumulate(log_returns.tolist(), process.after, initial=process.start)
    return np.fromiter(known, float, len(log_returns) + 1)


def unit_student_t(levels: Prices, degrees: float) -> Prices:
    """Quantiles of a Student t scaled to unit variance, as `arch` fits it; degrees above 2."""
    from arch.univariate import StudentsT  # noqa: PLC0415 - as above

    return np.asarray(StudentsT().ppf(levels, np.array([degrees])), float)


def garch_quantiles(
    share: Share, first: date, origins: NDArray[np.intp], steps: int, levels: Prices
) -> NDArray[np.float64] | None:
    """Prices that GARCH(1,1)-t expects after each of n origins, relative to the last close.

    Args:
        share: its closes before `first` are fitted, those up to each origin are filtered.
        first: no return of this day or a later one is fitted.
        origins: positions of the last closes known, not before the last one before `first`.
        steps: how many sessions ahead.
        levels: ascending, shape (k,).

    Returns:
        shape (n, steps, k), to be multiplied by the last closes; None where nothing was fitted.
    """
    returns = np.where(is_corporate_action(share.closes), np.nan, np.diff(np.log(share.closes)))
    before = max(int(np.searchsorted(share.days, np.datetime64(first))) - 1, 0)
    usable = np.flatnonzero(np.isfinite(returns[:before]))[-LONGEST:]
    process = fit(returns[usable])
    if process is None:
        return None
    variance = filtered(process, returns[usable[0] :])[origins - usable[0]]
    spread = np.sqrt(process.summed(variance, steps))[:, :, None]
    return np.asarray(np.exp(spread * unit_student_t(levels, process.degrees)), float)
