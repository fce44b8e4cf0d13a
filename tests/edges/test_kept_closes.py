import asyncio
import json
import logging
import math
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.bars import Bar, DailyBars, Origin, RunningPrice, Split
from bot.domain.tickers import Ticker
from bot.edges.kept_closes import KeptCloses
from bot.edges.kept_closes.shelf import Shelf
from bot.errors import ClosesUnavailable, TooManyLookups, UnknownTicker
from tests.share_bars import B3, ITUB4, at, walk

PETR4 = Ticker("PETR4.SA")
HISTORY = walk(date(2026, 7, 31), 130)
NOON = at("2026-07-28T12:00")
PATIENCE = 10.0
AWAY = ClosesUnavailable(ITUB4, "HTTP 429")

Script = Callable[[Ticker, datetime], DailyBars]


def as_yahoo(ticker: Ticker, now: datetime) -> DailyBars:
    """All that is final at `now`, and a running price while the session is open."""
    bars = tuple(bar for bar in HISTORY if bar.session <= B3.newest_final(now))
    today = B3.today(now)
    is_open = B3.opening(today) <= now < B3.final(today)
    running = RunningPrice(30.0, now) if is_open else None
    return DailyBars(ticker, bars, Origin.YAHOO, now, running)


def invented(ticker: Ticker, now: datetime) -> DailyBars:
    """The same, but simulated."""
    return replace(as_yahoo(ticker, now), origin=Origin.SIMULATED)


def a_day_late(ticker: Ticker, now: datetime) -> DailyBars:
    """Yahoo, which has not got the newest close yet."""
    known = as_yahoo(ticker, now)
    return replace(known, bars=known.bars[:-1])


class Source:
    """A source that answers or fails as told, and writes down who asked."""

    def __init__(self, script: Script = as_yahoo) -> None:
        self.script = script
        self.failure: Exception | None = None
        self.asked: list[Ticker] = []
        self.arrivals: asyncio.Queue[Ticker] = asyncio.Queue()
        self.answering = asyncio.Event()
        self.answering.set()

    async def daily(self, ticker: Ticker, now: datetime) -> DailyBars:
        """Answer when allowed to."""
        self.asked.append(ticker)
        self.arrivals.put_nowait(ticker)
        await self.answering.wait()
        if self.failure is not None:
            raise self.failure
        return self.script(ticker, now)


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


async def fetches(source: Source, folder: Path, *moments: str) -> list[int]:
    """How often the source had been asked after each question for ITUB4."""
    kept, counted = KeptCloses(source, folder, B3), []
    for moment in moments:
        await kept.daily(ITUB4, at(moment))
        counted.append(len(source.asked))
    return counted


async def kept_on_disk(
    source: Source, folder: Path, now: datetime, keeps: Origin = Origin.YAHOO
) -> DailyBars:
    """One question for ITUB4, its answer on the shelf where it belongs there."""
    kept = KeptCloses(source, folder, B3, keeps)
    found = await kept.daily(ITUB4, now)
    await kept.written()
    return found


async def test_bars_are_fresh_until_the_next_close_is_final(tmp_path: Path) -> None:
    """After the close nothing changes until the next session; then everything does."""
    moments = (
        "2026-07-28T17:30",
        "2026-07-28T23:00",
        "2026-07-29T09:59:59",
        "2026-07-29T10:00",  # the session opens: a running price may be had
    )

    assert await fetches(Source(), tmp_path, *moments) == [1, 1, 1, 2]


async def test_over_the_weekend_one_fetch_is_enough(tmp_path: Path) -> None:
    """From Friday's final close to Monday's opening."""
    moments = ("2026-07-24T17:30", "2026-07-26T12:00", "2026-07-27T09:59", "2026-07-27T10:00")

    assert await fetches(Source(), tmp_path, *moments) == [1, 1, 1, 2]


async def test_in_session_the_running_price_is_asked_for_every_quarter_of_an_hour(
    tmp_path: Path,
) -> None:
    """However many people ask; and once more as soon as the close is final."""
    moments = (
        "2026-07-28T12:00",
        "2026-07-28T12:14:59",
        "2026-07-28T12:15",
        "2026-07-28T17:20",
        "2026-07-28T17:29",
        "2026-07-28T17:30",
    )

    assert await fetches(Source(), tmp_path, *moments) == [1, 1, 2, 3, 3, 4]


async def test_files_are_not_asked_again_for_a_running_price(tmp_path: Path) -> None:
    """They have none."""

    def file(ticker: Ticker, now: datetime) -> DailyBars:
        return replace(as_yahoo(ticker, now), origin=Origin.FILE, running=None)

    moments = ("2026-07-28T09:00", "2026-07-28T12:00", "2026-07-28T17:29", "2026-07-28T17:30")

    assert await fetches(Source(file), tmp_path, *moments) == [1, 1, 1, 2]


async def test_a_late_close_is_asked_for_every_five_minutes(tmp_path: Path) -> None:
    """Yahoo sometimes has the close only in the evening."""
    moments = ("2026-07-28T18:00", "2026-07-28T18:04:59", "2026-07-28T18:05")

    assert await fetches(Source(a_day_late), tmp_path, *moments) == [1, 1, 2]


async def test_a_clock_set_back_makes_bars_of_its_future_stale(tmp_path: Path) -> None:
    """And forward again the later question is answered from memory only if it is fresh."""
    moments = ("2026-07-28T18:00", "2026-05-20T18:00", "2026-05-20T19:00", "2026-07-28T18:00")

    assert await fetches(Source(), tmp_path, *moments) == [1, 2, 2, 3]


async def test_everybody_who_asks_at_once_shares_one_fetch(tmp_path: Path) -> None:
    """A broadcast to a thousand chats is one request per share."""
    source = Source()
    source.answering.clear()
    kept = KeptCloses(source, tmp_path, B3)
    askers = [asyncio.create_task(kept.daily(ITUB4, NOON)) for _ in range(5)]
    other = asyncio.create_task(kept.daily(PETR4, NOON))
    for _ in range(2):
        await source.arrivals.get()
    source.answering.set()
    answers = await asyncio.gather(*askers, other)

    assert sorted(source.asked) == [ITUB4, PETR4]
    assert answers == [as_yahoo(ITUB4, NOON)] * 5 + [as_yahoo(PETR4, NOON)]


async def test_an_asker_who_leaves_cancels_nobody_else_s_fetch(tmp_path: Path) -> None:
    """Telegram handlers are cancelled when the bot restarts its polling."""
    source = Source()
    source.answering.clear()
    kept = KeptCloses(source, tmp_path, B3)
    impatient = asyncio.create_task(kept.daily(ITUB4, NOON))
    patient = asyncio.create_task(kept.daily(ITUB4, NOON))
    await source.arrivals.get()
    impatient.cancel()
    source.answering.set()

    assert await patient == as_yahoo(ITUB4, NOON)
    assert impatient.cancelled()
    assert source.asked == [ITUB4]


async def test_when_the_source_is_away_the_last_good_bars_are_given_as_such(
    tmp_path: Path,
) -> None:
    """With the time at which they were good, and without a price that is no longer running."""
    source = Source()
    kept = KeptCloses(source, tmp_path, B3)
    good = await kept.daily(ITUB4, NOON)
    source.failure = AWAY
    later = await kept.daily(ITUB4, NOON + timedelta(hours=1))

    assert good.running is not None
    assert later == replace(good, kept=True, running=None)


async def test_after_a_restart_they_are_still_there(tmp_path: Path) -> None:
    """Outages and deployments like each other's company; splits and unknown prices survive."""
    odd = Bar(HISTORY[-4].session, math.nan, math.nan, math.nan, 31.0, math.nan)

    def rich(ticker: Ticker, now: datetime) -> DailyBars:
        known = as_yahoo(ticker, now)
        bars = (*known.bars[:-1], odd)
        return replace(known, bars=bars, splits=(Split(HISTORY[20].session, 1.1),))

    first = await kept_on_disk(Source(rich), tmp_path, NOON)
    source = Source()
    source.failure = AWAY
    second = await KeptCloses(source, tmp_path, B3).daily(ITUB4, NOON + timedelta(days=1))

    assert repr(second) == repr(replace(first, kept=True, running=None))


async def test_with_nothing_kept_the_failure_goes_on(tmp_path: Path) -> None:
    """The first question of all, during an outage."""
    source = Source()
    source.failure = AWAY

    with pytest.raises(ClosesUnavailable, match="HTTP 429"):
        await KeptCloses(source, tmp_path, B3).daily(ITUB4, NOON)


async def test_a_source_that_is_away_is_left_alone_for_a_minute(tmp_path: Path) -> None:
    """With something kept or without; other shares are asked for all the same."""
    source = Source()
    source.failure = AWAY
    kept = KeptCloses(source, tmp_path, B3)
    for seconds in (0, 59, 60):
        with pytest.raises(ClosesUnavailable, match="HTTP 429"):
            await kept.daily(ITUB4, NOON + timedelta(seconds=seconds))
    with pytest.raises(ClosesUnavailable):
        await kept.daily(PETR4, NOON + timedelta(seconds=61))

    assert source.asked == [ITUB4, ITUB4, PETR4]


async def test_when_the_source_comes_back_the_mark_goes(tmp_path: Path) -> None:
    """Kept bars are for the outage only."""
    source = Source()
    kept = KeptCloses(source, tmp_path, B3)
    await kept.daily(ITUB4, NOON)
    source.failure = AWAY
    during = await kept.daily(ITUB4, NOON + timedelta(minutes=20))
    source.failure = None
    soon = await kept.daily(ITUB4, NOON + timedelta(minutes=20, seconds=59))
    after = await kept.daily(ITUB4, NOON + timedelta(minutes=21))

    assert [found.kept for found in (during, soon, after)] == [True, True, False]


async def test_an_unknown_name_is_remembered_for_an_hour(tmp_path: Path) -> None:
    """The same wrong name costs one request, a new listing an hour."""
    source = Source()
    source.failure = UnknownTicker("XXXX3")
    kept = KeptCloses(source, tmp_path, B3)
    for minutes in (0, 59, 60):
        with pytest.raises(UnknownTicker):
            await kept.daily(ITUB4, NOON + timedelta(minutes=minutes))

    assert len(source.asked) == 2


async def wrong_names(kept: KeptCloses, count: int, now: datetime) -> list[type[Exception]]:
    """How look-ups of so many different wrong names end, all at once."""
    wrong = [Ticker(f"X{number:03}3.SA") for number in range(count)]
    ended = await asyncio.gather(*(kept.daily(name, now) for name in wrong), return_exceptions=True)
    return [type(error) for error in ended if isinstance(error, Exception)]


async def test_no_more_than_twenty_unknown_names_are_looked_up_in_an_hour(tmp_path: Path) -> None:
    """Nobody can burn Yahoo's quota by typing nonsense; shares known before still work."""
    source = Source()
    kept = KeptCloses(source, tmp_path, B3)
    await kept.daily(ITUB4, NOON)
    source.failure = UnknownTicker("nonsense")
    ended = await wrong_names(kept, 50, NOON)
    source.failure = None

    assert len(source.asked) <= 1 + 20
    assert ended.count(UnknownTicker) + ended.count(TooManyLookups) == 50
    assert ended.count(UnknownTicker) == len(source.asked) - 1 >= 17
    assert (await kept.daily(ITUB4, NOON + timedelta(minutes=20))).kept is False
    with pytest.raises(TooManyLookups):
        await kept.daily(PETR4, NOON + timedelta(minutes=59))
    assert (await kept.daily(PETR4, NOON + timedelta(minutes=61))).ticker == PETR4


async def test_one_by_one_twenty_wrong_names_are_looked_up_and_no_more(tmp_path: Path) -> None:
    """The twenty-first is refused, and the refusal itself is not remembered."""
    source = Source()
    source.failure = UnknownTicker("nonsense")
    kept = KeptCloses(source, tmp_path, B3)
    ended = []
    for number in range(22):
        with pytest.raises((UnknownTicker, TooManyLookups)) as refused:
            await kept.daily(Ticker(f"X{number:03}3.SA"), NOON)
        ended.append(refused.type)

    assert ended == [UnknownTicker] * 20 + [TooManyLookups] * 2


async def test_many_true_shares_are_looked_up_at_once(tmp_path: Path) -> None:
    """The first broadcast of a new installation is no attack."""
    kept = KeptCloses(Source(), tmp_path, B3)
    shares = [Ticker(f"T{number:03}3.SA") for number in range(60)]
    found = await asyncio.gather(*(kept.daily(name, NOON) for name in shares))

    assert [bars.ticker for bars in found] == shares


async def test_invented_bars_are_never_written(tmp_path: Path) -> None:
    """They would come back as if they had been real."""
    await kept_on_disk(Source(invented), tmp_path, NOON)

    assert names(tmp_path) == []


async def test_kept_bars_are_worth_more_than_invented_ones(tmp_path: Path) -> None:
    """During an outage on a laptop, yesterday's true closes beat any simulation."""
    await kept_on_disk(Source(), tmp_path, NOON)
    kept = KeptCloses(Source(invented), tmp_path, B3)
    found = [await kept.daily(name, NOON + timedelta(hours=1)) for name in (ITUB4, PETR4)]

    assert [(bars.origin, bars.kept) for bars in found] == [
        (Origin.YAHOO, True),
        (Origin.SIMULATED, False),
    ]


async def test_invented_bars_are_asked_for_anew_every_minute(tmp_path: Path) -> None:
    """So that the real source is noticed when it comes back."""
    moments = ("2026-07-28T12:00", "2026-07-28T12:00:59", "2026-07-28T12:01")

    assert await fetches(Source(invented), tmp_path, *moments) == [1, 1, 2]


async def test_kept_bars_of_another_origin_are_not_mixed_in(tmp_path: Path) -> None:
    """Somebody changed CLOSES from files to Yahoo and kept the folder."""

    def file(ticker: Ticker, now: datetime) -> DailyBars:
        return replace(as_yahoo(ticker, now), origin=Origin.FILE)

    await kept_on_disk(Source(file), tmp_path, NOON, keeps=Origin.FILE)
    source = Source()
    source.failure = AWAY

    assert (tmp_path / "ITUB4.SA.json").exists()
    with pytest.raises(ClosesUnavailable):
        await KeptCloses(source, tmp_path, B3).daily(ITUB4, NOON)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '"ITUB4"',
        '{"ticker": "ITUB4.SA"}',
        '{"ticker":"ITUB4.SA","origin":"yahoo","fetched_at":"2026-07-28","bars":[],"splits":[]}',
        '{"ticker":"ITUB4.SA","origin":"yahoo","fetched_at":"x","bars":[[1]],"splits":[]}',
        '{"ticker":"ITUB4.SA","origin":"yahoo","fetched_at":"2026-07-28T20:00:00-03:00",'
        '"bars":[["2026-07-28",1,1,1,1' + "0" * 400 + ',1]],"splits":[]}',
        "\x00\xff",
        "[" * 100_000,
    ],
    ids=["empty", "cut", "list", "text", "few", "naive", "odd", "overflow", "bytes", "nested"],
)
async def test_a_broken_file_counts_as_absent_and_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: str
) -> None:
    """A full disk or a curious person must not stop the bot; the next good answer mends it."""
    path = tmp_path / "ITUB4.SA.json"
    path.write_text(content, encoding="latin-1")
    source = Source()
    source.failure = AWAY
    with pytest.raises(ClosesUnavailable):
        await KeptCloses(source, tmp_path, B3).daily(ITUB4, NOON)
    await kept_on_disk(Source(), tmp_path, NOON)

    assert "kept closes unreadable" in [record.message for record in caplog.records]
    assert json.loads(path.read_text(encoding="utf-8"))["ticker"] == ITUB4


async def test_a_folder_that_cannot_be_written_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Memory still works; the operator hears of it once, not with every question."""
    (tmp_path / "closes").write_text("a file where the folder should be", encoding="utf-8")
    caplog.set_level(logging.WARNING)
    kept = KeptCloses(Source(), tmp_path / "closes", B3)
    found = [await kept.daily(name, NOON) for name in (ITUB4, PETR4)]
    await kept.written()

    assert [bars.ticker for bars in found] == [ITUB4, PETR4]
    assert [record.message for record in caplog.records].count("closes cannot be kept") == 1


async def test_a_replay_does_not_replace_newer_bars_on_disk(tmp_path: Path) -> None:
    """`--at` last May, and tomorrow's outage would be answered from May."""
    await kept_on_disk(Source(), tmp_path, NOON)
    await kept_on_disk(Source(), tmp_path, at("2026-05-20T12:00"))
    source = Source()
    source.failure = AWAY
    found = await KeptCloses(source, tmp_path, B3).daily(ITUB4, NOON + timedelta(hours=2))

    assert (found.bars, found.fetched_at) == (as_yahoo(ITUB4, NOON).bars, NOON)


async def test_kept_bars_never_claim_to_be_of_the_future(tmp_path: Path) -> None:
    """During a replay people read when the bars were fetched; that was not after now."""
    await kept_on_disk(Source(), tmp_path, NOON)
    source = Source()
    source.failure = AWAY
    then = at("2026-05-20T12:00")

    assert (await KeptCloses(source, tmp_path, B3).daily(ITUB4, then)).fetched_at == then


async def test_too_few_bars_do_not_replace_good_ones_on_disk(tmp_path: Path) -> None:
    """An answer of three rows is no history."""

    def poor(ticker: Ticker, now: datetime) -> DailyBars:
        known = as_yahoo(ticker, now)
        return replace(known, bars=known.bars[-3:])

    await kept_on_disk(Source(), tmp_path, NOON)
    await kept_on_disk(Source(poor), tmp_path, NOON + timedelta(hours=1))
    source = Source()
    source.failure = AWAY
    found = await KeptCloses(source, tmp_path, B3).daily(ITUB4, NOON + timedelta(hours=2))

    assert found.bars == as_yahoo(ITUB4, NOON).bars


async def test_nobody_waits_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first person of the day waits for Yahoo and the model already."""
    written, free, write = list[datetime](), threading.Event(), Shelf.write

    def slowly(shelf: Shelf, bars: DailyBars) -> None:
        free.wait(PATIENCE)
        write(shelf, bars)
        written.append(bars.fetched_at)

    monkeypatch.setattr(Shelf, "write", slowly)
    kept, moments = KeptCloses(Source(), tmp_path, B3), (NOON, NOON + timedelta(hours=1))
    for moment in moments:
        await kept.daily(ITUB4, moment)
    before = list(written)
    free.set()
    await kept.written()

    assert (before, written) == ([], list(moments))


async def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """A crash in the middle of writing leaves the old file; no drafts stay behind."""
    kept = KeptCloses(Source(), tmp_path, B3)
    for days in range(3):
        await kept.daily(ITUB4, NOON + timedelta(days=days))
    await kept.written()

    assert names(tmp_path) == ["ITUB4.SA.json"]
