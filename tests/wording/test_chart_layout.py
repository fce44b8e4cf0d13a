"""Where things go in a chart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.forecast import Outlook
from bot.wording.buttons import Horizon
from bot.wording.chart_content import content
from bot.wording.chart_layout import (
    BOTTOM,
    DATE_WIDTH,
    TAG_HEIGHT,
    TOP,
    WIDTH,
    layout,
    price_range,
    price_ticks,
    session_places,
    spread,
    tag_width,
)
from tests.wording import scenes

FACTORS = st.floats(1e-2 / 42, 1e6 / 42)
SCENES = st.sampled_from(list(scenes.SCENES.values()))


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (40.6, 45.1, ["41", "42", "43", "44", "45"]),
        (37.4, 51.2, ["37,50", "40,00", "42,50", "45,00", "47,50", "50,00"]),
        (42.4, 43.3, ["42,40", "42,60", "42,80", "43,00", "43,20"]),
        (0.823, 0.917, ["0,84", "0,86", "0,88", "0,90"]),
        (1140.0, 1330.0, ["1.150", "1.200", "1.250", "1.300"]),
        (0.0, 86.0, ["0", "20", "40", "60", "80"]),
    ],
)
def test_prices_on_the_axis_are_round_and_few(low: float, high: float, texts: list[str]) -> None:
    """42,37 on an axis is noise; money has two decimals or none."""
    assert [text for _, text in price_ticks(low, high)] == texts


@given(st.floats(1e-3, 1e7), st.floats(0.02, 50))
def test_an_axis_always_has_three_to_seven_prices_inside_it(low: float, spread_: float) -> None:
    """With one mark there is no scale, with twelve there is no picture."""
    high = low * (1 + spread_)
    ticks = price_ticks(low, high)

    assert 3 <= len(ticks) <= 7
    assert all(low * 0.999999 <= price <= high * 1.000001 for price, _ in ticks)
    assert len({text for _, text in ticks}) == len(ticks)


def test_a_flat_series_lies_in_the_middle_of_two_percent() -> None:
    """Without a least height a constant price would divide by nothing."""
    assert price_range([100.0, 100.0]) == (99.0, 101.0)


def test_a_moving_series_gets_air_above_and_below() -> None:
    """A line along the border is easily missed."""
    assert price_range([100.0, 150.0]) == (97.0, 153.0)


def test_sessions_run_evenly_and_coming_ones_stand_wider_apart() -> None:
    """Weekends leave no gap, and one day's band is wide enough to be seen."""
    past, coming = session_places(0, 1000, past=8, coming=3)

    assert past == pytest.approx((0, 100, 200, 300, 400, 500, 600, 700))
    assert coming == pytest.approx((700 + 300 / 3.5, 700 + 600 / 3.5, 700 + 900 / 3.5))


def test_a_single_past_close_stands_where_the_future_begins() -> None:
    """Nothing divides by the number of steps, which is none."""
    assert session_places(0, 1000, past=1, coming=1) == ((700,), (900,))


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [
        ([100, 300], (100, 300)),
        ([300, 100], (300, 100)),
        ([200, 200], (150, 250)),
        ([200, 210, 220], (110, 210, 310)),
        ([0, 500], (50, 450)),
        ([0, 10], (50, 150)),
        ([490, 500], (350, 450)),
    ],
)
def test_tags_make_room_for_each_other(wanted: list[float], placed: tuple[float, ...]) -> None:
    """Amounts that overlap cannot be read; tags that moved without need mislead."""
    assert spread(wanted, apart=100, low=0, high=500) == pytest.approx(placed)


@given(st.lists(st.floats(-50, 550), min_size=1, max_size=4))
def test_tags_never_overlap_leave_the_plot_or_swap(wanted: list[float]) -> None:
    """The highest price has the highest tag, whatever happens."""
    placed = spread(wanted, apart=100, low=0, high=500)

    by_wish = [place for _, place in sorted(zip(wanted, placed, strict=True))]
    assert all(above - below >= 99.999 for below, above in pairwise(by_wish))
    assert 49.999 <= by_wish[0] <= by_wish[-1] <= 450.001


def test_dates_are_the_forecast_s_and_the_months() -> None:
    """Few, and those that people look for."""
    said = content(scenes.REFERENCE, Horizon.TODAY)

    assert [tick.text for tick in layout(said).date_ticks] == ["01/06", "01/07", "29/07"]


@given(SCENES, FACTORS, st.sampled_from(Horizon))
def test_nothing_overlaps_at_any_price(scene: Outlook, factor: float, horizon: Horizon) -> None:
    """R$ 0,87 and R$ 1.234,50 need different margins."""
    said = content(scenes.at_level(factor, scene), horizon)
    places = layout(said)

    dates = [tick.place for tick in places.date_ticks]
    tags = sorted(places.tag_y)
    assert all(right - left >= DATE_WIDTH for left, right in pairwise(dates))
    assert all(above - below >= TAG_HEIGHT - 1e-6 for below, above in pairwise(tags))
    assert places.right + 34 + max(tag_width(tag) for tag in said.tags) <= WIDTH
    assert places.right - places.left >= WIDTH / 4


@given(SCENES, FACTORS, st.sampled_from(Horizon))
def test_every_price_lies_inside_the_plot(scene: Outlook, factor: float, horizon: Horizon) -> None:
    """A band cut off at the border would look narrower than it is."""
    said = content(scenes.at_level(factor, scene), horizon)
    places = layout(said)

    assert all(BOTTOM <= places.y(price) <= TOP for price in said.prices)


def test_a_step_between_two_forecasts_lies_between_them() -> None:
    """Half a session after the last close is half the way to the first forecast."""
    places = layout(content(scenes.REFERENCE, Horizon.COMING))
    now, first, *_, last = (places.past_x[-1], *places.coming_x)

    assert (places.x(0), places.x(0.5), places.x(6)) == pytest.approx(
        (now, (now + first) / 2, last)
    )
