"""What is read about subscriptions: made, listed, changed, cancelled, refused.

Telegram HTML.  Hours are those of São Paulo, dates are sessions of B3.  Every message carries the
buttons that change what it says.
"""

from collections.abc import Sequence
from datetime import date, time

from bot.domain.outbox import Content
from bot.domain.places import WHOLE_CHAT, Place
from bot.domain.subscriptions import (
    LATEST,
    MOST_SHARES,
    Listed,
    Misread,
    Slot,
    Subscribed,
)
from bot.domain.tickers import Ticker, shown
from bot.errors import ForecastError
from bot.wording import numbers
from bot.wording.apologies import apology
from bot.wording.markup import bold, typed
from bot.wording.messages import listed as enumerated
from bot.wording.subscription_buttons import after_subscribing, hours, of_list

ADMINS_ONLY = "Só quem administra esta conversa muda as assinaturas."
UNAVAILABLE = (
    "Não consegui ler nem mudar as assinaturas agora; nada mudou. Tente de novo em alguns minutos."
)
NOTHING_HERE = "Nenhuma assinatura por aqui."
TOO_OLD = "Este botão é de uma mensagem antiga e já não funciona. Veja /assinaturas."
WHICH = "Qual delas?"
NOTHING_CANCELLED = "Já não havia o que cancelar."
SILENT_NOW = "As próximas chegam sem som."
SOUND_NOW = "As próximas chegam com som."

REFUSALS_SHOWN = 3
"""Refused shares that get a sentence of their own; more would bury what was subscribed."""
BEYOND_SHOWN = 5
"""Shares without room that are named; the rest is counted."""

_MISREAD = {
    Misread.NO_SUCH_HOUR: "Não entendi o horário. Escreva como em /assinar ITUB4 09:30",
    Misread.TWO_HOURS: "Um horário de cada vez, por favor. Exemplo: /assinar ITUB4 09:30",
    Misread.TOO_LATE: (
        "A mensagem diária é sobre o fechamento do dia e sai antes dele: "
        f"escolha um horário de 00:00 a {LATEST:%H:%M}."
    ),
}


def misread(why: Misread) -> str:
    """What was wrong with the hour."""
    return _MISREAD[why]


def subscribed(done: Subscribed) -> Content:
    """What /assinar answers: what is subscribed now, then what is not and why."""
    lines = [*_made(done), *_refused(done.refused), *_beyond(done.beyond)]
    return Content("\n".join(lines), after_subscribing(done.kept) if done.kept.shares else ())


def _made(done: Subscribed) -> list[str]:
    if not done.kept.shares:
        return []
    heading = "Assinatura feita" if done.changed else "Nada mudou: já estava assinado"
    return [bold(heading), *_slots(done.kept), *_first(done.kept)]


def _refused(errors: Sequence[ForecastError]) -> list[str]:
    more = len(errors) - REFUSALS_SHOWN
    rest = [f"Também não assinei {_count(more, 'outro', 'outros')} que pediu."] if more > 0 else []
    return [*map(apology, errors[:REFUSALS_SHOWN]), *rest]


def _beyond(shares: Sequence[Ticker]) -> list[str]:
    if not shares:
        return []
    left = "ficou" if len(shares) == 1 else "ficaram"
    more = len(shares) - BEYOND_SHOWN
    named = [*_names(shares[:BEYOND_SHOWN]), *([f"mais {more}"] if more > 0 else [])]
    room = f"Cabem {MOST_SHARES} papéis aqui; {left} de fora {enumerated(named)}."
    return [f"{room} Cancele algum em /assinaturas."]


def listing(place: Place, what: Listed) -> Content:
    """What /assinaturas answers."""
    if not what.slots:
        return Content(f"{NOTHING_HERE} {invitation('ITUB4')}")
    where = "desta conversa" if place.thread_id == WHOLE_CHAT else "deste tópico"
    lines = [bold(f"Assinaturas {where}"), *_slots(what), *_first(what)]
    return Content("\n".join(lines), of_list(what))


def invitation(share: str) -> str:
    """How to subscribe to a share."""
    return f"Para receber a previsão nos dias de pregão: /assinar {shown(share)}"


def choose_hour(shares: Sequence[Ticker]) -> Content:
    """The question after `Outro horário`."""
    of = f" de {bold_names(shares)}" if shares else ""
    example = f"/assinar {shown(shares[0]) if shares else 'ITUB4'} 08:45"
    return Content(f"Novo horário{of}? Qualquer outro: {example}", hours(shares))


def choose_cancelled(place: Place, what: Listed) -> Content:
    """What /cancelar answers when none was named and there is not just one."""
    if not what.slots:
        return Content(NOTHING_HERE)
    content = listing(place, what)
    return Content(f"{content.text}\n{WHICH}", content.buttons)


def moved(at: time) -> str:
    """The word that answers a button with an hour; plain text."""
    return f"Agora às {_hour(at)}."


def cancelled_now(gone: Sequence[Ticker]) -> str:
    """The word that answers a button that cancels; plain text, 200 characters at most."""
    if len(gone) == 1:
        return f"{shown(gone[0])} cancelado."
    return f"{len(gone)} assinaturas canceladas." if gone else NOTHING_CANCELLED


def cancelled(gone: Sequence[Ticker], never: Sequence[str]) -> str:
    """What was cancelled, and what there was no subscription of, as typed."""
    lines = []
    if gone:
        what = "Assinatura cancelada" if len(gone) == 1 else "Assinaturas canceladas"
        lines.append(f"{what}: {bold_names(gone)}.")
    if never:
        shown_now = [found for word in never[:REFUSALS_SHOWN] if (found := typed(shown(word)))]
        of = f" de {enumerated(shown_now)}" if shown_now else " com esse nome"
        lines.append(f"Não havia assinatura{of}.")
    return "\n".join(lines) or NOTHING_HERE


def cancelled_below(share: Ticker) -> str:
    """The word for who cancels below a forecast; plain text, 200 characters at most."""
    return f"{shown(share)} não será mais enviado. Para voltar: /assinar {shown(share)}"


def bold_names(shares: Sequence[Ticker]) -> str:
    """`ITUB4 e PETR4`, each of them bold."""
    return enumerated([bold(name) for name in _names(shares)])


def _slots(what: Listed) -> list[str]:
    silent = " · sem som" if what.silent else ""
    return [f"{_hour(slot.at)} · {bold_names(slot.shares)}{silent}" for slot in what.slots]


def _first(what: Listed) -> list[str]:
    first: Slot = min(what.slots, key=lambda slot: (slot.first, slot.at))
    return [f"Só em dias de pregão; a próxima chega {_moment(first.first, first.at)}."]


def _moment(session: date, at: time) -> str:
    return f"{numbers.day(session)}, às {_hour(at)}"


def _hour(at: time) -> str:
    return f"{at:%H:%M}"


def _names(shares: Sequence[Ticker]) -> list[str]:
    return [shown(share) for share in shares]


def _count(many: int, one: str, several: str) -> str:
    return f"{many} {one if many == 1 else several}"
