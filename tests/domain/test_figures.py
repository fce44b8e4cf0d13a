"""What the tallies of the last sessions come to."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figures import (
    FEWEST_JUDGED,
    Direction,
    Figures,
    figures,
    wilson,
    worse_than_naive,
)
from bot.domain.track_record import Tally
from tests.track_records import Season, board, tallies

TUESDAY = Tally(
    session=date(2026, 7, 28),
    count=1,
    error=0.4,
    naive_error=0.5,
    relative_error=0.01,
    naive_relative_error=0.0125,
    inside80=1,
    directed=1,
    hits=0,
    replayed=1,
)
WEDNESDAY = replace(
    TUESDAY,
    session=date(2026, 7, 29),
    error=0.8,
    relative_error=0.02,
    inside80=0,
    hits=1,
    replayed=0,
    rebased=1,
)


def test_figures_are_means_over_the_sessions_asked_for() -> None:
    """Worked out by hand: 0.40 and 0.80 reais, 1 % and 2 %, one of two inside."""
    assert figures([TUESDAY, WEDNESDAY], 5, one_share=True) == Figures(
        span=5,
        sessions=2,
        count=2,
        mae=(0.4 + 0.8) / 2,
        naive_mae=0.5,
        mape=(0.01 + 0.02) / 2,
        naive_mape=0.0125,
        inside80=1,
        direction=Direction(1, 2, *wilson(1, 2)),
        replayed=1,
        rebased=1,
    )


def test_only_the_newest_sessions_count() -> None:
    """A bad year must not hide behind a good one, nor a good week behind a bad year."""
    assert figures([TUESDAY, WEDNESDAY], 1, one_share=True) == figures(
        [WEDNESDAY], 1, one_share=True
    )


def test_errors_of_several_shares_have_no_mean_in_reais() -> None:
    """A share at five reais and one at ninety have only per cents in common."""
    found = figures([replace(TUESDAY, count=2)], 5, one_share=False)

    assert found is not None
    assert (found.mae, found.naive_mae, found.mape) == (None, None, 0.005)


def test_without_outcomes_there_are_no_figures() -> None:
    """Nothing over nothing is no zero."""
    assert figures([], 5, one_share=True) is None


def test_without_directions_there_is_no_rate() -> None:
    """A forecast that repeats the last close points nowhere, and neither hits nor misses."""
    found = figures([replace(TUESDAY, directed=0)], 5, one_share=True)

    assert found is not None
    assert found.direction is None


@pytest.mark.parametrize(
    ("hits", "total", "interval"),
    [
        (0, 10, (0.0, 0.2775)),
        (10, 10, (0.7225, 1.0)),
        (5, 10, (0.2366, 0.7634)),
        (130, 250, (0.4582, 0.5812)),
    ],
)
def test_wilson_s_interval_is_that_of_the_tables(
    hits: int, total: int, interval: tuple[float, float]
) -> None:
    """Five of ten is no evidence of skill; the interval shows it."""
    assert wilson(hits, total) == pytest.approx(interval, abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_s_interval_holds_what_was_seen_and_stays_between_0_and_1(
    seen: tuple[int, int],
) -> None:
    """Also at the ends, where the usual interval is empty or leaves the scale."""
    low, high = wilson(*seen)

    assert 0 <= low <= seen[0] / seen[1] + 1e-12
    assert seen[0] / seen[1] - 1e-12 <= high <= 1
    assert high - low > 0


@pytest.mark.parametrize(
    ("worse", "said"), [(0.9, False), (1.0, False), (1.009, False), (1.011, True), (1.5, True)]
)
def test_the_bot_owns_up_when_it_erred_more_than_the_naive_forecast(
    worse: float, *, said: bool
) -> None:
    """By more than a hair: a model that rounds differently is not worse."""
    found = worse_than_naive(tallies(60, Season(worse=worse)))

    assert (found is not None) == said


def test_a_few_sessions_are_too_few_to_own_up() -> None:
    """Three bad days in a row happen to everybody."""
    found = [
        worse_than_naive(tallies(count, Season(worse=2.0))) is not None
        for count in (FEWEST_JUDGED - 1, FEWEST_JUDGED)
    ]

    assert found == [False, True]


def test_the_comparison_looks_at_sixty_sessions() -> None:
    """What was bad before may have been mended."""
    before, now = tallies(120, Season(worse=3.0))[:60], tallies(60)

    assert worse_than_naive((*before, *now)) is None


@pytest.mark.parametrize(
    ("count", "sessions"),
    [
        (0, []),
        (1, [1]),
        (5, [5]),
        (6, [5, 6]),
        (60, [5, 20, 60]),
        (61, [5, 20, 60, 61]),
        (250, [5, 20, 60, 250]),
    ],
)
def test_a_board_shows_no_window_twice(count: int, sessions: list[int]) -> None:
    """With twelve sessions on record, the last 20, 60 and 250 are the same twelve."""
    assert [each.sessions for each in board(tallies(count)).windows] == sessions
