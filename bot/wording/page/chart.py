"""The chart of the page: drawn twice, for narrow and for wide screens, in the page's own letters.

    Outlook ──content()──▶ what the chat's picture shows ──▶ SVG in units of CSS pixels

Colours are classes, so that the page's style decides on them by day and by night.  What is marked
and where tags go follows the same rules as in the picture that Telegram gets.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from bot.domain.forecast import Outlook
from bot.wording import numbers
from bot.wording.buttons import Horizon
from bot.wording.chart_content import Content, Kind, content
from bot.wording.chart_layout import price_range, price_ticks, session_places, spread

CLASSES = {
    Kind.LAST_CLOSE: "last",
    Kind.FORECAST: "forecast",
    Kind.RUNNING: "market",
    Kind.FINAL: "market",
}


class Sheet(NamedTuple):
    """A size of the chart, in CSS pixels.

    Attributes:
        name: class of the drawing.
        width, height: of the whole.
        left, right: margins for the prices and for the tags.
        letters: size of the text.
    """

    name: str
    width: int
    height: int
    left: int
    right: int
    letters: int


NARROW = Sheet("narrow", 344, 290, 40, 96, 12)
WIDE = Sheet("wide", 640, 400, 52, 112, 14)
TOP, BOTTOM = 12, 30
"""Margins above, and below for the dates."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Where prices and sessions lie on one sheet."""

    sheet: Sheet
    low: float
    high: float
    past: tuple[float, ...]
    ahead: tuple[float, ...]

    @property
    def right(self) -> float:
        return self.sheet.width - self.sheet.right

    @property
    def bottom(self) -> float:
        return self.sheet.height - BOTTOM

    def y(self, price: float) -> float:
        """Downwards, as SVG counts."""
        return self.bottom - (price - self.low) / (self.high - self.low) * (self.bottom - TOP)

    def x(self, step: float) -> float:
        """0 is the last close, 1 the first forecast, fractions lie between."""
        ends = (self.past[-1], *self.ahead)
        whole = min(int(step), len(ends) - 2)
        return ends[whole] + (step - whole) * (ends[whole + 1] - ends[whole])


def chart(outlook: Outlook) -> str:
    """Sixty closes and what may follow, for both widths; one of them is shown."""
    said = content(outlook, Horizon.COMING)
    return f"{_drawn(said, NARROW)}{_drawn(said, WIDE)}"


def _drawn(said: Content, sheet: Sheet) -> str:
    places = _placed(said, sheet)
    parts = (*_ground(places), *_dates(said, places), *_fan(said, places), *_tags(said, places))
    told = escape(f"{said.share} · {said.subject}")
    return (
        f'<svg class="chart {sheet.name}" viewBox="0 0 {sheet.width} {sheet.height}" role="img" '
        f'aria-label="{told}" font-size="{sheet.letters}">{"".join(parts)}</svg>'
    )


def _placed(said: Content, sheet: Sheet) -> _Places:
    low, high = price_range(said.prices)
    right = sheet.width - sheet.right
    past, ahead = session_places(sheet.left, right, len(said.past), len(said.forecasts))
    return _Places(sheet, low, high, past, ahead)


def _ground(places: _Places) -> Iterable[str]:
    """The tinted part that is still to come, and the prices."""
    now, left = places.past[-1], places.sheet.left
    width, height = places.right - now, places.bottom - TOP
    yield f'<rect class="ahead" x="{now:.1f}" y="{TOP}" width="{width:.1f}" height="{height:.1f}"/>'
    for price, text in price_ticks(places.low, places.high):
        y = places.y(price)
        yield f'<path class="grid" d="M{left} {y:.1f}H{places.right:.1f}"/>'
        yield _text(left - 6, y, text, "price")


def _dates(said: Content, places: _Places) -> Iterable[str]:
    """The first and the last day of the past, and the last forecast."""
    y = places.bottom + BOTTOM / 2
    first, last = said.past[0].session, said.forecasts[-1].session
    yield _text(places.past[0], y, numbers.day_month(first), "begin")
    if len(said.forecasts) > 1:
        yield _text(places.past[-1], y, numbers.day_month(said.past[-1].session), "middle")
    yield _text(places.ahead[-1], y, numbers.day_month(last), "middle")


def _fan(said: Content, places: _Places) -> Iterable[str]:
    """Both bands, the closes and the median, which continue each other."""
    start = (places.past[-1], places.y(said.past[-1].price))
    ahead = list(zip(places.ahead, said.forecasts, strict=True))
    low95 = [(x, places.y(one.low95)) for x, one in ahead]
    high95 = [(x, places.y(one.high95)) for x, one in ahead]
    low80 = [(x, places.y(one.low80)) for x, one in ahead]
    high80 = [(x, places.y(one.high80)) for x, one in ahead]
    yield f'<path class="band95" d="{_line([start, *high95, *reversed(low95)])}Z"/>'
    yield f'<path class="band80" d="{_line([start, *high80, *reversed(low80)])}Z"/>'
    closes = zip(places.past, said.past, strict=True)
    yield f'<path class="past" d="{_line([(x, places.y(one.price)) for x, one in closes])}"/>'
    median = [(x, places.y(one.expected)) for x, one in ahead]
    yield f'<path class="median" d="{_line([start, *median])}"/>'


def _tags(said: Content, places: _Places) -> Iterable[str]:
    """Each marked price: its mark, what it is, and how much."""
    letters = places.sheet.letters
    wanted = [places.y(tag.price) for tag in said.tags]
    middles = spread(wanted, letters * 2.7, TOP, places.bottom)
    for tag, y, middle in zip(said.tags, wanted, middles, strict=True):
        x, kind = places.x(tag.step), CLASSES[tag.kind]
        leader = [(x, y), (places.right, y), (places.right + 8, middle)]
        yield f'<path class="leader {kind}" d="{_line(leader)}"/>'
        yield f'<circle class="mark {kind}" cx="{x:.1f}" cy="{y:.1f}" r="{letters / 3:.1f}"/>'
        text = places.right + 12
        yield _text(text, middle - letters * 0.62, tag.words, f"tag {kind}")
        yield _text(text, middle + letters * 0.62, numbers.brl(tag.price), f"tag amount {kind}")


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'
