"""Where updates wait, and for whom; the updates are python-telegram-bot's own."""

import asyncio
from collections.abc import Iterable

import pytest
from telegram import CallbackQuery, Chat, InlineQuery, Message, Update, User

from bot.edges.telegram.waiting_room import Places, WaitingRoom, line_of
from tests.share_bars import at

GROUP = -100


def written(update_id: int, chat: int = 1, by: int = 1) -> Update:
    """Somebody writes in a chat."""
    place = Chat(chat, Chat.PRIVATE if chat > 0 else Chat.SUPERGROUP)
    message = Message(1, at("2026-07-29T12:00"), place, from_user=User(by, "Ana", is_bot=False))
    return Update(update_id, message=message)


def pressed(update_id: int, chat: int, by: int) -> Update:
    """Somebody presses a button in a chat."""
    person = User(by, "Ana", is_bot=False)
    query = CallbackQuery("1", person, "x", message=written(1, chat).message, data="hoje:ITUB4")
    return Update(update_id, callback_query=query)


async def put(room: WaitingRoom, updates: Iterable[object]) -> None:
    """Take all of them on."""
    for update in updates:
        await room.put(update)


async def settled() -> None:
    """Let everything go on that can."""
    for _ in range(5):
        await asyncio.sleep(0)


def number(update: object) -> int:
    """Of an update."""
    assert isinstance(update, Update)
    return update.update_id


@pytest.mark.parametrize(
    ("update", "line"),
    [
        (written(1, 7, by=7), 7),
        (written(1, GROUP, by=7), GROUP),
        (pressed(1, GROUP, by=9), 9),
        (Update(1, inline_query=InlineQuery("1", User(9, "Ana", is_bot=False), "", "")), 9),
        (Update(1), None),
    ],
    ids=["private", "group", "press", "inline", "nobody"],
)
def test_each_conversation_has_its_line(update: Update, line: int | None) -> None:
    """An operator's button in a busy group does not wait behind what the group writes."""
    assert line_of(update) == line


async def test_a_flood_waits_and_others_do_not() -> None:
    """Whoever writes a thousand times delays himself."""
    room = WaitingRoom(Places(of_one_at_once=2))
    await put(room, (written(n, chat=1) for n in range(10)))
    await room.put(written(10, chat=2))
    begun = [number(await room.get()) for _ in range(3)]
    later = asyncio.create_task(room.get())
    await settled()

    assert (begun, later.done(), room.qsize()) == ([0, 1, 10], False, 8)
    later.cancel()


async def test_no_more_than_so_many_are_handled_at_once() -> None:
    """The machine has only so many hands; one that ends makes room for the next."""
    room = WaitingRoom(Places(at_once=2))
    await put(room, (written(n, chat=n + 1) for n in range(3)))
    await room.get()
    with room.turn(await room.get()):
        third = asyncio.create_task(room.get())
        await settled()
        waited = not third.done()
    await settled()

    assert (waited, third.done()) == (True, True)


async def test_who_waits_for_one_chat_holds_nobody_up() -> None:
    """A chat that Telegram wants left alone for a minute must not take a turn for that long."""
    room = WaitingRoom(Places(at_once=1))
    await put(room, [written(0, chat=1), written(1, chat=2)])
    await room.get()
    with room.aside():
        second = await asyncio.wait_for(room.get(), 1)

    assert number(second) == 1


async def test_while_the_room_is_full_a_poll_waits_outside() -> None:
    """Memory has an end, and what is not fetched stays with Telegram."""
    room = WaitingRoom(Places(ready=2))
    poll = asyncio.create_task(put(room, (written(n, chat=n + 1) for n in range(4))))
    await settled()
    outside = (poll.done(), room.qsize(), room.newest)
    await room.get()
    await room.get()
    await settled()

    assert (outside, poll.done(), room.newest) == ((False, 2, 1), True, 3)


async def test_what_is_taken_on_has_an_end_however_few_write_it() -> None:
    """Floods of several conversations count together."""
    room = WaitingRoom(Places(of_one_at_once=1, taken_on=5))
    poll = asyncio.create_task(put(room, (written(n, chat=n % 2 + 1) for n in range(9))))
    await settled()
    update = await room.get()
    await settled()
    before = room.newest
    with room.turn(update):
        pass
    await settled()

    assert (before, room.newest, poll.done()) == (4, 5, False)
    poll.cancel()


async def test_a_flood_without_place_is_told_once_until_it_is_over() -> None:
    """One sentence; more of them would be a flood of our own."""
    room, told = WaitingRoom(Places(of_one=2)), list[int]()
    room.turned_away = lambda update: told.append(update.update_id)
    await put(room, (written(n) for n in range(5)))
    while not room.empty():
        with room.turn(await room.get()):
            pass
    await put(room, (written(n) for n in range(5, 9)))

    assert (told, room.qsize(), room.newest) == ([2, 7], 2, 8)


async def test_the_sign_to_stop_comes_after_everything() -> None:
    """python-telegram-bot ends its work with a sign in the same queue."""
    room, sign = WaitingRoom(Places(of_one_at_once=1)), object()
    await put(room, [sign, written(1), written(2)])
    came = list[object]()
    for _ in range(3):
        came.append(one := await room.get())
        with room.turn(one):
            pass

    assert (came[-1] is sign, [number(one) for one in came[:2]]) == (True, [1, 2])


async def test_nothing_is_handed_out_while_all_turns_of_its_line_are_under_way() -> None:
    """Whoever does not wait for a turn is told that there is none."""
    room = WaitingRoom(Places(of_one_at_once=1))
    await put(room, [written(1), written(2)])
    await room.get()

    with pytest.raises(asyncio.QueueEmpty):
        room.get_nowait()


async def test_a_closed_room_takes_nothing_on() -> None:
    """Whoever waits outside goes away with the update, which Telegram still has."""
    room = WaitingRoom(Places(ready=1))
    await room.put(written(1, chat=1))
    outside = asyncio.create_task(room.put(written(2, chat=2)))
    await settled()
    room.close()

    with pytest.raises(asyncio.QueueFull):
        await outside
    with pytest.raises(asyncio.QueueFull):
        await room.put(written(3))
    assert (room.newest, room.qsize()) == (1, 1)


async def test_what_is_abandoned_is_all_that_nobody_answered() -> None:
    """Those people are told; what was under way ends, and nothing waits any more."""
    room = WaitingRoom(Places(of_one_at_once=1))
    await put(room, [written(1), written(2), written(3, chat=2)])
    first = await room.get()

    async def handle() -> None:
        with room.turn(first):
            await asyncio.Event().wait()

    handling = asyncio.create_task(handle())
    await settled()
    left = [number(update) for update in room.abandon()]
    await asyncio.wait_for(room.emptied(), 1)
    room.task_done()  # as whoever took the first one does
    await asyncio.wait_for(room.join(), 1)

    assert (left, handling.cancelled(), room.empty()) == ([1, 2, 3], True, True)


async def test_what_is_no_update_has_its_turn_without_a_line() -> None:
    """The application may queue things of its own."""
    room = WaitingRoom()
    with room.turn(object()):
        await asyncio.wait_for(room.emptied(), 1)

    assert room.abandon() == []
