"""People's side of the local chat: what scripts, tests and the page can do there."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.local.telegram.event_stream import events
from tests.deploy.local_chat import SENT, LocalChat, as_form, local_chat, png


@pytest.fixture
async def chat() -> AsyncIterator[LocalChat]:
    """The local chat, without limits."""
    async with local_chat() as made:
        yield made


async def test_a_conversation_is_read_as_people_see_it(chat: LocalChat) -> None:
    """The shape that the page and every test of the bot rely on."""
    await chat.say("/hoje")
    keyboard = {
        "inline_keyboard": [
            [{"text": "a", "callback_data": "d"}, {"text": "b", "url": "b3.com.br"}]
        ]
    }
    await chat.result(
        "sendMessage",
        chat_id=1,
        text="<b>R$ 36</b>",
        parse_mode="HTML",
        reply_markup=keyboard,
        disable_notification=True,
        reply_to_message_id=1,
    )
    await chat.upload("sendPhoto", {"photo": ("a.png", png(30, 20))}, chat_id="1", caption="c")
    await chat.result("editMessageCaption", chat_id=1, message_id=3, caption="<d>")

    spoken, answer, chart = await chat.seen()
    assert spoken == {
        "message_id": 1,
        "date": SENT,
        "from": "user",
        "sender": "Pessoa 1",
        "text": "/hoje",
        "html": '<span class="command">/hoje</span>',
        "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
        "photo": None,
        "buttons": [],
        "edited": False,
        "silent": False,
        "thread": None,
        "reply_to": None,
    }
    assert answer == {
        **spoken,
        "message_id": 2,
        "from": "bot",
        "sender": "Fechamento",
        "text": "R$ 36",
        "html": "<b>R$ 36</b>",
        "entities": [{"type": "bold", "offset": 0, "length": 5}],
        "buttons": [[{"text": "a", "data": "d"}, {"text": "b", "url": "http://b3.com.br/"}]],
        "silent": True,
        "reply_to": 1,
    }
    assert (chart["caption"], chart["html"], chart["edited"]) == ("<d>", "&lt;d&gt;", True)
    assert (chart["width"], chart["height"]) == (30, 20)


async def test_only_newer_messages_are_read(chat: LocalChat) -> None:
    """`after` is how a test waits for an answer to what it said."""
    for text in "abc":
        await chat.say(text)
    newer = (await chat.http.get("/chats/1/messages", params={"after": 2})).json()

    assert [each["text"] for each in newer] == ["c"]
    assert (await chat.http.get("/chats/1/messages?after=x")).json() == {
        "error": "after: number expected"
    }


async def test_reading_can_wait_for_the_answer(chat: LocalChat) -> None:
    """No test has to ask again and again."""
    read = asyncio.create_task(chat.http.get("/chats/1/messages?after=0&wait=50"))
    await asyncio.sleep(0)
    await chat.result("sendChatAction", chat_id=1, action="typing")
    await chat.result("sendMessage", chat_id=1, text="a")

    assert [each["text"] for each in (await read).json()] == ["a"]


async def test_waiting_ends_with_the_server(chat: LocalChat) -> None:
    """As everything that waits does."""
    chat.app.state.service.close()

    assert (await chat.http.get("/chats/1/messages?wait=50")).json() == []


async def test_buttons_that_only_change_are_no_edit_for_people(chat: LocalChat) -> None:
    """Telegram shows "edited" only when the words or the picture have changed."""
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "d"}]]}
    await chat.result("sendMessage", chat_id=1, text="a")
    await chat.result("editMessageReplyMarkup", chat_id=1, message_id=1, reply_markup=keyboard)
    buttons = (await chat.seen())[0]
    await chat.result("editMessageText", chat_id=1, message_id=1, text="b")

    assert (buttons["edited"], (await chat.seen())[0]["edited"]) == (False, True)


async def test_files_are_served_for_the_page_and_never_as_pages(chat: LocalChat) -> None:
    """A document of HTML would otherwise run in the chat's own origin."""
    await chat.upload("sendPhoto", {"photo": ("a.png", png())}, chat_id="1")
    await chat.upload("sendDocument", {"document": ("a.html", b"<script>")}, chat_id="1")
    picture, document = await chat.seen()
    shown = await chat.http.get(picture["photo"])
    loaded = await chat.http.get(document["document"]["url"])

    assert (shown.content, shown.headers["content-type"]) == (png(), "image/png")
    assert loaded.headers["content-type"] == "application/octet-stream"
    assert loaded.headers["content-disposition"] == "attachment"
    assert (await chat.http.get("/files/x")).status_code == 404


async def test_chats_are_listed(chat: LocalChat) -> None:
    """Private ones exist when somebody used them, groups when they were set up."""
    await chat.say("oi")
    await chat.group()
    listed = (await chat.http.get("/chats")).json()

    private = {"id": 1, "type": "private", "first_name": "Pessoa 1", "admins": []}
    group = {"id": -100, "type": "supergroup", "title": "Ops", "admins": [1]}
    state = {"blocked": False, "migrated_to": None}
    assert listed == [
        {**private, **state, "last_message_id": 1},
        {**group, **state, "last_message_id": 0},
    ]


IMPOSSIBLE: list[tuple[str, str, Any, int, str]] = [
    ("POST", "/chats/-7/messages", {"text": "a", "from": {"id": 1}}, 404,
     "group -7 does not exist: set it up with PUT /chats/-7"),
    ("POST", "/chats/x/messages", {"text": "a"}, 404, "x is no chat id"),
    ("POST", "/chats/0/messages", {"text": "a"}, 404, "0 is no chat id"),
    ("POST", "/chats/1/messages", {}, 400, "text: nothing is said"),
    ("POST", "/chats/1/messages", [], 400, "the body is no JSON object"),
    ("POST", "/chats/1/messages", {"text": 5}, 400, "text: text expected"),
    ("POST", "/chats/1/messages", {"txet": "a"}, 400, "unknown: txet"),
    ("POST", "/chats/1/messages", {"text": "a", "edit": 9}, 400,
     "edit: 9 is no message of this person"),
    ("POST", "/chats/1/messages", {"text": "a", "reply_to": 9}, 400,
     "reply_to: there is no message 9"),
    ("POST", "/chats/1/messages", {"text": "a", "thread": 9}, 400,
     "thread: only supergroups have topics"),
    ("POST", "/chats/1/messages", {"text": "a", "from": {"id": -1}}, 400,
     "from: positive id expected"),
    ("POST", "/chats/-100/messages", {"text": "a"}, 400, "from: positive id expected"),
    ("POST", "/chats/2/messages", {"text": "a"}, 409, "this person has blocked the bot"),
    ("POST", "/chats/1/callbacks", {"message_id": 1, "data": "x"}, 400,
     "message 1 has no button with this data"),
    ("POST", "/chats/1/callbacks", {"data": "x"}, 400, "message_id: whole number expected"),
    ("POST", "/chats/-100/messages", {"text": "a", "anonymous": True, "from": {"id": 2}}, 403,
     "2 does not run this chat"),
    ("POST", "/chats/1/messages", {"text": "a", "anonymous": True}, 403,
     "1 does not run this chat"),
    ("POST", "/chats/-300/messages", {"text": "a", "from": {"id": 2}}, 403,
     "2 does not run this chat"),
    ("POST", "/chats/-300/messages", {"text": "a", "anonymous": True, "from": {"id": 1}}, 400,
     "anonymous: only in groups"),
    ("POST", "/chats/1/chosen", {"inline_query_id": "1", "result_id": "x"}, 400,
     "inline query 1 was not answered with an article x"),
    ("PUT", "/chats/1", {"type": "group"}, 400, "type: group does not fit the chat's id"),
    ("PUT", "/chats/-100", {"migrate_to": 5}, 400, "migrate_to: 5 is no free group id"),
    ("PUT", "/chats/-100", {"admins": ["a"]}, 400, "admins: whole number expected"),
    ("PUT", "/chats/-100", {"blocked": "yes"}, 400, "blocked: true or false expected"),
    ("GET", "/callbacks/1", None, 404, "there is no callback 1"),
    ("GET", "/inline/1", None, 404, "there is no inline query 1"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "path", "body", "status", "reason"), IMPOSSIBLE)
async def test_what_nobody_can_do_is_said(  # noqa: PLR0913, PLR0917 -- one example has five parts
    chat: LocalChat, verb: str, path: str, body: object, status: int, reason: str
) -> None:
    """A test that means something else should fail where it is wrong."""
    await chat.say("oi")
    await chat.group()
    await chat.group(-300, type="channel")
    await chat.http.put("/chats/2", json={"blocked": True})
    answer = await chat.http.request(verb, path, json=body)

    assert (answer.status_code, answer.json()) == (status, {"error": reason})


async def test_bodies_have_to_be_json(chat: LocalChat) -> None:
    """And say so when they are not."""
    answer = await chat.http.post("/chats/1/messages", content="text=oi")

    assert (answer.status_code, answer.json()) == (400, {"error": "the body is not valid JSON"})


async def test_nothing_can_be_done_where_the_bot_is_away(chat: LocalChat) -> None:
    """A group that has moved is closed; in one without the bot no button works."""
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "d"}]]}
    await chat.group()
    await chat.result("sendMessage", chat_id=-100, text="a", reply_markup=keyboard)
    await chat.group(blocked=True)
    press = {"message_id": 1, "data": "d", "from": {"id": 1}}
    pressed = await chat.http.post("/chats/-100/callbacks", json=press)
    await chat.group(migrate_to=-1001)
    said = await chat.http.post("/chats/-100/messages", json={"text": "a", "from": {"id": 1}})

    assert (pressed.status_code, pressed.json()["error"]) == (
        409,
        "the bot cannot hear it: bot was kicked from the supergroup chat",
    )
    assert (said.status_code, said.json()["error"]) == (409, "the group has become -1001")


async def test_a_group_that_cannot_be_set_up_does_not_exist(chat: LocalChat) -> None:
    """Half a group would answer 200 to what should be 404."""
    await chat.http.put("/chats/-5", json={"type": "planet"})

    assert (await chat.http.get("/chats/-5/messages")).status_code == 404


async def test_the_page_is_told_what_happens(chat: LocalChat) -> None:
    """Messages, edits, deletions, typing and answers, as they happen."""
    chats = chat.app.state.service.chats
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "d"}]]}
    stream = events(chats, 1)
    first = await anext(stream)
    await chat.result("sendMessage", chat_id=1, text="a", reply_markup=keyboard)
    press = {"message_id": 1, "data": "d"}
    identifier = (await chat.http.post("/chats/1/callbacks", json=press)).json()["callback_id"]
    await chat.result("sendChatAction", chat_id=1, action="typing")
    await chat.result("answerCallbackQuery", callback_query_id=identifier, text="feito")
    await chat.result("setMyCommands", commands=[])
    await chat.result("deleteMessage", chat_id=1, message_id=1)
    chats.close()
    written = [each.decode() async for each in stream]

    assert first == b"retry: 1000\n\n"
    answer = {
        "callback_id": identifier,
        "answered": True,
        "text": "feito",
        "show_alert": False,
        "url": "",
    }
    assert written[0].startswith('event: message\ndata: {"message_id":1,')
    assert written[1:] == [
        'event: typing\ndata: {"action":"typing","seconds":5}\n\n',
        f"event: callback_answer\ndata: {as_form(answer)}\n\n",
        "event: commands\ndata: {}\n\n",
        'event: deleted\ndata: {"message_id":1}\n\n',
    ]


async def test_a_page_that_hears_nothing_is_kept_awake(chat: LocalChat) -> None:
    """A comment goes out in silence, so that a page that has vanished is noticed."""
    chats = chat.app.state.service.chats
    stream = events(chats, 1, seconds=0)

    assert [await anext(stream), await anext(stream)] == [b"retry: 1000\n\n", b":\n\n"]
    await stream.aclose()
    assert not chats._listeners[1]


async def test_pages_that_come_and_go_leave_nothing_behind(chat: LocalChat) -> None:
    """A page connects again after every hiccup."""
    chats = chat.app.state.service.chats
    for _ in range(50):
        with chats.listening(1):
            pass

    assert not chats._listeners[1]


GUARDED: list[tuple[str, str, dict[str, str], int]] = [
    ("GET", "/bot", {"Host": "b3.com.br"}, 403),
    ("GET", "/bot", {"Host": "b3.com.br:8081"}, 403),
    ("GET", "/bot", {"Host": "[::1"}, 403),
    ("GET", "/bot", {"Host": "localhost:1"}, 200),
    ("GET", "/bot", {"Host": "[::1]:8081"}, 200),
    ("POST", "/chats/1/messages", {"Origin": "http://b3.com.br"}, 403),
    ("POST", "/chats/1/messages", {"Origin": "null"}, 403),
    ("POST", "/chats/1/messages", {"Origin": "http://127.0.0.1:8081"}, 200),
    ("POST", "/chats/1/messages", {"Sec-Fetch-Site": "cross-site"}, 403),
    ("POST", "/chats/1/messages", {"Sec-Fetch-Site": "same-origin"}, 200),
    ("GET", "/chats/1/messages", {"Sec-Fetch-Site": "cross-site"}, 200),
    ("GET", "/bot1/getMe", {"Sec-Fetch-Site": "cross-site"}, 403),
]


@pytest.mark.parametrize(("verb", "path", "headers", "status"), GUARDED)
async def test_other_sites_are_kept_out(
    chat: LocalChat, verb: str, path: str, headers: dict[str, str], status: int
) -> None:
    """Any page on the internet can make a browser ask 127.0.0.1 for something."""
    body = {"text": "a"} if verb == "POST" else None
    answer = await chat.http.request(verb, path, json=body, headers=headers)

    assert answer.status_code == status
