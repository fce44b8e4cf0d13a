"""What the network learns from, and what decides about it: two piles of windows.

    shares ─between()─▶ closes until the day ─▶ windows ─┬─ all targets before the border: learnt
                                                         └─ all targets after it: validated

Shares are cut by date before windows are made, so nothing after the last day can be seen; no
target is in both piles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from model.closes import Share
from model.errors import TooFewCloses
from model.windows import make_windows

HOME = ".SA"
"""B3 shares, as Yahoo marks them: what forecasts are for.  Others only help with learning."""

_OLDEST = date(2004, 1, 1)
"""Closes before it are left out: ranges of B3 shares were often wrong, and markets were others."""
_VALIDATION = timedelta(days=3 * 365)
_VALIDATION_SHARE = 0.25
"""Of all days; shortens the validation span when closes reach back for less than 12 years."""
_WITHOUT_RANGES = 0.25

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Examples:
    """Windows of many shares, and the log moves from their last closes.

    Attributes:
        inputs: closes, highs, lows, each (n, WINDOW).
        moves: (n, STEPS).
    """

    inputs: list[Array]
    moves: Array

    def __len__(self) -> int:
        return len(self.moves)


@dataclass(frozen=True, slots=True)
class Split:
    """What is learnt from, and what decides.

    Attributes:
        learnt: windows whose targets all precede `border`.
        validated: windows of B3 shares whose targets all lie from `border` to the last day.
        first, border, last: the oldest session, the first one of validation, the newest one.
        shares: tickers that windows came from.
    """

    learnt: Examples
    validated: Examples
    first: date
    border: date
    last: date
    shares: tuple[str, ...]


def split(shares: Sequence[Share], until: date) -> Split:
    """Cut the shares at `until` and divide what is left.

    Raises:
        TooFewCloses: no window of closes on one side of the border.
    """
    known = [share.between(_OLDEST, until) for share in shares]
    known = [share for share in known if len(share.days)]
    if not known:
        raise TooFewCloses(f"no closes until {until}")
    first = min(share.days[0] for share in known).item()
    last = max(share.days[-1] for share in known).item()
    border = last - min(_VALIDATION, _VALIDATION_SHARE * (last - first))
    home = [share for share in known if share.ticker.endswith(HOME)] or known
    learnt = examples(known, first, border - timedelta(days=1))
    validated = examples(home, border, last)
    if not len(learnt) or not len(validated):
        raise TooFewCloses(f"closes from {first} to {last} give no window to learn or to validate")
    tickers = tuple(share.ticker for share in known)
    return Split(learnt, validated, first, border, last, tickers)


def examples(shares: Sequence[Share], first: date, last: date) -> Examples:
    """All windows of the shares whose targets lie from `first` to `last`, both included."""
    chosen = [make_windows(share).between(first, last) for share in shares]
    columns = ((w.closes, w.highs, w.lows, np.log(w.targets / w.closes[:, -1:])) for w in chosen)
    *inputs, moves = (
        np.concatenate(parts).astype(np.float32) for parts in zip(*columns, strict=True)
    )
    return Examples(inputs, moves)


def without_some_ranges(given: Examples, rng: np.random.Generator) -> Examples:
    """The same windows, a quarter of them with closes alone."""
    hidden = rng.random(len(given)) < _WITHOUT_RANGES
    closes, highs, lows = given.inputs
    highs, lows = (np.where(hidden[:, None], np.float32(np.nan), p) for p in (highs, lows))
    return Examples([closes, highs, lows], given.moves)
