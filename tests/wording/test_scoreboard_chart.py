"""The scoreboard's picture: a PNG that is the same every time and shows what differs."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.tickers import Ticker
from bot.domain.track_record import Tally
from bot.wording import chart
from bot.wording.chart_layout import HEIGHT, WIDTH
from bot.wording.scoreboard_chart import SHOWN, draw, ticks
from tests.share_bars import ITUB4
from tests.track_records import Season, tallies

HEAVIEST = 80_000
"""Bytes, as of the picture of a forecast."""

QUARTER = tallies(60, Season(worse=1.1))


def opened(png: bytes) -> Image.Image:
    """The picture, every pixel read."""
    image = Image.open(BytesIO(png))
    image.load()
    return image


@pytest.mark.parametrize("ticker", [ITUB4, None])
@pytest.mark.parametrize("count", [1, 2, 12, 60, 250])
def test_any_number_of_sessions_makes_a_light_png_of_the_right_size(
    count: int, ticker: Ticker | None
) -> None:
    """From the first evening on, also over a poor line."""
    png = draw(ticker, tallies(count, Season(shares=1 if ticker else 19)))

    image = opened(png)
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(png) <= HEAVIEST


def test_the_paper_reaches_every_corner() -> None:
    """Telegram shows transparent corners as black ones."""
    image = opened(draw(ITUB4, QUARTER)).convert("RGBA")
    # A palette may shift a shade by the smallest step; nobody sees that.
    paper = pytest.approx((*bytes.fromhex(chart.PAPER[1:]), 255), abs=1)

    assert [image.getpixel((x, y)) for x in (0, WIDTH - 1) for y in (0, HEIGHT - 1)] == [paper] * 4


def test_the_same_outcomes_give_the_same_bytes_in_any_thread() -> None:
    """The bot draws in threads, and re-uses what Telegram has."""
    with ThreadPoolExecutor(4) as threads:
        drawn = set(threads.map(lambda _: draw(ITUB4, QUARTER), range(8)))

    assert drawn == {draw(ITUB4, QUARTER)}


NEWEST = QUARTER[-1]


@pytest.mark.parametrize(
    "newest",
    [
        replace(NEWEST, relative_error=2 * NEWEST.relative_error),
        replace(NEWEST, naive_relative_error=2 * NEWEST.naive_relative_error),
        replace(NEWEST, inside80=1 - NEWEST.inside80),
    ],
    ids=["the bot's error", "the naive error", "the band"],
)
def test_what_differs_can_be_seen(newest: Tally) -> None:
    """Each of the three things that the picture is about."""
    assert draw(ITUB4, (*QUARTER[:-1], newest)) != draw(ITUB4, QUARTER)


def test_no_more_than_the_last_sessions_are_drawn() -> None:
    """A year would be a barcode on a phone."""
    assert draw(ITUB4, tallies(250)) == draw(ITUB4, tallies(250)[-SHOWN:])


def test_without_outcomes_there_is_no_picture() -> None:
    """An empty frame says nothing."""
    with pytest.raises(ValueError, match="nothing to draw"):
        draw(ITUB4, ())


@given(
    errors=st.lists(st.tuples(st.floats(0, 3), st.floats(0, 3)), min_size=1, max_size=70),
    inside=st.booleans(),
)
@settings(max_examples=25)
def test_any_errors_can_be_drawn(errors: list[tuple[float, float]], *, inside: bool) -> None:
    """No error at all, and a share that tripled overnight."""
    found = tuple(
        replace(
            each,
            relative_error=bot,
            naive_relative_error=naive,
            inside80=int(inside),
        )
        for each, (bot, naive) in zip(tallies(len(errors)), errors, strict=True)
    )

    assert opened(draw(ITUB4, found)).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize(
    ("highest", "told"),
    [
        (0.16, ["0,00", "0,05", "0,10", "0,15"]),
        (0.9, ["0,00", "0,25", "0,50", "0,75"]),
        (3.5, ["0", "1", "2", "3"]),
        (42.0, ["0", "10", "20", "30", "40"]),
    ],
)
def test_the_axis_has_a_few_round_errors_with_the_decimals_they_need(
    highest: float, told: list[str]
) -> None:
    """A glance is enough to read a height."""
    assert [text for _, text in ticks(highest)] == told


@given(st.floats(0.1, 300))
def test_the_axis_always_begins_at_nothing_and_is_not_crowded(highest: float) -> None:
    """Bars are compared by their length; letters must not touch."""
    found = [error for error, _ in ticks(highest)]

    assert found[0] == 0
    assert 2 <= len(found) <= 6
    assert found[-1] <= highest
