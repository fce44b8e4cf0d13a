"""Prices, percentages, days and hours as Brazilians write them.

    42.865 ─brl()─▶ "R$ 42,87"     0.0037 ─percent()─▶ "0,37 %"     date ─day()─▶ "qua., 29/07"

Spaces are ordinary ones, so that what is read can be searched for, copied and parsed.
Minus is the sign U+2212, not the hyphen.  The language of the machine plays no part.  Hours are
those of America/Sao_Paulo.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache
from math import isfinite

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from bot.domain.sessions import SAO_PAULO

LANGUAGE = "pt_BR"
# As many digits as a float can have before and after its point.
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
MINUS = "\N{MINUS SIGN}"

MOST_KEPT = 4_096
"""What was written last: people ask about the same few prices, and Babel takes its time."""


def brl(price: float) -> str:
    """A price in reais with centavos: `R$ 1.234,50`.

    Raises:
        ValueError: it is not finite.
    """
    return f"R$ {decimal(price, 2)}"


def percent(fraction: float, decimals: int = 2) -> str:
    """A fraction as a percentage: 0.0037 is `0,37 %`.

    Raises:
        ValueError: it is not finite.
    """
    return f"{decimal(_finite(fraction) * 100, decimals)} %"


def decimal(value: float, decimals: int) -> str:
    """A plain number, thousands separated, halves rounded away from zero: `−1.234,50`.

    Raises:
        ValueError: it is not finite.
    """
    return _written(float(_finite(value)), decimals)


@lru_cache(MOST_KEPT)
def _written(value: float, decimals: int) -> str:
    # From the digits that people see: 0.285 is a half although its binary form lies below it.
    exact = Decimal(repr(value))
    pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    with localcontext(_EXACT):
        rounded = exact.quantize(Decimal(1).scaleb(-decimals))
        # Adding zero turns −0 into 0.
        return format_decimal(rounded + 0, pattern, locale=LANGUAGE).replace("-", MINUS)


def day(session: date) -> str:
    """A session with its weekday: `qua., 29/07`."""
    return _date(session, "EEE, dd/MM")


def day_month(session: date) -> str:
    """A session, short: `29/07`."""
    return _date(session, "dd/MM")


@lru_cache(MOST_KEPT)
def _date(session: date, pattern: str) -> str:
    return format_date(session, pattern, locale=LANGUAGE)


def clock(moment: datetime) -> str:
    """The hour in São Paulo: `11:42`.

    Raises:
        ValueError: the moment has no time zone.
    """
    return format_datetime(_in_sao_paulo(moment), "HH:mm", locale=LANGUAGE)


def day_and_clock(moment: datetime) -> str:
    """Day and hour in São Paulo: `qua., 29/07, às 11:42`.

    Raises:
        ValueError: the moment has no time zone.
    """
    return f"{day(_in_sao_paulo(moment).date())}, às {clock(moment)}"


def _in_sao_paulo(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a moment without time zone: {moment}")
    return moment.astimezone(SAO_PAULO)


def _finite(value: float) -> float:
    if not isfinite(value):
        raise ValueError(f"not a number that can be shown: {value}")
    return value
