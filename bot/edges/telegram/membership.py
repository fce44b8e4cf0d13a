"""Where the bot stands: blocked, let in again, added to a group, or moved with it.

    my_chat_member   in ──▶ out: nothing is sent there     out ──▶ in: it is again
    migrate_to/from  everything of the group goes to the supergroup's number

What the database could not take is only logged: the sender learns the same from Telegram's refusal.
"""

import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeAlias

from telegram import ChatMember, ChatMemberRestricted, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError
from telegram.ext import ChatMemberHandler, ContextTypes, MessageHandler, filters

from bot.edges.telegram.parts import Built
from bot.errors import StorageUnavailable
from bot.ports.forecasting import Clock
from bot.ports.records import Subscriptions
from bot.wording.about import group_greeting

log = logging.getLogger(__name__)

Context: TypeAlias = ContextTypes.DEFAULT_TYPE

_INSIDE = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER)


@dataclass(frozen=True, slots=True)
class Membership:
    """Keeps the database in step with where the bot may write."""

    records: Subscriptions
    clock: Clock

    def register(self, built: Built) -> None:
        """Hear of the bot's own place in chats, and of groups that move."""
        mine = ChatMemberHandler(self.changed, ChatMemberHandler.MY_CHAT_MEMBER)
        built.add_handler(mine)
        built.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, self.moved))

    async def changed(self, update: Update, context: Context) -> None:
        """The bot was let in or out; another rank inside a group changes nothing."""
        change = update.my_chat_member
        if change is None:
            return
        before, now = is_inside(change.old_chat_member), is_inside(change.new_chat_member)
        if before and not now:
            await _kept(self.records.closed(change.chat.id, self.clock()))
        elif now and not before:
            await _kept(self.records.opened(change.chat.id))
            if change.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP}:
                await _greet(context, change.chat.id)

    async def moved(self, update: Update, context: Context) -> None:  # noqa: ARG002
        """A group has become a supergroup; it says so in both, and either is enough.

        Telegram may report the bot's leaving the old group first, which closed it: who hears of
        the move stands in the new one.
        """
        message = update.effective_message
        if message is None:
            return
        old = message.migrate_from_chat_id or message.chat_id
        new = message.migrate_to_chat_id or message.chat_id
        await _kept(self.records.moved(old, new))
        await _kept(self.records.opened(new))


def is_inside(member: ChatMember) -> bool:
    """Whether a member is in the chat; a restricted one may have left."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in _INSIDE


async def _kept(change: Awaitable[None]) -> None:
    try:
        await change
    except StorageUnavailable as error:
        log.warning("chat not kept up to date", extra={"reason": error.reason})


async def _greet(context: Context, chat_id: int) -> None:
    try:
        await context.bot.send_message(chat_id, group_greeting(context.bot.username))
    except TelegramError as error:  # a group may forbid everybody to write
        log.info("group not greeted", extra={"error": repr(error)})
