import math
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import pstdev

import pytest

from bot.domain.bars import DailyBars, Origin
from bot.domain.closes import checked_window
from bot.domain.tickers import Ticker
from bot.edges.simulated import OrSimulated, SimulatedCloses
from bot.errors import ClosesUnavailable, TooManyLookups, UnknownTicker
from tests.share_bars import B3, ITUB4, at, daily, walk

SIMULATED = SimulatedCloses(7, B3)
NOON = at("2026-07-28T12:00")
BARS = walk(date(2026, 7, 28))
FAMILIAR = [
    "ITUB4",
    "PETR4",
    "VALE3",
    "BBDC4",
    "BBAS3",
    "ABEV3",
    "WEGE3",
    "MGLU3",
    "B3SA3",
    "BPAC11",
]


@pytest.mark.parametrize("code", FAMILIAR)
async def test_a_familiar_share_has_a_year_of_bars_that_pass_all_checks(code: str) -> None:
    """The chat works without network as it does with it."""
    found = await SIMULATED.daily(Ticker(f"{code}.SA"), NOON)
    window = checked_window(found, B3, NOON)

    assert (found.origin, len(found.bars)) == (Origin.SIMULATED, 260)
    assert (window.dropped, window.missing, window.adjustments) == ((), (), ())
    assert all(b.low <= min(b.open, b.close) <= max(b.open, b.close) <= b.high for b in found.bars)


async def test_a_session_s_bar_is_the_same_whenever_it_is_asked_for() -> None:
    """A forecast is judged by the close that follows; it must not be invented anew."""
    early = await SIMULATED.daily(ITUB4, NOON)
    late = await SIMULATED.daily(ITUB4, NOON + timedelta(days=60))

    assert set(early.bars[100:]) <= set(late.bars)


async def test_another_seed_or_share_has_another_path() -> None:
    """Else all charts would look alike."""
    paths = [
        [bar.close / found.bars[0].close for bar in found.bars]
        for found in (
            await SIMULATED.daily(ITUB4, NOON),
            await SimulatedCloses(8, B3).daily(ITUB4, NOON),
            await SIMULATED.daily(Ticker("PETR4.SA"), NOON),
        )
    ]

    assert len({tuple(path) for path in paths}) == 3


async def test_the_volatility_comes_in_waves() -> None:
    """Calm and nervous quarters, as the model's bands have to follow."""
    found = await SIMULATED.daily(ITUB4, NOON)
    moves = [math.log(new.close / old.close) for old, new in pairwise(found.bars)]
    quarters = [pstdev(moves[start : start + 60]) for start in range(0, 240, 60)]

    assert 0.004 < min(quarters) < max(quarters) < 0.05
    assert max(quarters) > 1.15 * min(quarters)


async def test_the_running_price_walks_within_the_day_and_ends_at_its_close() -> None:
    """It is of that minute, whoever asks and how often."""
    minutes = [at("2026-07-28T10:00") + timedelta(minutes=minute) for minute in range(0, 421, 7)]
    prices = [(await SIMULATED.daily(ITUB4, now)).running for now in minutes]
    again = [(await SIMULATED.daily(ITUB4, now)).running for now in minutes]
    final = (await SIMULATED.daily(ITUB4, at("2026-07-28T20:00"))).bars[-1]
    known = [running.price for running in prices if running is not None]

    assert prices == again
    assert [running and running.at for running in prices] == minutes
    assert (known[0], known[-1]) == (final.open, final.close)
    assert final.low <= min(known) < max(known) <= final.high


@pytest.mark.parametrize("now", ["2026-07-28T09:59", "2026-07-28T17:30", "2026-07-25T12:00"])
async def test_outside_the_session_there_is_no_running_price(now: str) -> None:
    """Nothing is traded then."""
    assert (await SIMULATED.daily(ITUB4, at(now))).running is None


async def test_an_unfamiliar_share_is_unknown() -> None:
    """Inventing a share is worse than inventing its price."""
    with pytest.raises(UnknownTicker):
        await SIMULATED.daily(Ticker("XXXX3.SA"), NOON)


class Scripted:
    """A source that fails or answers as told, and counts."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.asked = 0

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:  # noqa: ARG002, the port's
        """Fail if told to."""
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return daily(BARS, now, Origin.YAHOO)


async def test_while_the_real_source_answers_nothing_is_invented() -> None:
    """An invented price is the last resort."""
    assert (await OrSimulated(Scripted(), SIMULATED).daily(ITUB4, NOON)).origin is Origin.YAHOO


async def test_when_it_is_away_prices_are_invented_and_it_is_left_alone_for_five_minutes() -> None:
    """Every question would wait for the same timeout again."""
    real = Scripted(ClosesUnavailable(ITUB4, "no network"))
    either = OrSimulated(real, SIMULATED)
    moments = [NOON, NOON + timedelta(minutes=4, seconds=59), NOON + timedelta(minutes=5)]
    origins = [(await either.daily(ITUB4, now)).origin for now in moments]

    assert (origins, real.asked) == ([Origin.SIMULATED] * 3, 2)


async def test_when_it_comes_back_it_is_believed_again() -> None:
    """Invented prices disappear by themselves."""
    real = Scripted(ClosesUnavailable(ITUB4, "no network"))
    either = OrSimulated(real, SIMULATED)
    await either.daily(ITUB4, NOON)
    real.failure = None

    assert (await either.daily(ITUB4, NOON + timedelta(minutes=5))).origin is Origin.YAHOO
    assert (await either.daily(ITUB4, NOON + timedelta(minutes=6))).origin is Origin.YAHOO


async def test_a_clock_set_back_does_not_prolong_the_pause() -> None:
    """Else a replay would be simulated for months."""
    real = Scripted(ClosesUnavailable(ITUB4, "no network"))
    either = OrSimulated(real, SIMULATED)
    await either.daily(ITUB4, NOON)
    real.failure = None

    assert (await either.daily(ITUB4, NOON - timedelta(days=30))).origin is Origin.YAHOO


@pytest.mark.parametrize("failure", [UnknownTicker("XXXX3"), TooManyLookups(ITUB4)])
async def test_other_failures_pass(failure: Exception) -> None:
    """The source did answer."""
    with pytest.raises(type(failure)):
        await OrSimulated(Scripted(failure), SIMULATED).daily(ITUB4, NOON)


async def test_a_share_that_cannot_be_invented_is_unavailable_not_unknown() -> None:
    """It may well exist; nobody could ask."""
    either = OrSimulated(Scripted(ClosesUnavailable(ITUB4, "no network")), SIMULATED)
    for _ in range(2):
        with pytest.raises(ClosesUnavailable):
            await either.daily(Ticker("XPBR31.SA"), NOON)
