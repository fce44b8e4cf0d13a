"""Windows and targets never mix."""

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.closes import Share
from model.split import split, without_some_ranges
from model.windows import STEPS, WINDOW, make_windows
from tests.random_shares import random_share


def counting(sessions: int) -> Share:
    """A share whose closes are 1001, 1002, … so that every position can be read off."""
    days = np.busday_offset("2015-01-01", np.arange(sessions), roll="forward")
    closes = np.arange(1001, 1001 + sessions, dtype=np.float64)
    return Share("COUNT", days, closes, closes + 0.5, closes - 0.5)


@given(sessions=st.integers(0, 200))
def test_targets_are_the_six_closes_after_the_window(sessions: int) -> None:
    """A window that saw its own target would forecast perfectly, and be worth nothing."""
    windows = make_windows(counting(sessions))

    assert len(windows) == max(0, sessions - WINDOW - STEPS + 1)
    np.testing.assert_array_equal(windows.closes[:, -1], 1001.0 + windows.origins)
    np.testing.assert_array_equal(windows.targets, windows.closes[:, -1:] + np.arange(1, STEPS + 1))
    np.testing.assert_array_equal(windows.highs - windows.closes, np.full_like(windows.highs, 0.5))
    np.testing.assert_array_equal(windows.closes - windows.lows, np.full_like(windows.lows, 0.5))


def test_days_are_those_of_the_first_and_the_last_target() -> None:
    """Spans are cut by them."""
    share = counting(WINDOW + STEPS)

    windows = make_windows(share)

    assert (windows.first_days, windows.last_days) == (share.days[WINDOW], share.days[-1])


def test_a_span_holds_only_forecasts_that_lie_inside_it_with_all_steps() -> None:
    """All six steps are then scored on the same forecasts."""
    share = counting(WINDOW + STEPS + 10)
    first, last = share.days[WINDOW + 2].item(), share.days[WINDOW + 2 + STEPS].item()

    assert make_windows(share).between(first, last).origins.tolist() == [WINDOW + 1, WINDOW + 2]


def test_a_corporate_action_leaves_out_every_window_that_it_touches() -> None:
    """A split that the source missed is no move that anybody could forecast."""
    share = counting(WINDOW + STEPS + 100)
    halved = np.where(np.arange(len(share.closes)) >= 80, share.closes / 2, share.closes)

    origins = make_windows(replace(share, closes=halved)).origins

    untouched = [*range(WINDOW - 1, 80 - STEPS), *range(80 + WINDOW - 1, len(halved) - STEPS)]
    assert origins.tolist() == untouched


@given(seed=st.integers(0, 2**32 - 1))
def test_the_future_cannot_change_what_is_learnt(seed: int) -> None:
    """Closes after the day are shuffled; training must not notice."""
    share = random_share("ITUB4.SA", 400)
    until = share.days[300].item()
    order = np.concatenate([np.arange(301), np.random.default_rng(seed).permutation(99) + 301])
    other = replace(
        share, closes=share.closes[order], highs=share.highs[order], lows=share.lows[order]
    )

    one, two = split([share], until), split([other], until)

    for pile in ("learnt", "validated"):
        seen, again = getattr(one, pile), getattr(two, pile)
        np.testing.assert_array_equal(seen.inputs, again.inputs)
        np.testing.assert_array_equal(seen.moves, again.moves)


def test_no_target_is_both_learnt_and_validated() -> None:
    """Otherwise the epoch is chosen, and the bands calibrated, on what is known by heart."""
    share = counting(500)

    parts = split([share], date(2030, 1, 1))

    learnt, validated = (
        set((pile.inputs[0][:, -1:] * np.exp(pile.moves)).round().astype(int).ravel())
        for pile in (parts.learnt, parts.validated)
    )
    assert learnt & validated == set()
    assert max(learnt) < min(validated)
    assert learnt | validated == set(range(1001 + WINDOW, 1501))


def test_only_b3_shares_validate_when_there_are_any() -> None:
    """The bot forecasts them; what suits New York must not decide."""
    shares = [random_share("AAPL", 300, seed=1), random_share("ITUB4.SA", 300, seed=2)]
    day = shares[0].days[-1].item()

    both, home, abroad = (split(chosen, day) for chosen in (shares, shares[1:], shares[:1]))

    assert (len(both.learnt), len(both.validated)) == (
        len(home.learnt) + len(abroad.learnt),
        len(home.validated),
    )


def test_a_quarter_of_the_windows_is_learnt_without_ranges() -> None:
    """Sources without highs and lows must be served well too."""
    parts = split([random_share("ITUB4.SA", 2000)], date(2030, 1, 1))

    closes, highs, lows = without_some_ranges(parts.learnt, np.random.default_rng(0)).inputs

    hidden = np.isnan(highs).all(axis=1)
    np.testing.assert_array_equal(closes, parts.learnt.inputs[0])
    np.testing.assert_array_equal(np.isnan(highs), np.isnan(lows))
    np.testing.assert_array_equal(highs[~hidden], parts.learnt.inputs[1][~hidden])
    assert 0.2 < hidden.mean() < 0.3
