"""Scores what a model would have said beside what its rivals would have said.

    shares ─walk()─▶ forecasts and what happened ─┬─ error, coverage ─▶ a score per share and step
                                                  ├─ ratio to each rival
                                                  └─ p of the difference, shares pooled by day

Fractions are fractions (0.8), errors are in each share's currency.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from operator import attrgetter
from typing import Any

import numpy as np

from model import metrics
from model.artifact import Artifact
from model.closes import Share
from model.contest import Contest, contests, pooled_chance
from model.errors import NothingToScore
from model.walk import Walk, walk
from model.windows import STEPS

POOLING = (
    "errors, coverage and hits: over all forecasts of all shares (errors in mixed currencies); "
    "ratios: mean of the shares' ratios weighted by n"
)

SIGNIFICANCE = (
    "p_naive (absolute error), p_ewma, p_garch (pinball loss): two-sided Diebold-Mariano test of "
    "the difference in loss, Newey-West with step - 1 lags; pooled: differences relative to the "
    "rival's mean loss of each share, averaged over the shares of a day first; null: no difference"
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
        mae_over_drift: against "it goes on as in the last 250 sessions".
        p_naive, p_ewma, p_garch: how likely so large a difference to the rival is by chance, as
            `SIGNIFICANCE` says; None where there is no difference or no rival.
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
    mae_over_drift: float | None = None
    p_naive: float | None = None
    p_ewma: float | None = None
    p_garch: float | None = None


_TESTED = ("naive", "ewma", "garch")
_AVERAGED = tuple(
    field.name
    for field in fields(Score)
    if field.name not in {"n", "rmse"} and not field.name.startswith("p_")
)


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
    return scored(walks(artifact, shares, first, last))


def walks(artifact: Artifact, shares: Iterable[Share], first: date, last: date) -> list[Walk]:
    """A walk over each share that has anything to forecast in the span.

    Raises:
        NothingToScore: none has.
    """
    walked = [walk(artifact, share, first, last) for share in shares]
    found = [one for one in walked if one is not None]
    if not found:
        raise NothingToScore(f"no share has closes to forecast from between {first} and {last}")
    return found


def scored(walked: Sequence[Walk]) -> Report:
    """The scores of at least one walk."""
    steps = [_step(walked, step) for step in range(STEPS)]
    of_shares = zip(*(scores for _, scores in steps), strict=True)
    tickers = [one.ticker for one in walked]
    return Report(
        tuple(together for together, _ in steps), dict(zip(tickers, of_shares, strict=True))
    )


def pooled(scores: Sequence[Score]) -> Score:
    """One score for all shares, pooled as `POOLING` says; p-values cannot be, and are None."""
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


def _step(walked: Sequence[Walk], step: int) -> tuple[Score, list[Score]]:
    """One step: pooled, and of each walk."""
    fought = [contests(one, step) for one in walked]
    scores = [_score(*of_share, step) for of_share in zip(walked, fought, strict=True)]
    chances: dict[str, Any] = {
        f"p_{rival}": pooled_chance([one[rival] for one in fought if rival in one], step)
        for rival in _TESTED
    }
    return replace(pooled(scores), **chances), scores


def _score(walked: Walk, fought: Mapping[str, Contest], step: int) -> Score:
    actual, median = walked.actual[:, step], walked.at(0.5)[:, step]
    low80, high80, low95, high95 = (walked.at(q)[:, step] for q in (0.1, 0.9, 0.025, 0.975))
    return Score(
        n=len(actual),
        mae=metrics.mean_absolute_error(actual, median),
        rmse=metrics.root_mean_squared_error(actual, median),
        mape=metrics.mean_absolute_percentage_error(actual, median),
        mae_over_naive=fought["naive"].ratio(),
        mae_over_drift=fought["drift"].ratio(),
        pinball_over_ewma=fought["ewma"].ratio(),
        pinball_over_garch=fought["garch"].ratio() if "garch" in fought else None,
        coverage80=metrics.coverage(actual, low80, high80),
        coverage95=metrics.coverage(actual, low95, high95),
        direction_hits=metrics.direction_hits(walked.last, actual, median),
        **{f"p_{rival}": fought[rival].chance(step) for rival in _TESTED if rival in fought},
    )
