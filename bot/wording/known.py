"""The closes that a message or picture starts from, whether or not D+0 is already one of them.

Once today's close is final, the window may end on it or still on the session before; both read
the same here.  Prices are in the share's currency, sessions ascending.
"""

from datetime import date
from typing import NamedTuple

from bot.domain.forecast import Outlook


class Close(NamedTuple):
    """A final close, in the share's currency."""

    session: date
    price: float


def closes_before_today(outlook: Outlook) -> tuple[Close, ...]:
    """The window's closes of sessions before D+0, oldest first; never empty."""
    bars = outlook.window.bars
    return tuple(
        Close(bar.session, bar.close) for bar in bars if bar.session < outlook.today.session
    )


def known_closes(outlook: Outlook) -> tuple[Close, ...]:
    """All final closes up to now, D+0's at the end once there is one, oldest first."""
    before = closes_before_today(outlook)
    if outlook.closed is None:
        return before
    return (*before, Close(outlook.today.session, outlook.closed))
