"""The scoreboard in memory: read once, refreshed after settling, never in /hoje's way."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.bars import DailyBars
from bot.domain.figures import wilson
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Recorded, Tally
from bot.errors import StorageUnavailable
from bot.flow.record import scoreboard
from bot.flow.record.replay import SettableClock
from bot.flow.record.scoreboard import Direcao, Janela, Placar, Scoreboard, published
from bot.flow.record.settling import Settler
from tests.fakes_track_record import FakeTrackRecord
from tests.share_bars import B3, ITUB4, at, daily, walk
from tests.track_records import Season, board, forecast_of, outcome, tallies

PETR4 = Ticker("PETR4.SA")
EVENING = at("2026-07-29T18:00")


@dataclass(slots=True)
class CountingRecord(FakeTrackRecord):
    """A database that counts what is read of it.

    Attributes:
        kept: what it says of every share, when it is set.
    """

    kept: tuple[Tally, ...] | None = None
    read: list[Ticker | None] = field(default_factory=list)

    async def tallies(self, ticker: Ticker | None, last: int) -> list[Tally]:
        """What there is, counted."""
        self.read.append(ticker)
        if self.kept is None or self.failure:
            return await FakeTrackRecord.tallies(self, ticker, last)
        return list(self.kept)[-last:]


class Files:
    """Fulfils `bot.ports.forecasting.ClosesSource`."""

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """Half a year up to Wednesday."""
        return replace(daily(walk(date(2026, 7, 29)), now), ticker=ticker)


async def settled(record: FakeTrackRecord, *forecasts: Recorded, close: float = 43.0) -> None:
    """Put forecasts on the record, with the same close for all."""
    await record.record(forecasts)
    await record.settle([outcome(close, one) for one in forecasts])


def board_of(record: FakeTrackRecord, clock: SettableClock | None = None) -> Scoreboard:
    """A scoreboard on Wednesday evening."""
    return Scoreboard(record, B3, clock or SettableClock(EVENING))


async def test_a_share_has_its_own_board_and_all_have_one_together() -> None:
    """People ask about the share that they own, and about the bot."""
    record = FakeTrackRecord()
    await settled(record, forecast_of(date(2026, 7, 29)))
    await settled(record, forecast_of(date(2026, 7, 29), PETR4), close=44.0)
    found = board_of(record)
    counts = {
        ticker: [(each.session, each.count, each.inside80) for each in one.tallies]
        for ticker in (ITUB4, PETR4, None)
        for one in [await found.board(ticker)]
    }

    assert counts == {
        ITUB4: [(date(2026, 7, 29), 1, 1)],
        PETR4: [(date(2026, 7, 29), 1, 0)],
        None: [(date(2026, 7, 29), 2, 1)],
    }


async def test_a_board_is_read_once_in_a_quarter_of_an_hour() -> None:
    """Everybody may ask; figures change once a day."""
    record, clock = CountingRecord(kept=tallies(3)), SettableClock(EVENING)
    found = board_of(record, clock)
    for minutes in (0, 14, 15, 20):
        clock.now = EVENING + timedelta(minutes=minutes)
        await found.board(ITUB4)

    assert record.read == [ITUB4, ITUB4]


async def test_after_a_settling_the_boards_in_memory_are_read_again() -> None:
    """Whoever asks at 17:31 wants today's close in it."""
    record = CountingRecord()
    await settled(record, forecast_of(date(2026, 7, 28)))
    await record.record([forecast_of(date(2026, 7, 29))])
    found = board_of(record)
    settler = Settler(Files(), record, B3, SettableClock(EVENING), again=0)
    before = await found.board(ITUB4)
    new = [await found.settle(settler) for _ in range(2)]
    after = await found.board(ITUB4)

    assert ([len(one.tallies) for one in (before, after)], new) == ([1, 2], [1, 0])
    assert record.read == [ITUB4, ITUB4]


async def test_boards_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that runs for months must not grow."""
    monkeypatch.setattr(scoreboard, "MOST_KEPT", 1)
    record = CountingRecord(kept=tallies(3))
    found = board_of(record)
    for ticker in (ITUB4, PETR4, PETR4, ITUB4):
        await found.board(ticker)

    assert record.read == [ITUB4, PETR4, ITUB4]


async def test_the_caution_of_today_s_answer_comes_from_memory() -> None:
    """The first who asks does not wait for the database; from the second on it is known."""
    record = CountingRecord(kept=tallies(60, Season(worse=1.2)))
    found = board_of(record)
    first = found.caution(ITUB4)
    await found.settled_down()
    second = found.caution(ITUB4)

    assert (first, record.read) == (None, [ITUB4])
    assert second is not None
    assert second.mape == pytest.approx(1.2 * second.naive_mape)


async def test_a_bot_that_was_not_worse_has_nothing_to_own_up_to() -> None:
    """Most days."""
    record = CountingRecord(kept=tallies(60))
    found = board_of(record)
    found.caution(ITUB4)
    await found.settled_down()

    assert found.caution(ITUB4) is None


async def test_an_old_caution_is_told_while_it_is_read_again() -> None:
    """A quarter of an hour makes no difference to sixty sessions; waiting would."""
    record, clock = CountingRecord(kept=tallies(60, Season(worse=1.2))), SettableClock(EVENING)
    found = board_of(record, clock)
    await found.board(ITUB4)
    clock.now = EVENING + timedelta(hours=1)
    told = found.caution(ITUB4)
    await found.settled_down()

    assert told is not None
    assert record.read == [ITUB4, ITUB4]


async def test_a_database_that_is_away_costs_today_s_answer_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No caution, no error, a line in the log."""
    record = CountingRecord(failure=StorageUnavailable("locked"))
    found = board_of(record)
    told = found.caution(ITUB4)
    await found.settled_down()

    assert (told, [entry.getMessage() for entry in caplog.records]) == (
        None,
        ["scoreboard not read"],
    )


async def test_who_asks_for_the_board_is_told_that_the_database_is_away() -> None:
    """/placar has nothing else to say."""
    record = FakeTrackRecord(failure=StorageUnavailable("locked"))

    with pytest.raises(StorageUnavailable):
        await board_of(record).board(ITUB4)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-07-29T09:00", "2026-07-29T17:30"),
        ("2026-07-29T17:00", "2026-07-30T17:30"),
        ("2026-08-01T12:00", "2026-08-03T17:30"),
    ],
    ids=["before the close", "after it", "on Saturday"],
)
async def test_without_a_forecast_the_first_outcome_is_that_of_the_next_close(
    moment: str, due: str
) -> None:
    """Nothing is promised that cannot come."""
    found = await board_of(FakeTrackRecord(), SettableClock(at(moment))).board(ITUB4)

    assert (found.due, found.awaited) == (at(due), False)


async def test_a_forecast_on_record_is_awaited() -> None:
    """The person who asked this morning is told so; another share's forecast is not theirs."""
    record = FakeTrackRecord()
    await record.record([forecast_of(date(2026, 7, 29))])
    found = board_of(record, SettableClock(at("2026-07-29T17:10")))
    states = {
        ticker: (one.due, one.awaited)
        for ticker in (ITUB4, PETR4, None)
        for one in [await found.board(ticker)]
    }

    today, tomorrow = at("2026-07-29T17:30"), at("2026-07-30T17:30")
    assert states == {ITUB4: (today, True), PETR4: (tomorrow, False), None: (today, True)}


async def test_an_empty_board_is_looked_at_again() -> None:
    """Told to ask for /hoje first, a person does so and comes back at once."""
    record = FakeTrackRecord()
    found = board_of(record, SettableClock(at("2026-07-29T09:00")))
    before = await found.board(ITUB4)
    await record.record([forecast_of(date(2026, 7, 29))])

    assert [before.awaited, (await found.board(ITUB4)).awaited] == [False, True]


def test_integrators_get_every_window_in_portuguese() -> None:
    """The keys and their meaning are a contract; windows that are not full say so."""
    found = published(
        board(tallies(12, Season(pointing=True, replayed=True, shares=2)), ticker=None)
    )
    twelve = board(tallies(12, Season(pointing=True, replayed=True, shares=2)), None).over(20)

    assert twelve is not None
    assert twelve.direction is not None
    assert asdict(found)["janelas"][1] == {
        "janela": 20,
        "pregoes": 12,
        "previsoes": 24,
        "mae": None,
        "mae_ingenua": None,
        "mape": twelve.mape,
        "mape_ingenua": twelve.naive_mape,
        "cobertura_80": twelve.inside80 / 24,
        "direcao": {
            "acertos": twelve.direction.hits,
            "total": 24,
            "minimo_95": twelve.direction.low95,
            "maximo_95": twelve.direction.high95,
        },
        "replay": 12,
    }
    assert [each.pregoes for each in found.janelas] == [5, 12, 12, 12]


def test_integrators_get_reais_for_one_share() -> None:
    """And no direction where no forecast pointed anywhere."""
    (tally,) = tallies(1)

    assert published(board([tally])).janelas[0] == Janela(
        janela=5,
        pregoes=1,
        previsoes=1,
        mae=tally.error,
        mae_ingenua=tally.naive_error,
        mape=tally.relative_error,
        mape_ingenua=tally.naive_relative_error,
        cobertura_80=float(tally.inside80),
        direcao=None,
        replay=0,
    )


def test_integrators_get_empty_windows_before_the_first_outcome() -> None:
    """An empty scoreboard is an answer, not an error."""
    empty = board([], ticker=ITUB4)

    assert published(empty) == Placar(
        papel="ITUB4.SA",
        janelas=(Janela(5), Janela(20), Janela(60), Janela(250)),
        atualizado_em=empty.read_at,
    )


def test_integrators_get_the_interval_of_the_direction() -> None:
    """A rate without its interval invites to bet on it."""
    found = published(board(tallies(5, Season(pointing=True))))
    hits = sum(each.hits for each in tallies(5, Season(pointing=True)))

    assert found.janelas[0].direcao == Direcao(hits, 5, *wilson(hits, 5))


async def test_replayed_sessions_are_counted() -> None:
    """What was not live has to be said."""
    record = FakeTrackRecord()
    days: Sequence[date] = B3.between(date(2026, 7, 27), date(2026, 7, 28))
    await settled(record, *(forecast_of(day, made=Made.REPLAY) for day in days))
    await settled(record, forecast_of(date(2026, 7, 29)))
    found = (await board_of(record).board(ITUB4)).over(5)

    assert found is not None
    assert (found.sessions, found.replayed) == (3, 2)
