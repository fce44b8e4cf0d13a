"""What operators read: the status, that the bot started or stopped, and what went wrong.

Telegram HTML for a phone: short lines, the figure that matters first.  A notice of trouble names
its kind, how often, since when and the code that finds it in the log; nothing else, because
texts of exceptions may hold anything.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from typing import NamedTuple

from bot.domain.operations import Calls, GoodCloses, Incident, Status, Storage, Trouble
from bot.domain.outbox import Backlog, Content
from bot.domain.tickers import shown
from bot.wording import numbers
from bot.wording.about import Command
from bot.wording.markup import bold

COMMANDS = (
    Command("status", "como o bot está", "/status"),
    Command("alarmes", "o que está em alarme", "/alarmes"),
)
"""What the menu of an operator's chat holds before the commands of everybody."""

SHARES_SHOWN = 8
"""Shares that the status names, the ones fetched longest ago."""


class Named(NamedTuple):
    """A kind of trouble in words: once, several times, and what to know about it."""

    once: str
    often: str
    first: str
    remark: str = ""


TROUBLES = {
    Trouble.ANSWER: Named("resposta falhou", "respostas falharam", "a primeira"),
    Trouble.JOB: Named("tarefa falhou", "tarefas falharam", "a primeira"),
    Trouble.PUSH: Named(
        "papel sem previsão para o envio",
        "papéis sem previsão para o envio",
        "o primeiro",
    ),
    Trouble.STORAGE: Named("falha do banco de dados", "falhas do banco de dados", "a primeira"),
    Trouble.POLLING: Named(
        "parada na leitura do Telegram",
        "paradas na leitura do Telegram",
        "a primeira",
        "O bot reinicia.",
    ),
    Trouble.CONFLICT: Named(
        "conflito na leitura do Telegram",
        "conflitos na leitura do Telegram",
        "o primeiro",
        "Outro processo lê com o mesmo token.",
    ),
}


def started(version: str) -> Content:
    """The notice that the bot is up."""
    return Content(f"Bot no ar, versão {escape(version)}.")


def stopped(version: str) -> Content:
    """The notice that the bot was asked to stop."""
    return Content(f"Bot encerrado, versão {escape(version)}.")


def trouble(incident: Incident) -> Content:
    """The notice of what went wrong since the last one of its kind."""
    named, at = TROUBLES[incident.trouble], numbers.clock(incident.first)
    many = incident.count > 1
    when = f"{named.first} às {at}" if many else f"às {at}"
    what = f"{numbers.decimal(incident.count, 0)} {named.often if many else named.once}"
    remark = f". {named.remark}" if named.remark else ""
    return Content(f"{what}, {when}: código <code>{escape(incident.code)}</code>{remark}")


def status(now: Status) -> str:
    """What /status answers."""
    return "\n".join(
        (
            f"{bold(f'Fechamento {now.version}')} · no ar há {_span(now.now - now.started)}",
            f"Telegram: {_heard(now)}",
            f"Agenda e envios: {'neste processo' if now.leads else 'não neste processo'}",
            *_storage(now.storage, now.now),
            *_endpoint(now),
            *_closes(now.closes, now.now),
        )
    )


def _heard(now: Status) -> str:
    return (
        "nada recebido ainda"
        if now.heard is None
        else f"última atualização {_ago(now.heard, now.now)}"
    )


def _storage(storage: Storage, now: datetime) -> list[str]:
    if storage.seconds is None or storage.backlog is None:
        return [f"Banco: {storage.kind}, {bold('não respondeu')}"]
    sent = numbers.day_and_clock(storage.last_push) if storage.last_push else "nenhum"
    return [
        f"Banco: {storage.kind}, {_ms(storage.seconds)}",
        f"Fila de envio: {_queue(storage.backlog, now)}",
        f"Último envio diário: {sent}",
    ]


def _queue(backlog: Backlog, now: datetime) -> str:
    if backlog.oldest is None:
        return "vazia"
    return f"{numbers.decimal(backlog.waiting, 0)}, primeira {_ago(backlog.oldest, now)}"


def _endpoint(now: Status) -> list[str]:
    model = now.model.title if now.model else "ainda não respondeu"
    failures = now.calls.failures
    return [
        f"Modelo: {escape(model)}",
        f"Endpoint: {_calls(now.calls)}",
        *([f"Falhas recentes do endpoint: {bold(str(failures))}"] if failures else []),
    ]


def _calls(calls: Calls) -> str:
    if not calls.count:
        return "sem respostas"
    return f"{_ms(calls.last)}, mediana {_ms(calls.median)} em {calls.count}"


def _closes(closes: Sequence[GoodCloses], now: datetime) -> list[str]:
    if not closes:
        return ["Fechamentos: nenhum buscado ainda"]
    more = len(closes) - SHARES_SHOWN
    rows = (
        f"{escape(shown(one.ticker))} {numbers.day_month(one.newest)}, "
        f"buscado {_ago(one.fetched_at, now)}"
        for one in closes[:SHARES_SHOWN]
    )
    rest = [f"e mais {more}, buscados depois"] if more > 0 else []
    return ["Fechamentos:", *rows, *rest]


def _ms(seconds: float) -> str:
    return f"{numbers.decimal(seconds * 1000, 0)} ms"


def _ago(then: datetime, now: datetime) -> str:
    return f"há {_span(now - then)}"


def _span(length: timedelta) -> str:
    """Two units at most: `12 s`, `5 min`, `3 h 12 min`, `2 d 4 h`; a clock set back gives `0 s`."""
    minutes, seconds = divmod(max(int(length.total_seconds()), 0), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return _joined(days, "d", hours, "h")
    if hours:
        return _joined(hours, "h", minutes, "min")
    return f"{minutes} min" if minutes else f"{seconds} s"


def _joined(count: int, unit: str, rest: int, rest_unit: str) -> str:
    return f"{count} {unit} {rest} {rest_unit}" if rest else f"{count} {unit}"
