"""Walks over closes that the model has not seen and scores what it would have said.

    every session of the span ─window of 60─▶ artifact ─▶ six prices ─┬─ error, coverage
                             └─whole past───▶ naive, EWMA-t ──────────┘  and their ratio

All six steps of a forecast lie inside the span, so every step is scored on the same forecasts.
Naive starts from the closes as the model sees them, rounded to float32.  Fractions are fractions
(0.8), errors are in each share's currency.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model import metrics
from model.artifact import Artifact
from model.baselines import ewma_quantiles, ewma_volatility
from model.closes import Prices, Share
from model.errors import NothingToScore
from model.windows import STEPS, Windows, make_windows

_BATCH = 1024

POOLING = (
    "errors, coverage and hits: over all forecasts of all shares (errors in mixed currencies); "
    "ratios: mean of the shares' ratios weighted by n"
)


@dataclass(frozen=True, slots=True)
class Score:
    """How well one step was forecast.

    Attributes:
        n: forecasts.
        mae, rmse: in the share's currency.
        mape: fraction of the price.
        mae_over_naive: against "the close stays where it is".
        pinball_over_ewma, pinball_over_garch: loss over the levels 5 … 95 %, against EWMA-t and
            GARCH-t; None where it was not measured.
        coverage80, coverage95: fraction of the closes that fell inside the band.
        direction_hits: fraction of moves named rightly, no direction counting one half.
    """

    n: int
    mae: float
    rmse: float
    mape: float
    mae_over_naive: float | None
    pinball_over_ewma: float | None
    pinball_over_garch: float | None
    coverage80: float
    coverage95: float
    direction_hits: float | None


_AVERAGED = tuple(field.name for field in fields(Score) if field.name not in {"n", "rmse"})


@dataclass(frozen=True, slots=True)
class Report:
    """Scores by step, nearest first: pooled, and of each share."""

    pooled: tuple[Score, ...]
    shares: dict[str, tuple[Score, ...]]


def evaluate(artifact: Artifact, shares: Iterable[Share], first: date, last: date) -> Report:
    """Score every forecast whose six sessions lie from `first` to `last`, both included.

    Raises:
        NothingToScore: there is none.
    """
    scored = {}
    for share in shares:
        if len(windows := make_windows(share).between(first, last)):
            scored[share.ticker] = _scores(artifact, share, windows)
    if not scored:
        raise NothingToScore(f"no share has closes to forecast from between {first} and {last}")
    return Report(tuple(map(pooled, zip(*scored.values(), strict=True))), scored)


def pooled(scores: Sequence[Score]) -> Score:
    """One score for all shares, pooled as `POOLING` says."""
    return Score(
        n=sum(score.n for score in scores),
        rmse=(_mean(scores, lambda score: score.rmse**2) or 0.0) ** 0.5,
        **{name: _mean(scores, attrgetter(name)) for name in _AVERAGED},
    )


def _mean(scores: Sequence[Score], value: Callable[[Score], float | None]) -> Any:
    """Mean weighted by n of the scores that have the value; None when none has."""
    known = [(number, score.n) for score in scores if (number := value(score)) is not None]
    if not known:
        return None
    numbers, weights = zip(*known, strict=True)
    return float(np.average(numbers, weights=weights))


def _scores(artifact: Artifact, share: Share, windows: Windows) -> tuple[Score, ...]:
    levels = np.array(artifact.card["levels"])
    forecasts = _forecasts(artifact, windows)
    last = windows.closes[:, -1].astype(np.float32).astype(float)
    volatility = ewma_volatility(share.closes)[windows.origins]
    ewma = ewma_quantiles(last, volatility, STEPS, levels)
    return tuple(
        _score(last, windows.targets[:, step], forecasts[:, step], ewma[:, step], levels)
        for step in range(STEPS)
    )


def _forecasts(artifact: Artifact, windows: Windows) -> NDArray[np.float64]:
    """Quantiles for every window, (n, STEPS, levels)."""
    starts = range(0, len(windows), _BATCH)
    cuts = [slice(start, start + _BATCH) for start in starts]
    prices = [
        artifact.quantiles(windows.closes[cut], windows.highs[cut], windows.lows[cut])
        for cut in cuts
    ]
    return np.concatenate(prices).astype(float)


def _score(last: Prices, actual: Prices, forecast: Prices, ewma: Prices, levels: Prices) -> Score:
    """One step; forecast and ewma are (n, levels)."""
    at = {round(float(level), 3): forecast[:, i] for i, level in enumerate(levels)}
    inner = (levels > 0.04) & (levels < 0.96)  # noqa: PLR2004 - the seven levels from 5 to 95 %
    losses = [metrics.pinball_loss(actual, q[:, inner], levels[inner]) for q in (forecast, ewma)]
    mae = metrics.mean_absolute_error(actual, at[0.5])
    return Score(
        n=len(actual),
        mae=mae,
        rmse=metrics.root_mean_squared_error(actual, at[0.5]),
        mape=metrics.mean_absolute_percentage_error(actual, at[0.5]),
        mae_over_naive=metrics.ratio(mae, metrics.mean_absolute_error(actual, last)),
        pinball_over_ewma=metrics.ratio(*losses),
        pinball_over_garch=None,
        coverage80=metrics.coverage(actual, at[0.1], at[0.9]),
        coverage95=metrics.coverage(actual, at[0.025], at[0.975]),
        direction_hits=metrics.direction_hits(last, actual, at[0.5]),
    )
