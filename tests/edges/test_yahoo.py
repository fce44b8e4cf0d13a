"""The edge that asks Yahoo, against a local server that speaks Yahoo's chart API."""

import asyncio
import json
import logging
import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.bars import Bar, Origin, RunningPrice, Split
from bot.domain.tickers import Ticker
from bot.edges.yahoo import YahooCloses, _BoundedSession
from bot.errors import ClosesUnavailable, UnknownTicker
from tests import yahoo_server
from tests.share_bars import ITUB4, at, walk
from tests.yahoo_server import GARBAGE, Answer, Share, YahooServer

FRIDAY = date(2026, 7, 24)
NIGHT = at("2026-07-24T20:00")
BARS = walk(FRIDAY)
NOTHING = [Bar(bar.session, math.nan, math.nan, math.nan, math.nan, 0.0) for bar in BARS]
PAYLOADS = Path(__file__).parents[2].parent / "shared" / "payloads" / "yahoo"
real_payloads = pytest.mark.skipif(
    not PAYLOADS.is_dir(), reason="no recorded answers in ../shared/payloads"
)


@pytest.fixture
def yahoo() -> Iterator[YahooServer]:
    """A server that knows ITUB4."""
    with YahooServer({ITUB4: Share(BARS)}) as server:
        yield server


@pytest.fixture
def closes(yahoo: YahooServer, tmp_path: Path) -> Iterator[YahooCloses]:
    """The edge, asking that server."""
    asked = YahooCloses(tmp_path / "yfinance", base_url=yahoo.url, timeout=5.0, patience=10.0)
    yield asked
    asked.close()


def share(*, price: float | None = None, price_at: str | None = None, until: int = 130) -> Share:
    """ITUB4 in the middle of something."""
    return Share(BARS[:until], price, at(price_at) if price_at else None)


async def test_the_bars_of_a_share_arrive_as_yahoo_has_them(closes: YahooCloses) -> None:
    """Oldest first, on São Paulo's days, with full precision."""
    found = await closes.daily(ITUB4, NIGHT)

    assert found.bars == BARS
    assert (found.ticker, found.origin, found.fetched_at) == (ITUB4, Origin.YAHOO, NIGHT)
    assert (found.running, found.splits, found.kept) == (None, (), False)


async def test_one_chart_is_asked_for_a_year_and_up_to_today(
    closes: YahooCloses, yahoo: YahooServer
) -> None:
    """One request per share: Yahoo's quota is what kills bots; and never beyond the clock."""
    await closes.daily(ITUB4, NIGHT)
    first, last = date(2026, 7, 24) - timedelta(days=400), date(2026, 7, 25)

    (asked,) = [request for request in yahoo.requests if request.startswith("/v8/")]
    assert asked.split("&includePrePost")[0] == (
        f"/v8/finance/chart/ITUB4.SA?period1={at(f'{first}T00:00').timestamp():.0f}"
        f"&period2={at(f'{last}T00:00').timestamp():.0f}&interval=1d"
    )


async def test_a_replay_gets_the_year_before_its_clock(closes: YahooCloses) -> None:
    """Bars after `now` are not even asked for."""
    then = at("2026-05-20T12:00")
    found = await closes.daily(ITUB4, then)

    assert found.bars == tuple(bar for bar in BARS if bar.session <= date(2026, 5, 20))


async def test_in_session_the_newest_price_comes_with_the_time_of_its_trade(
    closes: YahooCloses, yahoo: YahooServer
) -> None:
    """The row of today is there as well; the domain decides that it is no close."""
    yahoo.answers[ITUB4] = share(price=31.25, price_at="2026-07-24T14:45")
    found = await closes.daily(ITUB4, at("2026-07-24T15:00"))

    assert found.running == RunningPrice(31.25, at("2026-07-24T14:45"))
    assert found.bars == BARS


async def test_yesterday_s_last_price_is_no_running_price(
    closes: YahooCloses, yahoo: YahooServer
) -> None:
    """Before the open Yahoo still shows it."""
    yahoo.answers[ITUB4] = share(price=31.25, price_at="2026-07-23T17:05", until=-1)

    assert (await closes.daily(ITUB4, at("2026-07-24T09:00"))).running is None


async def test_under_a_clock_set_back_there_is_no_running_price(
    closes: YahooCloses, yahoo: YahooServer
) -> None:
    """What Yahoo has of that day by now is its close: a replay would know the future."""
    yahoo.answers[ITUB4] = share(price=31.25, price_at="2026-07-24T16:00")

    assert (await closes.daily(ITUB4, at("2026-07-24T15:00"))).running is None
    assert (await closes.daily(ITUB4, at("2026-07-22T15:00"))).running is None


@pytest.mark.parametrize(
    ("hours", "running"),
    [
        (("2026-07-24T10:00", "2026-07-24T17:00"), RunningPrice(BARS[-1].close, NIGHT)),
        (("2026-07-27T10:00", "2026-07-27T17:00"), None),
        (None, None),
    ],
)
async def test_without_the_time_of_a_trade_the_trading_hours_tell(
    closes: YahooCloses,
    yahoo: YahooServer,
    hours: tuple[str, str] | None,
    running: RunningPrice | None,
) -> None:
    """Older answers of Yahoo have hours only; if they are of another day, this is a replay."""
    now = at("2026-07-24T15:00")
    yahoo.answers[ITUB4] = Share(BARS, hours=hours and (at(hours[0]), at(hours[1])))
    expected = running and replace(running, at=now)

    assert (await closes.daily(ITUB4, now)).running == expected


async def test_nulls_are_unknown_prices(closes: YahooCloses, yahoo: YahooServer) -> None:
    """Yahoo sends null for days that it lost; the volume may be there all the same."""
    gone = math.nan
    lost = Bar(BARS[-5].session, gone, gone, gone, gone, 5000.0)
    yahoo.answers[ITUB4] = Share((*BARS[:-5], lost, *BARS[-4:]))
    found = (await closes.daily(ITUB4, NIGHT)).bars[-5]

    assert (found.session, found.has_close, found.volume) == (lost.session, False, 5000.0)


async def test_splits_that_yahoo_knows_come_along(closes: YahooCloses, yahoo: YahooServer) -> None:
    """Small ones cannot be told from news by the bars alone."""
    splits = (Split(BARS[-30].session, 1.1), Split(BARS[-10].session, 0.1))
    yahoo.answers[ITUB4] = Share(BARS, splits=splits)

    assert (await closes.daily(ITUB4, NIGHT)).splits == splits


async def test_an_unknown_name_is_known_to_be_unknown(closes: YahooCloses) -> None:
    """Yahoo says 404; people are told that there is no such share."""
    with pytest.raises(UnknownTicker):
        await closes.daily(Ticker("XXXX3.SA"), NIGHT)


async def test_a_share_without_prices_in_the_year_is_unknown(
    closes: YahooCloses, yahoo: YahooServer
) -> None:
    """Yahoo's words for a share that was delisted before, or listed after."""
    yahoo.answers[ITUB4] = Answer(
        '{"chart":{"result":null,"error":{"code":"Bad Request","description":'
        '"Data doesn\'t exist for startDate = 1750000000, endDate = 1780000000"}}}',
        status=400,
    )

    with pytest.raises(UnknownTicker):
        await closes.daily(ITUB4, NIGHT)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (yahoo_server.TOO_MANY, "too many requests"),
        (yahoo_server.GARBAGE, "JSONDecodeError: "),
        (Answer("<html>Will be right back"), "YFDataException: "),
        (yahoo_server.BROKEN, "JSONDecodeError: "),
        (yahoo_server.EMPTY, "no prices"),
        (Answer("[]"), "AttributeError|no prices"),
        (Answer('{"chart":{"result":[{"meta":{}}],"error":null}}'), "KeyError: 'indicators'"),
        (Answer('{"chart":{"result":[{}],"error":null}}'), "KeyError: 'indicators'"),
        (
            Answer(
                '{"chart":{"result":null,"error":'
                '{"code":"Unauthorized","description":"Invalid Crumb"}}}',
                status=401,
            ),
            "Invalid Crumb",
        ),
        (Share(()), "no prices"),
        (Share(NOTHING), "no bars"),
    ],
)
async def test_any_other_answer_means_that_closes_are_unavailable(
    closes: YahooCloses, yahoo: YahooServer, answer: Answer | Share, reason: str
) -> None:
    """Never a vendor's exception, and never the claim that a share does not exist."""
    yahoo.answers[ITUB4] = answer

    with pytest.raises(ClosesUnavailable, match=reason):
        await closes.daily(ITUB4, NIGHT)


async def test_a_failure_is_not_remembered_by_yfinance(
    closes: YahooCloses, yahoo: YahooServer
) -> None:
    """The library keeps answers about past periods for good, errors included."""
    yahoo.answers[ITUB4] = yahoo_server.BROKEN
    with pytest.raises(ClosesUnavailable):
        await closes.daily(ITUB4, NIGHT)
    yahoo.answers[ITUB4] = Share(BARS)

    assert (await closes.daily(ITUB4, NIGHT)).bars == BARS


async def test_no_cookie_is_asked_for_until_a_chart_is_refused(
    closes: YahooCloses, yahoo: YahooServer
) -> None:
    """By itself yfinance asks for one before each chart for as long as it gets none."""
    yahoo.crumb = None
    await closes.daily(ITUB4, NIGHT)
    with pytest.raises(UnknownTicker):
        await closes.daily(Ticker("XXXX3.SA"), NIGHT)

    assert [request.split("?")[0] for request in yahoo.requests] == [
        "/v8/finance/chart/ITUB4.SA",
        *["/v8/finance/chart/XXXX3.SA"] * 2,
    ]


@pytest.mark.parametrize("refusal", [401, 403, 429])
async def test_a_chart_that_is_refused_is_asked_for_with_cookie_and_crumb(
    closes: YahooCloses, yahoo: YahooServer, refusal: int
) -> None:
    """Some days Yahoo insists; from then on the crumb is kept."""
    yahoo.refusal = refusal
    found = [(await closes.daily(ITUB4, NIGHT)).bars for _ in range(2)]

    assert found == [BARS, BARS]
    assert yahoo.charts == [ITUB4] * 3
    assert sum(request.startswith("/v1/test/getcrumb") for request in yahoo.requests) == 1


async def test_a_row_without_its_moment_is_nobody_s_day(
    closes: YahooCloses, yahoo: YahooServer
) -> None:
    """A null among the stamps would end in a date that compares with nothing."""
    chart = Share(BARS[-70:]).chart(ITUB4, 0, NIGHT.timestamp())
    chart["chart"]["result"][0]["timestamp"][10] = None
    yahoo.answers[ITUB4] = Answer(json.dumps(chart))
    found = await closes.daily(ITUB4, NIGHT)

    assert found.bars == (*BARS[-70:-60], *BARS[-59:])


async def test_without_a_crumb_the_chart_is_asked_all_the_same(
    closes: YahooCloses, yahoo: YahooServer
) -> None:
    """Yahoo limits crumbs first; charts work without."""
    yahoo.crumb = None

    assert (await closes.daily(ITUB4, NIGHT)).bars == BARS


async def test_a_slow_answer_is_given_up_request_by_request(
    yahoo: YahooServer, tmp_path: Path
) -> None:
    """By itself yfinance waits half a minute for each cookie."""
    yahoo.latency = 60.0
    hasty = YahooCloses(tmp_path, base_url=yahoo.url, timeout=0.05, patience=10.0)

    with pytest.raises(ClosesUnavailable, match="Timeout"):
        await hasty.daily(ITUB4, NIGHT)


async def test_without_another_server_addresses_stay_as_they_are(yahoo: YahooServer) -> None:
    """In production yfinance's own addresses are asked."""
    yahoo.answers[ITUB4] = GARBAGE
    chart = _BoundedSession(5.0, "").get(f"{yahoo.url}/v8/finance/chart/{ITUB4}")

    assert chart.text == GARBAGE.body


async def test_all_requests_of_one_answer_together_are_given_up_too(
    yahoo: YahooServer, tmp_path: Path
) -> None:
    """Cookie, crumb, chart and their retries add up; a person waits once."""
    yahoo.latency = 0.5
    hasty = YahooCloses(tmp_path, base_url=yahoo.url, timeout=5.0, patience=0.05)

    with pytest.raises(ClosesUnavailable, match=r"no answer within 0\.05 s"):
        await hasty.daily(ITUB4, NIGHT)


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    """A laptop without network."""
    with YahooServer() as gone:
        url = gone.url
    with pytest.raises(ClosesUnavailable, match="ConnectionError"):
        await YahooCloses(tmp_path, base_url=url).daily(ITUB4, NIGHT)


async def test_many_shares_at_once_do_not_get_mixed_up(
    closes: YahooCloses, yahoo: YahooServer
) -> None:
    """In yfinance they did before 1.4 (#2557)."""
    names = [Ticker(f"{letter}AAA3.SA") for letter in "BCDEFGHI"]
    yahoo.answers.update({name: Share(walk(FRIDAY, seed=ord(name[0]))) for name in names})
    found = await asyncio.gather(*(closes.daily(name, NIGHT) for name in names))

    assert [bars.ticker for bars in found] == names
    assert [bars.bars for bars in found] == [walk(FRIDAY, seed=ord(name[0])) for name in names]


async def test_yfinance_says_nothing(
    closes: YahooCloses,
    yahoo: YahooServer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Our log has one constant line per event, and this edge has none."""
    caplog.set_level(logging.DEBUG)
    yahoo.crumb = None
    await closes.daily(ITUB4, NIGHT)
    with pytest.raises(UnknownTicker):
        await closes.daily(Ticker("XXXX3.SA"), NIGHT)

    assert [record for record in caplog.records if record.name.startswith("yfinance")] == []
    assert capfd.readouterr() == ("", "")


@real_payloads
async def test_a_recorded_answer_is_read(closes: YahooCloses, yahoo: YahooServer) -> None:
    """PETR4 in December 2022, as Yahoo sent it: stamps at 12:00 UTC, a newer market price."""
    recorded = (PAYLOADS / "chart.PETR4.SA.1d.2022-12.json").read_text(encoding="utf-8")
    yahoo.answers["PETR4.SA"] = Answer(recorded)
    found = await closes.daily(Ticker("PETR4.SA"), at("2022-12-22T20:00"))

    assert len(found.bars) == 22
    assert (found.bars[0].session, found.bars[-1].session) == (
        date(2022, 11, 23),
        date(2022, 12, 22),
    )
    assert found.running is None


@real_payloads
async def test_a_recorded_answer_with_a_live_row_is_read(
    closes: YahooCloses, yahoo: YahooServer
) -> None:
    """Its last stamp is the moment of the quote, not the open; its first bar is null."""
    recorded = PAYLOADS / "chart.600497.SS.1d.null-first-live-last.2017.json"
    yahoo.answers[ITUB4] = Answer(recorded.read_text(encoding="utf-8"))
    found = await closes.daily(ITUB4, at("2017-11-27T20:00"))

    assert [bar.session.day for bar in found.bars if bar.has_close] == [
        16,
        17,
        20,
        21,
        22,
        23,
        24,
        27,
    ]


@real_payloads
@pytest.mark.parametrize(
    ("file", "status", "error"),
    [
        ("chart.error.404-not-found.json", 404, UnknownTicker),
        ("chart.error.429.txt", 429, ClosesUnavailable),
    ],
)
async def test_recorded_errors_are_read(
    closes: YahooCloses, yahoo: YahooServer, file: str, status: int, error: type[Exception]
) -> None:
    """The words are Yahoo's own."""
    yahoo.answers[ITUB4] = Answer((PAYLOADS / file).read_text(encoding="utf-8"), status)

    with pytest.raises(error):
        await closes.daily(ITUB4, NIGHT)
