"""Forecasts of many shares at once."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.closes import DailyBars, Origin
from bot.domain.forecast import Outlook
from bot.domain.tickers import Ticker
from bot.errors import ClosesUnavailable, ForecastError, ModelUnavailable
from bot.flow.forecasts.forecaster import Forecaster
from tests.fakes_endpoint import FakeEndpoint
from tests.share_bars import B3, at, walk

ITAU, VALE, AWAY = Ticker("ITUB4.SA"), Ticker("VALE3.SA"), Ticker("PETR4.SA")
MORNING, EVENING = at("2026-07-29T09:00"), at("2026-07-29T18:00")


@dataclass
class Prices:
    """Fulfils `bot.ports.forecasting.ClosesSource`; it does not answer for one share."""

    asked: list[Ticker] = field(default_factory=list)

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """A walk of its own for each share, up to a day after `now`."""
        self.asked.append(ticker)
        if ticker == AWAY:
            raise ClosesUnavailable(ticker, "made up")
        bars = walk(at("2026-07-30T00:00").date(), 130)
        factor = 1 + len(ticker) + (ticker == VALE)
        return DailyBars(ticker, tuple(bar.rebased(factor) for bar in bars), Origin.FILE, now)


def forecaster(endpoint: FakeEndpoint, now: datetime = MORNING) -> Forecaster:
    """One that stands at `now`."""
    return Forecaster(Prices(), endpoint, B3, lambda: now)


SHARES = [ITAU, VALE]


async def test_a_batch_is_one_invocation_and_each_share_gets_its_own_answer() -> None:
    """Four hundred invocations before nine o'clock would be four hundred ways to fail."""
    for now in (MORNING, EVENING):  # in the evening each share has two windows
        model = FakeEndpoint()
        alone = {share: await forecaster(FakeEndpoint(), now).outlook(share) for share in SHARES}

        assert await forecaster(model, now).outlooks(SHARES) == alone
        assert len(model.asked) == 1


async def test_a_share_that_fails_takes_no_other_along() -> None:
    """Somebody's broken share must not cost everybody the morning's message."""
    found = await forecaster(FakeEndpoint()).outlooks([ITAU, AWAY, VALE])

    assert {share: type(one) for share, one in found.items()} == {
        ITAU: Outlook,
        AWAY: ClosesUnavailable,
        VALE: Outlook,
    }


async def test_a_silent_model_is_the_answer_for_every_share_that_had_closes() -> None:
    """Whoever asked can tell the shares to try again from those that will not work."""
    silent: ForecastError = ModelUnavailable("local", 503)
    found = await forecaster(FakeEndpoint(failure=silent)).outlooks([ITAU, AWAY])

    assert found[ITAU] is silent
    assert isinstance(found[AWAY], ClosesUnavailable)


async def test_no_shares_are_no_invocation() -> None:
    """An empty slot costs nothing."""
    model = FakeEndpoint()

    assert await forecaster(model).outlooks([]) == {}
    assert model.asked == []


async def test_the_morning_s_forecast_stands_beside_the_narrowed_one() -> None:
    """The scoreboard keeps what was said from closes alone."""
    told = await forecaster(FakeEndpoint()).outlook("ITUB4")

    assert told.morning == told.today
