"""The page that people read."""

from tests.bench.comparing import Change
from tests.bench.record import Earlier, Part, Run
from tests.bench.report import figure, page, summary
from tests.bench.rows import Row

FAST = Row("answer, median", 9.126, "ms", 40, spread=1.5)
LOST = Row("messages lost", 1, "", 0)
RATIO = Row("times faster", 14, "×", least=15)
PARTS = [
    Part("Answers", [FAST, RATIO], 61.0, ["bench/answers-1.png"]),
    Part("Kills", [LOST], 5.0),
    Part("Soak", [], 1.0, failure="OSError('no disk')"),
]
RUN = Run("2026-11-23", False, {"cores": "2"}, {"Python": "3.11.7"}, PARTS)
EARLIER = Earlier("2026-11-20", {})


def test_the_page_says_where_what_and_against_which_bar() -> None:
    """A figure without its machine and its bar is an anecdote."""
    lines = page(RUN, None, [], "## Tried\n\nNothing.\n").split("\n")

    assert [line for line in lines if line.startswith(("|", "**", "-", "!", "## "))] == [
        "| | |",
        "|---|---|",
        "| day | 2026-11-23 |",
        "| form | the usual form, 1 min |",
        "| cores | 2 |",
        "| versions | Python 3.11.7 |",
        "**1 of 3 bars are held.**",
        "- times faster: 14 × (≥ 15 ×)",
        "- messages lost: 1 (≤ 0)",
        "## Since the last committed run",
        "## Answers",
        "| Measured | Figure | Spread | Bar | |",
        "|---|---:|---:|---:|---|",
        "| answer, median | 9.13 ms | 1.5 ms | ≤ 40 ms | ✓ |",
        "| times faster | 14 × |  | ≥ 15 × | **✗** |",
        "![bench/answers-1.png](bench/answers-1.png)",
        "## Kills",
        "| Measured | Figure | Spread | Bar | |",
        "|---|---:|---:|---:|---|",
        "| messages lost | 1 |  | ≤ 0 | **✗** |",
        "## Soak",
        "**Failed:** `OSError('no disk')`",
        "## Tried",
    ]


def test_the_summary_tells_what_got_worse_and_what_failed() -> None:
    """Nobody opens a page to learn that all is well."""
    lines = summary(RUN, EARLIER, [Change(FAST, 4, 1.5)]).split("\n")

    assert [line for line in lines if line.startswith(("-", "Worse", "Failed"))] == [
        "- times faster: 14 × (≥ 15 ×)",
        "- messages lost: 1 (≤ 0)",
        "Worse than on 2026-11-20 by more than its spread:",
        "- answer, median: 4 ms → 9.13 ms (spread 1.5 ms)",
        "Failed:",
        "- Soak: OSError('no disk')",
    ]


def test_a_run_without_news_says_so() -> None:
    """Silence could also mean that nothing was compared."""
    assert "Nothing got worse than on 2026-11-20 by more than its spread." in summary(
        RUN, EARLIER, []
    )


def test_figures_have_three_digits_that_count() -> None:
    """More would pretend to know more."""
    assert [figure(value, "ms") for value in (0.01234, 9.876, 12.34, 123.6, 20_000)] == [
        "0.0123 ms",
        "9.88 ms",
        "12.3 ms",
        "124 ms",
        "20,000 ms",
    ]
