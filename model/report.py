"""An evaluation as people and programs read it: a table on the terminal, a JSON file."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from model.artifact import Artifact
from model.closes import read_shares
from model.evaluate import POOLING, SIGNIFICANCE, Report, Score, evaluate

_COLUMNS = {
    "n": ("n", "d"),
    "MAE": ("mae", ".4g"),
    "RMSE": ("rmse", ".4g"),
    "MAPE": ("mape", ".2%"),
    "MAE/\nnaive": ("mae_over_naive", ".4f"),
    "p": ("p_naive", ".3f"),
    "MAE/\ndrift": ("mae_over_drift", ".4f"),
    "pinball/\nEWMA-t": ("pinball_over_ewma", ".4f"),
    "p ": ("p_ewma", ".3f"),
    "pinball/\nGARCH-t": ("pinball_over_garch", ".4f"),
    "p  ": ("p_garch", ".3f"),
    "80 %\nholds": ("coverage80", ".1%"),
    "95 %\nholds": ("coverage95", ".1%"),
    "dir.": ("direction_hits", ".1%"),
}
"""Heading, figure and format; each p belongs to the ratio on its left."""

WIDTH = 150
"""Characters that the table needs to show every figure in full."""

_CAPTION = "p: two-sided Diebold-Mariano test of the loss against the rival on its left"


def as_json(report: Report, version: str, first: date, last: date) -> str:
    """The report's file: `pooled` and `shares`, by step "1" … "6", and what was measured."""
    content = {
        "about": {
            "version": version, "from": str(first), "until": str(last), "pooling": POOLING,
            "significance": SIGNIFICANCE,
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
    table = Table(title=title, caption=_CAPTION, box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("share", no_wrap=True)
    for heading in ("step", *_COLUMNS):
        table.add_column(heading, justify="right", no_wrap=True)
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
    values = [(getattr(score, figure), form) for figure, form in _COLUMNS.values()]
    return ["-" if value is None else format(value, form) for value, form in values]
