"""Many alarms in one message: a line for each, all of them named, none left out.

What is too much for one message is divided into pages before; a page has room for what its lines
say later, once alarms are acknowledged or over.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape

from bot.domain.alarms import Alarm, State
from bot.domain.alarms.keeping import Kept
from bot.domain.outbox import Button, Content
from bot.wording import numbers
from bot.wording.alarms import terms
from bot.wording.alarms.buttons import under_list
from bot.wording.alarms.messages import NO_NAME
from bot.wording.alarms.shortening import length, one_line
from bot.wording.markup import bold

PAGE = 3_700
"""UTF-16 units of the lines of a page; with its heading it stays below Telegram's 4,096."""

LISTED, BUTTONS = 40, 8
"""Alarms that /alarmes lists, and offers a button for."""

_NAME, _TEXT = 100, 500
_ROOM = 34
"""What a line may grow by: ` · reconhecido`, ` · silenciado`."""

NOTHING_OPEN = "Nenhum alarme em aberto."
SOURCE_AWAY = "O CloudWatch não respondeu; a lista é do que chegou aqui."


def pages(kept: Sequence[Kept]) -> list[tuple[Kept, ...]]:
    """Divide messages into pages, in their order; all about one alarm on a page share a line."""
    found: list[tuple[Kept, ...]] = []
    page: list[Kept] = []
    units = 0
    for each in kept:
        more = length(_line([each])) + _ROOM
        if page and units + more > PAGE:
            found.append(tuple(page))
            page, units = [], 0
        page.append(each)
        units += more
    return [*found, tuple(page)] if page else found


def digest(members: Sequence[Kept], *, repeated: bool) -> str:
    """A page, as things stand.

    Args:
        members: what it is about, oldest first.
        repeated: it is a reminder of alarms that nobody acknowledged.
    """
    first, last = members[0].received_at, members[-1].received_at
    count = len(members)
    if repeated:
        heading = f"Lembrete de {count} alarmes em aberto"
    else:
        what = "mensagem" if count == 1 else "mensagens"
        heading = f"{count} {what} de alarme, {_span(first, last)}"
    return "\n".join((f"{bold(heading)}:", *(_line(group) for group in _by_alarm(members))))


def overview(
    going: Sequence[tuple[Kept, str | None]], elsewhere: Sequence[Alarm] | None
) -> Content:
    """What /alarmes answers.

    Args:
        going: what is in alarm, oldest first, with the first posting about it.
        elsewhere: what CloudWatch has in alarm and nobody told us; None when it did not answer.
    """
    lines = [_line([kept], since=True) for kept, _ in going[:LISTED]]
    more = [f"e mais {len(going) - LISTED}"] if len(going) > LISTED else []
    head = [bold(f"Em alarme: {len(going)}")] if going else [NOTHING_OPEN]
    said = [SOURCE_AWAY] if elsewhere is None else _elsewhere(elsewhere)
    wanted = [
        (kept, posting) for kept, posting in going if posting and kept.acknowledged_by is None
    ]
    buttons: tuple[tuple[Button, ...], ...] = under_list(wanted[:BUTTONS])
    return Content("\n".join((*head, *lines, *more, *said)), buttons)


def _elsewhere(alarms: Sequence[Alarm]) -> list[str]:
    if not alarms:
        return []
    named = [f"{terms.icon(each.state)} {escape(_name(each))}" for each in alarms[:LISTED]]
    more = [f"e mais {len(alarms) - LISTED}"] if len(alarms) > LISTED else []
    return [bold("Só no CloudWatch, sem aviso aqui:"), *named, *more]


def _span(first: datetime, last: datetime) -> str:
    begin, end = numbers.clock(first), numbers.clock(last)
    return f"às {begin}" if begin == end else f"das {begin} às {end}"


def _by_alarm(members: Iterable[Kept]) -> list[list[Kept]]:
    groups: dict[str, list[Kept]] = {}
    for each in members:
        groups.setdefault(each.identity or f" {each.id}", []).append(each)
    return list(groups.values())


def _line(group: Sequence[Kept], *, since: bool = False) -> str:
    """One alarm, as its last message says and as it stands."""
    last = group[-1]
    if not isinstance(last.says, Alarm):
        text = ": ".join(filter(None, (last.says.subject, last.says.body)))
        return f"✉️ {escape(one_line(text, _TEXT))}"
    state = State.OK if last.resolved_at is not None and not last.replaced else last.says.state
    words = [escape(_name(last.says)), *_standing(last, state)]
    if since:
        words.append(f"desde {numbers.day_and_clock(last.since)}")
    many = f" ({len(group)} mensagens)" if len(group) > 1 else ""
    return f"{terms.icon(state)} {' · '.join(words)}{many}"


def _standing(kept: Kept, state: str) -> list[str]:
    words = [terms.state(state)] if state != State.ALARM else []
    if kept.is_open and kept.acknowledged_by is not None:
        words.append("reconhecido")
    if kept.is_open and kept.silenced_until is not None:
        words.append("silenciado")
    return words


def _name(alarm: Alarm) -> str:
    return one_line(alarm.name, _NAME) or NO_NAME
