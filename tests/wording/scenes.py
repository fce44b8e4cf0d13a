"""Outlooks for the tests of words and pictures: one share, every part of its day, made-up closes.

The reference scene is Wednesday 2026-07-29: ITUB4 closed at R$ 42,82 on Tuesday, R$ 42,86 is
expected.  All other scenes are the reference scene with something changed.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from math import pi, sin

from bot.domain.closes import Adjustment, Bar, Origin, RunningPrice, Window
from bot.domain.forecast import Forecast, Model, Outlook
from bot.domain.sessions import SAO_PAULO, Phase
from bot.domain.tickers import Ticker

TUESDAY = date(2026, 7, 28)
WEDNESDAY = date(2026, 7, 29)
MODEL = Model("fechamento", "1", "0" * 64)


def weekdays(after: date, count: int) -> list[date]:
    """The next `count` days from Monday to Friday after `after`, ascending."""
    days: list[date] = []
    day = after
    while len(days) < count:
        day += timedelta(days=1)
        if day.weekday() < 5:
            days.append(day)
    return days


def window(last: float = 42.82, until: date = TUESDAY, wave: float = 0.04) -> Window:
    """Sixty smooth closes ending with `last`; `wave` is how far they swing, 0 for a flat series."""
    days = [day for day in weekdays(until - timedelta(days=100), 90) if day <= until][-60:]
    bars = []
    for left, day in zip(range(59, -1, -1), days, strict=True):
        close = last * (1 - wave * sin(left * pi / 22) - wave / 4 * sin(left * 2.1))
        bars.append(Bar(day, close, close * 1.01, close * 0.99, close, 1e6))
    return Window(Ticker("ITUB4.SA"), tuple(bars), Origin.YAHOO)


def forecast(session: date, expected: float, half80: float) -> Forecast:
    """A forecast with symmetric bands, the wide one 1.6 times the narrow one."""
    low, high = expected - half80, expected + half80
    return Forecast(session, expected, low, high, expected - 1.6 * half80, expected + 1.6 * half80)


def coming(after: date = WEDNESDAY, level: float = 42.87, count: int = 5) -> tuple[Forecast, ...]:
    """D+1 and following, each band wider than the one before."""
    return tuple(
        forecast(day, level * (1 + step * 0.0005), level * 0.0204 * (1 + step) ** 0.5)
        for step, day in enumerate(weekdays(after, count))
    )


MORNING = Forecast(WEDNESDAY, 42.86, 42.25, 43.48, 41.80, 43.95)
REFERENCE = Outlook(
    ticker=Ticker("ITUB4.SA"),
    phase=Phase.BEFORE_OPEN,
    window=window(),
    today=MORNING,
    morning=MORNING,
    closed=None,
    coming=coming(),
    model=MODEL,
)

AT_14_32 = RunningPrice(43.02, datetime(2026, 7, 29, 14, 32, tzinfo=SAO_PAULO))
NARROWED = Forecast(WEDNESDAY, 42.99, 42.70, 43.28, 42.50, 43.49, AT_14_32)

OPEN = replace(REFERENCE, phase=Phase.OPEN)
OPEN_WITH_PRICE = replace(OPEN, today=NARROWED)
CLOSING = replace(OPEN_WITH_PRICE, phase=Phase.CLOSING)
WAITING = replace(
    REFERENCE, phase=Phase.CLOSED, window=replace(REFERENCE.window, missing=(WEDNESDAY,))
)
CLOSED = replace(
    REFERENCE,
    phase=Phase.CLOSED,
    window=replace(
        window(), bars=(*window().bars[1:], Bar(WEDNESDAY, 42.8, 43.1, 42.5, 42.70, 1e6))
    ),
    closed=42.70,
)
OUTSIDE = replace(CLOSED, closed=44.1)
SATURDAY = replace(
    REFERENCE,
    phase=Phase.HOLIDAY,
    window=window(until=date(2026, 7, 31)),
    today=replace(REFERENCE.today, session=date(2026, 8, 3)),
    coming=coming(date(2026, 8, 3)),
)
SIMULATED = replace(REFERENCE, window=replace(REFERENCE.window, origin=Origin.SIMULATED))
KEPT = replace(
    REFERENCE,
    window=replace(REFERENCE.window, kept_at=datetime(2026, 7, 28, 21, 5, tzinfo=SAO_PAULO)),
)
LAGGING = replace(
    REFERENCE,
    window=replace(window(until=date(2026, 7, 24)), missing=(date(2026, 7, 27), TUESDAY)),
    coming=coming(count=3),
)
FAR_BEHIND = replace(LAGGING, coming=())
ADJUSTED = replace(
    REFERENCE,
    window=replace(
        REFERENCE.window,
        adjustments=(Adjustment(date(2026, 6, 1), 0.5), Adjustment(date(2026, 7, 1), 10.0)),
    ),
)

SCENES = {
    "antes-da-abertura": REFERENCE,
    "aberto": OPEN,
    "aberto-com-preco": OPEN_WITH_PRICE,
    "encerrando": CLOSING,
    "esperando-o-fechamento": WAITING,
    "fechado": CLOSED,
    "fechado-fora-da-faixa": OUTSIDE,
    "sabado": SATURDAY,
    "simulado": SIMULATED,
    "precos-guardados": KEPT,
    "pregoes-faltando": LAGGING,
    "fechamento-antigo-demais": FAR_BEHIND,
    "desdobramento-e-grupamento": ADJUSTED,
}


def at_level(factor: float, outlook: Outlook = REFERENCE) -> Outlook:
    """The same picture with every price multiplied."""
    return replace(
        outlook,
        window=replace(
            outlook.window, bars=tuple(_bar_times(bar, factor) for bar in outlook.window.bars)
        ),
        today=times(outlook.today, factor),
        closed=None if outlook.closed is None else outlook.closed * factor,
        coming=tuple(times(each, factor) for each in outlook.coming),
    )


def times(each: Forecast, factor: float) -> Forecast:
    """A forecast with every price multiplied."""
    running = each.running and replace(each.running, price=each.running.price * factor)
    return Forecast(
        each.session,
        each.expected * factor,
        each.low80 * factor,
        each.high80 * factor,
        each.low95 * factor,
        each.high95 * factor,
        running,
    )


def _bar_times(bar: Bar, factor: float) -> Bar:
    return replace(
        bar,
        open=bar.open * factor,
        high=bar.high * factor,
        low=bar.low * factor,
        close=bar.close * factor,
    )
