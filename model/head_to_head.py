"""Two forecasters on the same closes: which one is better, and may it be luck?

    windows of each share ─┬─ first forecaster ──▶ pinball loss ─┬─ ratio of the losses, pooled
                           └─ second forecaster ─▶ pinball loss ─┘  and its p-value over days

The pooled ratio is the mean of the shares' ratios weighted by their forecasts, as in `evaluate`.
All shares of a session rise and fall together, so what is tested is one mean difference per
session.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.closes import Days, Prices
from model.errors import NothingToScore
from model.metrics import pinball_losses
from model.significance import by_day, diebold_mariano, relative
from model.windows import STEPS, Windows

_INNER = (0.04, 0.96)
"""Between them lie the seven levels that the loss is taken over, 5 to 95 %, as in `evaluate`."""


@dataclass(frozen=True, slots=True)
class Forecaster:
    """What gives quantiles of the coming closes.

    Attributes:
        levels: ascending; 10 % and 90 % among them.
        prices: windows to prices, (n, STEPS, levels).
    """

    levels: tuple[float, ...]
    prices: Callable[[Windows], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Losses:
    """How one forecaster did on one share.

    Attributes:
        pinball: mean over the levels from 5 to 95 %, in the share's currency, (n, STEPS).
        held: whether the close fell inside the 80 % band, (n, STEPS).
    """

    pinball: Prices
    held: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bout:
    """Both forecasters on the same windows of one share; `days` are first sessions, (n,)."""

    ticker: str
    days: Days
    first: Losses
    second: Losses


@dataclass(frozen=True, slots=True)
class Comparison:
    """The second forecaster against the first, at one step.

    Attributes:
        n, sessions: forecasts, and days that they start on.
        pinball_ratio: loss of the second over that of the first; below one the second is better.
        p_value: of so large a difference by luck, two-sided; None where there was no difference.
        coverage80: fraction of the closes inside the 80 % band, of the first and of the second.
    """

    n: int
    sessions: int
    pinball_ratio: float
    p_value: float | None
    coverage80: tuple[float, float]

    def surely_worse(self, significance: float) -> bool:
        """Whether the second one's loss is larger, and hardly by luck."""
        return self.pinball_ratio > 1 and _small(self.p_value, significance)

    def surely_better(self, significance: float) -> bool:
        """Whether the second one's loss is smaller, and hardly by luck."""
        return self.pinball_ratio < 1 and _small(self.p_value, significance)


def losses(prices: NDArray[np.float64], levels: Sequence[float], targets: Prices) -> Losses:
    """Score quantiles (n, STEPS, levels) against the closes that came, (n, STEPS)."""
    known = np.array(levels)
    inner = (known > _INNER[0]) & (known < _INNER[1])
    low, high = (prices[:, :, int(np.argmin(np.abs(known - level)))] for level in (0.1, 0.9))
    pinball = [
        pinball_losses(targets[:, step], prices[:, step, inner], known[inner])
        for step in range(STEPS)
    ]
    return Losses(np.stack(pinball, axis=1), (low <= targets) & (targets <= high))


def fought(ticker: str, windows: Windows, first: Forecaster, second: Forecaster) -> Bout:
    """Let both forecast the same windows of one share."""
    scored = (losses(one.prices(windows), one.levels, windows.targets) for one in (first, second))
    return Bout(ticker, windows.first_days, *scored)


def compared(bouts: Iterable[Bout]) -> tuple[Comparison, ...]:
    """Pool the shares, step by step, nearest first.  A share may come in several bouts.

    Raises:
        NothingToScore: no forecast, or none that lost anything.
    """
    of_share: dict[str, list[Bout]] = {}
    for bout in bouts:
        of_share.setdefault(bout.ticker, []).append(bout)
    shares = [_joined(several) for several in of_share.values()]
    moving = [share for share in shares if (share.first.pinball.sum(axis=0) > 0).all()]
    if not moving:
        raise NothingToScore("no share has a forecast with all its sessions inside the span")
    return tuple(_step(moving, step) for step in range(STEPS))


def _joined(several: Sequence[Bout]) -> Bout:
    """The bouts of one share as one."""
    return Bout(
        several[0].ticker,
        np.concatenate([bout.days for bout in several]),
        _one_after_another([bout.first for bout in several]),
        _one_after_another([bout.second for bout in several]),
    )


def _one_after_another(several: Sequence[Losses]) -> Losses:
    return Losses(
        np.concatenate([one.pinball for one in several]),
        np.concatenate([one.held for one in several]),
    )


def _step(shares: Sequence[Bout], step: int) -> Comparison:
    differences = [
        difference
        for share in shares
        if (difference := relative(share.second.pinball[:, step], share.first.pinball[:, step]))
        is not None
    ]
    daily = by_day([share.days for share in shares], differences)
    held = (
        np.concatenate([share.first.held[:, step] for share in shares]),
        np.concatenate([share.second.held[:, step] for share in shares]),
    )
    return Comparison(
        n=len(held[0]),
        sessions=len(daily),
        pinball_ratio=1 + float(np.concatenate(differences).mean()),
        p_value=diebold_mariano(daily, lags=step),
        coverage80=(float(held[0].mean()), float(held[1].mean())),
    )


def _small(p_value: float | None, significance: float) -> bool:
    return p_value is not None and p_value < significance
