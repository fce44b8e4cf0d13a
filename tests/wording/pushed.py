"""What is pushed without being asked for, and what operators read, as whole messages.

`python -m tests.wording.pushed` writes the files again; read `git diff tests/data/golden` after.
"""

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.forecast import Forecast
from bot.domain.operations import Calls, GoodCloses, Incident, Status, Storage, Trouble
from bot.domain.outbox import Backlog, Content
from bot.domain.sessions import Phase
from bot.domain.tickers import Ticker
from bot.domain.track_record import Made, Outcome, Recorded
from bot.wording import operators
from bot.wording.daily import daily
from tests.share_bars import at
from tests.wording.golden import FOLDER
from tests.wording.scenes import (
    MODEL,
    OPEN_WITH_PRICE,
    REFERENCE,
    SATURDAY,
    SIMULATED,
    TUESDAY,
    WEDNESDAY,
    window,
)

TUESDAY_TOLD = Recorded(
    ticker=Ticker("ITUB4.SA"),
    session=TUESDAY,
    made_at=at("2026-07-28T09:00"),
    expected=42.86,
    low80=42.25,
    high80=43.48,
    low95=41.80,
    high95=43.95,
    last_close=42.82,
    last_session=date(2026, 7, 27),
    model=MODEL,
    made=Made.LIVE,
)
TUESDAY_WENT = Outcome(TUESDAY_TOLD, 42.70, 1.0, at("2026-07-28T17:30"))
FRIDAY_WENT = replace(TUESDAY_WENT, forecast=replace(TUESDAY_TOLD, session=date(2026, 7, 31)))
SPLIT_IN_TWO = Outcome(
    replace(TUESDAY_TOLD, expected=85.72, last_close=85.64), 42.70, 0.5, at("2026-07-28T17:30")
)

MORNING = Forecast(WEDNESDAY, 42.71, 42.10, 43.33, 41.65, 43.80)
AFTER_TUESDAY = replace(REFERENCE, window=window(42.70), today=MORNING, morning=MORNING)
MONDAY = replace(
    SATURDAY,
    phase=Phase.BEFORE_OPEN,
    window=window(42.70, until=date(2026, 7, 31)),
    today=replace(MORNING, session=date(2026, 8, 3)),
)
AFTER_TUESDAY_OPEN = replace(OPEN_WITH_PRICE, window=AFTER_TUESDAY.window)
AFTER_TUESDAY_KEPT = replace(
    AFTER_TUESDAY, window=replace(AFTER_TUESDAY.window, kept_at=at("2026-07-28T21:05"))
)

DAILY = {
    "diaria": daily(REFERENCE, None),
    "diaria-depois-de-ontem": daily(AFTER_TUESDAY, TUESDAY_WENT),
    "diaria-depois-do-fim-de-semana": daily(MONDAY, FRIDAY_WENT),
    "diaria-depois-de-desdobramento": daily(AFTER_TUESDAY, SPLIT_IN_TWO),
    "diaria-com-o-pregao-aberto": daily(AFTER_TUESDAY_OPEN, TUESDAY_WENT),
    "diaria-precos-guardados": daily(
        AFTER_TUESDAY_KEPT, TUESDAY_WENT, "Nos últimos 60 pregões errei mais."
    ),
    "diaria-simulado": daily(SIMULATED, None),
}

NOW = at("2026-07-29T10:02")
WELL = Status(
    version="0.1.0",
    now=NOW,
    started=NOW - timedelta(days=2, hours=4, minutes=7),
    heard=NOW - timedelta(seconds=8),
    leads=True,
    storage=Storage("SQLite", 0.0031, Backlog(0, None), at("2026-07-29T09:05")),
    calls=Calls(50, 0.0452, 0.0381, 0),
    model=MODEL,
    closes=(
        GoodCloses(Ticker("VALE3.SA"), date(2026, 7, 27), NOW - timedelta(hours=26)),
        GoodCloses(Ticker("ITUB4.SA"), TUESDAY, NOW - timedelta(minutes=5)),
    ),
)
JUST_STARTED = Status(
    version="0.1.0",
    now=NOW,
    started=NOW - timedelta(seconds=3),
    heard=None,
    leads=False,
    storage=Storage("PostgreSQL", 0.0049, Backlog(0, None), None),
    calls=Calls(0, 0.0, 0.0, 0),
    model=None,
    closes=(),
)
UNWELL = replace(
    WELL,
    started=NOW - timedelta(hours=3, minutes=12),
    heard=NOW - timedelta(minutes=2),
    storage=replace(WELL.storage, seconds=1.2345, backlog=Backlog(1_812, at("2026-07-29T09:31"))),
    calls=Calls(48, 8.1, 0.0381, 2),
    closes=tuple(
        GoodCloses(Ticker(f"AAA{n}3.SA"), TUESDAY, NOW - timedelta(minutes=60 - n))
        for n in range(10)
    ),
)
AWAY = replace(
    WELL, storage=Storage("PostgreSQL", None, None, None), calls=Calls(0, 0.0, 0.0, 1), model=None
)

STATUS = {
    "status": WELL,
    "status-logo-depois-do-inicio": JUST_STARTED,
    "status-com-problemas": UNWELL,
    "status-sem-banco-nem-endpoint": AWAY,
}

NOTICES = (
    operators.started("0.1.0"),
    operators.stopped("0.1.0"),
    *(operators.trouble(Incident(kind, 1, NOW, "c0de01")) for kind in Trouble),
    *(operators.trouble(Incident(kind, 3, NOW, "c0de01")) for kind in Trouble),
)


def messages() -> dict[str, str]:
    """Every message, by the name of its file."""
    return {
        **{name: shown(content) for name, content in DAILY.items()},
        **{name: operators.status(status) for name, status in STATUS.items()},
        "avisos": "\n".join(notice.text for notice in NOTICES),
    }


def shown(content: Content) -> str:
    """A message with its buttons below it."""
    rows = (" ".join(f"[{one.label} → {one.data}]" for one in row) for row in content.buttons)
    return "\n".join((content.text, *rows))


if __name__ == "__main__":
    for name, text in messages().items():
        (FOLDER / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")
