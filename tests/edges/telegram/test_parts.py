"""Where a message stands."""

import pytest
from telegram import Chat, Message

from bot.domain.places import ChatKind
from bot.edges.telegram.parts import kind_of
from tests.share_bars import at


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("private", ChatKind.PRIVATE),
        ("channel", ChatKind.CHANNEL),
        ("supergroup", ChatKind.SUPERGROUP),
        ("community", ChatKind.GROUP),
    ],
)
def test_a_kind_of_chat_that_nobody_knows_yet_is_a_group(told: str, kind: ChatKind) -> None:
    """Telegram adds kinds; in one that is new, only those who run it may change anything."""
    message = Message(1, at("2026-07-29T08:30"), Chat(1, told))

    assert kind_of(message) is kind
