"""The little HTML that Telegram understands, and how to be safe in it.

Whatever a person typed reaches a message through `typed()` only; `plain()` says what is left when
a reader does not understand HTML: the REST routes, the answer to a button, a second try at sending.
"""

import re
from html import escape, unescape

TYPED_SHOWN = 20
"""Characters of what was typed that a message repeats, the ellipsis included."""

_TAG = re.compile(r"</?[a-z][^<>]*>")


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
    return len(plain(message).encode("utf-16-le")) // 2
