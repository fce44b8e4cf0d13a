"""The command that runs it all."""

from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench.curves import Curve
from tests.bench.record import Part
from tests.bench.rows import Row
from tests.bench.sections import SECTIONS, Found, Section


def broken(_: bool) -> Found:  # noqa: FBT001, as all measures have it
    """A section without a disk."""
    raise OSError("no disk")


def test_no_two_sections_have_the_same_name() -> None:
    """One would write over the other's pictures."""
    names = [section.name for section in SECTIONS]

    assert len(set(names)) == len(names)


def test_a_section_that_fails_is_told_and_the_others_go_on() -> None:
    """A quarter of an hour of figures is not thrown away because of one."""
    part = bench._measured(Section("broken", "Broken", broken), full=False)

    assert part == Part("Broken", (), part.seconds, failure="OSError('no disk')")


def test_pictures_stand_beside_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page links them by these names."""
    monkeypatch.setattr(bench, "DOCS", tmp_path)
    curve = Curve("time", "s", "rows", ((1, 1), (10, 10)))
    part = bench._measured(Section("time", "Time", lambda _: (curve.rows(), [curve])), full=False)

    assert part.pictures == ["bench/time-1.png"]
    assert (tmp_path / "bench" / "time-1.png").exists()


def test_chosen_sections_are_printed_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Part of a run must not replace the figures of a whole one."""
    section = Section("sizes", "Sizes", lambda _: ([Row("a", 1, "MB")], ()))
    monkeypatch.setattr(bench, "SECTIONS", [section])
    monkeypatch.setattr(bench, "_write", broken)

    assert bench.main(["--only", "sizes"]) == 0
    assert "| a | 1 MB |  |  |  |" in capsys.readouterr().out
