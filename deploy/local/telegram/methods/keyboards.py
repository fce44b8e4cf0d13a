"""reply_markup: which keyboards Telegram takes, and what of them a message keeps."""

from deploy.local.telegram.calls import Call
from deploy.local.telegram.formatting.links import checked_link
from deploy.local.telegram.refusals import Json, Refused

MOST_BUTTONS = 100
"""More are refused with REPLY_MARKUP_TOO_LONG by Telegram's servers."""

MOST_CALLBACK_BYTES = 64
"""https://core.telegram.org/bots/api#inlinekeyboardbutton"""

_MARKUP = "reply keyboard markup JSON object"
_BUTTON = "can't parse inline keyboard button"
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_LOOKS = ("icon_custom_emoji_id", "style")
_FOR_PEOPLE = ("keyboard", "remove_keyboard", "force_reply")


def inline_keyboard(call: Call) -> Json | None:
    """The keyboard that a message keeps; other kinds are checked and belong to the person's side.

    Raises:
        Refused: 400, with Telegram's reason.
    """
    markup = call.parsed("reply_markup", _MARKUP)
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise Refused.bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"])
    if "keyboard" in markup:
        _check_reply_keyboard(markup["keyboard"])
    return None


def is_for_people(call: Call) -> bool:
    """Whether the markup is a keyboard that only new messages can bring."""
    markup = call.parsed("reply_markup", _MARKUP)
    return isinstance(markup, dict) and any(kind in markup for kind in _FOR_PEOPLE)


def _inline(rows: object) -> Json | None:
    if not isinstance(rows, list):
        raise Refused.bad_request('field "inline_keyboard" must be of type Array')
    kept = []
    for row in rows:
        if not isinstance(row, list):
            raise Refused.bad_request('field "inline_keyboard" must be an Array of Arrays')
        kept.append([_button(button) for button in row])
    kept = [row for row in kept if row]
    if sum(map(len, kept)) > MOST_BUTTONS:
        raise Refused.bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _button(button: object) -> Json:
    if not isinstance(button, dict):
        raise Refused.bad_request(f"{_BUTTON}: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise Refused.bad_request(f'{_BUTTON}: field "text" must be of type String')
    if not text:
        raise Refused.bad_request("inline keyboard button text must be non-empty")
    actions = [name for name in _ACTIONS if button.get(name) is not None]
    if not actions:
        raise Refused.bad_request(f"{_BUTTON}: Text buttons are unallowed in the inline keyboard")
    action = actions[0]
    looks = {name: button[name] for name in _LOOKS if name in button}
    return {"text": text, action: _checked(text, action, button[action])} | looks


def _checked(text: str, action: str, value: object) -> object:
    if action == "callback_data":
        if not isinstance(value, str) or not 0 < len(value.encode()) <= MOST_CALLBACK_BYTES:
            raise Refused.bad_request("BUTTON_DATA_INVALID")
    elif action == "url":
        return _checked_url(text, value)
    return value


def _checked_url(text: str, value: object) -> str:
    link = checked_link(value) if isinstance(value, str) else ""
    if not link and not (isinstance(value, str) and value.startswith("tg://")):
        raise Refused.bad_request(
            f"inline keyboard button '{text}' URL '{value}' is invalid: Wrong HTTP URL"
        )
    return link or str(value)


def _check_reply_keyboard(rows: object) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused.bad_request('field "keyboard" must be an Array of Arrays')
    for button in (button for row in rows for button in row):
        text = button.get("text") if isinstance(button, dict) else button
        if not isinstance(text, str) or not text:
            raise Refused.bad_request("keyboard button text must be non-empty")
