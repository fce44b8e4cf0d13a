"""What operators read about a broadcast."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.outbox import Broadcast
from bot.wording.reports import broadcast_report

BEGAN = datetime(2026, 7, 29, 12, 0, 2, tzinfo=UTC)
BROADCAST = Broadcast(
    slot="09:00",
    session=date(2026, 7, 29),
    sent=9_812,
    closed=143,
    refused=2,
    expired=0,
    began=BEGAN,
    ended=BEGAN + timedelta(minutes=5, seconds=51),
)


def test_the_report_says_in_one_line_what_became_of_a_broadcast() -> None:
    """An operator sees at a glance whether everybody was reached, and how long it took."""
    assert broadcast_report(BROADCAST).text == (
        "Envio das 09:00 de qua., 29/07: 9.812 entregues, 143 chats fechados, 2 recusados, "
        "das 09:00:02 às 09:05:53."
    )


def test_one_of_each_is_said_in_the_singular() -> None:
    """Bad grammar makes people doubt the figures beside it."""
    single = replace(BROADCAST, sent=1, closed=1, refused=1, expired=1)

    assert broadcast_report(single).text == (
        "Envio das 09:00 de qua., 29/07: 1 entregue, 1 chat fechado, 1 recusado, "
        "1 não enviado a tempo, das 09:00:02 às 09:05:53."
    )


def test_nobody_reached_is_said_and_not_left_out() -> None:
    """A broadcast that reached nobody is what the report is for."""
    none = replace(BROADCAST, sent=0, closed=0, refused=0, expired=12)

    assert broadcast_report(none).text == (
        "Envio das 09:00 de qua., 29/07: 0 entregues, 12 não enviados a tempo, "
        "das 09:00:02 às 09:05:53."
    )
