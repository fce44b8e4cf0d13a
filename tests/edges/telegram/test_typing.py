"""The typing action while an answer is on its way."""

import asyncio
from typing import Any, cast

from telegram import Message
from telegram.error import Forbidden

from bot.edges.telegram.commands import show_typing, typing_shown


class Chat:
    """A message that counts typing actions and is answered after some of them."""

    def __init__(self, answered_after: int, failure: Exception | None = None) -> None:
        self.done = asyncio.Event()
        self.seen: list[str] = []
        self._answered_after = answered_after
        self._failure = failure

    async def reply_chat_action(self, action: str) -> None:
        """Count one."""
        self.seen.append(action)
        if len(self.seen) == self._answered_after:
            self.done.set()
        if self._failure:
            raise self._failure


def message_in(chat: Chat) -> Message:
    """The chat, where the bot expects a message."""
    return cast("Message", cast("Any", chat))


async def shown(chat: Chat) -> list[str]:
    """The actions that were shown until the answer came."""
    await show_typing(message_in(chat), chat.done, after=0, every=0)
    return chat.seen


async def test_it_is_shown_until_the_answer_comes() -> None:
    """An endpoint that wakes up takes longer than the five seconds of one action."""
    assert await shown(Chat(answered_after=3)) == ["typing"] * 3


async def test_nothing_is_shown_after_the_answer() -> None:
    """It would say that more is coming."""
    chat = Chat(answered_after=9)
    chat.done.set()

    assert await shown(chat) == []


async def test_an_answer_that_is_there_at_once_needs_no_sign() -> None:
    """The sign costs as much of Telegram and of the bot as the answer itself."""
    chat = Chat(answered_after=9)
    async with typing_shown(message_in(chat)):
        await asyncio.sleep(0)

    assert chat.seen == []


async def test_a_failure_of_it_is_nobody_s_business() -> None:
    """The answer itself decides what people hear."""
    assert await shown(Chat(9, Forbidden("bot was blocked by the user"))) == ["typing"]
