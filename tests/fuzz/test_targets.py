"""A small hunt with every run of the tests; `python -m tests.bench.fuzz` is the large one."""

from contextlib import nullcontext
from random import Random

import pytest

from tests.bench.fuzz import hunt
from tests.fuzz import targets
from tests.fuzz.target import Target
from tests.fuzz.variants import varied

CASES = 60


@pytest.mark.parametrize("target", targets.ALL, ids=lambda target: target.name)
def test_nothing_that_comes_from_outside_breaks_the_bot(target: Target) -> None:
    """Whatever strangers send ends in an answer or in a refusal of ours, never in a traceback."""
    found = hunt(target, CASES)

    assert found.crashes == {}
    assert found.tried >= CASES


def test_a_crash_would_be_found() -> None:
    """A hunt that finds nothing anywhere proves nothing."""
    brittle = next(each for each in targets.ALL if each.name == "closes in a CSV file")

    def fail(case: bytes) -> None:
        case.decode("ascii")

    found = hunt(Target("brittle", brittle.cases, lambda: nullcontext(fail), 1), 2_000)

    assert [place.partition(" at ")[0] for place in found.crashes] == ["UnicodeDecodeError"]


@pytest.mark.parametrize("case", [b"", b"abc", "", "abc", (b"abc", 1)])
def test_a_variant_is_of_the_same_kind(case: object) -> None:
    """What a target takes must not depend on how a case came about."""
    dice = Random(1)

    assert {type(varied(case, dice)) for _ in range(100)} == {type(case)}
