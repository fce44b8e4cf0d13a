"""How good the forecasts were over the last sessions, beside "same as yesterday".

    Tallies, oldest first ──figures()──▶ Figures over the last 5, 20, 60, 250 sessions

Errors in reais are averaged within one share only: centavos of a share at R$ 5 and reais of one at
R$ 90 have no mean that says anything.  Over several shares the relative errors are what there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from bot.domain.track_record import Tally, summed

SPANS = (5, 20, 60, 250)
"""Sessions looked back: a week, a month, a quarter, a year."""

Z95 = 1.959964
"""Two-sided 95 % quantile of the normal distribution."""

JUDGED_OVER = 60
"""Sessions over which the bot is compared with the naive forecast in public."""
FEWEST_JUDGED = 20
"""Sessions below which that comparison would be chance."""
HAIR = 0.01
"""How much larger, in proportion, an error must be to be called worse: of a mean error of 1.20 %
this is the last digit that people read."""


@dataclass(frozen=True, slots=True)
class Direction:
    """How often forecasts that pointed up or down pointed the right way.

    Attributes:
        hits, total: forecasts that did, and all that pointed anywhere.
        low95, high95: Wilson's 95 % interval of the rate behind them.
    """

    hits: int
    total: int
    low95: float
    high95: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What the forecasts of some sessions were worth.

    Attributes:
        span: sessions asked for.
        sessions: sessions found, at most `span`.
        count: forecasts in them.
        mae, naive_mae: mean absolute errors in the share's currency; None over several shares.
        mape, naive_mape: mean absolute errors over closes, as fractions.
        inside80: closes inside the 80 % band.
        direction: None when no forecast pointed anywhere.
        replayed: sessions with forecasts made by replay.
        rebased: sessions with forecasts settled again after a corporate action.
    """

    span: int
    sessions: int
    count: int
    mae: float | None
    naive_mae: float | None
    mape: float
    naive_mape: float
    inside80: int
    direction: Direction | None
    replayed: int
    rebased: int

    @property
    def coverage80(self) -> float:
        """Part of the closes inside the 80 % band."""
        return self.inside80 / self.count


def figures(tallies: Sequence[Tally], span: int, *, one_share: bool) -> Figures | None:
    """The last `span` sessions of `tallies`, oldest first; None when there are none."""
    last = tallies[-span:]
    if not last:
        return None
    total = summed(last)
    return Figures(
        span=span,
        sessions=len(last),
        count=total.count,
        mae=total.error / total.count if one_share else None,
        naive_mae=total.naive_error / total.count if one_share else None,
        mape=total.relative_error / total.count,
        naive_mape=total.naive_relative_error / total.count,
        inside80=total.inside80,
        direction=_direction(total),
        replayed=sum(each.replayed > 0 for each in last),
        rebased=sum(each.rebased > 0 for each in last),
    )


def worse_than_naive(tallies: Sequence[Tally]) -> Figures | None:
    """The last 60 sessions, if the bot erred more than the naive forecast by more than a hair.

    None as well while fewer than 20 sessions are known.
    """
    found = figures(tallies, JUDGED_OVER, one_share=True)
    if found is None or found.sessions < FEWEST_JUDGED:
        return None
    return found if found.mape > found.naive_mape * (1 + HAIR) else None


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a rate of which `hits` of `total` were seen; never empty at 0 or 1.

    Wilson, Journal of the American Statistical Association 22, 1927, p. 209.

    Raises:
        ZeroDivisionError: nothing was seen.
    """
    seen, spread = hits / total, Z95 * Z95 / total
    middle = (seen + spread / 2) / (1 + spread)
    half = sqrt(spread * seen * (1 - seen) + spread * spread / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _direction(total: Tally) -> Direction | None:
    if not total.directed:
        return None
    return Direction(total.hits, total.directed, *wilson(total.hits, total.directed))
