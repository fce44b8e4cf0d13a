"""The methods that answer a pressed button or an inline query, and those that hand out files."""

import re

from deploy.local.telegram.calls import Call, as_values
from deploy.local.telegram.formatting.marked import Marked
from deploy.local.telegram.methods.keyboards import inline_keyboard
from deploy.local.telegram.methods.wordings import text_of
from deploy.local.telegram.refusals import Json, Refused
from deploy.local.telegram.service import Service
from deploy.local.telegram.state.files import MOST_DOWNLOAD_BYTES
from deploy.local.telegram.state.queries import Pressed

MOST_IN_ANSWER = 200
"""https://core.telegram.org/bots/api#answercallbackquery"""

MOST_RESULTS = 50
MOST_ID_BYTES = 64
"""https://core.telegram.org/bots/api#answerinlinequery"""

_USUALLY_KEPT = 300
"""Seconds for which Telegram gives the same answer, unless the bot says otherwise."""

_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""https://core.telegram.org/bots/api#inlinequeryresultsbutton"""


def answer_callback_query(service: Service, call: Call) -> bool:
    """answerCallbackQuery: lets the button go, with a word if there is one."""
    text = call.text("text")
    if len(text) > MOST_IN_ANSWER:
        raise Refused.bad_request("MESSAGE_TOO_LONG")
    identifier = call.text("callback_query_id")
    answer = Pressed(0, 0, text=text, show_alert=call.flag("show_alert"), url=call.text("url"))
    pressed = service.queries.answer_press(identifier, service.chats.now(), answer)
    service.chats.tell(pressed.chat_id, "callback_answer", pressed.as_json(identifier))
    return True


def answer_inline_query(service: Service, call: Call) -> bool:
    """answerInlineQuery: checked and kept for who asked."""
    results = call.parsed("results", "inline query results JSON object")
    if not isinstance(results, list):
        raise Refused.bad_request("expected an Array of inline query results")
    if len(results) > MOST_RESULTS:
        raise Refused.bad_request("too many inline query results specified")
    for result in results:
        _check(result)
    if len({result["id"] for result in results}) < len(results):
        raise Refused.bad_request("RESULT_ID_DUPLICATE")
    answer = {
        "results": results,
        "cache_time": call.integer("cache_time", _USUALLY_KEPT),
        "is_personal": call.flag("is_personal"),
        "button": _button(call),
    }
    service.queries.answer_ask(call.text("inline_query_id"), service.chats.now(), answer)
    return True


def get_file(service: Service, call: Call) -> Json:
    """getFile: where its bytes can be had."""
    stored = service.files.by_id.get(call.text("file_id"))
    if stored is None:
        raise Refused.bad_request("invalid file_id")
    if len(stored.content) > MOST_DOWNLOAD_BYTES:
        raise Refused.bad_request("file is too big")
    return stored.as_json() | {"file_path": stored.path}


def _button(call: Call) -> Json | None:
    """The button above the results, which leads to the bot or to a page."""
    button = call.parsed("button", "inline query results button JSON object")
    if button is None:
        return None
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise Refused.bad_request("can't parse inline query results button: text must be specified")
    parameter = button.get("start_parameter")
    if isinstance(parameter, str) and not _START.fullmatch(parameter):
        raise Refused.bad_request("START_PARAM_INVALID")
    if not (parameter or button.get("web_app")):
        raise Refused.bad_request("START_PARAM_EMPTY")
    return button


def _check(result: object) -> None:
    if not isinstance(result, dict):
        raise Refused.bad_request("can't parse inline query result: expected an Object")
    identifier, kind = result.get("id"), result.get("type")
    if not isinstance(identifier, str) or not 0 < len(identifier.encode()) <= MOST_ID_BYTES:
        raise Refused.bad_request("RESULT_ID_INVALID")
    if not isinstance(kind, str) or not kind:
        raise Refused.bad_request("can't parse inline query result: type must be specified")
    content = result.get("input_message_content")
    if kind == "article" and not (result.get("title") and isinstance(content, dict)):
        raise Refused.bad_request("can't parse inline query result: article needs title and text")
    if isinstance(content, dict) and "message_text" in content:
        words_of(content)
    inline_keyboard(Call("", as_values({"reply_markup": result.get("reply_markup")})))


def words_of(content: Json) -> Marked:
    """The text of an InputTextMessageContent.

    Raises:
        Refused: 400, as for a message.
    """
    values = as_values(content)
    return text_of(Call("", values | {"text": values["message_text"]}))
