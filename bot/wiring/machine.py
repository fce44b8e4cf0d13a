"""What only this machine can tell: the time, and dice."""

import asyncio
import secrets
from datetime import datetime
from importlib.metadata import version
from time import monotonic

from bot.domain.sessions import SAO_PAULO
from bot.flow.outbox.sending import Timing
from bot.ports.forecasting import Clock

VERSION = version("fechamento")


def clock(at: datetime | None) -> Clock:
    """The machine's clock, or one that starts at `at` (aware) now and runs on."""

    def machine() -> datetime:
        return datetime.now(SAO_PAULO)  # noqa: TID251, every other place asks this function

    if at is None:
        return machine
    shift = at - machine()
    return lambda: machine() + shift


def timing(now: Clock) -> Timing:
    """The machine's clocks, and waiting."""
    return Timing(now, monotonic, asyncio.sleep)


def code() -> str:
    """Six letters and digits that join a message to its line in the log."""
    return secrets.token_hex(3)
