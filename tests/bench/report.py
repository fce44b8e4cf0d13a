"""docs/bench.md: a run as a page for people who want to know what this costs."""

from collections.abc import Mapping, Sequence

from tests.bench.comparing import Change
from tests.bench.record import Earlier, Part, Run
from tests.bench.rows import Row

HEAD = """# Measured

`make bench` wrote this page and `docs/bench.json`; nothing in it was typed by hand except the last
section. Ratios are of pairs that were measured in turn within one run, absolute times depend on
the machine and on what else it did. A spread is the distance between the quartiles of the
repetitions within the run. No test asserts any of it.
"""


def page(run: Run, earlier: Earlier | None, changes: Sequence[Change], tried: str) -> str:
    """The whole page."""
    return "\n".join(
        [
            HEAD,
            _where(run),
            _bars(run.rows),
            _since(earlier, changes),
            *map(_section, run.parts),
            tried.strip(),
            "",
        ]
    )


def summary(run: Run, earlier: Earlier | None, changes: Sequence[Change]) -> str:
    """The part that whoever ran it wants to read at once."""
    failed = [f"- {part.title}: {part.failure}" for part in run.parts if part.failure]
    told = [_bars(run.rows), _since(earlier, changes)]
    return "\n".join([*told, *(["Failed:", "", *failed, ""] if failed else [])])


def _where(run: Run) -> str:
    kind = "the long form, `--full`" if run.full else "the usual form"
    seconds = sum(part.seconds for part in run.parts)
    told = {"day": run.day, "form": f"{kind}, {seconds / 60:.0f} min", **run.machine}
    return _facts(told | {"versions": ", ".join(f"{n} {v}" for n, v in run.versions.items())})


def _facts(facts: Mapping[str, str]) -> str:
    return "\n".join(["| | |", "|---|---|", *(f"| {n} | {v} |" for n, v in facts.items()), ""])


def _bars(rows: Sequence[Row]) -> str:
    barred = [row for row in rows if row.bars]
    missed = [row for row in barred if not row.held]
    told = [f"**{len(barred) - len(missed)} of {len(barred)} bars are held.**"]
    if missed:
        told += ["", "Not held:", "", *(_line(row) for row in missed)]
    return "\n".join([*told, ""])


def _line(row: Row) -> str:
    return f"- {row.name}: {figure(row.measured, row.unit)} ({row.bars})"


def _since(earlier: Earlier | None, changes: Sequence[Change]) -> str:
    title = "## Since the last committed run\n"
    if earlier is None:
        return f"{title}\nThere is none.\n"
    if not changes:
        return f"{title}\nNothing got worse than on {earlier.day} by more than its spread.\n"
    told = [
        f"- {change.row.name}: {figure(change.before, change.row.unit)} → "
        f"{figure(change.row.measured, change.row.unit)} "
        f"(spread {figure(change.spread, change.row.unit)})"
        for change in changes
    ]
    return "\n".join(
        [title, f"Worse than on {earlier.day} by more than its spread:", "", *told, ""]
    )


def _section(part: Part) -> str:
    told = [f"## {part.title}", "", f"Took {part.seconds:.0f} s.", ""]
    if part.failure:
        told += [f"**Failed:** `{part.failure}`", ""]
    if part.rows:
        told += table(part.rows)
    told += [f"![{name}]({name})" for name in part.pictures]
    return "\n".join([*told, ""])


def table(rows: Sequence[Row]) -> list[str]:
    """The rows as lines of a table."""
    return [
        "| Measured | Figure | Spread | Bar | |",
        "|---|---:|---:|---:|---|",
        *(_cells(row) for row in rows),
        "",
    ]


def _cells(row: Row) -> str:
    spread = "" if row.spread is None else figure(row.spread, row.unit)
    mark = "" if not row.bars else ("✓" if row.held else "**✗**")
    measured = figure(row.measured, row.unit)
    return f"| {row.name} | {measured} | {spread} | {row.bars} | {mark} |"


def figure(value: float, unit: str) -> str:
    """Three digits that count, thousands apart, and the unit."""
    digits = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{digits} {unit}".strip()
