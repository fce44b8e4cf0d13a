"""From what was sent to what a message keeps: cleaned, trimmed, entities made to nest.

Telegram never stores formatting as it was sent.  Control characters become spaces, outer space
goes, code holds nothing else, links do not overlap, bold is cut where a link begins or ends, and
commands and addresses are marked on their own.  A bot that compares entities sees the difference.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from deploy.local.telegram.formatting.detection import detected
from deploy.local.telegram.formatting.marked import Entity, Marked, narrow, wide
from deploy.local.telegram.refusals import Refused

MOST_ENTITIES = 100
"""More are dropped silently: https://core.telegram.org/bots/api#sendmessage."""

_BLANKED = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
_DROPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_SPACE = " \n"
_CODE = ("pre", "code")
_QUOTES = ("blockquote", "expandable_blockquote")
_SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
_MEANINGFUL_WHEN_BLANK = ("text_link", "text_mention", "custom_emoji")
_FIRST_TO_LAST = (*_QUOTES, *_CODE, "", *_SPLITTABLE, "custom_emoji")
"""Nesting of entities over the same text; the empty one stands for all others."""


def settled(sent: Marked) -> Marked:
    """What Telegram keeps of text as it was sent.

    Raises:
        Refused: 400, an entity reaches beyond the text.
    """
    text, entities = _cleaned(wide(sent.text), sent.entities)
    entities = _nested(entities)
    entities = _without_blanks(text, entities)
    text, entities = _trimmed(text, entities)
    entities = _nested([*entities, *_new(text, entities)])
    kept = _without_blanks(text, entities)[:MOST_ENTITIES]
    return Marked(narrow(text), tuple(kept))


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Sorted by offset; of those that begin together, the outer ones first."""
    return sorted(entities, key=lambda each: (each.offset, -each.length, _rank(each.kind)))


def _rank(kind: str) -> int:
    return _FIRST_TO_LAST.index(kind if kind in _FIRST_TO_LAST else "")


def _cleaned(text: str, entities: Iterable[Entity]) -> tuple[str, list[Entity]]:
    """Replace control characters and drop invisible ones, moving the entities along."""
    for entity in entities:
        _check(entity, len(text))
    dropped = [found.start() for found in _DROPPED.finditer(text)]
    moved = [_moved(entity, dropped) for entity in entities] if dropped else entities
    shown = [
        replace(entity, language="") if entity.kind == "code" else entity
        for entity in moved
        if entity.length > 0
    ]
    return _DROPPED.sub("", _BLANKED.sub(" ", text)), shown


def _check(entity: Entity, length: int) -> None:
    if not 0 <= entity.offset <= length:
        raise Refused.bad_request(
            f"entity begins after the end of the text at UTF-16 offset {entity.offset}"
        )
    if entity.end > length:
        raise Refused.bad_request(
            f"entity beginning at UTF-16 offset {entity.offset} ends after the end of the text "
            f"at UTF-16 offset {entity.end}"
        )


def _moved(entity: Entity, dropped: list[int]) -> Entity:
    before = sum(at < entity.offset for at in dropped)
    inside = sum(entity.offset <= at < entity.end for at in dropped)
    return replace(entity, offset=entity.offset - before, length=entity.length - inside)


def _nested(entities: Iterable[Entity]) -> list[Entity]:
    """Make entities nest: quotes outside, then code, links and the like, then styles in pieces."""
    ordered = in_order(entities)
    quotes = _apart(each for each in ordered if each.kind in _QUOTES)
    solid = _apart(each for each in ordered if each.kind not in (*_QUOTES, *_SPLITTABLE))
    solid = [each for each in solid if not any(_cross(each, quote) for quote in quotes)]
    solid = [each for each in solid if not any(_holds(each, quote) for quote in quotes)]
    styles = [each for each in ordered if each.kind in _SPLITTABLE]
    return in_order([*quotes, *solid, *_cut(styles, [*quotes, *solid])])


def _apart(entities: Iterable[Entity]) -> list[Entity]:
    """Of overlapping entities the first stays."""
    kept: list[Entity] = []
    for entity in entities:
        if not kept or kept[-1].end <= entity.offset:
            kept.append(entity)
    return kept


def _cross(one: Entity, other: Entity) -> bool:
    first, second = sorted((one, other), key=lambda each: (each.offset, -each.length))
    return first.offset < second.offset < first.end < second.end


def _holds(outer: Entity, inner: Entity) -> bool:
    """Whether `outer` strictly contains `inner`; over the same text the quote is the outer one."""
    same = (outer.offset, outer.end) == (inner.offset, inner.end)
    return outer.offset <= inner.offset and inner.end <= outer.end and not same


def _cut(styles: list[Entity], solid: list[Entity]) -> list[Entity]:
    """Cut bold and the like at the borders of everything solid; inside code they vanish."""
    merged = [span for kind in _SPLITTABLE for span in _merged(kind, styles)]
    borders = {at for each in solid for at in (each.offset, each.end)}
    code = [each for each in solid if each.kind in _CODE]
    pieces: list[Entity] = []
    for style in merged:
        crossed = {other.offset for other in merged if _cross(style, other)}
        cuts = {at for at in borders | crossed if style.offset < at < style.end}
        for start, end in pairwise(sorted({style.offset, style.end} | cuts)):
            if not any(each.offset <= start and end <= each.end for each in code):
                pieces.append(Entity(style.kind, start, end - start))
    return pieces


def _merged(kind: str, styles: list[Entity]) -> list[Entity]:
    spans: list[Entity] = []
    for style in (each for each in styles if each.kind == kind):
        if spans and style.offset <= spans[-1].end:
            first = spans.pop()
            end = max(first.end, style.end)
            spans.append(replace(first, length=end - first.offset))
        else:
            spans.append(style)
    return spans


def _without_blanks(text: str, entities: Iterable[Entity]) -> list[Entity]:
    """Let no style begin with a space, and none cover only spaces."""
    kept = []
    for entity in entities:
        if entity.kind in _MEANINGFUL_WHEN_BLANK:
            kept.append(entity)
            continue
        covered = text[entity.offset : entity.end]
        shown = covered.lstrip(_SPACE)
        if shown:
            skipped = len(covered) - len(shown)
            kept.append(replace(entity, offset=entity.offset + skipped, length=len(shown)))
    return in_order(kept)


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Take outer space away; at the beginning only as far as nothing is marked there."""
    end = len(text.rstrip(_SPACE))
    first = min([len(text) - len(text.lstrip(_SPACE)), *(each.offset for each in entities)])
    within = [
        replace(each, offset=each.offset - first, length=min(each.end, end) - each.offset)
        for each in entities
        if each.offset < end
    ]
    return text[first:end], within


def _new(text: str, entities: list[Entity]) -> list[Entity]:
    """What Telegram marks itself, where nothing solid stands already."""
    solid = [each for each in entities if each.kind not in (*_SPLITTABLE, *_QUOTES)]
    quotes = [each for each in entities if each.kind in _QUOTES]
    return [
        found
        for found in detected(text)
        if all(found.end <= each.offset or each.end <= found.offset for each in solid)
        and not any(_cross(found, quote) or _holds(found, quote) for quote in quotes)
    ]
