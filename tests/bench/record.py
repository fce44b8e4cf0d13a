"""A run as JSON: what is committed, and what the next run is compared with.

    run ─▶ docs/bench.json ─commit─▶ git show HEAD:docs/bench.json ─▶ Earlier ─▶ next run

Each figure keeps those of earlier runs, the newest last: of what is measured once, only they tell
how far apart repetitions lie.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.bench.rows import Row

KEPT = 5
"""Earlier figures of each row."""

_CHANGING = re.compile(r" ?\([^)]*\)|, [\d,]+ times")
"""Parts of names that are themselves measured, such as "(6,535/s)"."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one section of the bench found.

    Attributes:
        title: of the section.
        rows: its figures.
        seconds: how long it took.
        pictures: files beside the report.
        failure: what went wrong; empty when nothing did.
    """

    title: str
    rows: Sequence[Row]
    seconds: float
    pictures: Sequence[str] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that a run found.

    Attributes:
        day: on which it began, as ISO 8601, by the clock of whoever ran it.
        full: whether it was the long form.
        machine, versions: where and with what.
        parts: section by section.
    """

    day: str
    full: bool
    machine: Mapping[str, str]
    versions: Mapping[str, str]
    parts: Sequence[Part]

    @property
    def rows(self) -> list[Row]:
        """All figures."""
        return [row for part in self.parts for row in part.rows]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier run, as far as another is compared with it.

    Attributes:
        day: of that run.
        figures: by the key of the row, oldest first, that run's own last.
        spreads: by the same, where it was measured.
    """

    day: str
    figures: Mapping[str, Sequence[float]]
    spreads: Mapping[str, float] = field(default_factory=dict)


def key(name: str) -> str:
    """What stays of a row's name from run to run."""
    return _CHANGING.sub("", name)


def written(run: Run, earlier: Earlier | None) -> str:
    """The run as JSON, with the figures of earlier ones."""
    before = earlier.figures if earlier else {}
    parts = [
        {
            **{name: value for name, value in asdict(part).items() if name != "rows"},
            "rows": [
                asdict(row) | {"before": list(before.get(key(row.name), ()))[-KEPT:]}
                for row in part.rows
            ],
        }
        for part in run.parts
    ]
    return json.dumps(asdict(run) | {"parts": parts}, indent=1, ensure_ascii=False) + "\n"


def read(text: str) -> Earlier | None:
    """What `written` wrote; None when there is nothing."""
    if not text.strip():
        return None
    told = json.loads(text)
    rows: list[dict[str, Any]] = [row for part in told["parts"] for row in part["rows"]]
    return Earlier(
        told["day"],
        {key(row["name"]): [*row["before"], row["measured"]] for row in rows},
        {key(row["name"]): row["spread"] for row in rows if row["spread"] is not None},
    )
