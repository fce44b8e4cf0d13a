"""The rules on real files, where `../shared/closes` lies beside the project; skipped elsewhere."""

import csv
import math
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest

from bot.domain.bars import Bar
from bot.domain.closes import checked_window
from bot.domain.corporate_actions import on_newest_basis
from bot.domain.sessions import SAO_PAULO
from tests.share_bars import B3, closes_only, daily

FILES = Path(__file__).parents[2].parent / "shared" / "closes"

pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="no real files in ../shared/closes")


def bars_of(path: Path) -> tuple[Bar, ...]:
    """The rows of one file, as they are."""

    def number(cell: str) -> float:
        return float(cell) if cell else math.nan

    with path.open(encoding="utf-8") as lines:
        return tuple(
            Bar(
                date.fromisoformat(row["date"]),
                *(number(row[name]) for name in ("open", "high", "low", "close", "volume")),
            )
            for row in csv.DictReader(lines)
        )


def adjusted(bars: tuple[Bar, ...]) -> Iterator[tuple[str, float]]:
    """Corporate actions recognised anywhere in the bars."""
    for found in on_newest_basis(bars, (), len(bars))[1]:
        yield str(found.session), round(found.factor, 2)


def night(day: str) -> datetime:
    """When the close of `day` is final."""
    return datetime.combine(date.fromisoformat(day), time(20), SAO_PAULO)


def test_what_is_taken_out_of_all_files_is_what_the_docstring_says() -> None:
    """Three true corporate actions, two crashes in New York, no crash of B3."""
    found = {path.stem: [*adjusted(bars_of(path))] for path in sorted(FILES.glob("*.csv"))}

    assert {name: jumps for name, jumps in found.items() if jumps} == {
        "BBD": [("2015-03-27", 0.81)],
        "ITUB3.SA": [("2021-10-04", 0.82)],
        "ITUB4.SA": [("2021-10-04", 0.83)],
        "NVDA": [("2008-07-03", 0.72)],
        "PBR": [("2021-02-22", 0.78)],
    }


def test_nothing_is_taken_out_of_closes_alone() -> None:
    """Of 111,640 nights none looks like a split when only closes are known."""
    files = sorted(FILES.glob("*.csv"))

    assert [path.stem for path in files if [*adjusted(closes_only(bars_of(path)))]] == []


def test_the_split_of_itub4_is_taken_out_and_its_bonus_missed() -> None:
    """−9 % overnight is too little to tell from news."""
    bars = bars_of(FILES / "defects" / "ITUB4.SA.unadjusted-split.csv")

    assert [*adjusted(bars)] == [("2018-11-21", 0.67), ("2021-10-04", 0.83)]
    assert [*adjusted(closes_only(bars))] == [("2018-11-21", 0.67)]


@pytest.mark.parametrize(
    ("name", "day", "lost"),
    [
        ("PETR4.SA", "2020-03-09", -0.297),
        ("VALE3.SA", "2019-01-28", -0.246),
        ("HAPV3.SA", "2025-11-13", -0.422),
        ("BBDC4.SA", "2022-11-09", -0.174),
        ("PRIO3.SA", "2016-03-24", 0.837),
        ("PRIO3.SA", "2020-03-09", -0.365),
    ],
)
def test_real_crashes_and_jumps_stay_in_the_window(name: str, day: str, lost: float) -> None:
    """Without them the model would know nothing of how far a share can fall."""
    window = checked_window(daily(bars_of(FILES / f"{name}.csv"), night(day)), B3, night(day))
    before, newest = window.bars[-2:]

    assert newest.session == date.fromisoformat(day)
    assert newest.close / before.close - 1 == pytest.approx(lost, abs=0.001)


def test_the_invented_rows_of_holidays_are_dropped() -> None:
    """Nine of them in nine months, and one session without prices."""
    bars = bars_of(FILES / "defects" / "ITUB4.SA.holiday-rows.csv")
    window = checked_window(daily(bars, night("2018-02-28")), B3, night("2018-02-28"))

    assert [str(row.session) for row in window.dropped if row.reason == "no session of B3"] == [
        "2017-06-15",
        "2017-09-07",
        "2017-10-12",
        "2017-11-02",
        "2017-11-15",
        "2017-11-20",
        "2017-12-25",
        "2017-12-29",
        "2018-01-25",
    ]
    assert [row.reason for row in window.dropped].count("no close") == 1


def test_the_partial_row_of_an_open_session_is_not_seen() -> None:
    """Downloads end with a bar of the day on which they were made."""
    now = datetime(2026, 7, 29, 15, 0, tzinfo=SAO_PAULO)
    bars = bars_of(FILES / "defects" / "ITUB4.SA.partial-last-day.csv")

    assert bars[-1].session == date(2026, 7, 29)
    assert checked_window(daily(bars, now), B3, now).newest.session == date(2026, 7, 28)


@pytest.mark.parametrize("name", ["ITUB4.SA", "PETR4.SA", "VALE3.SA", "RENT3.SA"])
def test_no_true_session_is_taken_for_a_holiday(name: str) -> None:
    """Every row of these files is a session of the calendar, and every session has a row."""
    days = [bar.session for bar in bars_of(FILES / f"{name}.csv")]
    since = date(2013, 1, 1)

    assert [day for day in days if day >= since] == [*B3.between(max(since, days[0]), days[-1])]
