"""Which rows of a source are bars of B3 sessions, and what their highs and lows are worth.

    rows ──valid_rows()──▶ ascending, one per session, each with a close
    bars ──with_spans()──▶ high and low around every close, or none at all

A true session on which nothing was traded (volume 0, all prices the previous close) is a bar.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.bars import Bar, is_price
from bot.domain.sessions import Sessions

WIDENED = 1.1
"""Closes up to a tenth outside high and low occur (ITUB4 2013-05-20: 7 %); the span is widened."""

MENDED = 6
"""Bars of one window whose high and low may be made up from open, close and previous close."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that is no valid bar, and the English phrase for the log that says why."""

    session: date
    reason: str


def valid_rows(
    rows: Iterable[Bar], sessions: Sessions
) -> tuple[tuple[Bar, ...], tuple[Dropped, ...]]:
    """Keep the rows that are closes of B3 sessions, ascending, the last valid one of each day."""
    kept: dict[date, Bar] = {}
    dropped = []
    for row in rows:
        if (flaw := _flaw(row, sessions)) is not None:
            dropped.append(Dropped(row.session, flaw))
            continue
        if row.session in kept and kept[row.session] != row:
            dropped.append(Dropped(row.session, "given again with other prices"))
        kept[row.session] = row
    return tuple(kept[day] for day in sorted(kept)), tuple(dropped)


def with_spans(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """Make highs and lows enclose the closes; where too many are missing, take all away.

    A few missing spans are made up from what is known of the day; a window of which the source
    knows only closes has NaN for all highs and lows.
    """
    spans = [_span(bar) for bar in bars]
    if spans.count(None) > MENDED:
        return tuple(replace(bar, high=math.nan, low=math.nan) for bar in bars)
    closes = [bars[0].close, *(bar.close for bar in bars)]
    whole = (
        span or _made_up(bar, previous)
        for span, bar, previous in zip(spans, bars, closes, strict=False)
    )
    return tuple(
        replace(bar, high=high, low=low) for bar, (high, low) in zip(bars, whole, strict=True)
    )


def _flaw(row: Bar, sessions: Sessions) -> str | None:
    if not row.has_close:
        return "no close"
    if not sessions.between(row.session, row.session):
        return "no session of B3"
    if is_price(row.high) and is_price(row.low) and row.high >= row.low:
        outside = max(row.close / row.high, row.low / row.close)
        return "close far outside high and low" if outside > WIDENED else None
    return None


def _span(bar: Bar) -> tuple[float, float] | None:
    """High and low, widened to hold the close; None where the source has no usable ones."""
    if not (is_price(bar.high) and is_price(bar.low) and bar.high >= bar.low):
        return None
    return max(bar.high, bar.close), min(bar.low, bar.close)


def _made_up(bar: Bar, previous: float) -> tuple[float, float]:
    """The least that the day spanned: from its open, or the previous close, to its close."""
    start = bar.open if is_price(bar.open) else previous
    return max(start, bar.close), min(start, bar.close)
