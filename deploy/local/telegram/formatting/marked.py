"""Text with its formatting, as Telegram keeps it: plain text and entities over it.

Telegram counts in UTF-16 code units.  Python does not, so parsers work on *wide* text, in which
every character outside the Basic Multilingual Plane is written as its two surrogates: there an
index is an offset.  Nothing wide leaves these modules; `narrow` joins the surrogates again.
"""

from dataclasses import dataclass

from deploy.local.telegram.refusals import Json

_LAST_OF_PLANE = "\uffff"
_FIRST_ASTRAL = 0x10000


@dataclass(frozen=True, slots=True)
class Entity:
    """One piece of formatting.

    Attributes:
        kind: Telegram's name of it, e.g. "bold".
        offset: where it begins, in UTF-16 units.
        length: in UTF-16 units.
        url: target of a text_link.
        language: of a pre.
        emoji: identifier of a custom_emoji.
        user: whom a text_mention names; 0 elsewhere.
    """

    kind: str
    offset: int
    length: int
    url: str = ""
    language: str = ""
    emoji: str = ""
    user: int = 0

    @property
    def end(self) -> int:
        """The first unit behind it."""
        return self.offset + self.length

    def as_json(self) -> Json:
        """The MessageEntity of the Bot API."""
        fields: Json = {"type": self.kind, "offset": self.offset, "length": self.length}
        if self.user:
            first_name = f"Pessoa {self.user}"
            fields["user"] = {"id": self.user, "is_bot": False, "first_name": first_name}
        optional = {"url": self.url, "language": self.language, "custom_emoji_id": self.emoji}
        return fields | {name: value for name, value in optional.items() if value}


@dataclass(frozen=True, slots=True)
class Marked:
    """Plain text and its entities, sorted by offset, longer ones first."""

    text: str = ""
    entities: tuple[Entity, ...] = ()


def wide(text: str) -> str:
    """Write every character beyond U+FFFF as two surrogates, so that indexes are offsets."""
    if text.isascii() or max(text) <= _LAST_OF_PLANE:
        return text
    return "".join(char if char <= _LAST_OF_PLANE else _surrogates(char) for char in text)


def narrow(text: str) -> str:
    """Undo `wide`.

    Raises:
        UnicodeDecodeError: a surrogate stands alone.
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def units(text: str) -> int:
    """Length of ordinary text in UTF-16 code units."""
    return len(wide(text))


def byte_offset(wide_text: str, index: int) -> int:
    """Where `index` of a wide text lies in its UTF-8 form; Telegram's errors count so."""
    return len(narrow(wide_text[:index]).encode())


def _surrogates(char: str) -> str:
    high, low = divmod(ord(char) - _FIRST_ASTRAL, 0x400)
    return chr(0xD800 + high) + chr(0xDC00 + low)
