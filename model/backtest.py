"""Does retraining pay?  Walks through the past as somebody who retrains would have.

    closes ──train()──▶ frozen ────────────────────────────────▶ forecasts every period
      until each border └─train()─▶ retrained ─▶ its own period, then the next one's

The window of training expands: every network sees all closes until its border and none after it.
The first period is left out of the score, because there both are the same network.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from model.closes import Share
from model.errors import NothingToScore
from model.head_to_head import Comparison, Forecaster, compared, fought
from model.windows import Windows, make_windows

SIGNIFICANCE = 0.05
_MONTHS_A_YEAR = 12

Train = Callable[[date], Forecaster]
"""Trains a forecaster on closes until a day, that day included."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days that one network forecasts; it was trained until the day before `first`."""

    first: date
    last: date

    @property
    def trained_until(self) -> date:
        """The last day that its network saw."""
        return self.first - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Backtest:
    """Retrained against frozen, by step, nearest first.

    Attributes:
        frozen_until: the last day that the frozen network saw.
        periods: each scored period, and the comparison on it alone.
        pooled: over all of them.
    """

    frozen_until: date
    periods: tuple[tuple[Period, tuple[Comparison, ...]], ...]
    pooled: tuple[Comparison, ...]

    @property
    def judged(self) -> tuple[Comparison, Comparison]:
        """The steps that decide: the first and the last."""
        return self.pooled[0], self.pooled[-1]

    def pays(self) -> bool:
        """Whether retraining was surely better at the first or last step, and at neither worse."""
        better = any(step.surely_better(SIGNIFICANCE) for step in self.judged)
        return better and not self.costs()

    def costs(self) -> bool:
        """Whether retraining was surely worse at the first or last step."""
        return any(step.surely_worse(SIGNIFICANCE) for step in self.judged)


def periods(first: date, last: date, months: int) -> tuple[Period, ...]:
    """Cut the days from `first` to `last` into periods of so many months.

    Raises:
        NothingToScore: fewer than two, so that nothing would ever be retrained.
    """
    starts = [first]
    while (following := _months_later(first, months * len(starts))) <= last:
        starts.append(following)
    if len(starts) < 2:  # noqa: PLR2004 - the first period alone compares a network with itself
        raise NothingToScore(f"{first} to {last} is not longer than {months} months")
    ends = [start - timedelta(days=1) for start in starts[1:]] + [last]
    return tuple(map(Period, starts, ends))


def backtest(shares: Sequence[Share], train: Train, spans: Sequence[Period]) -> Backtest:
    """Train once before each span, and let the first network and the newest compete.

    Args:
        shares: whole histories; what training may see of them is `train`'s to cut.
        train: asked once for each span, oldest first.
        spans: at least two, oldest first; the last forecasts end with the last of them.

    Raises:
        NothingToScore: no share has a forecast that starts in one of the later spans.
    """
    last = spans[-1].last
    known = [(share.ticker, make_windows(share).between(spans[1].first, last)) for share in shares]
    frozen = train(spans[0].trained_until)
    fights = []
    for span in spans[1:]:
        retrained = train(span.trained_until)
        begun = [(ticker, _begun(windows, span)) for ticker, windows in known]
        bouts = [fought(ticker, w, frozen, retrained) for ticker, w in begun if len(w)]
        fights.append((span, bouts))
    return Backtest(
        spans[0].trained_until,
        tuple((span, compared(bouts)) for span, bouts in fights),
        compared(bout for _, bouts in fights for bout in bouts),
    )


def verdict(result: Backtest) -> str:
    """One sentence for people: whether retraining pays, and by how much."""
    word = "pays" if result.pays() else "costs" if result.costs() else "makes no sure difference"
    figures = "; ".join(
        f"step {step}: {one.pinball_ratio:.4f} x the frozen network's pinball loss, p = {_p(one)}"
        for step, one in zip((1, len(result.pooled)), result.judged, strict=True)
    )
    return f"Retraining {word}: {figures}."


def as_content(result: Backtest) -> dict[str, Any]:
    """Plain values for a file; comparisons under "1" … "6"."""
    return {
        "frozen_until": str(result.frozen_until),
        "pays": result.pays(),
        "costs": result.costs(),
        "pooled": _by_step(result.pooled),
        "periods": [
            {
                "trained_until": str(span.trained_until),
                "from": str(span.first),
                "until": str(span.last),
                "steps": _by_step(steps),
            }
            for span, steps in result.periods
        ],
    }


def _begun(windows: Windows, span: Period) -> Windows:
    """The forecasts whose first session lies inside the span; the others may come after it."""
    days = windows.first_days
    return windows.where((days >= np.datetime64(span.first)) & (days <= np.datetime64(span.last)))


def _by_step(steps: tuple[Comparison, ...]) -> dict[str, dict[str, Any]]:
    return {str(step): _plain(one) for step, one in enumerate(steps, 1)}


def _plain(one: Comparison) -> dict[str, Any]:
    frozen, retrained = one.coverage80
    return {
        "n": one.n,
        "sessions": one.sessions,
        "pinball_retrained_over_frozen": one.pinball_ratio,
        "p_value": one.p_value,
        "coverage80_frozen": frozen,
        "coverage80_retrained": retrained,
    }


def _p(one: Comparison) -> str:
    return "1" if one.p_value is None else f"{one.p_value:.2g}"


def _months_later(first: date, months: int) -> date:
    """The same day so many months on, or the month's last when there is no such day."""
    years, month = divmod(first.month - 1 + months, _MONTHS_A_YEAR)
    start = date(first.year + years, month + 1, 1)
    days = ((start + timedelta(days=31)).replace(day=1) - start).days
    return start.replace(day=min(first.day, days))
