"""The scoreboard's rows without a database; see `tests/fakes_records.py`."""

# ruff: noqa: D102, the ports say what their methods do

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from bot.domain.sessions import Sessions
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Outcome, Recorded, Tally, summed, tally
from bot.errors import StorageUnavailable


def aware(moment: datetime) -> datetime:
    """The moment in UTC, as databases give it back.

    Raises:
        ValueError: it has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)


@dataclass(slots=True)
class FakeTrackRecord:
    """Fulfils `bot.ports.records.TrackRecord`; fails while `failure` is set.

    Attributes:
        close: when a session closes, as `Sessions.close` says.
    """

    close: Callable[[date], datetime] = Sessions(()).close
    failure: StorageUnavailable | None = None
    forecasts: dict[tuple[Ticker, date], Recorded] = field(default_factory=dict)
    settled: dict[tuple[Ticker, date, int], Outcome] = field(default_factory=dict)

    def _rows(self) -> dict[tuple[Ticker, date], Recorded]:
        if self.failure:
            raise self.failure
        return self.forecasts

    async def record(self, forecasts: Sequence[Recorded]) -> int:
        rows = self._rows()
        before = len(rows)
        for one in forecasts:
            if one.made is Made.LIVE and aware(one.made_at) >= self.close(one.session):
                raise ValueError(f"live forecast for {one.session} written after its close")
        for one in forecasts:
            kept = replace(one, made_at=aware(one.made_at))
            rows.setdefault((one.ticker, one.session), kept)
        return len(rows) - before

    async def recorded(self, ticker: Ticker, session: date) -> Recorded | None:
        return self._rows().get((ticker, session))

    async def unsettled(self, until: date) -> list[Recorded]:
        rows = self._rows()
        settled = {(ticker, session) for ticker, session, _ in self.settled}
        due = [one for key, one in rows.items() if key not in settled and one.session <= until]
        return sorted(due, key=lambda one: (one.session, one.ticker))

    async def settle(self, outcomes: Sequence[Outcome]) -> int:
        self._rows()
        before = len(self.settled)
        kept = [self._kept(one) for one in outcomes]
        for one in kept:
            key = (one.forecast.ticker, one.forecast.session, one.revision)
            self.settled.setdefault(key, one)
        return len(self.settled) - before

    def _kept(self, one: Outcome) -> Outcome:
        forecast = self.forecasts.get((one.forecast.ticker, one.forecast.session))
        if forecast is None:
            raise ValueError("an outcome of a forecast that was never recorded")
        return replace(one, forecast=forecast, settled_at=aware(one.settled_at))

    def _newest(self, ticker: Ticker | None) -> list[Outcome]:
        newest = {}  # of rising revisions, the last stays
        for share, session, revision in sorted(self.settled, key=lambda key: (key[1], key)):
            if ticker in (None, share):
                newest[share, session] = self.settled[share, session, revision]
        return list(newest.values())

    async def outcomes(self, ticker: Ticker, last: int) -> list[Outcome]:
        self._rows()
        return self._newest(ticker)[-last:]

    async def tallies(self, ticker: Ticker | None, last: int) -> list[Tally]:
        self._rows()
        sessions: dict[date, list[Outcome]] = {}
        for one in self._newest(ticker):
            sessions.setdefault(one.forecast.session, []).append(one)
        return [summed(map(tally, outcomes)) for outcomes in list(sessions.values())[-last:]]
