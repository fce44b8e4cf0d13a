"""A band as a bar: where the close should be, where it may be, and what is known already.

Places are percentages, so that the bar is as wide as the page lets it be.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.domain.forecast import Forecast

AIR = 0.06
"""Part of the range left free at each end, so that no mark is cut."""

HEIGHT, THICK = 28, 12
"""Of the bar with its marks, and of the bands alone, in CSS pixels."""

SHAPES = {
    "last": "M0-6a6 6 0 1 0 .1 0z",
    "running": "M-5.5-5.5h11v11h-11z",
    "final": "M0-8L8 0L0 8L-8 0z",
}
"""Each mark has its own form, so that colour is not all that tells."""


class Mark(NamedTuple):
    """A known price on the bar: `last`, `running` or `final`."""

    kind: str
    price: float


class Scale(NamedTuple):
    """Prices at the ends of the bar."""

    low: float
    high: float

    def place(self, price: float) -> float:
        """Where a price lies, in percent from the left."""
        return 100 * (price - self.low) / (self.high - self.low)


def scale(forecasts: Iterable[Forecast], marks: Sequence[Mark] = ()) -> Scale:
    """Ends that hold every band and every mark, with air; a band without width gets some."""
    prices = [mark.price for mark in marks]
    for forecast in forecasts:
        prices += [forecast.low95, forecast.high95]
    low, high = min(prices), max(prices)
    air = max((high - low) * AIR, high * 1e-4)
    return Scale(low - air, high + air)


def gauge(forecast: Forecast, ends: Scale, marks: Sequence[Mark] = ()) -> str:
    """The bar of one forecast; not read aloud, as the numbers beside it say more."""
    middle = HEIGHT / 2
    expected = ends.place(forecast.expected)
    parts = (
        _bar("band95", forecast.low95, forecast.high95, ends),
        _bar("band80", forecast.low80, forecast.high80, ends),
        f'<rect class="median" x="{expected:.2f}%" y="4" width="3" height="{HEIGHT - 8}"/>',
        *(
            f'<svg class="shape {mark.kind}" x="{ends.place(mark.price):.2f}%" y="{middle:.0f}">'
            f'<path d="{SHAPES[mark.kind]}"/></svg>'
            for mark in marks
        ),
    )
    return f'<svg class="gauge" height="{HEIGHT}" aria-hidden="true">{"".join(parts)}</svg>'


def _bar(kind: str, low: float, high: float, ends: Scale) -> str:
    x, width = ends.place(low), ends.place(high) - ends.place(low)
    y = (HEIGHT - THICK) // 2
    return (
        f'<rect class="{kind}" x="{x:.2f}%" y="{y}" width="{width:.2f}%" height="{THICK}" rx="3"/>'
    )
