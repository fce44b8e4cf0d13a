"""Forecasts, written down as they are asked for, and the scoreboard of what became of them."""

from dataclasses import dataclass

from bot.domain.forecast import Outlook
from bot.flow.forecasts.recording import RecordedForecaster, Recorder
from bot.flow.health.counted import CountedRecord
from bot.flow.record.scoreboard import Scoreboard
from bot.flow.record.settling import Settler
from bot.ports.records import TrackRecord
from bot.settings import Settings
from bot.wiring.records import Records
from bot.wiring.sources import Sources
from bot.wording import scoreboard as words


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Who forecasts, who writes it down, who settles it, and how it went."""

    forecaster: RecordedForecaster
    recorder: Recorder
    scoreboard: Scoreboard
    settler: Settler

    @classmethod
    def of(cls, settings: Settings, sources: Sources, records: Records) -> "Forecasts":
        """Build them; nothing is asked yet."""
        closes, sessions, now = sources.closes, sources.sessions, sources.clock
        record: TrackRecord = records.track_record
        counted = CountedRecord(record, sources.counts) if sources.counts else record
        recorder = Recorder(record, sessions, now)
        return cls(
            RecordedForecaster(
                closes, sources.endpoint, sessions, now, settings.tickers, recorder=recorder
            ),
            recorder,
            Scoreboard(record, sessions, now),
            Settler(closes, counted, sessions, now),
        )

    def caution(self, outlook: Outlook) -> str:
        """What the scoreboard adds to today's forecast, from memory; empty for nothing."""
        return words.caution(self.scoreboard.caution(outlook.ticker))

    async def settle(self) -> int:
        """Settle what is final; gives how many outcomes are new.

        Raises:
            StorageUnavailable: the database is away.
        """
        return await self.scoreboard.settle(self.settler)

    async def finish(self) -> None:
        """Wait for what is being written and read behind answers."""
        await self.recorder.written()
        await self.scoreboard.settled_down()
