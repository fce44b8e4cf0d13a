"""`make bench`: measures everything on this machine, for docs/bench.md and docs/bench.json.

Says on standard error what it does and how long each section took, and on standard output which
bars are not held and what got worse since the last committed run.  With `--only` it prints the
figures of some sections and writes nothing.  Exit code 1 when a section failed.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from bot.domain.sessions import SAO_PAULO
from tests.bench import report
from tests.bench.comparing import worse
from tests.bench.curves import draw
from tests.bench.machine import ROOT, git, machine, versions
from tests.bench.record import Part, Run, read, written
from tests.bench.sections import SECTIONS, Section

DOCS = ROOT / "docs"
RECORD = "docs/bench.json"
PICTURES = "bench"
TRIED = Path(__file__).parent / "tried.md"


def main(arguments: Sequence[str]) -> int:
    """Measure, write and tell; gives the exit code."""
    options = _parser().parse_args(arguments)
    if options.only:
        return _print([one for one in SECTIONS if one.name in options.only], full=options.full)
    day = options.day or _today()
    about = machine(), versions()
    parts = [_measured(section, full=options.full) for section in SECTIONS]
    return _write(Run(day.isoformat(), options.full, *about, parts))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = [section.name for section in SECTIONS]
    parser.add_argument("--full", action="store_true", help="the long forms: hours, not minutes")
    parser.add_argument(
        "--only", nargs="+", choices=names, metavar="SECTION", help=", ".join(names)
    )
    parser.add_argument("--day", type=date.fromisoformat, help="of the report (today)")
    return parser


def _today() -> date:
    return datetime.now(SAO_PAULO).date()  # noqa: TID251, whoever runs this is the clock


def _print(sections: Sequence[Section], *, full: bool) -> int:
    parts = [_measured(section, full=full, draws=False) for section in sections]
    for part in parts:
        sys.stdout.write("\n".join([f"## {part.title}", "", *report.table(part.rows)]) + "\n")
    return int(any(part.failure for part in parts))


def _measured(section: Section, *, full: bool, draws: bool = True) -> Part:
    """One section; one that fails says so in the report, and the others go on."""
    sys.stderr.write(f"{section.title} … ")
    sys.stderr.flush()
    began = time.perf_counter()
    try:
        rows, curves = section.measure(full)
    except Exception as error:  # noqa: BLE001, a quarter of an hour is not thrown away for one
        sys.stderr.write(traceback.format_exc())
        return Part(section.title, (), time.perf_counter() - began, failure=repr(error))
    taken = time.perf_counter() - began
    sys.stderr.write(f"{taken:.0f} s\n")
    pictures = [f"{PICTURES}/{section.name}-{number}.png" for number, _ in enumerate(curves, 1)]
    for curve, picture in zip(curves, pictures, strict=True):
        if draws:
            (DOCS / picture).parent.mkdir(exist_ok=True)
            draw(curve, DOCS / picture)
    return Part(section.title, rows, taken, pictures)


def _write(run: Run) -> int:
    earlier = read(git("show", f"HEAD:{RECORD}"))
    changes = worse(run.rows, earlier) if earlier else []
    tried = TRIED.read_text(encoding="utf-8")
    (ROOT / RECORD).write_text(written(run, earlier), encoding="utf-8")
    (DOCS / "bench.md").write_text(report.page(run, earlier, changes, tried), encoding="utf-8")
    sys.stdout.write(report.summary(run, earlier, changes))
    return int(any(part.failure for part in run.parts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
