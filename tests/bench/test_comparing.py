"""What counts as worse than last time."""

import pytest

from tests.bench.comparing import Change, worse
from tests.bench.record import Earlier
from tests.bench.rows import Row

SLOW = Row("answer", 12, "ms")
FEW = Row("answers", 80, "/s")
RATIO = Row("times faster", 10, "×", least=15)


def before(figures: dict[str, list[float]], **spreads: float) -> Earlier:
    """The last committed run."""
    return Earlier("2026-11-23", figures, spreads)


@pytest.mark.parametrize(
    ("row", "figure"),
    [(SLOW, 10), (FEW, 100), (RATIO, 12), (Row("size", 9, "MB"), 8), (Row("late", 3, "%", 5), 1)],
)
def test_worse_depends_on_what_is_measured(row: Row, figure: float) -> None:
    """More seconds are bad, more answers are good."""
    assert worse([row], before({row.name: [figure]}, **{row.name: 1})) in (
        [Change(row, figure, 1)],
        [],
    )
    assert worse([row], before({row.name: [figure]}, **{row.name: 0.5})) == [
        Change(row, figure, 0.5)
    ]


def test_better_is_no_news() -> None:
    """The list is read when it has something to say."""
    rows = [Row("answer", 9, "ms"), Row("answers", 120, "/s")]

    assert worse(rows, before({"answer": [10], "answers": [100]}, answer=0, answers=0)) == []


def test_within_the_spread_nothing_is_worse() -> None:
    """Otherwise every run on a busy machine would cry."""
    widest = Row("answer", 12, "ms", spread=2.5)

    assert worse([SLOW], before({"answer": [10]}, answer=2.5)) == []
    assert worse([widest], before({"answer": [10]}, answer=0.1)) == []
    assert worse([SLOW], before({"answer": [13, 9, 10]})) == []


def test_what_was_measured_once_cannot_be_judged() -> None:
    """Nobody knows how far apart two runs of it lie."""
    assert worse([SLOW], before({"answer": [1]})) == []


def test_one_lost_message_is_one_too_many() -> None:
    """A count that must be zero has no spread."""
    lost = Row("messages lost", 1, "", 0)

    assert worse([lost], before({"messages lost": [0]})) == [Change(lost, 0, 0)]


def test_what_is_new_or_has_no_direction_is_left_alone() -> None:
    """A number of sessions is neither good nor bad."""
    assert worse([Row("new", 5, "ms"), Row("sessions", 9, "")], before({"sessions": [1, 2]})) == []


def test_figures_inside_a_name_do_not_make_it_another() -> None:
    """Or the slowest route would never be compared."""
    row = Row("20,000 × /hoje (6,001/s)", 5, "s")

    assert worse([row], before({"20,000 × /hoje": [3]}, **{"20,000 × /hoje": 1})) == [
        Change(row, 3, 1)
    ]
