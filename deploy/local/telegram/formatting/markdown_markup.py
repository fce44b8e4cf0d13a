r"""parse_mode MarkdownV2: every sign that could format must be escaped, or it is refused.

    "*R$ 36\.12*"  ──parse_markdown_v2()──▶  Marked("R$ 36.12", (bold 0..8,))

Rules: https://core.telegram.org/bots/api#markdownv2-style.  Errors are worded, and their byte
offsets counted, as by Telegram's own server.
"""

import re
from dataclasses import dataclass, field

from deploy.local.telegram.formatting.links import mention_or_link
from deploy.local.telegram.formatting.marked import Entity, Marked, byte_offset, narrow, wide
from deploy.local.telegram.refusals import Refused

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_LAST_ESCAPABLE = "\x7e"
_SIGNS = (
    ("```", "pre", "PreCode"),
    ("`", "code", "Code"),
    ("__", "underline", "Underline"),
    ("||", "spoiler", "Spoiler"),
    ("![", "custom_emoji", "CustomEmoji"),
    ("[", "text_link", "TextUrl"),
    ("*", "bold", "Bold"),
    ("_", "italic", "Italic"),
    ("~", "strikethrough", "Strikethrough"),
)
"""What opens an entity, its kind, and the name that Telegram's errors give it; longest first."""
_NAMES = {kind: name for _, kind, name in _SIGNS}
_ENDS = {kind: sign for sign, kind, _ in _SIGNS} | {"custom_emoji": "]", "text_link": "]"}
_LANGUAGE = re.compile(r"([^\s`]*)(\r?\n)?")
_URL = re.compile(r"\(((?:\\.|[^\\)])*)\)", re.DOTALL)
_EMOJI_LINK = re.compile(r"tg://emoji\?id=(\d+)")
_QUOTE = "blockquote"


@dataclass(slots=True)
class _Open:
    kind: str
    offset: int
    began: int
    language: str = ""


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    offset: int = 0
    opened: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    line_begins: bool = True

    def write(self, char: str) -> None:
        self.out.append(char)
        self.offset += 1
        self.line_begins = char == "\n"

    def has(self, sign: str) -> bool:
        return self.source.startswith(sign, self.at)

    @property
    def innermost(self) -> str:
        return self.opened[-1].kind if self.opened else ""

    @property
    def quoting(self) -> bool:
        return any(tag.kind == _QUOTE for tag in self.opened)


def parse_markdown_v2(source: str) -> Marked:
    """Read MarkdownV2 into plain text and entities, not yet settled.

    Raises:
        Refused: 400 "can't parse entities: …".
    """
    reader = _Reader(wide(source))
    while reader.at < len(reader.source):
        _read_one(reader)
    if reader.innermost == _QUOTE:
        _end_quote(reader, _QUOTE)
    if reader.opened:
        tag = reader.opened[-1]
        at = byte_offset(reader.source, tag.began)
        name = _NAMES.get(tag.kind, "BlockQuote")
        raise Refused.unparsable(f"Can't find end of {name} entity at byte offset {at}")
    return Marked(narrow("".join(reader.out)), tuple(reader.entities))


def _read_one(reader: _Reader) -> None:
    char = reader.source[reader.at]
    following = reader.source[reader.at + 1 : reader.at + 2]
    if char == "\\" and "" < following <= _LAST_ESCAPABLE:
        reader.write(following)
        reader.at += 2
    elif reader.opened and _ends_here(reader):
        _end(reader)
    elif char == "\n" and reader.quoting:
        _read_line_end(reader)
    elif char not in _RESERVED or reader.innermost in ("code", "pre"):
        reader.write(char)
        reader.at += 1
    else:
        _begin(reader, char)


def _ends_here(reader: _Reader) -> bool:
    kind = reader.innermost
    if kind == _QUOTE:
        return _expandable_ends_here(reader)
    return reader.has(_ENDS[kind]) and not (kind == "italic" and reader.has("__"))


def _expandable_ends_here(reader: _Reader) -> bool:
    behind = reader.source[reader.at + 2 : reader.at + 4]
    return reader.has("||") and (not behind or (behind[0] == "\n" and behind[1:] != ">"))


def _read_line_end(reader: _Reader) -> None:
    """A quotation goes on while lines begin with ">"."""
    reader.at += 1
    if reader.has(">"):
        reader.write("\n")
        reader.at += 1
        return
    if reader.innermost == _QUOTE:
        _end_quote(reader, _QUOTE)
    reader.write("\n")


def _begin(reader: _Reader, char: str) -> None:
    began = reader.at
    if char == ">" and reader.line_begins and not reader.quoting:
        reader.opened.append(_Open(_QUOTE, reader.offset, began))
        reader.at += 1
        return
    for sign, kind, _ in _SIGNS:
        if reader.has(sign):
            reader.at += len(sign)
            language = _read_language(reader) if kind == "pre" else ""
            reader.opened.append(_Open(kind, reader.offset, began, language))
            return
    raise Refused.unparsable(
        f"Character '{char}' is reserved and must be escaped with the preceding '\\'"
    )


def _read_language(reader: _Reader) -> str:
    found = _LANGUAGE.match(reader.source, reader.at)
    if found is None or found.group(2) is None:
        return ""
    reader.at = found.end()
    return found.group(1)


def _end(reader: _Reader) -> None:
    if reader.innermost == _QUOTE:
        reader.at += 2
        _end_quote(reader, "expandable_blockquote")
        return
    tag = reader.opened.pop()
    text_ends = reader.at
    reader.at += len(_ENDS[tag.kind])
    length = reader.offset - tag.offset
    if tag.kind in ("text_link", "custom_emoji"):
        reader.entities.extend(_linked(reader, tag, length, text_ends))
    elif length:
        reader.entities.append(Entity(tag.kind, tag.offset, length, language=tag.language))


def _end_quote(reader: _Reader, kind: str) -> None:
    tag = reader.opened.pop()
    if length := reader.offset - tag.offset:
        reader.entities.append(Entity(kind, tag.offset, length))


def _linked(reader: _Reader, tag: _Open, length: int, text_ends: int) -> list[Entity]:
    url = _read_url(reader, text_ends)
    if tag.kind == "custom_emoji":
        emoji = _EMOJI_LINK.fullmatch(url)
        if not emoji:
            raise Refused.unparsable("Custom emoji entity must contain a tg://emoji URL")
        return [Entity(tag.kind, tag.offset, length, emoji=emoji.group(1))] if length else []
    url = url or narrow("".join(reader.out)[tag.offset :])
    return mention_or_link(url, tag.offset, length) if length else []


def _read_url(reader: _Reader, text_ends: int) -> str:
    if not reader.has("("):
        return ""
    found = _URL.match(reader.source, reader.at)
    if not found:
        at = byte_offset(reader.source, text_ends + 1)
        raise Refused.unparsable(f"Can't find end of a URL at byte offset {at}")
    reader.at = found.end()
    return narrow(re.sub(r"\\(.)", r"\1", found.group(1), flags=re.DOTALL))
