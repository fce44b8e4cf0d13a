"""Whole messages as files, so that a change of wording is a difference that people can judge.

`python -m tests.wording.golden` writes them again; read `git diff tests/data/golden` after that.
"""

from datetime import date
from pathlib import Path

from bot.errors import (
    ClosesStale,
    ClosesUnavailable,
    ForecastError,
    ModelRefused,
    ModelUnavailable,
    TickerNotServed,
    TooManyLookups,
    UnknownTicker,
    WindowTooShort,
)
from bot.wording import about, apologies, buttons
from bot.wording.buttons import Horizon
from bot.wording.messages import caption
from tests.wording.scenes import SCENES

FOLDER = Path(__file__).parents[1] / "data" / "golden"

FAILURES: tuple[ForecastError, ...] = (
    UnknownTicker("PETROBRAS"),
    TickerNotServed("ABEV3.SA", ("ITUB4.SA", "PETR4.SA", "VALE3.SA")),
    TooManyLookups("XPTO3.SA"),
    ClosesUnavailable("ITUB4.SA", "HTTP 429"),
    WindowTooShort("NOVA3.SA", 12, 60),
    ClosesStale("OIBR3.SA", date(2026, 5, 4)),
    ModelUnavailable("fechamento-endpoint", 503),
    ModelRefused("fechamento-endpoint", 424, "five steps"),
)
"""One of each leaf of the tree of errors."""

SENTENCES = (
    apologies.ONE_SHARE,
    apologies.UNKNOWN_COMMAND,
    apologies.NOT_UNDERSTOOD,
    apologies.unexpected("7F3A"),
    buttons.REFRESHED,
    buttons.UNCHANGED,
    buttons.TOO_OLD,
    *(buttons.label(horizon) for horizon in Horizon),
    buttons.REFRESH,
)


def messages() -> dict[str, str]:
    """Every message, by the name of its file."""
    forecasts = {
        f"{horizon.value}-{name}": caption(outlook, horizon)
        for name, outlook in SCENES.items()
        for horizon in Horizon
    }
    return forecasts | {
        "start": about.greeting(),
        "ajuda": about.help_text(),
        "descricao": f"{about.DESCRIPTION}\n---\n{about.SHORT_DESCRIPTION}",
        "sem-previsao": "\n".join(apologies.apology(error) for error in FAILURES),
        "frases": "\n".join(SENTENCES),
    }


def write() -> None:
    """Put every message into its file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in messages().items():
        (FOLDER / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    write()
