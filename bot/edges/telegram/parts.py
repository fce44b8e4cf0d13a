"""What each part of the bot's conversation looks like to the application.

A part is a class that holds what it needs and registers its own handlers; `application` asks the
parts in their order and then the commands that everybody has.
"""

from typing import Any, Protocol

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.ext import Application, filters

from bot.domain.outbox import Button, Content
from bot.domain.places import WHOLE_CHAT, ChatKind, Place

Built = Application[Any, Any, Any, Any, Any, Any]
"""The application, whatever its type arguments."""

NEW = (filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST) & ~filters.IS_AUTOMATIC_FORWARD
"""Messages and posts that are answered: not edited ones, and not the copy of a channel's post that
Telegram puts into the channel's discussion group."""


class Part(Protocol):
    """A part of the conversation."""

    def register(self, built: Built) -> None:
        """Tell the application which handlers answer what."""


def place_of(message: Message) -> Place:
    """Where a message stands; in a chat without topics a thread is only a chain of replies."""
    topic = message.message_thread_id if message.is_topic_message else None
    return Place(message.chat_id, topic or WHOLE_CHAT)


def kind_of(message: Message) -> ChatKind:
    """What kind of chat a message stands in; a kind that is new to us counts as a group."""
    known = {kind.value: kind for kind in ChatKind}
    return known.get(message.chat.type, ChatKind.GROUP)


def keyboard_of(content: Content) -> InlineKeyboardMarkup | None:
    """The buttons as Telegram takes them; None for none."""
    rows = [[_button(button) for button in row] for row in content.buttons]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=button.data)
