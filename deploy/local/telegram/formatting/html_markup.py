"""parse_mode HTML, as strict as Telegram: every tag closed, no tag that it does not know.

    "<b>R$ 36</b> &lt; 40"  ──parse_html()──▶  Marked("R$ 36 < 40", (bold 0..5,))

Tags: https://core.telegram.org/bots/api#html-style.  Errors are worded, and their byte offsets
counted, as by Telegram's own server.
"""

import re
from dataclasses import dataclass, field

from deploy.local.telegram.formatting.links import mention_or_link
from deploy.local.telegram.formatting.marked import Entity, Marked, byte_offset, narrow, wide
from deploy.local.telegram.refusals import Refused

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|[a-zA-Z]+);?")
_LONGEST_REFERENCE = 10
_LAST_CODE_POINT = 0x10FFFF
_SPECIAL = re.compile(r"[<&]")
_TAG_NAME = re.compile(r"[^\s>]*")
_SPACES = re.compile(r"\s*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
_BARE_VALUE = re.compile(r"[A-Za-z0-9.\-]*")
_LANGUAGE = "language-"


@dataclass(slots=True)
class _Open:
    name: str
    offset: int
    attributes: dict[str, str]


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    offset: int = 0
    opened: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def fail(self, reason: str, at: int, rest: str = "") -> Refused:
        return Refused.unparsable(f"{reason} at byte offset {byte_offset(self.source, at)}{rest}")

    def write(self, text: str) -> None:
        self.out.append(text)
        self.offset += len(text)

    def take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.at)
        text = found.group() if found else ""
        self.at += len(text)
        return text

    @property
    def next_char(self) -> str:
        return self.source[self.at : self.at + 1]


def parse_html(source: str) -> Marked:
    """Read HTML into plain text and entities, not yet settled.

    Raises:
        Refused: 400 "can't parse entities: …".
    """
    reader = _Reader(wide(source))
    while found := _SPECIAL.search(reader.source, reader.at):
        reader.write(reader.source[reader.at : found.start()])
        reader.at = found.start()
        _read_reference(reader) if found.group() == "&" else _read_tag(reader)
    reader.write(reader.source[reader.at :])
    if reader.opened:
        name = reader.opened[-1].name
        raise Refused.unparsable(f'Can\'t find end tag corresponding to start tag "{name}"')
    return Marked(_joined(reader.out), tuple(reader.entities))


def _joined(parts: list[str]) -> str:
    try:
        return narrow("".join(parts))
    except UnicodeDecodeError as error:
        raise Refused.unparsable(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        ) from error


def _read_reference(reader: _Reader) -> None:
    text, length = _decoded(reader.source, reader.at)
    reader.write(text)
    reader.at += length


def _decoded(source: str, at: int) -> tuple[str, int]:
    """The character that the reference at `at` stands for; a bare "&" stands for itself."""
    found = _REFERENCE.match(source, at)
    text = _referred(found.group(1)) if found else ""
    return (text, len(found.group())) if found and text else ("&", 1)


def _referred(name: str) -> str:
    if not name.startswith("#"):
        return _NAMED.get(name, "")
    if len(name) >= _LONGEST_REFERENCE:
        return ""
    code = int(f"0{name[1:]}", 0) if name[1] == "x" else int(name[1:])
    return wide(chr(code)) if 0 < code < _LAST_CODE_POINT else ""


def _read_tag(reader: _Reader) -> None:
    if reader.source.startswith("</", reader.at):
        _read_end(reader)
    else:
        _read_start(reader)


def _read_start(reader: _Reader) -> None:
    begin = reader.at
    reader.at += 1
    name = reader.take(_TAG_NAME).lower()
    if not reader.next_char:
        raise reader.fail("Unclosed start tag", begin)
    if name not in _KINDS:
        raise reader.fail(f'Unsupported start tag "{name}"', begin)
    attributes = _read_attributes(reader, name, begin)
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise reader.fail('Tag "span" must have class "tg-spoiler"', begin)
    reader.opened.append(_Open(name, reader.offset, attributes))


def _read_attributes(reader: _Reader, tag: str, begin: int) -> dict[str, str]:
    attributes: dict[str, str] = {}
    while True:
        reader.take(_SPACES)
        if not reader.next_char:
            raise reader.fail(f'Unclosed start tag "{tag}"', begin)
        if reader.next_char == ">":
            reader.at += 1
            return attributes
        name, value = _read_attribute(reader, tag, begin)
        attributes[name] = value


def _read_attribute(reader: _Reader, tag: str, begin: int) -> tuple[str, str]:
    name = reader.take(_ATTRIBUTE_NAME).lower()
    if not name:
        raise reader.fail(f'Empty attribute name in the tag "{tag}"', begin)
    reader.take(_SPACES)
    if reader.next_char == "=":
        reader.at += 1
        reader.take(_SPACES)
        return name, _read_value(reader, tag, begin)
    if tag == "blockquote" and name == "expandable":
        return name, ""
    of_tag = f'Expected equal sign in declaration of an attribute of the tag "{tag}"'
    raise reader.fail(of_tag, begin)


def _read_value(reader: _Reader, tag: str, begin: int) -> str:
    quote = reader.next_char
    if quote not in ("'", '"'):
        return _read_bare_value(reader, tag, begin)
    end = reader.source.find(quote, reader.at + 1)
    if end < 0:
        raise reader.fail(f'Unclosed start tag "{tag}"', begin)
    raw = reader.source[reader.at + 1 : end]
    reader.at = end + 1
    return _joined([_REFERENCE.sub(lambda found: _decoded(found.group(), 0)[0], raw)])


def _read_bare_value(reader: _Reader, tag: str, begin: int) -> str:
    at = reader.at
    value = reader.take(_BARE_VALUE).lower()
    if not reader.next_char:
        raise reader.fail(f'Unclosed start tag "{tag}"', begin)
    if not (reader.next_char.isspace() or reader.next_char == ">"):
        raise reader.fail("Unexpected end of name token", at)
    return value


def _read_end(reader: _Reader) -> None:
    begin = reader.at
    if not reader.opened:
        raise reader.fail("Unexpected end tag", begin)
    reader.at += 2
    name = reader.take(_TAG_NAME).lower()
    reader.take(_SPACES)
    if reader.next_char != ">":
        raise reader.fail("Unclosed end tag", begin)
    reader.at += 1
    tag = reader.opened.pop()
    if name and name != tag.name:
        rest = f', expected "</{tag.name}>", found "</{name}>"'
        raise reader.fail("Unmatched end tag", begin, rest)
    if reader.offset > tag.offset:
        _close(reader, tag)


def _close(reader: _Reader, tag: _Open) -> None:
    kind, length = _KINDS[tag.name], reader.offset - tag.offset
    if tag.name in ("pre", "code"):
        _close_code(reader, tag, length)
    elif tag.name == "a":
        url = tag.attributes.get("href") or _joined(["".join(reader.out)[tag.offset :]])
        link = mention_or_link(url, tag.offset, length)
        reader.entities.extend(link)
    elif tag.name == "tg-emoji":
        identifier = tag.attributes.get("emoji-id", "")
        if not identifier.isdecimal():
            raise Refused.unparsable("Invalid custom emoji identifier specified")
        reader.entities.append(Entity(kind, tag.offset, length, emoji=identifier))
    else:
        expandable = tag.name == "blockquote" and "expandable" in tag.attributes
        kind = "expandable_blockquote" if expandable else kind
        reader.entities.append(Entity(kind, tag.offset, length))


def _close_code(reader: _Reader, tag: _Open, length: int) -> None:
    """<pre><code class="language-x"> and the reverse are one pre with a language."""
    language = tag.attributes.get("class", "") if tag.name == "code" else ""
    language = language.removeprefix(_LANGUAGE) if language.startswith(_LANGUAGE) else ""
    entity = Entity(tag.name, tag.offset, length, language=language)
    inner = reader.entities[-1] if reader.entities else None
    if inner and {inner.kind, tag.name} == {"pre", "code"}:
        same_place = (inner.offset, inner.length) == (tag.offset, length)
        if same_place and (inner.language or language):
            language = inner.language or language
            reader.entities[-1] = Entity("pre", tag.offset, length, language=language)
            return
    reader.entities.append(entity)
