"""The little HTML that Telegram understands, and how to be safe in it.

Whatever a person typed reaches a message through `typed()` only; `plain()` says what is left when
a reader does not understand HTML: the REST routes, the answer to a button, a second try at sending.
`shortened()` makes anything fit, at the end of a line and with every tag closed.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple

TYPED_SHOWN = 20
"""Characters of what was typed that a message repeats, the ellipsis included."""

LONGEST_TEXT = 4096
"""UTF-16 units of a message after parsing (https://core.telegram.org/bots/api#sendmessage)."""

_NAMES = "b|strong|i|em|u|ins|s|strike|del|span|tg-spoiler|a|tg-emoji|code|pre|blockquote"
"""Telegram's tags (https://core.telegram.org/bots/api#html-style); other signs are words."""

_TAG = re.compile(rf"</?({_NAMES})(?:\s[^<>]*)?>")
_PIECE = re.compile(rf"{_TAG.pattern}|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z0-9]+);|.", re.DOTALL)
_ELLIPSIS = "…"


def bold(text: str) -> str:
    """Text that helps a glance; `text` is plain and gets escaped."""
    return f"<b>{escape(text)}</b>"


def typed(text: str) -> str:
    """What somebody typed, fit for a message: one short line that links, calls and breaks nothing.

    Shown as code because Telegram would turn a bare `evil.example` or `@name` into a link.  Empty
    when there is nothing to be seen in it.
    """
    # Not printable: line breaks, zero-width characters and those that turn the line around.
    line = "".join(sign if sign.isprintable() else " " for sign in text[: TYPED_SHOWN * 4])
    line = " ".join(line.split())
    if len(line) > TYPED_SHOWN:
        line = line[: TYPED_SHOWN - 1].rstrip() + "…"
    return f"<code>{escape(line)}</code>" if line else ""


def plain(message: str) -> str:
    """The message as it reads once Telegram has parsed it: no tags, no entities."""
    return unescape(_TAG.sub("", message))


def telegram_length(message: str) -> int:
    """Length that Telegram's limits are about: UTF-16 units after parsing."""
    return _units(plain(message))


def shortened(message: str, limit: int = LONGEST_TEXT) -> str:
    """The message if it fits, else its first lines, as many as fit, and an ellipsis.

    Where the last line is so long that leaving it out would cost half of what fits, it is cut
    inside.  Tags that are open at the cut are closed; no entity is torn apart.  Halves of signs,
    which foreign JSON may carry and no connection can, become question marks.

    Args:
        message: Telegram HTML.
        limit: UTF-16 units after parsing; at least 1.
    """
    sound = message.encode("utf-8", "replace").decode()
    if telegram_length(sound) <= limit:
        return sound
    return _cut(sound, limit - _units(_ELLIPSIS))


class _Shown(NamedTuple):
    """How far a message is shown: to which character, in how many units, inside which tags."""

    until: int = 0
    units: int = 0
    tags: tuple[str, ...] = ()


def _cut(message: str, room: int) -> str:
    """The beginning of a message that takes no more than `room` units, and an ellipsis."""
    shown = line = _Shown()
    for further in _showing(message):
        if further.units > room:
            break
        shown = further
        line = shown if message[shown.until - 1] == "\n" else line
    end = line if 2 * line.units >= room else shown
    return message[: end.until] + _ELLIPSIS + "".join(f"</{tag}>" for tag in reversed(end.tags))


def _showing(message: str) -> Iterator[_Shown]:
    """Show one sign more each time."""
    units, tags = 0, list[str]()
    for piece in _PIECE.finditer(message):
        tag = piece[1]
        if tag is None:
            units += _units(unescape(piece[0]))
            yield _Shown(piece.end(), units, tuple(tags))
        elif not piece[0].startswith("</"):
            tags.append(tag)
        elif tags[-1:] == [tag]:
            tags.pop()


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
