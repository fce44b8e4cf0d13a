"""`make bench`: every figure of the README, measured on this machine, as a table."""

import sys
from datetime import date
from pathlib import Path

from tests.bench import bot, endpoint, opening
from tests.bench.rows import Row

CLOSES = Path(__file__).parents[3] / "shared" / "closes"
"""Daily files, beside the repository; without them nothing is measured on closes."""
UNSEEN_AFTER = date(2023, 6, 30)
"""What the artifact for comparisons was trained until."""


def table(rows: list[Row]) -> str:
    """The rows as a table for the README."""
    lines = ["| Measured | Figure | Bar |", "|---|---:|---:|"]
    for row in rows:
        bar = "" if row.bar is None else f"≤ {row.bar:g} {row.unit}"
        lines.append(f"| {row.name} | {row.measured:.3g} {row.unit} | {bar} |")
    return "\n".join(lines)


def measured() -> list[Row]:
    """Every figure that can be measured here."""
    opened = opening.rows(CLOSES, UNSEEN_AFTER) if CLOSES.is_dir() else []
    return [*bot.rows(), *endpoint.rows(), *opened]


if __name__ == "__main__":
    sys.stdout.write(table(measured()) + "\n")
