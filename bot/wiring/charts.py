"""Pictures whose library is loaded beside the first answers.

Matplotlib takes as long to load as all the rest; a bot that has begun to answer in words meanwhile
is up in half the time.
"""

from functools import cache
from threading import Lock
from types import ModuleType

from bot.domain.forecast import Outlook
from bot.domain.tickers import Ticker
from bot.domain.track_record import Tally
from bot.wiring.loading import without_looking_for_garbage
from bot.wording.buttons import Horizon

_ONE_AT_A_TIME = Lock()
"""Threads that load a library together may find it half loaded."""


def load() -> tuple[ModuleType, ModuleType]:
    """Load what draws; blocks for half a second the first time.  Gives the two that do."""
    with _ONE_AT_A_TIME:
        return _loaded()


@cache
def _loaded() -> tuple[ModuleType, ModuleType]:
    """Once: what is garbage while this ends, such as a picture drawn before, stays for ever."""
    with without_looking_for_garbage():
        from bot.wording import chart, scoreboard_chart  # noqa: PLC0415, as the module says
    return chart, scoreboard_chart


def forecast(outlook: Outlook, horizon: Horizon) -> bytes:
    """The picture above a forecast, a PNG."""
    picture: bytes = load()[0].draw(outlook, horizon)
    return picture


def scoreboard(ticker: Ticker | None, tallies: tuple[Tally, ...]) -> bytes:
    """The picture above the scoreboard, a PNG."""
    picture: bytes = load()[1].draw(ticker, tallies)
    return picture
