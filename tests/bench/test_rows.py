"""A figure and its bars."""

import pytest

from tests.bench.rows import Row, middle, spread_of


@pytest.mark.parametrize(
    ("row", "held"),
    [
        (Row("told for its own sake", 7, "ms"), True),
        (Row("at its bar", 4, "s", 4), True),
        (Row("above its bar", 4.1, "s", 4), False),
        (Row("lost nothing", 0, "", 0), True),
        (Row("as fast as it should be", 15, "×", least=15), True),
        (Row("too slow", 14.9, "×", least=15), False),
    ],
)
def test_a_bar_is_held_up_to_itself(row: Row, held: bool) -> None:  # noqa: FBT001, a table
    """A page that marks the wrong ones is worse than none."""
    assert row.held is held


def test_a_line_says_the_figure_and_its_bar() -> None:
    """Whoever runs one part alone reads it in the terminal."""
    lines = [str(Row("a", 1.5, "ms", 2)), str(Row("b", 3, "×", least=2)), str(Row("c", 1, "MB"))]

    assert [" ".join(line.split()) for line in lines] == [
        "a 1.500 ms (bar ≤ 2 ms)",
        "b 3.000 × (bar ≥ 2 ×)",
        "c 1.000 MB",
    ]


def test_the_spread_is_that_of_the_quartiles() -> None:
    """One request that met a garbage collection says nothing about the others."""
    assert spread_of([1, 2, 3, 4, 5, 6, 7, 1000]) == pytest.approx(4.5)


def test_of_few_repetitions_the_spread_is_their_range() -> None:
    """Three of them have no quartiles."""
    assert spread_of([3, 1, 2]) == 2


def test_repetitions_are_told_by_their_median() -> None:
    """With the spread beside it, the next run can be judged."""
    assert middle("a", [1, 9, 2], "ms", bar=3) == Row("a", 2, "ms", 3, spread=8)
