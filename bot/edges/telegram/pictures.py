"""Charts on their way to Telegram: drawn once, uploaded once, re-used by file_id after that.

A chart is a tuple of everything that is drawn in it, so a new close, a new running price or
another part of the day makes a new chart and nothing else does; its parts are what `draw` takes.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, NamedTuple, TypeVar, TypeVarTuple

from bot.domain.forecast import Outlook
from bot.errors import StorageUnavailable
from bot.ports.forecasting import Clock
from bot.ports.records import FileIds
from bot.single_flight import SingleFlight
from bot.wording.buttons import Horizon

log = logging.getLogger(__name__)

REMEMBERED = 1_000
"""File ids kept in memory; enough for all liquid shares of B3, twice."""

Drawn = TypeVarTuple("Drawn")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where file ids outlive the process.

    Attributes:
        file_ids: in the database; without it, pictures are drawn again after a start.
        clock: when they were kept.
        edition: who draws and uploads, so that nobody takes another bot's or version's picture.
    """

    file_ids: FileIds
    clock: Clock
    edition: str

    async def find(self, chart: tuple[object, ...]) -> str | None:
        """The file_id of a chart, if it was uploaded before and the database answers."""
        return await _unless_away(self.file_ids.find(self._name(chart)))

    async def keep(self, chart: tuple[object, ...], file_id: str) -> None:
        """Remember it, if the database answers."""
        await _unless_away(self.file_ids.keep(self._name(chart), file_id, self.clock()))

    async def forget(self, chart: tuple[object, ...]) -> None:
        """Forget it, if the database answers."""
        await _unless_away(self.file_ids.forget(self._name(chart)))

    def _name(self, chart: tuple[object, ...]) -> str:
        return sha256(f"{self.edition} {chart!r}".encode()).hexdigest()


async def _unless_away(answer: Awaitable[Found]) -> Found | None:
    """What the database answers; a picture can do without it."""
    try:
        return await answer
    except StorageUnavailable as error:
        log.warning("file ids away", extra={"reason": error.reason})
        return None


class DrawnOnce(Generic[*Drawn]):
    """Gives what to send for a chart: its file_id when Telegram has it already, else the PNG."""

    def __init__(self, draw: Callable[[*Drawn], bytes], shelf: Shelf | None = None) -> None:
        self._draw = draw
        self._shelf = shelf
        self._drawing: SingleFlight[bytes] = SingleFlight()
        self._file_ids: OrderedDict[tuple[*Drawn], str] = OrderedDict()

    async def of(self, chart: tuple[*Drawn]) -> str | bytes:
        """The file_id, or the PNG drawn in a thread."""
        if file_id := self._file_ids.get(chart):
            return file_id
        if self._shelf and (file_id := await self._shelf.find(chart)):
            self._remember(chart, file_id)
            return file_id
        return await self._drawing.ask(chart, lambda: asyncio.to_thread(self._draw, *chart))

    async def uploaded(self, chart: tuple[*Drawn], file_id: str) -> None:
        """Remember under which file_id Telegram keeps the chart."""
        if self._file_ids.get(chart) == file_id:
            return
        self._remember(chart, file_id)
        if self._shelf:
            await self._shelf.keep(chart, file_id)

    async def refused(self, chart: tuple[*Drawn]) -> None:
        """Forget a file_id that Telegram did not accept any more."""
        if self._file_ids.pop(chart, None) and self._shelf:
            await self._shelf.forget(chart)

    def _remember(self, chart: tuple[*Drawn], file_id: str) -> None:
        self._file_ids[chart] = file_id
        if len(self._file_ids) > REMEMBERED:
            self._file_ids.popitem(last=False)


class Chart(NamedTuple):
    """What a chart shows."""

    outlook: Outlook
    horizon: Horizon


class Pictures(DrawnOnce[Outlook, Horizon]):
    """The charts of forecasts."""
