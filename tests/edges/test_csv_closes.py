import math
import os
from datetime import date
from pathlib import Path

import pytest

from bot.domain.bars import Bar, DailyBars, Origin
from bot.domain.tickers import Ticker
from bot.edges.csv_closes import CsvCloses
from bot.errors import ClosesUnavailable, UnknownTicker
from tests.share_bars import ITUB4, at

NOW = at("2026-07-28T20:00")
BAR = Bar(date(2026, 7, 28), 30.0, 31.0, 29.5, 30.5, 1000.0)
LINE = "2026-07-28,30,31,29.5,30.5,1000\n"
HEAD = "date,open,high,low,close,volume\n"


async def read(folder: Path, content: str | bytes, now: str = "2026-07-28T20:00") -> DailyBars:
    """What is read from a file of ITUB4 with this content."""
    raw = content.encode() if isinstance(content, str) else content
    (folder / "ITUB4.SA.csv").write_bytes(raw)
    return await CsvCloses(folder).daily(ITUB4, at(now))


@pytest.mark.parametrize(
    "content",
    [
        HEAD + LINE,
        "close,volume,date,low,high,open\n30.5,1000,2026-07-28,29.5,31,30\n",
        "\ufeffDate, Open, High, Low, Close, Volume\r\n2026-07-28, 30, 31, 29.5, 30.5, 1000\r\n",
        HEAD.strip() + ",note\n" + LINE.strip() + ',"first, of many"\n\n',
    ],
)
async def test_a_file_is_read_as_people_and_programs_write_them(
    tmp_path: Path, content: str
) -> None:
    """Any order of columns, BOM and CRLF from spreadsheets, spaces, more columns, empty lines."""
    assert await read(tmp_path, content) == DailyBars(ITUB4, (BAR,), Origin.FILE, NOW)


async def test_only_date_and_close_are_required(tmp_path: Path) -> None:
    """What is not there is unknown, as are empty cells and short lines."""
    (alone,) = (await read(tmp_path, "date,close\n2026-07-28,30.5\n")).bars
    empty, short = (await read(tmp_path, HEAD + "2026-07-27,,,,,\n2026-07-28,30,31,29,30.5\n")).bars

    assert (alone.close, math.isnan(alone.open), math.isnan(alone.volume)) == (30.5, True, True)
    assert not empty.has_close
    assert (short.close, math.isnan(short.volume)) == (30.5, True)


async def test_lines_in_disorder_are_sorted(tmp_path: Path) -> None:
    """Some sites list the newest day first."""
    found = await read(tmp_path, "date,close\n2026-07-28,3\n2026-07-27,2\n2026-07-24,1\n")

    assert [bar.close for bar in found.bars] == [1, 2, 3]


async def test_days_after_the_clock_are_not_read(tmp_path: Path) -> None:
    """A replay is given the past; a year of it is enough."""
    lines = "".join(f"{bar},1\n" for bar in ("2026-07-27", "2026-07-28", "2026-07-29"))
    found = await read(tmp_path, "date,close\n" + lines, now="2026-07-28T12:00")

    assert [bar.session.day for bar in found.bars] == [27, 28]


async def test_no_more_than_a_year_is_handed_on(tmp_path: Path) -> None:
    """Files reach back to 2000; checking them all for each question is waste."""
    lines = "".join(f"{date.fromordinal(736_000 + day)},{day + 1}\n" for day in range(400))

    assert len((await read(tmp_path, "date,close\n" + lines)).bars) == 260


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", r"ITUB4\.SA\.csv: line 1: no column 'date'"),
        ("date,price\n2026-07-28,30\n", "line 1: no column 'close'"),
        ("date,close\n2026-07-27,30\n28/07/2026,31\n", "line 3: Invalid isoformat"),
        ("date,close\n2026-07-28,abc\n", "line 2: could not convert"),
        ("date,close\n2026-07-28,'30,5'\n", "line 2: could not convert"),
        ("date,open,close\n2026-07-28,30\n", "line 2: 'close'"),
        (b"date,close\n2026-07-28,\xff\n", "codec can't decode"),
        ("date,close\n2026-07-28," + "1" * 200_000, "field larger than field limit"),
    ],
)
async def test_a_file_that_cannot_be_read_says_where(
    tmp_path: Path, content: str | bytes, reason: str
) -> None:
    """Whoever made the file finds the line."""
    with pytest.raises(ClosesUnavailable, match=reason):
        await read(tmp_path, content)


async def test_a_folder_in_place_of_the_file_is_unavailable(tmp_path: Path) -> None:
    """Not the person's mistake, so it is not said that the share is unknown."""
    (tmp_path / "ITUB4.SA.csv").mkdir()

    with pytest.raises(ClosesUnavailable, match="directory"):
        await CsvCloses(tmp_path).daily(ITUB4, NOW)


@pytest.mark.parametrize("name", ["PETR4.SA", "../secret", "/etc/passwd", "ITUB4.SA/../../x", ""])
async def test_without_a_file_the_share_is_unknown(tmp_path: Path, name: str) -> None:
    """And no name ever leaves the folder."""
    folder = tmp_path / "closes"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text(HEAD + LINE, encoding="utf-8")

    with pytest.raises(UnknownTicker):
        await CsvCloses(folder).daily(Ticker(name), NOW)


async def test_a_changed_file_is_read_again_and_an_unchanged_one_is_not(tmp_path: Path) -> None:
    """People append the day's close while the bot runs; parsing a file each time is waste."""
    path = tmp_path / "ITUB4.SA.csv"
    closes = CsvCloses(tmp_path)
    path.write_text("date,close\n2026-07-28,1.5\n", encoding="utf-8")
    first = await closes.daily(ITUB4, NOW)
    stamp = path.stat().st_mtime_ns
    path.write_text("date,close\n2026-07-28,2.5\n", encoding="utf-8")
    os.utime(path, ns=(stamp, stamp))  # same size, same time: taken for unchanged
    second = await closes.daily(ITUB4, NOW)
    os.utime(path, ns=(stamp, stamp + 1))
    third = await closes.daily(ITUB4, NOW)

    assert [found.bars[0].close for found in (first, second, third)] == [1.5, 1.5, 2.5]
