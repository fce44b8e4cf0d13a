"""`make bench`: every figure of the README, measured on this machine, as a table."""

import sys

from tests.bench import bot, endpoint
from tests.bench.rows import Row


def table(rows: list[Row]) -> str:
    """The rows as a table for the README."""
    lines = ["| Measured | Figure | Bar |", "|---|---:|---:|"]
    for row in rows:
        bar = "" if row.bar is None else f"≤ {row.bar:g} {row.unit}"
        lines.append(f"| {row.name} | {row.measured:.3g} {row.unit} | {bar} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(table([*bot.rows(), *endpoint.rows()]) + "\n")
