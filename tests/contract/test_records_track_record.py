"""What every track record keeps: the fake of the tests, SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.forecast import Model
from bot.domain.sessions import SAO_PAULO
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Outcome, Recorded, summed, tally
from tests.records import Records, records_in_memory

pytest_plugins = ["tests.databases"]

ITUB4, PETR4 = Ticker("ITUB4.SA"), Ticker("PETR4.SA")
FIRST = date(2026, 7, 27)
MODEL = Model("lstm", "2026.07", "ab" * 32)


def day(number: int) -> date:
    """The session that many days after the first."""
    return FIRST + timedelta(days=number)


def forecast(number: int, share: Ticker = ITUB4, *, made: Made = Made.LIVE) -> Recorded:
    """A forecast at nine of that session."""
    session = day(number)
    return Recorded(
        ticker=share,
        session=session,
        made_at=datetime(session.year, session.month, session.day, 9, 0, 1, tzinfo=SAO_PAULO),
        expected=36.12,
        low80=35.4,
        high80=36.9,
        low95=34.8,
        high95=37.45,
        last_close=36.05,
        last_session=session - timedelta(days=1),
        model=MODEL,
        made=made,
    )


def came(said: Recorded, close: float = 36.4, revision: int = 0, factor: float = 1.0) -> Outcome:
    """The close of a forecast's session, settled that evening."""
    at = said.made_at.replace(hour=18) + timedelta(hours=revision)
    return Outcome(said, close, factor, at, revision)


async def known(records: Records, *forecasts: Recorded) -> None:
    """Forecasts that are written down."""
    await records.track_record.record(forecasts)


async def test_a_forecast_comes_back_as_it_was_written(records: Records) -> None:
    """To the last digit: prices are not rounded on their way."""
    said = replace(forecast(0, made=Made.REPLAY), expected=36.1200000001, low80=0.1 + 0.2)
    await known(records, said)
    kept = await records.track_record.recorded(ITUB4, FIRST)

    assert kept == said
    assert kept.made_at.tzinfo is UTC


async def test_what_was_not_forecast_is_not_there(records: Records) -> None:
    """Another share, another day."""
    await known(records, forecast(0))

    assert await records.track_record.recorded(PETR4, FIRST) is None
    assert await records.track_record.recorded(ITUB4, day(1)) is None


async def test_the_first_forecast_of_a_session_stays(records: Records) -> None:
    """Otherwise it could be mended once the day is under way."""
    first, second = forecast(0), replace(forecast(0), expected=99.0, made=Made.REPLAY)
    new = [await records.track_record.record([first, first, forecast(1)])]
    new.append(await records.track_record.record([second, forecast(2)]))

    assert new == [2, 1]
    assert await records.track_record.recorded(ITUB4, FIRST) == first


async def test_no_forecasts_are_none(records: Records) -> None:
    """Nobody asked today."""
    assert await records.track_record.record([]) == 0
    assert await records.track_record.settle([]) == 0


@pytest.mark.parametrize("minutes", [0, 1, 600])
async def test_a_live_forecast_after_the_close_is_refused(records: Records, minutes: int) -> None:
    """17:00 while New York is on daylight time; what comes with it is not written either."""
    close = datetime(2026, 7, 27, 17, tzinfo=SAO_PAULO)
    late = replace(forecast(0), made_at=close + timedelta(minutes=minutes))
    with pytest.raises(ValueError, match="after its close"):
        await records.track_record.record([forecast(1), late])

    assert await records.track_record.unsettled(day(9)) == []


async def test_a_replayed_forecast_says_the_time_it_played(records: Records) -> None:
    """It may be written years later; its row says that it is a replay."""
    late = replace(forecast(0, made=Made.REPLAY), made_at=datetime(2026, 11, 1, tzinfo=UTC))

    assert await records.track_record.record([late]) == 1


async def test_what_has_no_outcome_is_unsettled(records: Records) -> None:
    """Oldest first, up to the last session that is final."""
    last, first, other = forecast(1), forecast(0), forecast(0, PETR4)
    await known(records, last, other, first, forecast(2), forecast(-1))
    await records.track_record.settle([came(forecast(-1))])

    assert await records.track_record.unsettled(day(1)) == [first, other, last]


async def test_an_outcome_is_written_once_per_revision(records: Records) -> None:
    """A corporate action adds a revision; nothing rewrites what stood."""
    said = forecast(0)
    await known(records, said)
    first, again = came(said), came(said, 99.0)
    rebased = came(said, 18.2, revision=1, factor=0.5)
    new = [await records.track_record.settle(each) for each in ([first], [again, rebased])]

    assert new == [1, 1]
    assert await records.track_record.outcomes(ITUB4, 5) == [rebased]


async def test_an_outcome_needs_its_forecast(records: Records) -> None:
    """Nothing enters the scoreboard that was not said before; nothing of the call is written."""
    await known(records, forecast(0))
    with pytest.raises(ValueError, match="never recorded"):
        await records.track_record.settle([came(forecast(0)), came(forecast(1))])

    assert await records.track_record.outcomes(ITUB4, 5) == []


async def test_the_last_outcomes_are_of_the_share(records: Records) -> None:
    """The message of the morning tells of yesterday's."""
    said = [forecast(number) for number in (3, 1, 2)]
    await known(records, *said, forecast(4, PETR4), forecast(5))
    await records.track_record.settle([came(one) for one in (*said, forecast(4, PETR4))])

    assert await records.track_record.outcomes(ITUB4, 2) == [came(forecast(2)), came(forecast(3))]


async def test_tallies_are_of_the_last_sessions_with_an_outcome(records: Records) -> None:
    """A session that is not settled yet does not count as one of five."""
    said = [forecast(number) for number in range(4)]
    await known(records, *said, forecast(4))
    await records.track_record.settle([came(one, 36.0 + at) for at, one in enumerate(said)])
    tallies = await records.track_record.tallies(ITUB4, 3)

    assert tallies == [tally(came(said[at], 36.0 + at)) for at in (1, 2, 3)]


async def test_all_shares_together_are_summed_by_session(records: Records) -> None:
    """`/placar` without a share; the newest revision of each counts."""
    mine, other, alone = forecast(0), forecast(0, PETR4, made=Made.REPLAY), forecast(1, PETR4)
    await known(records, mine, other, alone)
    rebased = came(mine, 18.1, revision=2, factor=0.5)
    await records.track_record.settle([came(mine), rebased, came(other, 35.0), came(alone)])
    both, last = await records.track_record.tallies(None, 10)

    assert asdict(both) == pytest.approx(
        asdict(summed([tally(rebased), tally(came(other, 35.0))])), abs=1e-12
    )
    assert last == tally(came(alone))


async def test_without_outcomes_there_are_no_tallies(records: Records) -> None:
    """The first days of the bot."""
    await known(records, forecast(0))

    assert await records.track_record.tallies(None, 5) == []
    assert await records.track_record.tallies(ITUB4, 5) == []
    assert await records.track_record.outcomes(ITUB4, 5) == []


async def test_more_rows_than_a_statement_has_parameters(records: Records) -> None:
    """A replay of years is recorded in one go."""
    said = [forecast(number, made=Made.REPLAY) for number in range(3000)]

    assert await records.track_record.record(said) == 3000
    assert await records.track_record.settle([came(one) for one in said]) == 3000
    assert len(await records.track_record.tallies(ITUB4, 250)) == 250


prices = st.integers(100, 9_999).map(lambda centavos: centavos / 100)
histories = st.lists(
    st.tuples(
        st.integers(0, 4), st.sampled_from([ITUB4, PETR4]), prices, prices, st.integers(0, 2)
    ),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(history=histories, last=st.integers(1, 6))
async def test_sums_in_the_database_are_those_of_the_domain(
    records: Records, history: Sequence[tuple[int, Ticker, float, float, int]], last: int
) -> None:
    """Whatever was forecast and came: the fake adds up with the domain's own functions.

    Rows of earlier examples stay; those of later ones are of sessions that follow them.
    """
    model = records_in_memory()
    start = (await newest(records)) + 2
    said = [
        replace(forecast(start + number, share), expected=expected)
        for number, share, expected, _, _ in history
    ]
    outcomes = [
        came(one, close, revision) for one, (*_, close, revision) in zip(said, history, strict=True)
    ]
    for each in (records, model):
        await each.track_record.record(said)
        await each.track_record.settle(outcomes)
    sessions = len({number for number, *_ in history})
    found = await records.track_record.tallies(None, min(last, sessions)) if sessions else []

    expected_tallies = await model.track_record.tallies(None, last)
    assert [one.session for one in found] == [one.session for one in expected_tallies]
    for one, other in zip(found, expected_tallies, strict=True):
        sums, others = asdict(one), asdict(other)
        assert sums.pop("session") == others.pop("session")
        assert sums == pytest.approx(others)


async def newest(records: Records) -> int:
    """The number of the newest session with an outcome."""
    tallies = await records.track_record.tallies(None, 1)
    return (tallies[-1].session - FIRST).days if tallies else 0
