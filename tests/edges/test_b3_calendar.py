from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.edges.b3_calendar import BadOverride, load, runs_out
from tests.b3_calendar import TABLE, table
from tests.share_bars import at


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # exchange_calendars with pandas 3
def test_the_table_is_what_the_pinned_calendar_says() -> None:
    """Edited by hand or made by another version, it would drift unnoticed; `make calendar`."""
    assert TABLE.read_text(encoding="utf-8") == table()


def test_the_calendar_reaches_from_2000_to_2035() -> None:
    """Training looks back that far; dates are needed a few sessions ahead."""
    sessions = load()

    assert (sessions.days[0], sessions.last_known) == (date(2000, 1, 3), date(2035, 12, 28))


@pytest.mark.parametrize("day", [date(2020, 11, 20), date(2012, 2, 22)])
def test_days_that_no_source_has_prices_of_are_no_sessions(day: date) -> None:
    """The ready-made calendar has them; they would be reported as missing for ever."""
    assert not load().is_session(day)


def test_another_file_of_overrides_takes_the_place_of_ours(tmp_path: Path) -> None:
    """Who runs the bot learns of an extraordinary day before we do."""
    ours = tmp_path / "days.txt"
    ours.write_text(
        "\ufeff# emergency\r\n\r\n2026-07-28 closed  # flood\r\n2026-07-25 open\r\n"
        "2026-07-29 opens 13:00\r\n2026-07-29 closes 16:30\r\n",
        encoding="utf-8",
    )
    sessions = load(ours)

    assert sessions.between(date(2026, 7, 24), date(2026, 7, 29)) == (
        date(2026, 7, 24),
        date(2026, 7, 25),
        date(2026, 7, 27),
        date(2026, 7, 29),
    )
    assert sessions.opens == {date(2026, 7, 29): time(13)}
    assert sessions.closes == {date(2026, 7, 29): time(16, 30)}
    assert sessions.is_session(date(2020, 11, 20))


@pytest.mark.parametrize(
    "line",
    [
        "2026-07-28",
        "28/07/2026 closed",
        "2026-07-28 shut",
        "2026-07-28 closed 13:00",
        "2026-07-28 opens",
        "2026-07-28 opens noon",
        "2026-07-28 opens 13:00 sharp",
        "2026-02-30 closed",
    ],
)
def test_a_bad_line_is_named_with_its_number(tmp_path: Path, line: str) -> None:
    """A calendar that silently ignores a line is wrong without anybody knowing."""
    bad = tmp_path / "days.txt"
    bad.write_text(f"# ours\n{line}\n", encoding="utf-8")

    with pytest.raises(BadOverride, match=rf"days\.txt, line 2: '{line}'"):
        load(bad)


def test_hours_of_a_day_without_session_are_refused(tmp_path: Path) -> None:
    """Somebody mistyped the date."""
    bad = tmp_path / "days.txt"
    bad.write_text("2026-07-25 opens 13:00\n", encoding="utf-8")

    with pytest.raises(BadOverride, match="2026-07-25 has hours but no session"):
        load(bad)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A mistyped path must not mean no overrides."""
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "days.txt")


def test_the_end_of_the_calendar_is_announced_sixty_days_ahead() -> None:
    """Somebody has to write the table again before dates run out."""
    sessions = load()
    end = at(f"{sessions.last_known}T12:00")

    assert [runs_out(sessions, end - timedelta(days=days)) for days in (60, 59, 0)] == [
        False,
        True,
        True,
    ]
