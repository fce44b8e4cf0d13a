"""parse_mode Markdown, the old one: no nesting, and only four signs mean anything.

Rules: https://core.telegram.org/bots/api#markdown-style.
"""

import re

from deploy.local.telegram.formatting.links import mention_or_link
from deploy.local.telegram.formatting.marked import Entity, Marked, byte_offset, narrow, wide
from deploy.local.telegram.refusals import Refused

_SIGN = re.compile(r"\\[_*`\[]|```|[_*`\[]")
_ENDS = {"_": "_", "*": "*", "`": "`", "[": "]", "```": "```"}
_KINDS = {"_": "italic", "*": "bold", "`": "code", "```": "pre"}
_LANGUAGE = re.compile(r"([^\s`]+)?(\r?\n)")
_URL = re.compile(r"\(([^)]*)\)")


def parse_legacy_markdown(source: str) -> Marked:
    """Read legacy Markdown into plain text and entities, not yet settled.

    Raises:
        Refused: 400 "can't parse entities: …".
    """
    text, at, out = wide(source), 0, ""
    entities: list[Entity] = []
    while found := _SIGN.search(text, at):
        out += text[at : found.start()]
        sign, at = found.group(), found.end()
        if sign.startswith("\\"):
            out += sign[1]
            continue
        inside, end = _inside(text, sign, found.start(), at)
        inside, language = _without_language(inside) if sign == "```" else (inside, "")
        if inside and sign == "[":
            link = _URL.match(text, end)
            end = link.end() if link else end
            entities += mention_or_link(link.group(1), len(out), len(inside)) if link else []
        elif inside:
            entities.append(Entity(_KINDS[sign], len(out), len(inside), language=language))
        out, at = out + inside, end
    return Marked(narrow(out + text[at:]), tuple(entities))


def _inside(text: str, sign: str, began: int, at: int) -> tuple[str, int]:
    end = text.find(_ENDS[sign], at)
    if end < 0:
        offset = byte_offset(text, began)
        raise Refused.unparsable(f"Can't find end of the entity starting at byte offset {offset}")
    return text[at:end], end + len(_ENDS[sign])


def _without_language(inside: str) -> tuple[str, str]:
    found = _LANGUAGE.match(inside)
    if not found or found.end() == len(inside):
        return inside, ""
    return inside[found.end() :], found.group(1) or ""
