"""In or out: what each of Telegram's ranks means for somebody who wants to write."""

import pytest
from telegram import ChatMember, ChatMemberRestricted, User
from telegram.constants import ChatMemberStatus

from bot.edges.telegram.membership import is_inside

BOT = User(7, "Fechamento", is_bot=True)


@pytest.mark.parametrize(
    ("status", "inside"),
    [
        (ChatMemberStatus.OWNER, True),
        (ChatMemberStatus.ADMINISTRATOR, True),
        (ChatMemberStatus.MEMBER, True),
        (ChatMemberStatus.LEFT, False),
        (ChatMemberStatus.BANNED, False),
    ],
)
def test_every_rank_is_in_or_out(status: str, *, inside: bool) -> None:
    """Nothing is sent to who is out."""
    assert is_inside(ChatMember(BOT, status)) is inside


@pytest.mark.parametrize("inside", [True, False])
def test_a_restricted_member_may_have_left(*, inside: bool) -> None:
    """The rank stays when it goes; only a flag tells."""
    rights = dict.fromkeys(ChatMemberRestricted.__slots__, False)
    given = {name: value for name, value in rights.items() if name.startswith("can_")}
    member = ChatMemberRestricted(user=BOT, is_member=inside, until_date=None, **given)  # type: ignore[arg-type]

    assert is_inside(member) is inside
