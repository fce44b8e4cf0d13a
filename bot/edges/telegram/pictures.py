"""Charts on their way to Telegram: drawn once, uploaded once, re-used by file_id after that.

A chart is a tuple of everything that is drawn in it, so a new close, a new running price or
another part of the day makes a new chart and nothing else does; its parts are what `draw` takes.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVarTuple

from bot.domain.forecast import Outlook
from bot.single_flight import SingleFlight
from bot.wording.buttons import Horizon

REMEMBERED = 1_000
"""File ids kept in memory; enough for all liquid shares of B3, twice."""


Drawn = TypeVarTuple("Drawn")


class DrawnOnce(Generic[*Drawn]):
    """Gives what to send for a chart: its file_id when Telegram has it already, else the PNG."""

    def __init__(self, draw: Callable[[*Drawn], bytes]) -> None:
        self._draw = draw
        self._drawing: SingleFlight[bytes] = SingleFlight()
        self._file_ids: OrderedDict[tuple[*Drawn], str] = OrderedDict()

    async def of(self, chart: tuple[*Drawn]) -> str | bytes:
        """The file_id, or the PNG drawn in a thread."""
        if file_id := self._file_ids.get(chart):
            return file_id
        return await self._drawing.ask(chart, lambda: asyncio.to_thread(self._draw, *chart))

    def uploaded(self, chart: tuple[*Drawn], file_id: str) -> None:
        """Remember under which file_id Telegram keeps the chart."""
        self._file_ids[chart] = file_id
        if len(self._file_ids) > REMEMBERED:
            self._file_ids.popitem(last=False)

    def refused(self, chart: tuple[*Drawn]) -> None:
        """Forget a file_id that Telegram did not accept any more."""
        self._file_ids.pop(chart, None)


class Chart(NamedTuple):
    """What a chart shows."""

    outlook: Outlook
    horizon: Horizon


class Pictures(DrawnOnce[Outlook, Horizon]):
    """The charts of forecasts."""
