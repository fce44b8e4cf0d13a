"""The methods of the Bot API: what they give back, and in which words they refuse."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.deploy.local_chat import BOT, SENT, TOKEN, LocalChat, as_form, local_chat, png

PERSON = {"id": 1, "is_bot": False, "first_name": "Pessoa 1", "language_code": "pt-br"}
PRIVATE = {"id": 1, "type": "private", "first_name": "Pessoa 1"}
BUTTON = {"inline_keyboard": [[{"text": "a", "callback_data": "d"}]]}


@pytest.fixture
async def chat() -> AsyncIterator[LocalChat]:
    """The local chat, without limits."""
    async with local_chat() as made:
        yield made


async def test_a_message_comes_back_as_telegram_writes_it(chat: LocalChat) -> None:
    """Libraries build their objects from this answer."""
    first = await chat.say("oi")

    message = await chat.result(
        "sendMessage",
        chat_id=1,
        text="<b>R$ 36,12</b>",
        parse_mode="HTML",
        reply_markup=BUTTON,
        reply_parameters={"message_id": first},
        link_preview_options={"is_disabled": True},
        protect_content=True,
    )

    assert message == {
        "message_id": 2,
        "from": BOT,
        "chat": PRIVATE,
        "date": SENT,
        "text": "R$ 36,12",
        "entities": [{"type": "bold", "offset": 0, "length": 8}],
        "reply_markup": BUTTON,
        "reply_to_message": {
            "message_id": 1,
            "from": PERSON,
            "chat": PRIVATE,
            "date": SENT,
            "text": "oi",
        },
        "link_preview_options": {"is_disabled": True},
        "has_protected_content": True,
    }


@pytest.mark.parametrize("name", ["sendMessage", "SENDMESSAGE", "sendmessage"])
async def test_methods_are_found_in_any_case(chat: LocalChat, name: str) -> None:
    """As Telegram does it."""
    assert (await chat.result(name, chat_id=1, text="oi"))["text"] == "oi"


async def test_parameters_may_come_in_every_way_that_telegram_takes(chat: LocalChat) -> None:
    """curl, and the libraries of five languages, each do it differently."""
    address = f"/bot{TOKEN}/sendMessage"
    values = {"chat_id": "1", "text": "oi", "reply_markup": as_form(BUTTON)}
    answers = [
        await chat.http.get(address, params=values),
        await chat.http.post(address, params=values),
        await chat.http.post(address, data=values),
        await chat.http.post(
            address, files={name: (None, value) for name, value in values.items()}
        ),
        await chat.http.post(address, json={"chat_id": 1, "text": "oi", "reply_markup": BUTTON}),
        await chat.http.post(address, json=values),
    ]

    results = [answer.json()["result"] for answer in answers]
    assert [(each["text"], each["reply_markup"]) for each in results] == [("oi", BUTTON)] * 6


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{", "application/json"),
        ('{"text": "\\ud800"}', "application/json"),
        ("[]", "application/json"),
        ("x", "multipart/form-data"),
        ("--b\r\nX: y\r\n\r\nz\r\n--b--", "multipart/form-data; boundary=b"),
    ],
)
async def test_a_body_that_cannot_be_read_is_said_to_be(
    chat: LocalChat, body: str, kind: str
) -> None:
    """And not taken for an empty one."""
    answer = await chat.http.post(
        f"/bot{TOKEN}/sendMessage", content=body, headers={"Content-Type": kind}
    )

    assert answer.status_code == 400
    assert answer.json()["description"].startswith("Bad Request: can't parse")


async def test_more_than_fifty_megabytes_are_refused_before_they_are_read(chat: LocalChat) -> None:
    """As by Telegram's gateway."""
    answer = await chat.http.post(
        f"/bot{TOKEN}/sendDocument",
        content=b"",
        headers={"Content-Length": str(60 * 1024 * 1024), "Content-Type": "application/json"},
    )

    assert answer.json() == {
        "ok": False,
        "error_code": 413,
        "description": "Request Entity Too Large",
    }


@pytest.mark.parametrize(
    ("token", "method", "status", "said"),
    [
        ("1:" + "A" * 35, "getMe", 401, "Unauthorized"),
        ("123", "getMe", 404, "Not Found"),
        ("123:short", "getMe", 404, "Not Found"),
        (TOKEN, "getNothing", 404, "Not Found"),
        (TOKEN, "getMe/more", 404, "Not Found"),
    ],
)
async def test_wrong_tokens_and_methods_have_their_own_status(
    token: str, method: str, status: int, said: str
) -> None:
    """A bot tells a typing error in its token from an outage by this."""
    async with local_chat(token=TOKEN) as chat:
        answer = await chat.http.get(f"/bot{token}/{method}")

    assert answer.status_code == status
    assert answer.json() == {"ok": False, "error_code": status, "description": said}


async def test_an_empty_body_has_no_parameters(chat: LocalChat) -> None:
    """Some libraries announce JSON and send nothing."""
    headers = {"Content-Type": "application/json"}
    answer = await chat.http.post(f"/bot{TOKEN}/getMe", headers=headers)

    assert answer.json()["ok"]


async def test_the_bot_has_the_identifier_of_its_token() -> None:
    """Libraries read the bot's id out of the token."""
    async with local_chat(token=TOKEN) as chat:
        me = await chat.result("getMe")

    assert (me["id"], me["is_bot"], me["username"]) == (123456, True, "fechamento_bot")


TEXT_REFUSED = [
    ({"text": "x"}, "chat_id is empty"),
    ({"chat_id": "abc", "text": "x"}, "chat not found"),
    ({"chat_id": 0, "text": "x"}, "chat not found"),
    ({"chat_id": -5, "text": "x"}, "chat not found"),
    ({"chat_id": "@nobody", "text": "x"}, "chat not found"),
    ({"chat_id": 1}, "message text is empty"),
    ({"chat_id": 1, "text": " \n"}, "message text is empty"),
    ({"chat_id": 1, "text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
    ({"chat_id": 1, "text": "a" * 4097}, "message is too long"),
    ({"chat_id": 1, "text": "😀" * 2049}, "message is too long"),
    ({"chat_id": 1, "text": "x", "parse_mode": "HTML5"}, "unsupported parse_mode"),
    (
        {"chat_id": 1, "text": "<x>", "parse_mode": "html"},
        'can\'t parse entities: Unsupported start tag "x" at byte offset 0',
    ),
    (
        {"chat_id": 1, "text": "x", "reply_parameters": {"message_id": 9}},
        "message to be replied not found",
    ),
    (
        {"chat_id": 1, "text": "x", "reply_parameters": {"message_id": [9]}},
        "can't parse reply parameters: message_id must be a Number",
    ),
    ({"chat_id": 1, "text": "x", "reply_to_message_id": 9}, "message to be replied not found"),
    ({"chat_id": 1, "text": "x", "message_thread_id": 9}, "message thread not found"),
    ({"chat_id": 1, "text": "x", "entities": "["}, "can't parse entities JSON object"),
    ({"chat_id": -5, "text": "x", "entities": {}}, "chat not found"),
    ({"chat_id": 1, "text": "x", "entities": [1]}, "can't parse entities: expected an Object"),
    (
        {"chat_id": 1, "text": "x", "entities": [{"type": "bold"}]},
        'can\'t parse entities: field "offset" and "length" must be of type Number',
    ),
    (
        {
            "chat_id": 1,
            "text": "x",
            "entities": [{"type": "text_link", "offset": 0, "length": 1, "url": "javascript:1"}],
        },
        "entity URL 'javascript:1' is invalid: Wrong HTTP URL",
    ),
]


@pytest.mark.parametrize(("parameters", "reason"), TEXT_REFUSED)
async def test_messages_are_refused_in_telegrams_words(
    chat: LocalChat, parameters: dict[str, Any], reason: str
) -> None:
    """Libraries choose their exceptions by these sentences."""
    assert await chat.refusal("sendMessage", **parameters) == f"Bad Request: {reason}"


def buttons(*row: object) -> dict[str, Any]:
    """An inline keyboard of one row."""
    return {"inline_keyboard": [list(row)]}


KEYBOARDS_REFUSED = [
    ("{", "can't parse reply keyboard markup JSON object"),
    ("[]", "object expected as reply markup"),
    ({"inline_keyboard": {}}, 'field "inline_keyboard" must be of type Array'),
    ({"inline_keyboard": [{}]}, 'field "inline_keyboard" must be an Array of Arrays'),
    (buttons(1), "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
    (buttons({}), 'can\'t parse inline keyboard button: field "text" must be of type String'),
    (buttons({"text": ""}), "inline keyboard button text must be non-empty"),
    (
        buttons({"text": "a"}),
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (buttons({"text": "a", "callback_data": "é" * 33}), "BUTTON_DATA_INVALID"),
    (buttons({"text": "a", "callback_data": ""}), "BUTTON_DATA_INVALID"),
    (
        buttons({"text": "a", "url": "x y"}),
        "inline keyboard button 'a' URL 'x y' is invalid: Wrong HTTP URL",
    ),
    (buttons(*[{"text": "a", "callback_data": "d"}] * 101), "reply markup is too long"),
    ({"keyboard": {}}, 'field "keyboard" must be an Array of Arrays'),
    ({"keyboard": [[{"text": ""}]]}, "keyboard button text must be non-empty"),
]


@pytest.mark.parametrize(("markup", "reason"), KEYBOARDS_REFUSED)
async def test_keyboards_are_refused_in_telegrams_words(
    chat: LocalChat, markup: object, reason: str
) -> None:
    """A button that Telegram would not take has to fail before it is deployed."""
    said = await chat.refusal("sendMessage", chat_id=1, text="x", reply_markup=markup)

    assert said == f"Bad Request: {reason}"


async def test_keyboards_for_people_are_taken_and_not_shown(chat: LocalChat) -> None:
    """Old parameters are taken as well; an inline keyboard without buttons is none."""
    markups = [
        {"keyboard": [["a", {"text": "b"}]]},
        {"remove_keyboard": True},
        {"force_reply": True},
        {"inline_keyboard": [[]]},
    ]
    sent = [
        await chat.result("sendMessage", chat_id=1, text="x", reply_markup=markup)
        for markup in markups
    ]
    old = await chat.result("sendMessage", chat_id=1, text="x", disable_web_page_preview=True)

    assert ["reply_markup" in message for message in sent] == [False] * 4
    assert old["link_preview_options"] == {"is_disabled": True}


async def test_an_answer_may_do_without_the_message_answered(chat: LocalChat) -> None:
    """People delete their questions."""
    either: list[dict[str, Any]] = [
        {"reply_parameters": {"message_id": 9, "allow_sending_without_reply": True}},
        {"reply_to_message_id": 9, "allow_sending_without_reply": True},
    ]
    sent = [await chat.result("sendMessage", chat_id=1, text="x", **each) for each in either]

    assert ["reply_to_message" in message for message in sent] == [False, False]


async def test_a_message_keeps_the_longest_that_is_allowed(chat: LocalChat) -> None:
    """The limit counts what is left after parsing, in UTF-16 units."""
    source = f"<b>{'😀' * 2048}</b>"
    message = await chat.result("sendMessage", chat_id=1, text=source, parse_mode="HTML")
    keyboard = buttons({"text": "a", "callback_data": "é" * 32}, {"text": "b", "url": "b3.com.br"})
    other = await chat.result("sendMessage", chat_id=1, text="x", reply_markup=keyboard)

    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]
    assert other["reply_markup"]["inline_keyboard"][0][1] == {
        "text": "b",
        "url": "http://b3.com.br/",
    }


async def test_explicit_entities_do_without_a_parse_mode(chat: LocalChat) -> None:
    """Unknown kinds and those that Telegram finds itself are passed over."""
    entities = [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "text_mention", "offset": 3, "length": 1, "user": {"id": 7}},
        {"type": "bot_command", "offset": 0, "length": 2},
        {"type": "sparkle", "offset": 0, "length": 2},
    ]
    message = await chat.result("sendMessage", chat_id=1, text="😀 a", entities=entities)

    assert message["entities"] == [
        {"type": "bold", "offset": 0, "length": 2},
        {
            "type": "text_mention",
            "offset": 3,
            "length": 1,
            "user": {"id": 7, "is_bot": False, "first_name": "Pessoa 7"},
        },
    ]


async def test_a_photo_is_uploaded_once_and_sent_again_by_its_identifier(chat: LocalChat) -> None:
    """The bot keeps file_ids so that a chart is not sent through the wire for each person."""
    picture = png(90, 60)
    sent = await chat.upload(
        "sendPhoto",
        {"photo": ("a.png", picture)},
        chat_id="1",
        caption="<i>a</i>",
        parse_mode="HTML",
    )
    attached = await chat.upload(
        "sendPhoto", {"x": ("a.png", picture)}, chat_id="1", photo="attach://x"
    )
    size = sent["result"]["photo"][-1]
    again = await chat.result("sendPhoto", chat_id=1, photo=size["file_id"])
    place = (await chat.result("getFile", file_id=size["file_id"]))["file_path"]
    got = await chat.http.get(f"/file/bot{TOKEN}/{place}")

    assert (size["width"], size["height"], size["file_size"]) == (90, 60, len(picture))
    assert sent["result"]["caption_entities"] == [{"type": "italic", "offset": 0, "length": 1}]
    assert sent["result"]["photo"] == attached["result"]["photo"] == again["photo"]
    assert got.content == picture


FILES_REFUSED = [
    ({}, {}, "there is no photo in the request"),
    ({"photo": "attach://x"}, {}, "there is no photo in the request"),
    ({"photo": "AgAC"}, {}, "wrong file identifier/HTTP URL specified"),
    ({"photo": "https://b3.com.br/a.png"}, {}, "failed to get HTTP URL content"),
    ({}, {"photo": b""}, "file must be non-empty"),
    ({}, {"photo": b"GIF89a"}, "IMAGE_PROCESS_FAILED"),
    ({}, {"photo": png()[:-5]}, "IMAGE_PROCESS_FAILED"),
    ({}, {"photo": png()[:40] + b"x" + png()[41:]}, "IMAGE_PROCESS_FAILED"),
    ({}, {"photo": png(padding=10 * 1024 * 1024)}, "IMAGE_PROCESS_FAILED"),
    ({}, {"photo": png(21, 1)}, "PHOTO_INVALID_DIMENSIONS"),
    ({"caption": "a" * 1025}, {"photo": png()}, "message caption is too long"),
]


@pytest.mark.parametrize(("parameters", "parts", "reason"), FILES_REFUSED)
async def test_photos_are_refused_in_telegrams_words(
    chat: LocalChat, parameters: dict[str, str], parts: dict[str, bytes], reason: str
) -> None:
    """A chart that Telegram cannot decode must not pass for one that people can see."""
    files = {name: (f"{name}.png", content) for name, content in parts.items()}
    answer = await chat.upload("sendPhoto", files, chat_id="1", **parameters)

    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {reason}"}


async def test_how_a_photo_looks_is_kept(chat: LocalChat) -> None:
    """Caption above, picture covered."""
    looks = {"show_caption_above_media": "true", "has_spoiler": "1"}
    sent = await chat.upload("sendPhoto", {"photo": ("a.png", png())}, chat_id="1", **looks)

    assert (sent["result"]["show_caption_above_media"], sent["result"]["has_media_spoiler"]) == (
        True,
        True,
    )


async def test_a_photo_is_no_document_and_a_document_no_photo(chat: LocalChat) -> None:
    """Identifiers belong to one kind of file."""
    sent = await chat.upload("sendDocument", {"document": ("a.csv", b"1;2")}, chat_id="1")
    document = sent["result"]["document"]

    assert (document["file_name"], document["mime_type"]) == ("a.csv", "text/csv")
    assert await chat.refusal("sendPhoto", chat_id=1, photo=document["file_id"]) == (
        "Bad Request: can't use file of type Document as Photo"
    )
    assert await chat.refusal("getFile", file_id="x") == "Bad Request: invalid file_id"


async def test_files_are_handed_out_to_the_bot_alone() -> None:
    """A wrong token gets none, a wrong path gets 404, and what is over 20 MB must be kept."""
    async with local_chat(token=TOKEN) as chat:
        large = {"document": ("a.bin", bytes(20 * 1024 * 1024 + 1))}
        sent = await chat.upload("sendDocument", large, chat_id="1")
        file_id = sent["result"]["document"]["file_id"]
        refused = await chat.refusal("getFile", file_id=file_id)
        statuses = [
            (await chat.http.get(f"/file/bot{token}/documents/x")).status_code
            for token in (TOKEN, "1:" + "A" * 35)
        ]

    assert (refused, statuses) == ("Bad Request: file is too big", [404, 401])


async def test_a_file_over_fifty_megabytes_is_refused(chat: LocalChat) -> None:
    """Even when its form was just small enough to be read."""
    large = {"document": ("a.bin", bytes(50 * 1024 * 1024 + 1))}
    answer = await chat.upload("sendDocument", large, chat_id="1")

    assert (answer["error_code"], answer["description"]) == (413, "Request Entity Too Large")


async def test_an_album_is_several_messages_of_one_group(chat: LocalChat) -> None:
    """Each of its pictures is a message with its own caption."""
    media = [{"type": "photo", "media": "attach://a", "caption": "1"}] * 2
    sent = await chat.upload(
        "sendMediaGroup", {"a": ("a.png", png())}, chat_id="1", media=as_form(media)
    )

    result = sent["result"]
    assert [(each["message_id"], each["caption"]) for each in result] == [(1, "1"), (2, "1")]
    assert len({each["media_group_id"] for each in result}) == 1


ALBUMS_REFUSED = [
    ({}, "expected an Array of InputMedia"),
    ([], "too few messages to send as an album"),
    ([{"type": "photo"}] * 11, "too many messages to send as an album"),
    ([1, 2], "can't parse InputMedia: expected an Object"),
    ([{"type": "video"}] * 2, "can't parse InputMedia: type must be photo or document"),
    (
        [{"type": "photo", "media": "attach://a"}, {"type": "document", "media": "attach://a"}],
        "document can't be mixed with other media types",
    ),
]


@pytest.mark.parametrize(("media", "reason"), ALBUMS_REFUSED)
async def test_albums_are_refused_in_telegrams_words(
    chat: LocalChat, media: object, reason: str
) -> None:
    """Two to ten of one kind."""
    files = {"a": ("a.png", png())}
    answer = await chat.upload("sendMediaGroup", files, chat_id="1", media=as_form(media))

    assert answer["description"] == f"Bad Request: {reason}"


async def test_an_edit_changes_the_message_in_its_place(chat: LocalChat) -> None:
    """Buttons that are not sent again are gone."""
    sent = await chat.result("sendMessage", chat_id=1, text="a", reply_markup=BUTTON)
    chat.time.passed = 5

    edited = await chat.result("editMessageText", chat_id=1, message_id=1, text="b")

    changed = {name: value for name, value in sent.items() if name != "reply_markup"}
    assert edited == {**changed, "text": "b", "edit_date": SENT + 5}


async def test_an_edit_that_changes_nothing_is_refused(chat: LocalChat) -> None:
    """The bot has to take this for success."""
    await chat.result("sendMessage", chat_id=1, text="a", reply_markup=BUTTON)

    said = await chat.refusal(
        "editMessageText", chat_id=1, message_id=1, text="a", reply_markup=BUTTON
    )

    assert said == (
        "Bad Request: message is not modified: specified new message content and reply markup are "
        "exactly the same as a current content and reply markup of the message"
    )


async def test_captions_files_and_buttons_can_be_edited(chat: LocalChat) -> None:
    """A chart is replaced under its message, and its buttons alone as well."""
    await chat.upload("sendPhoto", {"photo": ("a.png", png())}, chat_id="1", caption="a")
    place = {"chat_id": "1", "message_id": "1"}
    caption = await chat.result("editMessageCaption", **place, caption="b")
    media = as_form({"type": "photo", "media": "attach://p", "caption": "c"})
    other = await chat.upload("editMessageMedia", {"p": ("p.png", png(5, 5))}, **place, media=media)
    markup = await chat.result("editMessageReplyMarkup", **place, reply_markup=BUTTON)

    assert caption["caption"] == "b"
    assert other["result"]["photo"][-1]["width"] == 5
    assert (markup["caption"], markup["reply_markup"]) == ("c", BUTTON)


async def test_what_cannot_be_edited_is_refused_in_telegrams_words(chat: LocalChat) -> None:
    """Each of them is something that a bot may run into."""
    await chat.say("oi")
    await chat.result("sendMessage", chat_id=1, text="a")
    await chat.upload("sendPhoto", {"photo": ("a.png", png())}, chat_id="1")
    await chat.result("forwardMessage", chat_id=1, from_chat_id=1, message_id=2)
    keyboard = {"keyboard": [[{"text": "a"}]]}
    refusals = [
        await chat.refusal("editMessageText", chat_id=1, message_id=9, text="b"),
        await chat.refusal("editMessageText", chat_id=1, message_id=1, text="b"),
        await chat.refusal("editMessageText", chat_id=1, message_id=4, text="b"),
        await chat.refusal("editMessageText", chat_id=1, message_id=3, text="b"),
        await chat.refusal("editMessageText", chat_id=1, text="b"),
        await chat.refusal("editMessageText", inline_message_id="x", text="b"),
        await chat.refusal("editMessageCaption", chat_id=1, message_id=2, caption="b"),
        await chat.refusal(
            "editMessageReplyMarkup", chat_id=1, message_id=2, reply_markup=keyboard
        ),
    ]

    assert refusals == [
        "Bad Request: message to edit not found",
        "Bad Request: message can't be edited",
        "Bad Request: message can't be edited",
        "Bad Request: there is no text in the message to edit",
        "Bad Request: message identifier is not specified",
        "Bad Request: MESSAGE_ID_INVALID",
        "Bad Request: there is no caption in the message to edit",
        "Bad Request: inline keyboard expected",
    ]


async def test_deleted_messages_are_gone(chat: LocalChat) -> None:
    """In a private chat the bot may take away both sides' messages, for two days."""
    await chat.say("oi")
    for _ in range(3):
        await chat.result("sendMessage", chat_id=1, text="a")
    await chat.result("deleteMessage", chat_id=1, message_id=1)
    await chat.result("deleteMessages", chat_id=1, message_ids=[2, 3, 77])
    missing = await chat.refusal("deleteMessage", chat_id=1, message_id=1)
    chat.time.passed = 48 * 3600 + 1
    late = await chat.refusal("deleteMessage", chat_id=1, message_id=4)

    assert [each["message_id"] for each in await chat.seen()] == [4]
    assert missing == "Bad Request: message to delete not found"
    assert late == "Bad Request: message can't be deleted for everyone"


async def test_lists_of_messages_must_be_lists_of_at_most_a_hundred(chat: LocalChat) -> None:
    """The batch methods check their lists."""
    many = await chat.refusal("deleteMessages", chat_id=1, message_ids=list(range(1, 102)))
    none = await chat.refusal("deleteMessages", chat_id=1)
    nothing = await chat.refusal("copyMessages", chat_id=1, from_chat_id=1)
    words = await chat.refusal("deleteMessages", chat_id=1, message_ids=[["a"]])
    absent = await chat.refusal("forwardMessages", chat_id=1, from_chat_id=1, message_ids=[5])

    assert [many, none, nothing, words, absent] == [
        "Bad Request: too many message identifiers specified",
        "Bad Request: message identifiers are not specified",
        "Bad Request: message identifiers are not specified",
        "Bad Request: message identifier must be a Number",
        "Bad Request: there are no messages to forward",
    ]


async def test_in_a_group_only_a_bot_that_runs_it_deletes_and_pins(chat: LocalChat) -> None:
    """Alarms are pinned in the team's group, if the team lets the bot."""
    await chat.group()
    await chat.say("oi", -100)
    place = {"chat_id": -100, "message_id": 1}
    refusals = [await chat.refusal(name, **place) for name in ("deleteMessage", "pinChatMessage")]
    await chat.group(admins=[1, BOT["id"]])
    await chat.result("pinChatMessage", **place)
    pinned = (await chat.result("getChat", chat_id=-100))["pinned_message"]["text"]
    await chat.result("unpinChatMessage", chat_id=-100)
    await chat.result("unpinAllChatMessages", chat_id=-100)
    unpinned = await chat.result("getChat", chat_id=-100)
    await chat.result("deleteMessage", **place)

    assert refusals == [
        "Bad Request: message can't be deleted",
        "Bad Request: not enough rights to manage pinned messages in the chat",
    ]
    assert (pinned, "pinned_message" in unpinned, await chat.seen(-100)) == ("oi", False, [])


async def test_pinning_needs_the_message(chat: LocalChat) -> None:
    """A message that is gone cannot be pinned, unpinned or liked."""
    names = ("pinChatMessage", "unpinChatMessage", "setMessageReaction")
    refusals = [await chat.refusal(name, chat_id=1, message_id=5) for name in names]

    assert refusals == [
        "Bad Request: message to pin not found",
        "Bad Request: message to unpin not found",
        "Bad Request: message to react not found",
    ]


async def test_reactions_are_emoji(chat: LocalChat) -> None:
    """Checked, though nobody is shown them."""
    message = await chat.say("oi")
    place = {"chat_id": 1, "message_id": message}
    liked = await chat.result(
        "setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "👍"}]
    )
    wrong = await chat.refusal("setMessageReaction", **place, reaction=[1])

    assert (liked, wrong) == (True, "Bad Request: REACTION_INVALID")


async def test_copies_are_the_bots_own_and_forwards_say_whose_they_were(chat: LocalChat) -> None:
    """The difference between the two."""
    await chat.say("oi")
    await chat.upload("sendPhoto", {"photo": ("a.png", png())}, chat_id="1", caption="a")
    source = {"chat_id": 1, "from_chat_id": 1}
    copied = await chat.result("copyMessage", **source, message_id=2, caption="b")
    several = await chat.result("copyMessages", **source, message_ids=[1, 2])
    forwarded = await chat.result("forwardMessage", **source, message_id=1)
    more = await chat.result("forwardMessages", **source, message_ids=[1])

    assert (copied, several) == ({"message_id": 3}, [{"message_id": 4}, {"message_id": 5}])
    assert (await chat.seen())[2]["caption"] == "b"
    assert forwarded["forward_origin"] == {"type": "user", "sender_user": PERSON, "date": SENT}
    assert more == [{"message_id": 7}]


async def test_what_is_not_there_cannot_be_copied(chat: LocalChat) -> None:
    """Nor can what says nothing, as the notice that a group has moved."""
    await chat.group()
    await chat.group(migrate_to=-1001)
    missing = await chat.refusal("copyMessage", chat_id=1, from_chat_id=1, message_id=9)
    notice = await chat.refusal("forwardMessage", chat_id=1, from_chat_id=-1001, message_id=1)

    assert (missing, notice) == (
        "Bad Request: message to copy not found",
        "Bad Request: message can't be forwarded",
    )


async def test_who_blocked_the_bot_is_out_of_reach(chat: LocalChat) -> None:
    """The bot has to stop writing there and keep the person's settings."""
    await chat.http.put("/chats/1", json={"blocked": True})
    answer = await chat.call("sendMessage", chat_id=1, text="a")
    await chat.http.put("/chats/2", json={"started": False})
    stranger = await chat.refusal("sendMessage", chat_id=2, text="a")

    assert answer == {
        "ok": False,
        "error_code": 403,
        "description": "Forbidden: bot was blocked by the user",
    }
    assert stranger == "Forbidden: bot can't initiate conversation with a user"


async def test_a_group_can_throw_the_bot_out_and_the_bot_can_leave(chat: LocalChat) -> None:
    """Two ways of not being there any more."""
    await chat.group()
    await chat.group(blocked=True)
    kicked = await chat.refusal("sendMessage", chat_id=-100, text="a")
    await chat.group(-200, type="group")
    await chat.result("leaveChat", chat_id=-200)
    left = await chat.refusal("sendChatAction", chat_id=-200, action="typing")

    assert kicked == "Forbidden: bot was kicked from the supergroup chat"
    assert left == "Forbidden: bot is not a member of the group chat"


async def test_a_group_that_has_moved_says_where(chat: LocalChat) -> None:
    """The bot must follow, or its alarms are lost."""
    await chat.group(type="group")
    await chat.group(type="group", migrate_to=-1001)
    answer = await chat.call("sendMessage", chat_id=-100, text="a")
    there = await chat.result("sendMessage", chat_id=-1001, text="a")

    assert there["chat"] == {"id": -1001, "type": "supergroup", "title": "Ops"}
    assert answer == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": -1001},
    }


async def test_topics_are_there_in_forums_only(chat: LocalChat) -> None:
    """A supergroup without topics has no thread to write into."""
    await chat.group()
    topic = {"chat_id": -100, "text": "a", "message_thread_id": 7}
    refusal = await chat.refusal("sendMessage", **topic)
    await chat.group(is_forum=True)
    there = await chat.result("sendMessage", **topic)

    assert refusal == "Bad Request: message thread not found"
    assert (there["message_thread_id"], there["is_topic_message"]) == (7, True)


async def test_a_public_group_can_be_named(chat: LocalChat) -> None:
    """@names work in place of numbers."""
    await chat.group(username="ops_b3")

    assert (await chat.result("getChat", chat_id="@OPS_b3"))["id"] == -100


async def test_members_are_those_who_wrote_and_those_who_run_the_group(chat: LocalChat) -> None:
    """The bot checks with this who may silence an alarm."""
    await chat.group(owner=4)
    await chat.http.post("/chats/-100/messages", json={"text": "oi", "from": {"id": 2}})
    await chat.http.post("/chats/3/messages", json={"text": "oi"})
    status = {
        user: (await chat.result("getChatMember", chat_id=-100, user_id=user))["status"]
        for user in (1, 2, 3, 4, BOT["id"])
    }
    admins = await chat.result("getChatAdministrators", chat_id=-100)

    roles = {1: "administrator", 2: "member", 3: "left", 4: "creator", BOT["id"]: "member"}
    assert status == roles
    assert [each["user"]["id"] for each in admins] == [4, 1]
    assert await chat.result("getChatMemberCount", chat_id=-100) == 4
    assert await chat.refusal("getChatMember", chat_id=-100, user_id=9) == (
        "Bad Request: user not found"
    )


async def test_private_chats_have_no_administrators_and_cannot_be_left(chat: LocalChat) -> None:
    """Methods that are for groups say so."""
    refusals = [
        await chat.refusal("getChatAdministrators", chat_id=1),
        await chat.refusal("leaveChat", chat_id=1),
        await chat.refusal("getUserProfilePhotos", user_id=99),
    ]

    assert refusals == [
        "Bad Request: there are no administrators in the private chat",
        "Bad Request: chat member status can't be changed in private chats",
        "Bad Request: user not found",
    ]
    assert await chat.result("getUserProfilePhotos", user_id=1) == {"total_count": 0, "photos": []}


async def test_commands_are_kept_for_each_scope_and_language(chat: LocalChat) -> None:
    """What is set for one is not given for another."""
    hoje = {"command": "hoje", "description": "O fechamento de hoje"}
    saude = {"command": "saude", "description": "Saúde"}
    scope = {"type": "chat", "chat_id": 1}
    await chat.result("setMyCommands", commands=[hoje], language_code="pt")
    await chat.result("setMyCommands", commands=[saude], scope=scope)
    member = {"type": "chat_member", "chat_id": 1, "user_id": 1}
    await chat.result("setMyCommands", commands=[hoje], scope=member)
    kept = [
        await chat.result("getMyCommands", language_code="pt"),
        await chat.result("getMyCommands"),
        await chat.result("getMyCommands", scope={"chat_id": 1, "type": "chat"}),
    ]
    shown = [
        (await chat.http.get("/bot")).json()["commands"],
        (await chat.http.get("/bot", params={"chat": 2})).json()["commands"],
    ]
    await chat.result("deleteMyCommands", language_code="pt")

    assert kept == [[hoje], [], [saude]]
    assert shown == [[saude], [hoje]]
    assert await chat.result("getMyCommands", language_code="pt") == []


COMMANDS_REFUSED = [
    ({}, "expected an Array of BotCommand"),
    ({"commands": {}}, "expected an Array of BotCommand"),
    ({"commands": [1]}, "can't parse BotCommand: expected an Object"),
    ({"commands": [{"command": "Hoje", "description": "a"}]}, "BOT_COMMAND_INVALID"),
    ({"commands": [{"command": "a" * 33, "description": "a"}]}, "BOT_COMMAND_INVALID"),
    ({"commands": [{"command": "a", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ({"commands": [{"command": "a", "description": "a" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ({"commands": [{"command": "a", "description": "a"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
    ({"commands": [], "language_code": "pt-BR"}, "invalid language code specified"),
    ({"commands": [], "language_code": "xx"}, "invalid language code specified"),
    (
        {"commands": [], "scope": {"type": "planet"}},
        "can't parse BotCommandScope: unsupported type specified",
    ),
    ({"commands": [], "scope": {"type": "chat", "chat_id": -7}}, "chat not found"),
]


@pytest.mark.parametrize(("parameters", "reason"), COMMANDS_REFUSED)
async def test_commands_are_refused_in_telegrams_words(
    chat: LocalChat, parameters: dict[str, Any], reason: str
) -> None:
    """Everybody tries "pt-BR" first."""
    assert await chat.refusal("setMyCommands", **parameters) == f"Bad Request: {reason}"


async def test_commands_for_all_groups_are_shown_in_groups(chat: LocalChat) -> None:
    """Acknowledging an alarm makes sense only there."""
    ciente = {"command": "ciente", "description": "Ciente"}
    await chat.result("setMyCommands", commands=[ciente], scope={"type": "all_group_chats"})
    shown = [
        (await chat.http.get("/bot", params={"chat": chat_id})).json()["commands"]
        for chat_id in (-100, 1)
    ]

    assert shown == [[ciente], []]


async def test_names_and_descriptions_are_kept_and_shown(chat: LocalChat) -> None:
    """What people read before they start the bot."""
    await chat.result("setMyName", name="Previsão")
    await chat.result("setMyDescription", description="Longa", language_code="pt")
    await chat.result("setMyShortDescription", short_description="Curta")

    shown = (await chat.http.get("/bot")).json()
    assert (shown["name"], shown["description"], shown["short_description"]) == (
        "Previsão",
        "Longa",
        "Curta",
    )
    assert [
        await chat.result("getMyName", language_code="pt"),
        await chat.result("getMyDescription"),
        await chat.result("getMyShortDescription"),
        (await chat.result("getMe"))["first_name"],
    ] == [{"name": "Previsão"}, {"description": ""}, {"short_description": "Curta"}, "Previsão"]
    assert await chat.refusal("setMyName", name="a" * 65) == "Bad Request: bot name is too long"


async def test_the_menu_button_is_kept_for_one_chat_or_for_all(chat: LocalChat) -> None:
    """The default is the list of commands."""
    usual = await chat.result("getChatMenuButton")
    await chat.result("setChatMenuButton", chat_id=1, menu_button={"type": "default"})

    assert (usual, await chat.result("getChatMenuButton", chat_id=1)) == (
        {"type": "commands"},
        {"type": "default"},
    )
    assert await chat.refusal("setChatMenuButton", menu_button={"type": "x"}) == (
        "Bad Request: MenuButton has unsupported type"
    )


async def test_the_bot_can_log_out_without_harm(chat: LocalChat) -> None:
    """Libraries call these when they move between servers."""
    assert [await chat.result("logOut"), await chat.result("close")] == [True, True]


async def test_only_known_actions_are_shown(chat: LocalChat) -> None:
    """There are eleven of them."""
    assert await chat.result("sendChatAction", chat_id=1, action="upload_photo") is True
    assert await chat.refusal("sendChatAction", chat_id=1, action="juggle") == (
        "Bad Request: wrong parameter action in request"
    )


INLINE_REFUSED = [
    ({"results": {}}, "expected an Array of inline query results"),
    ({"results": [1]}, "can't parse inline query result: expected an Object"),
    ({"results": [{"id": ""}]}, "RESULT_ID_INVALID"),
    ({"results": [{"id": "1"}]}, "can't parse inline query result: type must be specified"),
    (
        {"results": [{"id": "1", "type": "article"}]},
        "can't parse inline query result: article needs title and text",
    ),
    ({"results": [{"id": str(n), "type": "photo"} for n in range(51)]},
     "too many inline query results specified"),
    ({"results": [{"id": "1", "type": "photo"}] * 2}, "RESULT_ID_DUPLICATE"),
    (
        {"results": [{"id": "1", "type": "photo",
                      "input_message_content": {"message_text": "<b>", "parse_mode": "HTML"}}]},
        'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"',
    ),
    ({"results": [], "button": {}},
     "can't parse inline query results button: text must be specified"),
    ({"results": [], "button": {"text": "a"}}, "START_PARAM_EMPTY"),
    ({"results": [], "button": {"text": "a", "start_parameter": "ITUB4.SA"}},
     "START_PARAM_INVALID"),
    (
        {"results": []},
        "query is too old and response timeout expired or query ID is invalid",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "reason"), INLINE_REFUSED)
async def test_inline_answers_are_refused_in_telegrams_words(
    chat: LocalChat, parameters: dict[str, Any], reason: str
) -> None:
    """A result with broken formatting fails as a whole."""
    said = await chat.refusal("answerInlineQuery", inline_query_id="1", **parameters)

    assert said == f"Bad Request: {reason}"
