"""Whole messages about subscriptions and privacy, as files.

`python -m tests.wording.subscription_golden` writes them again; read the difference after that.
"""

from collections.abc import Mapping
from datetime import date, time
from pathlib import Path

from bot.domain.outbox import Content
from bot.domain.places import Place
from bot.domain.subscriptions import Listed, Misread, Slot, Subscribed
from bot.domain.tickers import Ticker
from bot.errors import ClosesUnavailable, UnknownTicker
from bot.wording import about, privacy, subscriptions
from bot.wording.apologies import ANSWERED_LATE, CAPTIONED

FOLDER = Path(__file__).parents[1] / "data" / "golden" / "assinaturas"

ITUB4, PETR4, VALE3 = (Ticker(name) for name in ("ITUB4.SA", "PETR4.SA", "VALE3.SA"))
WEDNESDAY, THURSDAY = date(2026, 7, 29), date(2026, 7, 30)

ONE = Listed((Slot(time(9), (ITUB4,), WEDNESDAY),))
SEVERAL = Listed(
    (Slot(time(8), (PETR4, VALE3), THURSDAY), Slot(time(9, 30), (ITUB4,), WEDNESDAY)), silent=True
)
REFUSED = (UnknownTicker("XXXX3"), UnknownTicker("<b>"), ClosesUnavailable("WEGE3.SA", "429"))

SENTENCES = (
    *(subscriptions.misread(why) for why in Misread),
    subscriptions.ADMINS_ONLY,
    subscriptions.UNAVAILABLE,
    subscriptions.TOO_OLD,
    subscriptions.NOTHING_CANCELLED,
    subscriptions.SILENT_NOW,
    subscriptions.SOUND_NOW,
    subscriptions.moved(time(9, 30)),
    subscriptions.cancelled_now((ITUB4,)),
    subscriptions.cancelled_now((ITUB4, PETR4)),
    subscriptions.cancelled_below(ITUB4),
    subscriptions.cancelled((ITUB4, PETR4), ("XXXX3",)),
    subscriptions.cancelled((), ("\u200b",)),
    subscriptions.invitation(ITUB4),
    ANSWERED_LATE,
    CAPTIONED,
    about.group_greeting("fechamento_bot"),
    privacy.ADMINS_ONLY,
    privacy.UNAVAILABLE,
    privacy.TOO_OLD,
    privacy.KEPT,
    privacy.erased(0),
    privacy.erased(1),
    privacy.erased(12),
)


def messages() -> dict[str, str]:
    """Every message, by the name of its file, with its buttons in brackets."""
    nowhere = Place(1)
    beyond = tuple(Ticker(f"AAA{letter}3.SA") for letter in "BCDEFGHIJKLMNOPQRSTUVW")
    contents = {
        "assinar": subscriptions.subscribed(Subscribed(ONE, changed=True)),
        "assinar-varios": subscriptions.subscribed(Subscribed(SEVERAL, changed=True)),
        "assinar-nada-mudou": subscriptions.subscribed(Subscribed(ONE, changed=False)),
        "assinar-em-parte": subscriptions.subscribed(
            Subscribed(ONE, changed=True, refused=(*REFUSED, *REFUSED), beyond=(VALE3,))
        ),
        "assinar-sem-lugar": subscriptions.subscribed(
            Subscribed(Listed(()), changed=False, beyond=beyond)
        ),
        "assinaturas-nenhuma": subscriptions.listing(nowhere, Listed(())),
        "assinaturas-uma": subscriptions.listing(nowhere, ONE),
        "assinaturas-num-topico": subscriptions.listing(Place(-1, 7), SEVERAL),
        "cancelar-qual": subscriptions.choose_cancelled(nowhere, SEVERAL),
        "outro-horario": subscriptions.choose_hour((ITUB4, PETR4)),
        "outro-horario-de-todas": subscriptions.choose_hour(()),
        "apagar": privacy.confirmation({"subscriptions": 3, "outbox": 1}),
        "apagar-nada": privacy.confirmation({"subscriptions": 0, "outbox": 0}),
    }
    return {name: _with_buttons(content) for name, content in contents.items()} | {
        "privacidade": privacy.policy({"subscriptions": 1, "outbox": 2}),
        "privacidade-nada": privacy.policy({"subscriptions": 0, "outbox": 0}),
        "privacidade-sem-banco": privacy.policy(None),
        "frases": "\n".join(SENTENCES),
    }


def _with_buttons(content: Content) -> str:
    rows = ("".join(f"[{button.label}]" for button in row) for row in content.buttons)
    return "\n".join((content.text, *rows))


def write(texts: Mapping[str, str]) -> None:
    """Put every message into its file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (FOLDER / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    write(messages())
