"""What operators read about an alarm over its life, as one message that changes.

    🔴 Em alarme: name …                      as `alarm_message`
    Reconhecido por Ana às 11:45.             what was done about it
    🟢 Resolvido às 11:54, depois de 12 min.  first, once it is so

Telegram HTML.  A message is made of what is kept alone, so that it can be written anew at any time.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from html import escape

from bot.domain.alarms import Alarm, State
from bot.domain.alarms.keeping import Form, Kept
from bot.domain.outbox import Content
from bot.wording import numbers
from bot.wording.alarms import terms
from bot.wording.alarms.buttons import under_posting
from bot.wording.alarms.digests import digest
from bot.wording.alarms.messages import NO_NAME, alarm_message, resolved, text_message
from bot.wording.alarms.sentences import sentence
from bot.wording.alarms.shortening import one_line
from bot.wording.markup import bold

Name = Callable[[int], str | None]
"""The first name of a person of Telegram, if it is known."""

NOBODY = "Ninguém reconheceu ainda."
LATE = "Esta mensagem chegou atrasada: o alarme mudou de novo depois dela."

_NAME, _SENTENCE, _PERSON = 300, 700, 40


def posting(
    subject: str, form: Form, members: Sequence[Kept], queued_at: datetime, name: Name
) -> Content:
    """A message, as things stand.

    Args:
        subject: of the posting, for its buttons.
        form: what kind it is; a change has one member.
        members: what it is about, oldest first.
        queued_at: when it was first written.
        name: of who acknowledged.
    """
    buttons = under_posting(subject, members)
    if form is Form.REMINDER and len(members) == 1:
        return Content(_reminder(members[0], queued_at, name), buttons)
    if form in (Form.DIGEST, Form.REMINDER):
        return Content(digest(members, repeated=form is Form.REMINDER), buttons)
    return Content(_change(members[0], name), buttons)


def over(kept: Kept, lasted: timedelta | None) -> Content:
    """The brief answer when an alarm is back to normal."""
    alarm = kept.says
    return Content(resolved(alarm, lasted) if isinstance(alarm, Alarm) else said(kept))


def late(kept: Kept) -> Content:
    """A message that was overtaken by a newer one."""
    return Content(f"{said(kept)}\n{LATE}")


def said(kept: Kept) -> str:
    """The message itself, whatever became of it."""
    return alarm_message(kept.says) if isinstance(kept.says, Alarm) else text_message(kept.says)


def _change(kept: Kept, name: Name) -> str:
    return "\n".join((*_end(kept), said(kept), *_done(kept, name)))


def _reminder(kept: Kept, queued_at: datetime, name: Name) -> str:
    alarm = kept.says
    if not isinstance(alarm, Alarm):
        return said(kept)
    lasts = terms.duration(max(queued_at - kept.since, timedelta()))
    heading = f"{terms.icon(State.ALARM)} Há {lasts} em alarme: "
    alone = kept.is_open and kept.acknowledged_by is None
    lines = (
        *_end(kept),
        heading + bold(one_line(alarm.name, _NAME) or NO_NAME),
        escape(one_line(sentence(alarm), _SENTENCE)),
        *([NOBODY] if alone else []),
        *_done(kept, name),
    )
    return "\n".join(lines)


def _end(kept: Kept) -> list[str]:
    if kept.resolved_at is None:
        return []
    if kept.replaced:
        return [f"Às {numbers.clock(kept.resolved_at)} entrou em alarme de novo; veja abaixo."]
    lasted = terms.duration(max(kept.resolved_at - kept.since, timedelta()))
    at = numbers.clock(kept.resolved_at)
    return [f"{terms.icon(State.OK)} {bold('Resolvido')} às {at}, depois de {lasted}."]


def _done(kept: Kept, name: Name) -> list[str]:
    lines = []
    if kept.acknowledged_by is not None and kept.acknowledged_at is not None:
        who = one_line(name(kept.acknowledged_by) or "", _PERSON)
        by = escape(who) if who else f"operador <code>{kept.acknowledged_by}</code>"
        lines.append(f"Reconhecido por {by} às {numbers.clock(kept.acknowledged_at)}.")
    if kept.silenced_until is not None and kept.is_open:
        lines.append(f"Silenciado até {numbers.day_and_clock(kept.silenced_until)}.")
    return lines
