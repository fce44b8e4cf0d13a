"""The picture above a caption: sixty closes, and the forecast that continues them.

    Outlook + Horizon ──content──▶ what to show ──layout──▶ where ──draw()──▶ PNG

The same outlook gives the same bytes.  The paper fills the whole picture because Telegram turns
transparency into black; the chat's own round corners make a card of it, on light and dark grounds
alike.  Safe to call from worker threads.
"""

from threading import Lock

from bot.domain.forecast import Outlook
from bot.wording import numbers
from bot.wording.buttons import Horizon
from bot.wording.chart_content import Content, Kind, Tag, content
from bot.wording.chart_easel import Easel, Pen, Point
from bot.wording.chart_layout import AMOUNT, BOTTOM, EDGE, HEIGHT, TEXT, TOP, WIDTH, Layout, layout
from bot.wording.messages import SIMULATED

# Every text colour has a contrast of at least 4.5 on the paper (WCAG 2.2, 1.4.3); blue against
# reddish brown stays apart under the common kinds of colour blindness.
PAPER = "#F7F5F0"
AHEAD = "#EEEBE3"
GRID = "#D9D5CA"
INK = "#1F2933"
MUTED = "#55606B"
FORECAST = "#0B5A9C"
BAND_80 = "#8FB8DA"
BAND_95 = "#C9DCEA"
MARKET = "#963B00"
WATERMARK = "#E3DED2"

COLOURS = {
    Kind.LAST_CLOSE: INK,
    Kind.FORECAST: FORECAST,
    Kind.RUNNING: MARKET,
    Kind.FINAL: MARKET,
}
SHAPES = {Kind.LAST_CLOSE: "o", Kind.FORECAST: "o", Kind.RUNNING: "s", Kind.FINAL: "D"}

SMALL, LARGE = 14, 24
"""Widths of markers, in pixels."""

# Matplotlib does not promise to be safe in threads, and two pictures at once would gain nothing.
_ONE_AT_A_TIME = Lock()


def draw(outlook: Outlook, horizon: Horizon) -> bytes:
    """Paint the chart of `outlook` as a PNG of `WIDTH` by `HEIGHT` pixels."""
    said = content(outlook, horizon)
    with _ONE_AT_A_TIME:
        return _painted(said, layout(said)).png()


def _painted(said: Content, places: Layout) -> Easel:
    easel = Easel(WIDTH, HEIGHT, PAPER)
    _ground(easel, places)
    if said.simulated:
        _watermark(easel, places)
    _fan(easel, said, places)
    _past(easel, said, places)
    _tags(easel, said, places)
    _heading(easel, said)
    _legend(easel)
    return easel


def _ground(easel: Easel, places: Layout) -> None:
    """The tinted part that is still to come, and the two axes."""
    pen = Pen(MUTED, TEXT)
    easel.area(_box(places.past_x[-1], BOTTOM, places.right, TOP), AHEAD)
    for tick in places.price_ticks:
        easel.line([(places.left, tick.place), (places.right, tick.place)], GRID, 2)
        easel.write((places.left - 16, tick.place - 13), tick.text, pen, "right")
    easel.write((WIDTH - EDGE, BOTTOM - 46), "Pregão", pen, "right")
    for tick in places.date_ticks:
        easel.line([(tick.place, BOTTOM), (tick.place, BOTTOM - 10)], MUTED, 2)
        easel.write((tick.place, BOTTOM - 46), tick.text, pen, "center")


def _watermark(easel: Easel, places: Layout) -> None:
    """Behind the past closes, where no band covers it."""
    middle = ((places.left + places.past_x[-1]) / 2, (BOTTOM + TOP) / 2)
    easel.write_across(middle, "SIMULADO", Pen(WATERMARK, 78, bold=True), degrees=30)


def _fan(easel: Easel, said: Content, places: Layout) -> None:
    """Both bands and the median, opening from the newest close."""
    start = (places.past_x[-1], places.y(said.past[-1].price))
    dated = list(zip(places.coming_x, said.forecasts, strict=True))
    low95 = [(x, places.y(forecast.low95)) for x, forecast in dated]
    high95 = [(x, places.y(forecast.high95)) for x, forecast in dated]
    low80 = [(x, places.y(forecast.low80)) for x, forecast in dated]
    high80 = [(x, places.y(forecast.high80)) for x, forecast in dated]
    easel.area([start, *high95, *reversed(low95)], BAND_95)
    easel.area([start, *high80, *reversed(low80)], BAND_80)
    median = [(x, places.y(forecast.expected)) for x, forecast in dated]
    easel.line([start, *median], FORECAST, 4, dashed=12)
    for point in median:
        easel.mark(point, "o", PAPER, FORECAST, SMALL)


def _past(easel: Easel, said: Content, places: Layout) -> None:
    closes = zip(places.past_x, said.past, strict=True)
    easel.line([(x, places.y(close.price)) for x, close in closes], INK, 4)


def _tags(easel: Easel, said: Content, places: Layout) -> None:
    """Each marked price, its leader to the right edge, and what it is."""
    marked = [(tag, (places.x(tag.step), places.y(tag.price))) for tag in said.tags]
    for (tag, at), middle in zip(marked, places.tag_y, strict=True):
        corner, end = (places.right, at[1]), (places.right + 22, middle)
        easel.line([at, corner, end], COLOURS[tag.kind], 2, dashed=5)
        _tag(easel, tag, (places.right + 34, middle))
    for tag, at in marked:
        _marked(easel, tag, at)


def _marked(easel: Easel, tag: Tag, at: Point) -> None:
    colour = COLOURS[tag.kind]
    # A wide ring stays visible around a final close that hits the forecast.
    if tag.kind is Kind.FORECAST:
        easel.mark(at, SHAPES[tag.kind], PAPER, colour, LARGE)
    else:
        easel.mark(at, SHAPES[tag.kind], colour, colour, SMALL)


def _tag(easel: Easel, tag: Tag, at: Point) -> None:
    x, middle = at
    colour = COLOURS[tag.kind]
    easel.write((x, middle + 10), tag.words, Pen(colour, TEXT))
    easel.write((x, middle - 34), numbers.brl(tag.price), Pen(colour, AMOUNT, bold=True))


def _heading(easel: Easel, said: Content) -> None:
    base = HEIGHT - 68
    end = easel.write((EDGE, base), said.share, Pen(INK, 50, bold=True))
    easel.write((end, base), f" · {said.subject}", Pen(INK, 40))
    if said.simulated:
        easel.write((EDGE, base - 54), SIMULATED, Pen(MARKET, TEXT, bold=True))
    else:
        easel.write((EDGE, base - 54), "Fechamento (R$)", Pen(MUTED, TEXT))


def _legend(easel: Easel) -> None:
    """What the two bands and the dashed line mean, in words."""
    base, x, pen = 34.0, float(EDGE), Pen(INK, TEXT)
    for colour, part in ((BAND_80, 0.8), (BAND_95, 0.95)):
        easel.area(_box(x, base - 4, x + 44, base + 30), colour)
        x = easel.write((x + 58, base), f"faixa de {numbers.percent(part, 0)}", pen) + 40
    easel.line([(x, base + 13), (x + 48, base + 13)], FORECAST, 4, dashed=12)
    easel.write((x + 62, base), "previsão", pen)


def _box(left: float, low: float, right: float, high: float) -> list[Point]:
    return [(left, low), (right, low), (right, high), (left, high)]
