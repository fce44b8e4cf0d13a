"""What got worse since the last committed run, by more than its spread.

A figure's spread is the largest of what repetitions showed within this run, within that one, and
between the earlier runs.  A figure that was measured once in one earlier run cannot be judged, but
counts can: one message lost is one too many.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.record import Earlier, key
from tests.bench.rows import Row

ENOUGH = 2
"""Figures of earlier runs from which on their own range tells something."""
_LESS_IS_BETTER = frozenset({"s", "ms", "MB", "ppm"})
_MORE_IS_BETTER = frozenset({"/s"})


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that got worse.

    Attributes:
        row: as it is now.
        before: as it was.
        spread: by which it may differ without saying anything.
    """

    row: Row
    before: float
    spread: float


def worse(rows: Sequence[Row], earlier: Earlier) -> list[Change]:
    """The figures that got worse by more than their spread, in their order."""
    changes = (_change(row, earlier) for row in rows)
    return [change for change in changes if change is not None]


def _change(row: Row, earlier: Earlier) -> Change | None:
    figures = earlier.figures.get(key(row.name))
    direction = _direction(row)
    if not figures or not direction:
        return None
    spread = _spread(row, figures, earlier.spreads.get(key(row.name)))
    if spread is None or direction * (row.measured - figures[-1]) <= spread:
        return None
    return Change(row, figures[-1], spread)


def _direction(row: Row) -> int:
    """1 when more is worse, -1 when less is, 0 when nobody can tell."""
    if row.least is not None or row.unit in _MORE_IS_BETTER:
        return -1
    return 1 if row.bar is not None or row.unit in _LESS_IS_BETTER else 0


def _spread(row: Row, figures: Sequence[float], before: float | None) -> float | None:
    known = [one for one in (row.spread, before) if one is not None]
    if len(figures) >= ENOUGH:
        known.append(max(figures) - min(figures))
    if not known and row.bar == 0:
        return 0.0
    return max(known, default=None)
