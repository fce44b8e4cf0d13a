"""What a run leaves for the next one."""

import json

from tests.bench.record import KEPT, Earlier, Part, Run, key, read, written
from tests.bench.rows import Row


def run(measured: float, name: str = "answer") -> Run:
    """A run with one figure."""
    part = Part("Answers", [Row(name, measured, "ms", spread=0.5)], 3.0, ["bench/answers-1.png"])
    return Run("2026-11-23", False, {"cores": "2"}, {"Python": "3.11"}, [part])


def test_a_run_is_read_as_it_was_written() -> None:
    """The next one is compared with it."""
    assert read(written(run(10), None)) == Earlier("2026-11-23", {"answer": [10]}, {"answer": 0.5})


def test_figures_of_earlier_runs_are_kept_for_a_while() -> None:
    """Their range is the only spread of what a run measures once."""
    earlier = None
    for measured in range(9):
        earlier = read(written(run(measured), earlier))

    assert earlier is not None
    assert earlier.figures == {"answer": [*range(8 - KEPT, 8), 8]}


def test_no_earlier_run_is_none() -> None:
    """The first one has nothing to be compared with."""
    assert read("\n") is None


def test_the_record_is_plain_json() -> None:
    """Other programs draw their own pictures of it."""
    told = json.loads(written(run(10), None))

    assert told["parts"][0]["rows"] == [
        {
            "name": "answer",
            "measured": 10,
            "unit": "ms",
            "bar": None,
            "least": None,
            "spread": 0.5,
            "before": [],
        }
    ]


def test_what_changes_in_a_name_is_not_part_of_its_key() -> None:
    """Rates and counts that are measured themselves differ each time; sizes do not."""
    names = ["x (6,535/s): ms", "/hoje meanwhile, 37 times: median", "slot of 5,000 of 1,000,000"]

    assert [key(name) for name in names] == [
        "x: ms",
        "/hoje meanwhile: median",
        "slot of 5,000 of 1,000,000",
    ]
