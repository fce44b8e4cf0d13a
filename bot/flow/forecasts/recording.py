"""Forecasts go on the record as people ask for them, and nobody waits for that.

    Forecaster ──Outlook──▶ whoever asked
                    └──recordable()──▶ waiting ──one transaction──▶ TrackRecord

What was written once is remembered, so that the thousandth question about a share costs nothing.
A database that is away costs a line in the log; the next question tries again.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.domain.forecast import Outlook
from bot.domain.sessions import Sessions
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Recorded, recordable
from bot.errors import ForecastError, StorageUnavailable
from bot.flow.forecasts.forecaster import Forecaster
from bot.ports.forecasting import Clock
from bot.ports.records import TrackRecord

log = logging.getLogger(__name__)

REMEMBERED = 4_096
"""Forecasts known to be on record; more than the shares that B3 lists, for several sessions."""


class Recorder:
    """Writes morning forecasts down in the background; belongs to one event loop."""

    def __init__(
        self, record: TrackRecord, sessions: Sessions, clock: Clock, made: Made = Made.LIVE
    ) -> None:
        self._record = record
        self._sessions = sessions
        self._clock = clock
        self._made = made
        self._known: OrderedDict[tuple[Ticker, date], None] = OrderedDict()
        self._waiting: list[Recorded] = []
        self._writing: asyncio.Task[None] | None = None

    def note(self, outlooks: Iterable[Outlook]) -> None:
        """Put on the record what belongs there and is not yet; returns at once."""
        now = self._clock()
        for outlook in outlooks:
            found = recordable(outlook, now, self._sessions, self._made)
            if found is not None and (found.ticker, found.session) not in self._known:
                self._remember(found)
                self._waiting.append(found)
        if self._waiting and self._writing is None:
            self._writing = asyncio.create_task(self._write())
            self._writing.add_done_callback(self._written)

    async def written(self) -> None:
        """Wait until everything noted so far is on record, or known not to be."""
        while self._writing is not None:
            await asyncio.wait({self._writing})

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await self._record.record(batch)
            except StorageUnavailable as error:
                log.warning("forecasts not recorded", extra={"error": repr(error)})
                for forecast in batch:
                    self._known.pop((forecast.ticker, forecast.session), None)

    def _written(self, task: asyncio.Task[None]) -> None:
        self._writing = None
        if not task.cancelled() and (error := task.exception()):
            log.error("forecasts not recorded", exc_info=error)

    def _remember(self, forecast: Recorded) -> None:
        self._known[forecast.ticker, forecast.session] = None
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


@dataclass(frozen=True, slots=True)
class RecordedForecaster(Forecaster):
    """A Forecaster whose morning forecasts all go on the record."""

    recorder: Recorder = field(kw_only=True)

    async def outlook(self, text: str) -> Outlook:
        """Say all there is to say about the share that somebody typed, and note it.

        Raises:
            ForecastError: any leaf; nothing else escapes.
        """
        found = await Forecaster.outlook(self, text)
        self.recorder.note([found])
        return found

    async def outlooks(self, tickers: Sequence[Ticker]) -> dict[Ticker, Outlook | ForecastError]:
        """The same for many shares by one invocation, noted in one transaction."""
        found = await Forecaster.outlooks(self, tickers)
        self.recorder.note(one for one in found.values() if isinstance(one, Outlook))
        return found
