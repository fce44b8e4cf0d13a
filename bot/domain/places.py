"""Where people read: chats, and topics inside them."""

from dataclasses import dataclass
from enum import Enum

WHOLE_CHAT = 0
"""Topic of a message that goes to a chat without topics, or to its general one."""


class ChatKind(Enum):
    """Telegram's kinds of chats; the values are Telegram's words (Bot API, Chat.type)."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, or one topic of a forum.

    Attributes:
        chat_id: Telegram's number; negative for groups and channels.
        thread_id: `message_thread_id` of the topic; `WHOLE_CHAT` outside topics.
    """

    chat_id: int
    thread_id: int = WHOLE_CHAT
