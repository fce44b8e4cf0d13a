"""Where everything in a chart goes, in pixels counted from the lower left corner.

    Content ──layout()──▶ Layout: x of sessions, y of prices, ticks, places of the tags

Sessions, not calendar days, run along the x axis: weekends leave no gap.  Coming sessions stand
wider apart than past ones, or a band one session long could not be seen.  Margins follow the
length of the numbers, so that R$ 0,87 and R$ 1.234,50 both fit.  Pure geometry, nothing is painted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil, floor, log10

from bot.wording import numbers
from bot.wording.chart_content import Content, Tag

WIDTH, HEIGHT = 1080, 720

EDGE = 30
TOP, BOTTOM = 560, 158
"""The plot lies between them; heading above, dates and legend below."""

TEXT = 36
"""Smallest letters: capitals of 26 pixels, still 9 when a phone shows the picture 360 wide."""
AMOUNT = 42
TAG_HEIGHT = 92
"""Two lines, the words and the amount, with air between tags."""
DATE_WIDTH = 128
"""A date of five signs and the air beside it."""

COMING_SHARE = 0.30
"""Part of the plot's width that belongs to forecasts; ten sessions of sixty-six would be 15 %."""

MARKS = 6.5
"""Steps of the price axis that still leave air between its letters."""

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)

NARROW_SIGNS = ".,:/ "
# Widths in em of DejaVu Sans Bold: 0.696 a digit, 0.77 an R, at most 0.4 the signs above.
_NARROW, _WIDE = 0.40, 0.71
_LIGHTER = 0.9
"""Part of a bold text's width that the same text takes in regular letters."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its place in pixels and what is written there."""

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Places of everything, in pixels.

    Attributes:
        left, right: borders of the plot.
        past_x: x of each past close, oldest first.
        coming_x: x of each forecast, nearest first.
        low, high: prices at the lower and upper border of the plot.
        price_ticks, date_ticks: marks on the two axes.
        tag_y: middle of each tag, in the content's order.
    """

    left: float
    right: float
    past_x: tuple[float, ...]
    coming_x: tuple[float, ...]
    low: float
    high: float
    price_ticks: tuple[Tick, ...]
    date_ticks: tuple[Tick, ...]
    tag_y: tuple[float, ...]

    def x(self, step: float) -> float:
        """Where a step lies: 0 the last close, 1 the first forecast, fractions between them."""
        places = (self.past_x[-1], *self.coming_x)
        whole = min(int(step), len(places) - 2)
        return places[whole] + (step - whole) * (places[whole + 1] - places[whole])

    def y(self, price: float) -> float:
        """Where a price lies."""
        return BOTTOM + (price - self.low) / (self.high - self.low) * (TOP - BOTTOM)


def layout(content: Content) -> Layout:
    """Place everything that `content` shows."""
    low, high = price_range(content.prices)
    prices = price_ticks(low, high)
    left = EDGE + max(_LIGHTER * text_width(text, TEXT) for _, text in prices) + 16
    right = WIDTH - EDGE - 34 - max(tag_width(tag) for tag in content.tags)
    past_x, coming_x = session_places(left, right, len(content.past), len(content.forecasts))
    placed = Layout(left, right, past_x, coming_x, low, high, (), (), ())
    return replace(
        placed,
        price_ticks=tuple(Tick(placed.y(price), text) for price, text in prices),
        date_ticks=date_ticks(content, past_x, coming_x),
        tag_y=spread([placed.y(tag.price) for tag in content.tags], TAG_HEIGHT, BOTTOM, TOP),
    )


def price_range(prices: Iterable[float]) -> tuple[float, float]:
    """Lowest and highest price of the plot, with air; a flat series still gets 2 % of its price."""
    shown = list(prices)
    low, high = min(shown), max(shown)
    missing = max(0.02 * high - (high - low), 0.0) / 2
    air = 0.06 * (high - low) + missing
    return low - air, high + air


def price_ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Three to seven round prices inside the range, ascending, all with the decimals they need."""
    magnitude = 10.0 ** floor(log10((high - low) / 4))
    step = next(step * magnitude for step in _STEPS if step * magnitude * MARKS >= high - low)
    decimals = _decimals(step)
    first, last = ceil(low / step), floor(high / step)
    return [
        (count * step, numbers.decimal(count * step, decimals)) for count in range(first, last + 1)
    ]


def _decimals(step: float) -> int:
    """Decimals that multiples of `step` need; one alone is shown as two, like money."""
    digits = f"{Decimal(f'{step:.6g}').normalize():f}".partition(".")[2]
    return 2 if len(digits) == 1 else len(digits)


def session_places(
    left: float, right: float, past: int, coming: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Places on the x axis of the past closes and of the forecasts, both ascending."""
    now = right - (right - left) * COMING_SHARE
    step = (now - left) / max(past - 1, 1)
    # The last forecast keeps half a step from the border, where the lines to the tags begin.
    ahead = (right - now) / (coming + 0.5)
    return (
        tuple(now - step * (past - 1 - index) for index in range(past)),
        tuple(now + ahead * (index + 1) for index in range(coming)),
    )


def date_ticks(
    content: Content, past_x: Sequence[float], coming_x: Sequence[float]
) -> tuple[Tick, ...]:
    """Dates that fit beside each other: the last forecast, the first, the months, ascending."""
    ends = [
        (coming_x[-1], content.forecasts[-1].session),
        (coming_x[0], content.forecasts[0].session),
    ]
    months = [
        (x, close.session)
        for x, before, close in zip(past_x[1:], content.past, content.past[1:], strict=False)
        if close.session.month != before.session.month
    ]
    taken: list[Tick] = []
    for x, session in (*ends, *months):
        if all(abs(x - tick.place) >= DATE_WIDTH for tick in taken):
            taken.append(Tick(x, numbers.day_month(session)))
    return tuple(sorted(taken, key=lambda tick: tick.place))


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> tuple[float, ...]:
    """Move places so that neighbours keep `apart`, staying between the borders, order unchanged.

    Neighbours that are too close form a group around the mean of what they wanted, so that a tag
    moves up as readily as down.  (This is isotonic regression by pooling adjacent violators.)
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    groups: list[tuple[float, int]] = []
    for rank, index in enumerate(order):
        mean, size = wanted[index] - rank * apart, 1
        while groups and groups[-1][0] > mean:
            below, count = groups.pop()
            mean, size = (mean * size + below * count) / (size + count), size + count
        groups.append((mean, size))
    lowest, highest = low + apart / 2, high - apart * (len(order) - 0.5)
    free = [min(max(mean, lowest), highest) for mean, size in groups for _ in range(size)]
    places = {index: free[rank] + rank * apart for rank, index in enumerate(order)}
    return tuple(places[index] for index in range(len(wanted)))


def tag_width(tag: Tag) -> float:
    """Pixels that the longer line of a tag takes."""
    return max(_LIGHTER * text_width(tag.words, TEXT), text_width(numbers.brl(tag.price), AMOUNT))


def text_width(text: str, size: float) -> float:
    """Pixels that a number or a few words take at most, in the bold letters of DejaVu Sans."""
    return size * sum(_NARROW if sign in NARROW_SIGNS else _WIDE for sign in text)
