"""How the bot hears: long polling, confirmation, and who gives way to whom."""

from collections.abc import AsyncIterator

import pytest

from tests.deploy.local_chat import BOT, SENT, LocalChat, local_chat

ENDED = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@pytest.fixture
async def chat() -> AsyncIterator[LocalChat]:
    """The local chat, without limits."""
    async with local_chat() as made:
        yield made


async def test_a_message_arrives_as_an_update(chat: LocalChat) -> None:
    """Commands are found by their entity, in the whole shape that libraries expect."""
    ana = {"id": 1, "first_name": "Ana", "username": "ana"}
    await chat.http.post("/chats/1/messages", json={"text": "/hoje itub4", "from": ana})

    assert await chat.result("getUpdates") == [
        {
            "update_id": SENT,
            "message": {
                "message_id": 1,
                "from": {
                    "id": 1,
                    "is_bot": False,
                    "first_name": "Ana",
                    "username": "ana",
                    "language_code": "pt-br",
                },
                "chat": {"id": 1, "type": "private", "first_name": "Ana", "username": "ana"},
                "date": SENT,
                "text": "/hoje itub4",
                "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
            },
        }
    ]


async def test_updates_stay_until_a_higher_offset_confirms_them(chat: LocalChat) -> None:
    """A bot that dies while it works on an update gets it again."""
    for text in "abcd":
        await chat.say(text)
    numbers = [
        [update["update_id"] - SENT for update in await chat.result("getUpdates", **parameters)]
        for parameters in (
            {},
            {"limit": 2},
            {"limit": 0},
            {"offset": SENT + 1},
            {"offset": -2},
            {},
            {"offset": SENT + 4},
            {},
        )
    ]

    assert numbers == [[0, 1, 2, 3], [0, 1], [0, 1, 2, 3], [1, 2, 3], [2, 3], [2, 3], [], []]


async def test_who_waits_is_answered_at_once(chat: LocalChat) -> None:
    """Long polling costs no time."""
    task = await chat.poll()
    await chat.say("oi")

    answer = await task
    assert [update["message"]["text"] for update in answer["result"]] == ["oi"]


async def test_who_waits_in_vain_gets_an_empty_list(chat: LocalChat) -> None:
    """The timeout is the bot's own."""
    assert await chat.call("getUpdates", timeout="0") == {"ok": True, "result": []}


async def test_the_newer_of_two_receivers_stays(chat: LocalChat) -> None:
    """As with Telegram, the older one learns that there are two."""
    first = await chat.poll()
    second = await chat.poll()
    await chat.say("oi")

    assert await first == {"ok": False, "error_code": 409, "description": ENDED}
    assert (await second)["ok"]


async def test_a_bot_hears_only_of_what_it_wants(chat: LocalChat) -> None:
    """And the wish is remembered; an empty one means the usual kinds."""
    await chat.result("getUpdates", allowed_updates=["callback_query"])
    await chat.say("a")
    await chat.result("getUpdates", allowed_updates=[])
    await chat.say("b")

    assert [update["message"]["text"] for update in await chat.result("getUpdates")] == ["b"]
    assert await chat.refusal("getUpdates", allowed_updates={}) == (
        "Bad Request: expected an Array of Strings as allowed_updates"
    )


async def test_a_pressed_button_becomes_a_query_that_can_be_answered(chat: LocalChat) -> None:
    """The whole way of a click and back."""
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "d"}]]}
    message = await chat.result("sendMessage", chat_id=1, text="x", reply_markup=keyboard)
    press = {"message_id": 1, "data": "d", "from": {"id": 1}}
    identifier = (await chat.http.post("/chats/1/callbacks", json=press)).json()["callback_id"]
    before = (await chat.http.get(f"/callbacks/{identifier}")).json()
    await chat.result(
        "answerCallbackQuery", callback_query_id=identifier, text="feito", show_alert=True
    )
    after = (await chat.http.get(f"/callbacks/{identifier}")).json()

    (query,) = [update["callback_query"] for update in await chat.heard()]
    assert (query["id"], query["data"], query["message"]) == (identifier, "d", message)
    assert query["from"]["id"] == 1
    assert before == {**after, "answered": False, "text": "", "show_alert": False}
    assert (after["answered"], after["text"], after["show_alert"]) == (True, "feito", True)


async def test_a_query_is_answered_in_time_or_not_at_all(chat: LocalChat) -> None:
    """A bot that was down must not trip over the clicks that waited for it."""
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "d"}]]}
    await chat.result("sendMessage", chat_id=1, text="x", reply_markup=keyboard)
    press = {"message_id": 1, "data": "d"}
    identifier = (await chat.http.post("/chats/1/callbacks", json=press)).json()["callback_id"]
    chat.time.passed = 61
    refusals = [
        await chat.refusal("answerCallbackQuery", callback_query_id=identifier),
        await chat.refusal("answerCallbackQuery", callback_query_id="1"),
        await chat.refusal("answerCallbackQuery", callback_query_id="1", text="a" * 201),
    ]

    too_old = "query is too old and response timeout expired or query ID is invalid"
    assert refusals == [
        f"Bad Request: {too_old}",
        f"Bad Request: {too_old}",
        "Bad Request: MESSAGE_TOO_LONG",
    ]


async def test_an_inline_query_is_asked_and_answered(chat: LocalChat) -> None:
    """@bot ITUB4, typed in any chat."""
    asked = await chat.http.post("/inline", json={"query": "ITUB4", "from": {"id": 1}})
    identifier = asked.json()["inline_query_id"]
    results = [
        {
            "type": "article",
            "id": "1",
            "title": "ITUB4",
            "input_message_content": {"message_text": "<b>R$ 36</b>", "parse_mode": "HTML"},
        }
    ]
    button = {"text": "abrir", "start_parameter": "inline"}
    await chat.result(
        "answerInlineQuery", inline_query_id=identifier, results=results, button=button
    )

    (query,) = [update["inline_query"] for update in await chat.heard()]
    assert (query["id"], query["query"], query["offset"]) == (identifier, "ITUB4", "")
    assert (await chat.http.get(f"/inline/{identifier}")).json() == {
        "answered": True,
        "results": results,
        "cache_time": 300,
        "is_personal": False,
        "button": button,
    }


async def test_a_chosen_result_is_a_message_by_way_of_the_bot(chat: LocalChat) -> None:
    """The bot hears of it where it is a member, and must not take it for a question."""
    asked = await chat.http.post("/inline", json={"query": "", "from": {"id": 1}})
    identifier = asked.json()["inline_query_id"]
    result = {
        "type": "article",
        "id": "1",
        "title": "ITUB4",
        "input_message_content": {"message_text": "<b>R$ 36</b>", "parse_mode": "HTML"},
        "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "https://b3.com.br/"}]]},
    }
    chosen = {"inline_query_id": identifier, "result_id": "1", "from": {"id": 1}}
    early = await chat.http.post("/chats/1/chosen", json=chosen)
    await chat.result("answerInlineQuery", inline_query_id=identifier, results=[result])
    await chat.http.post("/chats/1/chosen", json=chosen)

    message = (await chat.heard())[1]["message"]
    assert (message["text"], message["via_bot"], message["from"]["id"]) == ("R$ 36", BOT, 1)
    assert message["reply_markup"] == result["reply_markup"]
    assert early.status_code == 400


async def test_a_post_of_a_channel_has_no_author(chat: LocalChat) -> None:
    """Only the channel is named, and it comes as an update of its own kind."""
    await chat.group(type="channel", title="Fechamentos")
    await chat.say("/assinar", -100)
    await chat.say("/assinar PETR4", -100, edit=1)
    sent = await chat.result("sendMessage", chat_id=-100, text="a")

    channel = {"id": -100, "type": "channel", "title": "Fechamentos"}
    new, edited = await chat.heard()
    assert [list(new), list(edited)] == [["channel_post"], ["edited_channel_post"]]
    for post in (new["channel_post"], edited["edited_channel_post"], sent):
        assert (post["sender_chat"], post.get("from")) == (channel, None)


async def test_an_anonymous_administrator_writes_as_the_group(chat: LocalChat) -> None:
    """Telegram does not tell the bot who it was."""
    await chat.group()
    await chat.say("/assinar", -100, anonymous=True)

    (message,) = [update["message"] for update in await chat.heard()]
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"] == message["chat"]


async def test_captions_and_forwards_arrive_as_telegram_sends_them(chat: LocalChat) -> None:
    """A command in a caption is marked there, and a forward says that it is one."""
    await chat.say("/hoje", photo=True)
    await chat.say("/hoje", forwarded=True)

    captioned, forwarded = [update["message"] for update in await chat.heard()]
    command = [{"type": "bot_command", "offset": 0, "length": 5}]
    assert (captioned["caption"], captioned["caption_entities"]) == ("/hoje", command)
    assert (captioned["photo"][0]["width"], "text" in captioned) == (1, False)
    assert forwarded["forward_origin"]["type"] == "hidden_user"
    assert forwarded["entities"] == command


async def test_another_rank_of_the_bot_is_told(chat: LocalChat) -> None:
    """Being made an administrator is no arrival."""
    await chat.group()
    await chat.group(admins=[1, BOT["id"]])
    await chat.group(admins=[1, BOT["id"]], title="Outro")

    changes = [update["my_chat_member"] for update in await chat.heard()]
    ranks = [
        (each["old_chat_member"]["status"], each["new_chat_member"]["status"]) for each in changes
    ]
    assert ranks == [("member", "administrator")]


async def test_blocking_and_unblocking_is_told(chat: LocalChat) -> None:
    """The bot marks the chat and forgets nothing."""
    await chat.http.put("/chats/1", json={"blocked": True})
    await chat.http.put("/chats/1", json={"blocked": True})
    await chat.http.put("/chats/1", json={"blocked": False})

    changes = [update["my_chat_member"] for update in await chat.heard()]
    statuses = [
        (each["old_chat_member"]["status"], each["new_chat_member"]["status"]) for each in changes
    ]
    assert statuses == [("member", "kicked"), ("kicked", "member")]
    assert changes[0]["from"]["id"] == 1


async def test_joining_leaving_and_being_thrown_out_of_groups_is_told(chat: LocalChat) -> None:
    """A group that says `blocked` at once sees the bot arrive."""
    await chat.group(blocked=False)
    await chat.group(blocked=True)
    await chat.group(blocked=False)
    await chat.result("leaveChat", chat_id=-100)

    heard = await chat.heard()
    statuses = [
        update["my_chat_member"]["new_chat_member"]["status"]
        for update in heard
        if "my_chat_member" in update
    ]
    notes = [update["message"]["new_chat_members"] for update in heard if "message" in update]
    assert statuses == ["member", "kicked", "member", "left"]
    assert notes == [[BOT], [BOT]]


async def test_a_group_that_moves_says_so_on_both_sides(chat: LocalChat) -> None:
    """Either notice is enough for the bot to follow."""
    await chat.group(type="group")
    await chat.group(type="group", migrate_to=-1001)

    old, new = [update["message"] for update in await chat.heard()]
    assert (old["chat"]["id"], old["migrate_to_chat_id"]) == (-100, -1001)
    assert (new["chat"]["id"], new["migrate_from_chat_id"]) == (-1001, -100)
    assert new["chat"]["type"] == "supergroup"


async def test_an_edited_message_is_told_as_such(chat: LocalChat) -> None:
    """People correct a ticker."""
    await chat.say("/hoje ITUB3")
    chat.time.passed = 5
    await chat.say("/hoje ITUB4", edit=1)

    edited = (await chat.heard())[1]["edited_message"]
    assert (edited["text"], edited["edit_date"]) == ("/hoje ITUB4", SENT + 5)


async def test_in_groups_commands_replies_and_topics_arrive(chat: LocalChat) -> None:
    """/hoje@bot is one command, and what it answers is with it."""
    await chat.group()
    first = await chat.result("sendMessage", chat_id=-100, text="oi")
    await chat.say("/hoje@fechamento_bot x", -100, reply_to=first["message_id"], thread=7)

    (message,) = [update["message"] for update in await chat.heard()]
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 20}]
    assert message["chat"] == {"id": -100, "type": "supergroup", "title": "Ops"}
    assert (message["reply_to_message"]["text"], message["message_thread_id"]) == ("oi", 7)


async def test_a_group_without_the_bot_is_not_heard(chat: LocalChat) -> None:
    """What people write after they threw it out is theirs."""
    await chat.group(blocked=True)
    await chat.http.post("/chats/-100/messages", json={"text": "oi", "from": {"id": 1}})

    assert [list(update) for update in await chat.heard()] == [["my_chat_member"]]


async def test_who_waits_goes_home_when_the_server_stops(chat: LocalChat) -> None:
    """Otherwise the server would wait for the bot and the bot for the server."""
    task = await chat.poll()
    chat.app.state.service.close()

    assert await task == {"ok": True, "result": []}
    assert await chat.call("getUpdates", timeout=50) == {"ok": True, "result": []}
