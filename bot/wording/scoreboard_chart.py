"""The picture above /placar: how far each close fell from its forecast, and whether the band held.

    Tallies ──the last 60 sessions──▶ a bar for each error, a stroke for the naive one
                                      └── below, a cell each: the part of the closes in the band

Errors of all shares together are means, so that their cells are filled in part.  The same paper,
colours and letters as the picture of a forecast; the same outcomes give the same bytes.
"""

from dataclasses import dataclass

from bot.domain.figures import JUDGED_OVER, Figures, figures
from bot.domain.tickers import Ticker, shown
from bot.domain.track_record import Tally
from bot.wording import numbers
from bot.wording.about import BAND_80
from bot.wording.chart import _ONE_AT_A_TIME as ONE_AT_A_TIME
from bot.wording.chart import BAND_80 as INSIDE
from bot.wording.chart import FORECAST, GRID, INK, MARKET, MUTED, PAPER
from bot.wording.chart_easel import Easel, Pen, Point
from bot.wording.chart_layout import (
    AMOUNT,
    DATE_WIDTH,
    EDGE,
    HEIGHT,
    TEXT,
    TOP,
    WIDTH,
    price_ticks,
    text_width,
)

SHOWN = JUDGED_OVER
"""Sessions in the picture; each is still six pixels wide on a phone."""

FLOOR = 266
"""Where errors are nothing; the cells of the band lie below."""
CELLS = (166, 226)
"""Lower and upper border of the cells."""
DATES = 112
"""Base line of the dates."""
WIDEST = 96
"""Pixels of a session's slot at most: a bar is no wall."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything goes, in pixels.

    Attributes:
        left, right: borders of the plot.
        slot: width of one session.
        highest: error at the upper border, in percent of the close.
    """

    left: float
    right: float
    slot: float
    highest: float

    def x(self, index: int) -> float:
        """Where the slot of a session begins; 0 is the oldest."""
        return self.left + index * self.slot

    def y(self, percent: float) -> float:
        """Where an error lies."""
        return FLOOR + percent / self.highest * (TOP - FLOOR)


def draw(ticker: Ticker | None, tallies: tuple[Tally, ...]) -> bytes:
    """Paint the picture as a PNG of `WIDTH` by `HEIGHT` pixels.

    Args:
        ticker: the share; None for all together.
        tallies: of sessions, oldest first; no more than the last `SHOWN` are drawn.

    Raises:
        ValueError: there are none.
    """
    found = figures(tallies, SHOWN, one_share=ticker is not None)
    if found is None:
        raise ValueError("nothing to draw")
    with ONE_AT_A_TIME:
        return _painted(ticker, tallies[-SHOWN:], found).png()


def _painted(ticker: Ticker | None, tallies: tuple[Tally, ...], found: Figures) -> Easel:
    easel = Easel(WIDTH, HEIGHT, PAPER)
    places = _places(tallies, found)
    _heading(easel, ticker, found)
    _ground(easel, places)
    for index, each in enumerate(tallies):
        _errors(easel, places, index, each)
        _cell(easel, places, index, each)
    _dates(easel, places, tallies)
    _readings(easel, places, found)
    _legend(easel)
    return easel


def _places(tallies: tuple[Tally, ...], found: Figures) -> Places:
    errors = [
        100 * max(each.relative_error, each.naive_relative_error) / each.count for each in tallies
    ]
    highest = max(1.08 * max(errors), 0.1)
    left = EDGE + max(text_width(text, TEXT) for _, text in ticks(highest)) + 8
    right = WIDTH - EDGE - max(text_width(text, AMOUNT) for text in _amounts(found)) - 24
    slot = min((right - left) / len(tallies), WIDEST)
    return Places(left, right, slot, highest)


def ticks(highest: float) -> list[tuple[float, str]]:
    """Round errors from nothing to `highest`, in percent, two to five, with the decimals needed."""
    # Asked about a taller range, it leaves the air that this lower plot needs.
    found = [error for error, _ in price_ticks(0, 1.5 * highest) if error <= highest]
    decimals = max(len(f"{error:.6g}".partition(".")[2]) for error in found)
    return [(error, numbers.decimal(error, decimals)) for error in found]


def _heading(easel: Easel, ticker: Ticker | None, found: Figures) -> None:
    base = HEIGHT - 68
    share = "Placar" if ticker is None else shown(ticker)
    subject = "todos os papéis" if ticker is None else "placar"
    end = easel.write((EDGE, base), share, Pen(INK, 50, bold=True))
    count = "último pregão" if found.sessions == 1 else f"últimos {found.sessions} pregões"
    easel.write((end, base), f" · {subject}, {count}", Pen(INK, 40))
    easel.write((EDGE, base - 54), "Erro por pregão, em % do fechamento", Pen(MUTED, TEXT))


def _ground(easel: Easel, places: Places) -> None:
    pen = Pen(MUTED, TEXT)
    for percent, text in ticks(places.highest):
        height = places.y(percent)
        easel.line([(places.left, height), (places.right, height)], GRID, 2)
        easel.write((places.left - 14, height - 13), text, pen, "right")


def _errors(easel: Easel, places: Places, index: int, each: Tally) -> None:
    """The bot's error as a bar, the naive one as a stroke across the slot."""
    start, gap = places.x(index), 0.18 * places.slot
    error = places.y(100 * each.relative_error / each.count)
    naive = places.y(100 * each.naive_relative_error / each.count)
    easel.area(_box(start + gap, FLOOR, start + places.slot - gap, error), FORECAST)
    easel.line([(start + 1, naive), (start + places.slot - 1, naive)], INK, 5)


def _cell(easel: Easel, places: Places, index: int, each: Tally) -> None:
    """The part of the session's closes that fell inside the band, from the ground up."""
    low, high = CELLS
    left, right = places.x(index) + 1, places.x(index) + places.slot - 1
    border = low + each.inside80 / each.count * (high - low)
    easel.area(_box(left, low, right, border), INSIDE)
    easel.area(_box(left, border, right, high), MARKET)


def _dates(easel: Easel, places: Places, tallies: tuple[Tally, ...]) -> None:
    """The newest session, the oldest, and first sessions of months, where they fit."""
    ends = [len(tallies) - 1, 0]
    months = [
        index
        for index in range(1, len(tallies))
        if tallies[index].session.month != tallies[index - 1].session.month
    ]
    taken: list[float] = []
    for index in (*ends, *months):
        middle = places.x(index) + places.slot / 2
        if all(abs(middle - other) >= DATE_WIDTH for other in taken):
            taken.append(middle)
            date = numbers.day_month(tallies[index].session)
            easel.line([(middle, CELLS[0] - 2), (middle, CELLS[0] - 12)], MUTED, 2)
            easel.write((max(middle, places.left + 30), DATES), date, Pen(MUTED, TEXT), "center")


def _readings(easel: Easel, places: Places, found: Figures) -> None:
    """The figures of all sessions shown, at the right edge beside what they sum up."""
    bot, naive, inside = _amounts(found)
    x = places.right + 24
    for base, words, amount, colour in (
        (TOP - 76, "bot", bot, FORECAST),
        (TOP - 186, "repetir", naive, INK),
        (CELLS[0] + 4, "na faixa", inside, INK),
    ):
        easel.write((x, base + 44), words, Pen(colour, TEXT))
        easel.write((x, base), amount, Pen(colour, AMOUNT, bold=True))


def _amounts(found: Figures) -> tuple[str, str, str]:
    return (
        numbers.percent(found.mape),
        numbers.percent(found.naive_mape),
        # One share has a session a cell to be counted; of many closes a part says more.
        numbers.percent(found.coverage80, 1)
        if found.mae is None
        else f"{found.inside80} de {found.count}",
    )


def _legend(easel: Easel) -> None:
    base, pen = 34.0, Pen(INK, TEXT)
    easel.area(_box(EDGE, base - 4, EDGE + 24, base + 30), FORECAST)
    x = easel.write((EDGE + 36, base), "bot", pen) + 28
    easel.line([(x, base + 13), (x + 40, base + 13)], INK, 5)
    x = easel.write((x + 52, base), "repetir o anterior", pen) + 28
    for colour, words in ((INSIDE, BAND_80), (MARKET, "fora")):
        easel.area(_box(x, base - 4, x + 34, base + 30), colour)
        x = easel.write((x + 46, base), words, pen) + 28


def _box(left: float, low: float, right: float, high: float) -> list[Point]:
    return [(left, low), (right, low), (right, high), (left, high)]
