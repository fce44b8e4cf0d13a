"""Text and captions of a call: which way they are formatted, and how long they may be."""

from collections.abc import Callable

import orjson

from deploy.local.telegram.calls import Call
from deploy.local.telegram.formatting.html_markup import parse_html
from deploy.local.telegram.formatting.legacy_markup import parse_legacy_markdown
from deploy.local.telegram.formatting.links import checked_link
from deploy.local.telegram.formatting.markdown_markup import parse_markdown_v2
from deploy.local.telegram.formatting.marked import Entity, Marked, units
from deploy.local.telegram.formatting.settling import settled
from deploy.local.telegram.refusals import Json, Refused

MOST_IN_TEXT = 4096
"""UTF-16 units after parsing, https://core.telegram.org/bots/api#sendmessage."""

MOST_IN_CAPTION = 1024
"""The same, https://core.telegram.org/bots/api#sendphoto."""

_PARSERS: dict[str, Callable[[str], Marked]] = {
    "html": parse_html,
    "markdownv2": parse_markdown_v2,
    "markdown": parse_legacy_markdown,
    "": Marked,
    "none": Marked,
}
_KINDS = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
    }
)
"""What a bot may mark itself; everything else Telegram finds on its own."""


def text_of(call: Call) -> Marked:
    """The text of a message.

    Raises:
        Refused: 400, empty, too long, or its formatting cannot be read.
    """
    if not call.text("text").strip():
        raise Refused.bad_request("message text is empty")
    words = _words(call.text("text"), call.text("parse_mode"), _entities(call, "entities"))
    if not words.text:
        raise Refused.bad_request("message text is empty")
    if units(words.text) > MOST_IN_TEXT:
        raise Refused.bad_request("message is too long")
    return words


def caption_of(call: Call) -> Marked:
    """The caption of a file, which may be empty.

    Raises:
        Refused: 400, too long, or its formatting cannot be read.
    """
    entities = _entities(call, "caption_entities")
    words = _words(call.text("caption"), call.text("parse_mode"), entities)
    if units(words.text) > MOST_IN_CAPTION:
        raise Refused.bad_request("message caption is too long")
    return words


def _words(text: str, parse_mode: str, entities: tuple[Entity, ...]) -> Marked:
    parse = _PARSERS.get(parse_mode.strip().lower())
    if parse is None:
        raise Refused.bad_request("unsupported parse_mode")
    parsed = parse(text)
    return settled(Marked(text, entities) if parse is Marked else parsed)


def _entities(call: Call, name: str) -> tuple[Entity, ...]:
    """Explicit entities; Telegram ignores them when the text has a parse_mode."""
    try:
        listed = orjson.loads(call.text(name) or "[]")
    except orjson.JSONDecodeError as error:
        raise Refused.bad_request("can't parse entities JSON object") from error
    if not isinstance(listed, list):
        return ()
    return tuple(_entity(each) for each in listed if _is_known(each))


def _is_known(each: object) -> bool:
    if not isinstance(each, dict):
        raise Refused.unparsable("expected an Object")
    return str(each.get("type")) in _KINDS


def _entity(each: Json) -> Entity:
    offset, length = each.get("offset"), each.get("length")
    if not (isinstance(offset, int) and isinstance(length, int)):
        raise Refused.unparsable('field "offset" and "length" must be of type Number')
    user = each.get("user")
    url = str(each.get("url", ""))
    if each["type"] == "text_link" and not checked_link(url):
        raise Refused.bad_request(f"entity URL '{url}' is invalid: Wrong HTTP URL")
    return Entity(
        kind=each["type"],
        offset=offset,
        length=length,
        url=checked_link(url) if url else "",
        language=str(each.get("language", "")),
        emoji=str(each.get("custom_emoji_id", "")),
        user=int(user["id"]) if isinstance(user, dict) and isinstance(user.get("id"), int) else 0,
    )
