"""The page's drawings: everything inside its sheet, everything on the right side of everything."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.forecast import Forecast, Outlook
from bot.wording.page.chart import BOTTOM, NARROW, TOP, WIDE, Sheet, chart
from bot.wording.page.gauge import Mark, gauge, scale
from tests.wording.scenes import REFERENCE, SCENES, WEDNESDAY, at_level

prices = st.floats(0.01, 100_000)


def drawing(outlook: Outlook, sheet: Sheet) -> str:
    """The chart of one width."""
    (found,) = re.findall(rf'<svg class="chart {sheet.name}".*?</svg>', chart(outlook))
    return str(found)


def points(svg: str) -> list[tuple[float, float]]:
    """Every point of every line, mark and text."""
    pairs = re.findall(r"(-?\d+\.\d+) (-?\d+\.\d+)", svg)
    pairs += re.findall(r'c?x="(-?[\d.]+)" c?y="(-?[\d.]+)"', svg)
    return [(float(x), float(y)) for x, y in pairs]


@pytest.mark.parametrize("sheet", [NARROW, WIDE], ids=lambda sheet: sheet.name)
@pytest.mark.parametrize("factor", [0.01, 1, 40, 1_000])
@pytest.mark.parametrize("name", SCENES)
def test_everything_is_on_the_sheet(name: str, factor: float, sheet: Sheet) -> None:
    """Penny stocks and four figures, any part of the day."""
    svg = drawing(at_level(factor, SCENES[name]), sheet)
    found = points(svg)

    assert len(found) > 60
    assert all(0 <= x <= sheet.width and 0 <= y <= sheet.height for x, y in found)


def test_a_higher_price_stands_higher() -> None:
    """SVG counts downwards."""
    past = re.search(r'class="past" d="M([^"]+)"', drawing(REFERENCE, WIDE))
    ys = [float(pair.split()[1]) for pair in past[1].split("L")] if past else []
    by_price = sorted(zip((bar.close for bar in REFERENCE.window.bars), ys, strict=True))

    assert [y for _, y in by_price] == sorted(ys, reverse=True)
    assert TOP <= min(ys) < max(ys) <= WIDE.height - BOTTOM


def test_a_series_without_any_movement_has_a_chart() -> None:
    """A share that is suspended repeats its close."""
    flat = replace(
        REFERENCE,
        window=replace(
            REFERENCE.window,
            bars=tuple(replace(bar, close=10.0) for bar in REFERENCE.window.bars),
        ),
        today=Forecast(WEDNESDAY, 10, 10, 10, 10, 10),
        coming=(),
    )

    assert "nan" not in chart(flat)


@given(quantiles=st.tuples(*[prices] * 5).map(sorted), marks=st.lists(prices, max_size=3))
def test_a_bar_holds_its_bands_and_marks_in_their_order(
    quantiles: list[float], marks: list[float]
) -> None:
    """Lower is further left, and nothing is cut off."""
    low95, low80, expected, high80, high95 = quantiles
    forecast = Forecast(WEDNESDAY, expected, low80, high80, low95, high95)
    known = [Mark("last", price) for price in marks]
    ends = scale([forecast], known)
    places = [ends.place(price) for price in sorted([*quantiles, *marks])]

    assert places == sorted(places)
    assert 0 < places[0] <= places[-1] < 100
    assert gauge(forecast, ends, known).count("<svg") == 1 + len(marks)
