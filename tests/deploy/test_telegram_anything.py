"""Whatever a bot or a script sends, an answer comes back that a library can read."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.local.telegram.methods.table import METHODS
from tests.deploy.local_chat import LocalChat, as_form, local_chat

NAMES = [
    *("chat_id", "from_chat_id", "user_id", "message_id", "message_ids", "text", "caption"),
    *("parse_mode", "entities", "caption_entities", "reply_markup", "reply_parameters", "media"),
    *("photo", "document", "file_id", "commands", "scope", "language_code", "results"),
    *("menu_button", "allowed_updates", "reaction", "url", "action", "link_preview_options"),
    *("callback_query_id", "inline_query_id", "message_thread_id", "name", "offset", "limit"),
]
INNER = [
    *("type", "offset", "length", "id", "message_id", "user", "url", "inline_keyboard", "text"),
    *("keyboard", "callback_data", "chat_id", "user_id", "media", "input_message_content"),
    *("message_text", "title", "command", "description"),
]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-2, 5)
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "1", "-100", "HTML", "MarkdownV2", "photo", "article", "chat", "bold"])
    | st.text(st.characters(codec="utf-8"), max_size=8)
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner, max_size=5)
    ),
    max_leaves=12,
)
PARAMETERS = st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=8)
PEOPLE = [
    *("text", "from", "reply_to", "thread", "edit", "message_id", "data", "type", "title"),
    *("admins", "blocked", "started", "migrate_to", "is_forum", "username", "query", "status"),
    *("times", "delay", "drop", "method", "retry_after"),
]


async def prepared(chat: LocalChat) -> None:
    """A chat and a group in which something stands."""
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "1"}]]}
    await chat.say("oi")
    await chat.result("sendMessage", chat_id=1, text="x", reply_markup=keyboard)
    await chat.group()


@settings(max_examples=300, deadline=None)
@given(method=st.sampled_from(sorted(METHODS)), parameters=PARAMETERS, target=st.booleans())
async def test_every_call_is_answered_with_telegrams_envelope(
    method: str,
    parameters: dict[str, Any],
    target: bool,  # noqa: FBT001 -- drawn by Hypothesis
) -> None:
    """An exception inside the stand-in would look like a defect of the bot."""
    known = {"chat_id": 1, "message_id": 2, "from_chat_id": 1} if target else {}
    async with local_chat() as chat:
        await prepared(chat)
        as_json = await chat.call(method, **{**parameters, **known})
        form = {name: as_form(value) for name, value in parameters.items()}
        as_fields = await chat.upload(method, {"x": ("x.png", b"x")}, **form)

    for envelope in (as_json, as_fields):
        assert envelope["ok"] or envelope["description"].startswith(
            ("Bad Request: ", "Forbidden: ", "Request Entity")
        )


@settings(max_examples=200, deadline=None)
@given(
    verb=st.sampled_from(["POST", "PUT"]),
    path=st.sampled_from(
        ["/chats/1/messages", "/chats/1/callbacks", "/chats/1", "/chats/-100", "/inline", "/faults"]
    ),
    body=st.dictionaries(st.sampled_from(PEOPLE), ANYTHING, max_size=4),
)
async def test_every_order_is_carried_out_or_refused(
    verb: str, path: str, body: dict[str, Any]
) -> None:
    """The same on people's side."""
    async with local_chat() as chat:
        await prepared(chat)
        answer = await chat.http.request(verb, path, json=body)

    assert answer.status_code in (200, 400, 405, 409)
