"""Who runs a chat: what is remembered, and for how long."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from telegram import Chat, ChatMember, Message, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.edges.telegram.members import REMEMBERED, REMEMBERED_FOR, Members
from tests.share_bars import at


@dataclass
class Group:
    """A supergroup that notes whom it is asked about; everybody runs it."""

    id: int = -100
    type: str = ChatType.SUPERGROUP
    asked: list[int] = field(default_factory=list)

    async def get_member(self, user_id: int) -> ChatMember:
        """Say that this person is an administrator."""
        self.asked.append(user_id)
        user = User(user_id, "Ana", is_bot=False)
        return ChatMember(user, ChatMemberStatus.ADMINISTRATOR)


@dataclass
class Watch:
    """A clock that is set by hand."""

    now: datetime

    def __call__(self) -> datetime:
        """The time it was set to."""
        return self.now


async def asks(members: Members, group: Group, user_id: int) -> bool:
    """Whether somebody may, in that group."""
    author = User(user_id, "Ana", is_bot=False)
    message = Message(1, at("2026-07-29T09:00"), cast("Chat", group), from_user=author)
    return await members.may_command(message)


async def test_an_answer_is_good_for_a_minute() -> None:
    """And no longer, in whatever direction the clock is set."""
    watch, group = Watch(at("2026-07-29T09:00")), Group()
    members = Members(watch)
    for seconds in (0, 59, 60, -3600):
        watch.now = at("2026-07-29T09:00") + timedelta(seconds=seconds)
        await asks(members, group, 1)

    assert timedelta(minutes=1) == REMEMBERED_FOR
    assert group.asked == [1, 1, 1]


async def test_memory_is_bounded_and_the_oldest_goes_first() -> None:
    """A bot in many groups must not grow."""
    members, group = Members(Watch(at("2026-07-29T09:00"))), Group()
    for user_id in range(REMEMBERED + 1):
        await asks(members, group, user_id)
    group.asked.clear()
    await asks(members, group, REMEMBERED)
    await asks(members, group, 0)

    assert group.asked == [0]


async def test_who_has_no_name_runs_nothing() -> None:
    """A message of a group without an author is nobody's."""
    group = Group()
    message = Message(1, at("2026-07-29T09:00"), cast("Chat", group))

    assert not await Members(Watch(at("2026-07-29T09:00"))).may_command(message)
    assert group.asked == []
