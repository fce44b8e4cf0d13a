"""Writes the table of B3's holidays that the bot carries: `python -m tests.b3_calendar`.

The bot reads the table instead of importing exchange_calendars, which would cost it a second and
40 MB of pandas at every start.  A test writes the table again in memory and compares.
"""

from datetime import date
from importlib import metadata
from pathlib import Path

import exchange_calendars
import pandas as pd

import bot.edges

FIRST = date(2000, 1, 1)
LAST = date(2035, 12, 31)
TABLE = Path(bot.edges.__file__).with_name("b3_holidays.txt")


def holidays() -> list[date]:
    """Weekdays without a session at B3 from `FIRST` to `LAST`, ascending."""
    calendar = exchange_calendars.get_calendar("BVMF", start=str(FIRST), end=str(LAST))
    weekdays = pd.bdate_range(FIRST, LAST)
    return [day.date() for day in weekdays.difference(calendar.sessions)]


def table() -> str:
    """The whole text of the table."""
    version = metadata.version("exchange_calendars")
    heading = (
        f"# Weekdays on which B3 does not trade, {FIRST} to {LAST}.\n"
        f"# Written by `make calendar` from exchange_calendars {version} (BVMF), never by hand:\n"
        "# what is wrong in it is put right in b3_overrides.txt.\n"
    )
    return heading + "".join(f"{day}\n" for day in holidays())


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
