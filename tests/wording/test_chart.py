"""The picture itself: a PNG that is the same every time and shows what differs."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.closes import Origin
from bot.domain.forecast import Outlook
from bot.wording import chart
from bot.wording.buttons import Horizon
from bot.wording.chart import draw
from bot.wording.chart_layout import HEIGHT, WIDTH
from tests.wording import scenes

HEAVIEST = 80_000
"""Bytes: a chart is there in a second over a line of 0.6 Mbit/s."""

TEXT_COLOURS = (chart.INK, chart.MUTED, chart.FORECAST, chart.MARKET)


def opened(png: bytes) -> Image.Image:
    """The picture, every pixel read."""
    image = Image.open(BytesIO(png))
    image.load()
    return image


@pytest.mark.parametrize("horizon", Horizon)
@pytest.mark.parametrize("scene", scenes.SCENES)
def test_every_scene_is_a_light_png_of_the_right_size(scene: str, horizon: Horizon) -> None:
    """Telegram shows it as it is meant, also over a poor line."""
    png = draw(scenes.SCENES[scene], horizon)

    image = opened(png)
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(png) <= HEAVIEST


def test_the_paper_reaches_every_corner_and_hides_what_is_behind() -> None:
    """Telegram shows transparent corners as black ones."""
    image = opened(draw(scenes.REFERENCE, Horizon.TODAY)).convert("RGBA")
    # A palette may shift a shade by the smallest step; nobody sees that.
    paper = pytest.approx((*bytes.fromhex(chart.PAPER[1:]), 255), abs=1)

    assert [image.getpixel((x, y)) for x in (0, WIDTH - 1) for y in (0, HEIGHT - 1)] == [paper] * 4


@pytest.mark.parametrize("horizon", Horizon)
def test_the_same_outlook_gives_the_same_bytes(horizon: Horizon) -> None:
    """An unchanged picture is recognised as unchanged."""
    assert draw(scenes.REFERENCE, horizon) == draw(scenes.REFERENCE, horizon)


@pytest.mark.parametrize(
    "changed",
    [
        replace(scenes.REFERENCE, today=replace(scenes.REFERENCE.today, expected=42.91)),
        replace(scenes.REFERENCE, today=replace(scenes.REFERENCE.today, high80=43.6)),
        replace(scenes.REFERENCE, today=replace(scenes.REFERENCE.today, low95=41.5)),
        replace(
            scenes.REFERENCE,
            window=replace(scenes.REFERENCE.window, origin=Origin.SIMULATED),
        ),
        scenes.OPEN_WITH_PRICE,
        scenes.CLOSED,
    ],
    ids=["expected", "band 80", "band 95", "simulated", "running price", "closed"],
)
def test_what_differs_can_be_seen(changed: Outlook) -> None:
    """Above all: invented prices look invented."""
    assert draw(changed, Horizon.TODAY) != draw(scenes.REFERENCE, Horizon.TODAY)


def test_both_horizons_have_their_own_picture() -> None:
    """The buttons lead somewhere."""
    assert draw(scenes.REFERENCE, Horizon.TODAY) != draw(scenes.REFERENCE, Horizon.COMING)


def test_worker_threads_get_the_same_picture() -> None:
    """Matplotlib does not promise that; the bot draws in threads."""
    alone = [draw(scenes.REFERENCE, horizon) for horizon in Horizon] * 4
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(draw, [scenes.REFERENCE] * 8, list(Horizon) * 4))

    assert together == alone


@given(
    st.lists(st.floats(1e-2, 1e6), min_size=60, max_size=60),
    st.floats(1e-2, 1e6),
    st.floats(0, 5e5),
    st.sampled_from(Horizon),
)
@settings(max_examples=25, deadline=None)
def test_any_prices_can_be_drawn(
    closes: list[float], expected: float, half: float, horizon: Horizon
) -> None:
    """A wild share must not leave its holder without an answer."""
    bars = tuple(
        replace(bar, close=close)
        for bar, close in zip(scenes.REFERENCE.window.bars, closes, strict=True)
    )
    outlook = replace(
        scenes.REFERENCE,
        window=replace(scenes.REFERENCE.window, bars=bars),
        today=scenes.forecast(scenes.WEDNESDAY, expected, half),
    )

    assert opened(draw(outlook, horizon)).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("price", [1e-2, 0.87, 1234.5, 1e6])
def test_flat_series_of_any_price_can_be_drawn(price: float) -> None:
    """A share that nobody traded for months is flat, and so is its band."""
    flat = scenes.forecast(scenes.WEDNESDAY, price, 0.0)
    outlook = replace(scenes.REFERENCE, window=scenes.window(price, wave=0.0), today=flat)

    assert opened(draw(outlook, Horizon.TODAY)).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("ground", [chart.PAPER, chart.AHEAD])
@pytest.mark.parametrize("colour", TEXT_COLOURS)
def test_letters_stand_out_from_the_paper(colour: str, ground: str) -> None:
    """4.5 to 1 is what tired eyes in sunlight need (WCAG 2.2, 1.4.3)."""
    light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 4.5


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` (WCAG 2.2)."""
    channels = (value / 255 for value in bytes.fromhex(colour[1:]))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(part * c for part, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
