"""Prices, percentages, days and hours, as Brazilians write them."""

import locale
from collections.abc import Iterator
from datetime import UTC, date, datetime
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording import numbers

FINITE = st.floats(allow_nan=False, allow_infinity=False, width=64)


@pytest.mark.parametrize(
    ("price", "shown"),
    [
        (42.86, "R$ 42,86"),
        (0.87, "R$ 0,87"),
        (1234.5, "R$ 1.234,50"),
        (1_000_000, "R$ 1.000.000,00"),
        (-5, "R$ −5,00"),
        (42.865, "R$ 42,87"),
        (2.675, "R$ 2,68"),
        (42.860001, "R$ 42,86"),
        (-0.001, "R$ 0,00"),
    ],
)
def test_a_price_has_a_comma_two_centavos_and_stays_in_one_piece(price: float, shown: str) -> None:
    """A price that breaks over two lines, or has English points, is misread."""
    assert numbers.brl(price) == shown


@pytest.mark.parametrize(
    ("fraction", "decimals", "shown"),
    [(0.0037, 2, "0,37 %"), (0.8, 0, "80 %"), (0.95, 0, "95 %"), (-0.5, 1, "−50,0 %")],
)
def test_a_fraction_is_shown_as_a_percentage(fraction: float, decimals: int, shown: str) -> None:
    """0.0037 is 0,37 %, not 0,0037 %."""
    assert numbers.percent(fraction, decimals) == shown


@pytest.mark.parametrize("write", [numbers.brl, numbers.percent])
@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_what_is_no_number_is_never_shown(write: object, value: float) -> None:
    """`R$ nan` in a chat is worse than no answer."""
    assert callable(write)
    with pytest.raises(ValueError, match="not a number that can be shown"):
        write(value)


@given(FINITE)
def test_every_finite_price_can_be_read_back_to_the_centavo(price: float) -> None:
    """What is shown is what was meant, for tiny and huge prices alike."""
    shown = numbers.brl(price).removeprefix("R$ ")
    read = shown.replace(".", "").replace(",", ".").replace(numbers.MINUS, "-")

    assert float(read) == pytest.approx(price, abs=0.005000001, rel=1e-12)


@given(FINITE, st.integers(0, 4))
def test_no_number_has_a_hyphen_or_an_ordinary_space(value: float, decimals: int) -> None:
    """A hyphen is no minus, and a space that breaks parts the number from its unit."""
    assert not set(numbers.decimal(value, decimals)) & {"-", " "}


def test_a_day_is_named_in_portuguese() -> None:
    """People plan by weekday; the date alone makes them look it up."""
    week = [numbers.day(date(2026, 7, 27 + each)) for each in range(5)]

    assert week == ["seg., 27/07", "ter., 28/07", "qua., 29/07", "qui., 30/07", "sex., 31/07"]


def test_a_short_day_has_two_digits_each() -> None:
    """03/08 lines up with 29/07 under a chart."""
    assert numbers.day_month(date(2026, 8, 3)) == "03/08"


def test_hours_are_those_of_sao_paulo() -> None:
    """The server's clock runs in another time zone than its readers live in."""
    moment = datetime(2026, 7, 29, 2, 5, tzinfo=UTC)

    assert (numbers.clock(moment), numbers.day_and_clock(moment)) == (
        "23:05",
        "ter., 28/07, às 23:05",
    )


@pytest.mark.parametrize("write", [numbers.clock, numbers.day_and_clock])
def test_an_hour_without_time_zone_is_refused(write: object) -> None:
    """Nobody can say what 14:32 means without saying where."""
    assert callable(write)
    with pytest.raises(ValueError, match="without time zone"):
        write(datetime(2026, 7, 29, 14, 32))  # noqa: DTZ001 - the very thing that is refused


@pytest.fixture
def _other_language() -> Iterator[None]:
    before = locale.setlocale(locale.LC_ALL)
    locale.setlocale(locale.LC_ALL, "C")
    yield
    locale.setlocale(locale.LC_ALL, before)


@pytest.mark.usefixtures("_other_language")
def test_the_language_of_the_machine_plays_no_part() -> None:
    """A container has no Portuguese installed."""
    assert (numbers.brl(1234.5), numbers.day(date(2026, 7, 29))) == (
        "R$ 1.234,50",
        "qua., 29/07",
    )
