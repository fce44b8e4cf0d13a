"""What operators find in the menu of their chat, beside what everybody finds there."""

from collections.abc import Sequence
from typing import Any

import pytest
from telegram.ext import CommandHandler

from bot.edges.telegram.application import introduce
from bot.edges.telegram.operators_menu import OperatorsMenu
from tests.conversations.conftest import Chat

ADMIN, OTHER = 77, 78
THEIRS = ["status", "alarmes"]


async def nothing(*_: Any) -> None:
    """Answer nothing."""


async def shown(chat: Chat, person: int) -> Sequence[str]:
    """The menu that a person sees, whose Telegram speaks Portuguese."""
    found = (await chat.people.get(f"/bot?chat={person}&language=pt")).json()
    return [command["command"] for command in found["commands"]]


@pytest.fixture
def menu(chat: Chat) -> OperatorsMenu:
    """The part of the application, which answers operators' commands too."""
    menu = OperatorsMenu([ADMIN, OTHER])
    menu.register(chat.bot)
    for name in THEIRS:
        chat.bot.add_handler(CommandHandler(name, nothing))
    return menu


async def test_operators_see_their_commands_and_nobody_else_does(
    chat: Chat, menu: OperatorsMenu
) -> None:
    """Who has never met /status should find it where all commands are."""
    for person in (ADMIN, OTHER, 1):
        await chat.says("/ajuda", person, by=person)
    await introduce(chat.bot)
    await menu.introduce(chat.bot)
    everybodys = await shown(chat, 1)

    assert everybodys[:2] == ["hoje", "proximos"]
    assert await shown(chat, ADMIN) == await shown(chat, OTHER) == [*THEIRS, *everybodys]


async def test_who_has_never_written_gets_the_menu_with_the_first_message(
    chat: Chat, menu: OperatorsMenu, caplog: pytest.LogCaptureFixture
) -> None:
    """Telegram knows no chat with somebody who has not begun one; that is no failure."""
    await introduce(chat.bot)
    await menu.introduce(chat.bot)
    answers = await chat.says("/ajuda", ADMIN, by=ADMIN)

    assert len(answers) == 1
    assert (await shown(chat, ADMIN))[:2] == THEIRS
    assert [one.levelname for one in caplog.records if "menu" in one.message] == []


async def test_a_menu_that_telegram_does_not_take_is_tried_again(
    chat: Chat, menu: OperatorsMenu, caplog: pytest.LogCaptureFixture
) -> None:
    """A bad gateway at the start costs no more than the time until the next message."""
    written = {"text": "/ajuda", "from": {"id": ADMIN}}
    await chat.people.post(f"/chats/{ADMIN}/messages", json=written)
    await chat.fault(method="setMyCommands", status=502, times=20)
    await menu.introduce(chat.bot)
    before = await shown(chat, ADMIN)
    await chat.people.delete("/faults")
    await chat.says("/ajuda", ADMIN, by=ADMIN)

    assert before == []
    assert (await shown(chat, ADMIN))[:2] == THEIRS
    assert "operators' menu not set" in caplog.text


@pytest.mark.usefixtures("menu")
async def test_the_menu_is_set_once(chat: Chat) -> None:
    """Every message would cost a call otherwise."""
    await chat.says("/ajuda", ADMIN, by=ADMIN)
    await chat.fault(method="setMyCommands", status=400)
    await chat.says("/ajuda", ADMIN, by=ADMIN)
    waiting = (await chat.people.get("/faults")).json()

    assert [fault["method"] for fault in waiting] == ["setMyCommands"]
