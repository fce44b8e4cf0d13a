"""What goes on the record, and what an outcome counts for."""

from dataclasses import replace
from datetime import date
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.track_record import Made, Outcome, Tally, recordable, summed, tally
from tests.share_bars import B3, at
from tests.track_records import WEDNESDAY, outcome
from tests.wording import scenes

prices = st.floats(0.5, 500)


def test_the_morning_s_forecast_is_recorded_with_the_close_it_started_from() -> None:
    """Whoever reads the record later can check it against the closes."""
    found = recordable(scenes.REFERENCE, at("2026-07-29T09:00"), B3)

    assert found is not None
    assert found == replace(
        WEDNESDAY,
        expected=42.86,
        low80=42.25,
        high80=43.48,
        low95=41.80,
        high95=43.95,
        last_close=42.82,
    )


def test_the_running_price_never_reaches_the_record() -> None:
    """At 16:59 the running price is almost the close: no forecast at all."""
    asked = at("2026-07-29T14:45")
    early = recordable(scenes.REFERENCE, asked, B3)

    assert recordable(scenes.OPEN_WITH_PRICE, asked, B3) == early


@pytest.mark.parametrize(
    ("moment", "recorded"), [("2026-07-29T16:59:59", True), ("2026-07-29T17:00:00", False)]
)
def test_nothing_is_recorded_once_the_session_has_closed(moment: str, recorded: bool) -> None:  # noqa: FBT001
    """A forecast made after the fact is none."""
    found = recordable(scenes.REFERENCE, at(moment), B3)

    assert (found is not None) == recorded


def test_a_forecast_shown_beside_its_close_is_not_recorded() -> None:
    """The evening's answer repeats the morning's forecast; it was not made then."""
    assert recordable(scenes.CLOSED, at("2026-07-29T16:00"), B3) is None


def test_a_forecast_from_invented_prices_is_not_recorded() -> None:
    """Closes that nobody paid say nothing about the bot."""
    assert recordable(scenes.SIMULATED, at("2026-07-29T09:00"), B3) is None


def test_a_forecast_from_old_closes_is_recorded_with_their_date() -> None:
    """People read it, so it counts; the date tells why it was worse."""
    found = recordable(scenes.LAGGING, at("2026-07-29T09:00"), B3)

    assert found is not None
    assert found.last_session == date(2026, 7, 24)


def test_a_replayed_forecast_says_so() -> None:
    """The scoreboard has to tell what was live."""
    found = recordable(scenes.REFERENCE, at("2026-07-29T09:00"), B3, Made.REPLAY)

    assert found is not None
    assert found.made is Made.REPLAY


def test_an_outcome_is_measured_against_its_close() -> None:
    """42.00 forecast and 41.50 before, 43.00 came: 1.00 and 1.50 off, inside, direction right."""
    assert tally(outcome(43.0)) == Tally(
        session=WEDNESDAY.session,
        count=1,
        error=1.0,
        naive_error=1.5,
        relative_error=1 / 43,
        naive_relative_error=1.5 / 43,
        inside80=1,
        directed=1,
        hits=1,
        replayed=0,
    )


@pytest.mark.parametrize(
    ("expected", "close", "directed", "hits"),
    [
        (42.0, 41.0, 1, 0),
        (41.0, 41.0, 1, 1),
        (41.504, 42.0, 0, 0),
        (41.505, 42.0, 1, 1),
        (42.0, 41.5, 0, 0),
    ],
    ids=["wrong way", "right way", "same in centavos", "a centavo", "close unchanged"],
)
def test_only_a_forecast_that_points_somewhere_can_hit_a_direction(
    expected: float, close: float, directed: int, hits: int
) -> None:
    """The model's median is nearly always the last close; counting that as a miss or hit lies."""
    found = tally(outcome(close, replace(WEDNESDAY, expected=expected)))

    assert (found.directed, found.hits) == (directed, hits)


def test_both_forecasts_are_put_on_the_basis_of_the_close() -> None:
    """A split of two for one is no error of 50 %."""
    halved = tally(outcome(21.5, factor=0.5))

    assert halved == replace(tally(outcome(43.0)), error=0.5, naive_error=0.75)


def test_an_outcome_settled_again_is_counted_as_such() -> None:
    """People may have seen the figure that stood before."""
    again = replace(outcome(43.0), revision=1)

    assert tally(again) == replace(tally(outcome(43.0)), rebased=1)


@given(prices, prices, prices, st.sampled_from([1.0, 0.5, 1 / 1.1]), st.sampled_from(Made))
def test_a_tally_is_what_can_be_read_off_the_prices(
    expected: float, last: float, close: float, factor: float, made: Made
) -> None:
    """Worked out another way, in whole centavos and without the forecast's own fields."""
    band = (expected * 0.99, expected * 1.01)
    forecast = replace(
        WEDNESDAY,
        expected=expected,
        low80=band[0],
        high80=band[1],
        last_close=last,
        made=made,
    )
    said, before, came = (floor(p * 100 + 0.5) for p in (expected * factor, last * factor, close))
    found = tally(Outcome(forecast, close, factor, at("2026-07-29T17:30")))

    assert (found.error, found.naive_error) == (
        abs(close - expected * factor),
        abs(close - last * factor),
    )
    assert (found.relative_error, found.naive_relative_error) == (
        found.error / close,
        found.naive_error / close,
    )
    assert bool(found.inside80) == (min(max(close, band[0] * factor), band[1] * factor) == close)
    assert (found.directed, found.hits) == (
        int(said != before != came),
        int((said - before) * (came - before) > 0),
    )
    assert (found.count, found.replayed) == (1, int(made is Made.REPLAY))


@given(st.lists(prices, min_size=1, max_size=9))
def test_tallies_can_be_added_in_any_portions(closes: list[float]) -> None:
    """Windows of 5 and of 250 sessions are sums of the same rows."""
    each = [tally(outcome(close)) for close in closes]
    whole = summed(each)
    portions = summed([summed(each[:1]), *each[1:]])

    assert (portions.count, portions.inside80, portions.hits, portions.directed) == (
        whole.count,
        whole.inside80,
        whole.hits,
        whole.directed,
    )
    assert portions.error == pytest.approx(whole.error)
    assert whole.relative_error == pytest.approx(sum(one.relative_error for one in each))
