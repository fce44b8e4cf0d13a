"""Yahoo is imported late, once, and only where it can be reached."""

import asyncio
from datetime import datetime

import pytest

from bot.domain.closes import DailyBars, Origin
from bot.domain.sessions import SAO_PAULO
from bot.domain.tickers import Ticker
from bot.edges.late_yahoo import LateYahoo, reachable
from bot.errors import ClosesUnavailable

ITUB4 = Ticker("ITUB4.SA")
NOW = datetime(2026, 7, 29, 11, tzinfo=SAO_PAULO)


class Source:
    """A source without bars."""

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """No bars."""
        return DailyBars(ticker, (), Origin.YAHOO, now)


class Network:
    """A network that can be switched on, counting what is asked of it."""

    def __init__(self, *, up: bool) -> None:
        self.up, self.probed, self.made = up, 0, 0

    async def reachable(self) -> bool:
        """Whether it is up."""
        self.probed += 1
        return self.up

    def make(self) -> Source:
        """Make the source, as importing yfinance would."""
        self.made += 1
        return Source()


async def test_everybody_who_asks_first_shares_one_import() -> None:
    """At nine o'clock many people are first at once."""
    network = Network(up=True)
    late = LateYahoo(network.make, network.reachable)

    answers = await asyncio.gather(*(late.daily(ITUB4, NOW) for _ in range(10)))
    await late.daily(ITUB4, NOW)

    assert [answer.ticker for answer in answers] == [ITUB4] * 10
    assert (network.probed, network.made) == (1, 1)


async def test_what_was_loaded_at_the_start_is_there_for_the_first_question() -> None:
    """Nobody waits a second for an import that could have been over."""
    network = Network(up=True)
    late = LateYahoo(network.make, network.reachable)
    await late.load()
    before = network.made
    await late.daily(ITUB4, NOW)

    assert (before, network.made) == (1, 1)


async def test_without_a_network_nothing_is_imported() -> None:
    """The laptop answers from its simulated series at once."""
    network = Network(up=False)

    late = LateYahoo(network.make, network.reachable)
    await late.load()
    with pytest.raises(ClosesUnavailable):
        await late.daily(ITUB4, NOW)

    assert network.made == 0


async def test_a_network_that_comes_back_is_noticed() -> None:
    """A laptop opened in the train reaches Yahoo at the next station."""
    network = Network(up=False)
    late = LateYahoo(network.make, network.reachable)
    with pytest.raises(ClosesUnavailable):
        await late.daily(ITUB4, NOW)
    network.up = True

    assert (await late.daily(ITUB4, NOW)).ticker == ITUB4


async def test_a_listening_host_is_reachable_and_a_closed_port_is_not() -> None:
    """The probe is a real connection."""
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    assert await reachable(address)

    server.close()
    await server.wait_closed()

    assert not await reachable(address)


async def test_behind_a_proxy_it_is_worth_a_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the HTTP client knows how to get through the proxy."""
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")

    assert await reachable("http://127.0.0.1:9")
