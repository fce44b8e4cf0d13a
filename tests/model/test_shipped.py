"""The networks in the repository: what must not change their forecasts, and what must."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from model.artifact import Artifact, load
from model.report import measured_after
from model.sample_windows import sample_windows

Prices = NDArray[np.float32]
PRICES = st.floats(np.float32(1e-4).item(), np.float32(1e7).item(), width=32)
MEDIAN = 4
MODEL = Path(__file__).parents[2] / "model"
SHIPPED = MODEL / "shipped"
"""Trained until the newest closes there were: what the bot serves."""
PUBLISHED = MODEL / "published"
"""Trained until 2023-06-30, for figures on closes that it never saw."""
CLOSES, HIGHS, LOWS = (
    prices[:32] for prices in sample_windows(64, np.random.default_rng(11))
)  # the real-looking half
MARKET = Path(__file__).parents[3] / "shared" / "closes"


@pytest.fixture(scope="module", params=[SHIPPED, PUBLISHED], ids=lambda path: path.name)
def network(request: pytest.FixtureRequest) -> Artifact:
    """Each artifact of a fresh clone."""
    return load(request.param)


def test_the_card_says_what_people_need_to_know(network: Artifact) -> None:
    """Who trained it on what, how well it does, and beside which baseline."""
    card = network.card

    assert (card["name"], card["window"], card["steps"]) == ("fechamento-lstm", 60, 6)
    assert card["levels"] == [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975]
    assert card["version"] == card["trained"]["until"] + ".1"
    assert card["trained"]["command"].startswith("python -m model train --closes ")
    assert " /" not in card["trained"]["command"]
    assert set(card["metrics"]["pooled"]) == {"1", "6"}
    assert max(card["agreement"].values()) <= 1e-5
    assert set(card["versions"]) == {"python", "tensorflow", "keras", "onnxruntime", "numpy"}


def test_figures_are_of_days_that_training_never_saw_or_say_that_they_are_not() -> None:
    """The bot serves what has seen the newest closes; for comparisons there is another one."""
    shipped, published = load(SHIPPED).card, load(PUBLISHED).card

    assert published["trained"]["until"] == "2023-06-30"
    assert published["metrics"]["span"] == "after the cut-off"
    assert published["metrics"]["from"] > published["trained"]["until"]
    assert shipped["metrics"]["span"] == "validation, before the cut-off"
    assert shipped["metrics"]["until"] <= shipped["trained"]["until"]


@pytest.mark.parametrize("directory", [SHIPPED, PUBLISHED])
def test_it_is_small_enough_to_live_in_the_repository(directory: Path) -> None:
    """Everybody who clones pays for it."""
    assert sum(file.stat().st_size for file in directory.rglob("*") if file.is_file()) < 2_000_000


def test_ten_times_the_price_gives_ten_times_the_forecast(network: Artifact) -> None:
    """Currency and share count are conventions; one set of weights serves them all."""
    usual = network.quantiles(CLOSES, HIGHS, LOWS)

    np.testing.assert_allclose(
        network.quantiles(CLOSES * 10, HIGHS * 10, LOWS * 10), usual * 10, rtol=1e-4
    )


def test_wilder_closes_give_a_wider_band(network: Artifact) -> None:
    """The counterpart: the forecast does react to what it is shown."""
    wilder = CLOSES[:, -1:] * (CLOSES / CLOSES[:, -1:]) ** 2

    assert (width(network.quantiles(wilder)) > 1.5 * width(network.quantiles(CLOSES))).all()


def test_a_constant_series_stays_where_it_is(network: Artifact) -> None:
    """No move was ever seen: a band wider than a thousandth would be invented."""
    still = np.array([[0.01], [36.05], [1e9]]) * np.ones(60)

    for prices in (network.quantiles(still), network.quantiles(still, still, still)):
        np.testing.assert_allclose(prices / still[:, :1, None], 1, atol=1e-3)


def test_the_median_is_the_last_close_to_the_last_bit(network: Artifact) -> None:
    """The model forecasts how far, not where to; its card and its words rely on that."""
    last = np.broadcast_to(CLOSES[:, -1:], (len(CLOSES), 6))

    np.testing.assert_array_equal(network.quantiles(CLOSES, HIGHS, LOWS)[:, :, MEDIAN], last)


def test_one_bad_price_does_not_blow_up_the_band(network: Artifact) -> None:
    """A split that nobody noticed may double the band, not multiply it by ten."""
    spoilt = CLOSES.copy()
    spoilt[:, :30] *= 10

    ratio = width(network.quantiles(spoilt)) / width(network.quantiles(CLOSES))

    assert ratio.max() < 4


def test_ranges_move_the_band(network: Artifact) -> None:
    """Highs and lows are worth asking for only if they change the answer."""
    calm = network.quantiles(CLOSES, CLOSES * 1.001, CLOSES * 0.999)
    wild = network.quantiles(CLOSES, CLOSES * 1.1, CLOSES * 0.9)

    assert (width(wild) > 1.5 * width(calm)).all()


def test_sessions_without_a_range_are_filled_in(network: Artifact) -> None:
    """A NaN, a zero or a low above the high must not leak into prices, nor widen the band much."""
    highs, lows = HIGHS.copy(), LOWS.copy()
    highs[:, 5], lows[:, 20], highs[:, 40] = np.nan, 0, LOWS[:, 40] / 2

    ratio = width(network.quantiles(CLOSES, highs, lows)) / width(
        network.quantiles(CLOSES, HIGHS, LOWS)
    )

    np.testing.assert_allclose(ratio, 1, atol=0.25)


def test_a_window_is_forecast_alone_as_in_a_batch(network: Artifact) -> None:
    """Neighbours in a request are other people's questions."""
    together = network.quantiles(CLOSES, HIGHS, LOWS)
    alone = [network.quantiles(c[None], h[None], low[None])
             for c, h, low in zip(CLOSES, HIGHS, LOWS, strict=True)]  # fmt: skip

    np.testing.assert_allclose(np.concatenate(alone), together, rtol=1e-6)


def test_loading_twice_gives_the_same_forecasts() -> None:
    """Every replica of the endpoint must say the same."""
    one, other = load(SHIPPED), load(SHIPPED)

    np.testing.assert_array_equal(
        one.quantiles(CLOSES, HIGHS, LOWS), other.quantiles(CLOSES, HIGHS, LOWS)
    )


@given(closes=arrays(np.float32, (1, 60), elements=PRICES), ranges=st.booleans())
@settings(deadline=None)
def test_quantiles_are_finite_and_never_cross(
    network: Artifact, closes: Prices, *, ranges: bool
) -> None:
    """Whatever sixty positive prices come in: a crossed band is refused by the bot as no answer."""
    given_ranges = (closes * np.float32(1.01), closes * np.float32(0.99)) if ranges else ()

    prices = network.quantiles(closes, *given_ranges)

    assert np.isfinite(prices).all()
    assert (prices > 0).all()
    assert (np.diff(prices) >= 0).all()


@pytest.mark.skipif(not MARKET.is_dir(), reason="no closes of real shares beside this repository")
def test_the_figures_on_the_card_can_be_measured_again() -> None:
    """A published figure that nobody can repeat is an opinion."""
    network = load(PUBLISHED)
    published = {key: value for key, value in network.card["metrics"].items() if key != "span"}

    measured = measured_after(date.fromisoformat(network.card["trained"]["until"]), MARKET)(network)

    assert json.loads(json.dumps(measured)) == {
        **published,
        "pooled": {step: pytest.approx(score) for step, score in published["pooled"].items()},
    }


def width(prices: Prices) -> Prices:
    """Of the 80 % band relative to the median, (n, 6)."""
    return (prices[:, :, 6] - prices[:, :, 2]) / prices[:, :, MEDIAN]
