"""An evaluation as people and programs read it: a table on the terminal, a JSON file."""

import json
from collections.abc import Callable
from dataclasses import asdict, astuple
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rich.table import Table

from model.artifact import Artifact
from model.closes import read_shares
from model.evaluate import POOLING, Report, Score, evaluate

_COLUMNS = (
    "n", "MAE", "RMSE", "MAPE", "MAE/naive", "pin/EWMA", "pin/GARCH", "80 %", "95 %", "dir",
)  # fmt: skip
_FORMATS = ("d", ".4f", ".4f", ".2%", ".4f", ".4f", ".4f", ".1%", ".1%", ".1%")


def as_json(report: Report, version: str, first: date, last: date) -> str:
    """The report's file: `pooled` and `shares`, by step "1" … "6", and what was measured."""
    content = {
        "about": {
            "version": version, "from": str(first), "until": str(last), "pooling": POOLING,
        },
        "pooled": by_step(report.pooled),
        "shares": {ticker: by_step(scores) for ticker, scores in report.shares.items()},
    }  # fmt: skip
    return json.dumps(content, indent=1, allow_nan=False) + "\n"


def by_step(scores: tuple[Score, ...]) -> dict[str, dict[str, Any]]:
    """Scores under "1" … "6", as plain values."""
    return {str(step): asdict(score) for step, score in enumerate(scores, 1)}


def as_table(report: Report, title: str) -> Table:
    """Pooled scores of each step, then first and last step of each share."""
    table = Table("share", "step", *_COLUMNS, title=title)
    for step, score in enumerate(report.pooled, 1):
        table.add_row("all", str(step), *_cells(score))
    for ticker, scores in report.shares.items():
        table.add_section()
        table.add_row(ticker, "1", *_cells(scores[0]))
        table.add_row("", str(len(scores)), *_cells(scores[-1]))
    return table


def measured_after(until: date, closes: Path) -> Callable[[Artifact], dict[str, Any]]:
    """What measures an artifact on the closes of a folder that are newer than `until`.

    Gives the figures of its card: pooled over all shares, of the first step and the last.

    Raises:
        ClosesUnreadable: from here.
        NothingToScore: from what is returned.
    """
    shares = read_shares(closes)
    first = until + timedelta(days=1)
    last = max(share.days[-1] for share in shares).item()

    def measure(artifact: Artifact) -> dict[str, Any]:
        report = evaluate(artifact, shares, first, last)
        steps = by_step(report.pooled)
        return {
            "from": str(first),
            "until": str(last),
            "shares": list(report.shares),
            "pooling": POOLING,
            "pooled": {step: steps[step] for step in ("1", str(len(steps)))},
        }

    return measure


def write(path: Path, content: str) -> None:
    """Write the whole file or nothing."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(content, encoding="utf-8")
    unfinished.replace(path)


def _cells(score: Score) -> list[str]:
    values = zip(astuple(score), _FORMATS, strict=True)
    return ["-" if value is None else format(value, form) for value, form in values]
