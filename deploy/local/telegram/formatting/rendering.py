"""Formatted text as HTML that is safe to put into the chat page, whatever was written.

Everything is escaped; only the tags below come out, always well nested; links lead to http, https
or Telegram itself.  Line breaks stay line breaks: the page shows them with `white-space`.
"""

from html import escape

from deploy.local.telegram.formatting.marked import Entity, Marked, narrow, wide
from deploy.local.telegram.formatting.settling import in_order

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_CLASSES = {
    "spoiler": "spoiler",
    "bot_command": "command",
    "mention": "mention",
    "text_mention": "mention",
    "hashtag": "tag",
    "cashtag": "tag",
}
_SAFE = ("http://", "https://", "tg://", "mailto:")


def as_html(words: Marked) -> str:
    """Write text with its entities as HTML."""
    text = wide(words.text)
    entities = in_order(words.entities)
    borders = sorted({0, len(text), *(at for each in entities for at in (each.offset, each.end))})
    out: list[str] = []
    opened: list[Entity] = []
    for start, end in zip(borders, [*borders[1:], len(text)], strict=True):
        wanted = [each for each in entities if each.offset <= start < each.end]
        _turn(out, opened, wanted, text)
        out.append(escape(narrow(text[start:end])))
    return "".join(out)


def _turn(out: list[str], opened: list[Entity], wanted: list[Entity], text: str) -> None:
    """Close what ends here, and what was opened inside it, then open what is missing."""
    shared = 0
    while shared < min(len(opened), len(wanted)) and opened[shared] == wanted[shared]:
        shared += 1
    while len(opened) > shared:
        out.append(_tags(opened.pop(), text)[1])
    for entity in wanted[shared:]:
        opened.append(entity)
        out.append(_tags(entity, text)[0])


def _tags(entity: Entity, text: str) -> tuple[str, str]:
    if tag := _TAGS.get(entity.kind):
        return f"<{tag}>", f"</{tag}>"
    if entity.kind == "expandable_blockquote":
        return '<blockquote class="expandable">', "</blockquote>"
    if entity.kind in ("url", "text_link", "email"):
        return _link(entity, narrow(text[entity.offset : entity.end]))
    if entity.kind in _CLASSES:
        return f'<span class="{_CLASSES[entity.kind]}">', "</span>"
    return "", ""


def _link(entity: Entity, shown: str) -> tuple[str, str]:
    url = entity.url or (f"mailto:{shown}" if entity.kind == "email" else shown)
    if not url.lower().startswith(_SAFE):
        url = f"https://{url}"
    attributes = 'target="_blank" rel="noopener noreferrer nofollow"'
    return f'<a href="{escape(url)}" {attributes}>', "</a>"
