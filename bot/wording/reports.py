"""What operators read about a broadcast that has ended."""

from datetime import datetime

from bot.domain.outbox import Broadcast, Content
from bot.domain.sessions import SAO_PAULO
from bot.wording import numbers


def broadcast_report(broadcast: Broadcast) -> Content:
    """One line: how many messages ended how, and from when until when.

    "Envio das 09:00 de qua., 29/07: 9.812 entregues, 143 chats fechados, 2 recusados, das 09:00:02
    às 09:05:53."
    """
    ends = [
        _counted(broadcast.sent, "entregue", "entregues"),
        _counted(broadcast.closed, "chat fechado", "chats fechados"),
        _counted(broadcast.refused, "recusado", "recusados"),
        _counted(broadcast.expired, "não enviado a tempo", "não enviados a tempo"),
    ]
    told = [ends[0], *(end for end in ends[1:] if not end.startswith("0 "))]
    day = numbers.day(broadcast.session)
    from_until = f"das {_to_the_second(broadcast.began)} às {_to_the_second(broadcast.ended)}"
    return Content(f"Envio das {broadcast.slot} de {day}: {', '.join(told)}, {from_until}.")


def _counted(count: int, one: str, many: str) -> str:
    return f"{numbers.decimal(count, 0)} {one if count == 1 else many}"


def _to_the_second(moment: datetime) -> str:
    return moment.astimezone(SAO_PAULO).strftime("%H:%M:%S")
