"""What Telegram marks by itself in any text: commands, mentions, addresses, tags.

Patterns after https://core.telegram.org/bots/api#messageentity.  All of them work on wide text,
so that an index is an offset in UTF-16 units.  "ITUB4.SA" does become a link to Saudi Arabia,
as it does in Telegram: a bot that minds has to mark it as code.
"""

import re
from collections.abc import Iterator

from deploy.local.telegram.formatting.marked import Entity

# Common top-level domains and the countries' that turn up in Portuguese text; Telegram knows all.
_TOP_LEVEL = (
    "com|org|net|edu|gov|mil|int|info|biz|io|dev|app|me|ai|co|tv|cc|xyz|site|online|cloud|page|"
    "br|sa|pt|us|uk|eu|de|fr|es|it|nl|be|ch|at|se|no|dk|fi|pl|ru|ua|cn|jp|kr|in|au|ca|mx|ar|cl|"
    "uy|py|pe|bo|ve|za|ao|mz|cv|st"
)
_HOST = rf"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{_TOP_LEVEL})"
_ADDRESS = r"(?:\d{1,3}\.){3}\d{1,3}"
_REST = r"(?::\d{1,5})?(?:[/?#][^\s<>\"«»“”]*)?"
_PATTERNS = (
    ("email", re.compile(rf"(?<![\w.+-])[\w.+-]+@{_HOST}(?![\w-])", re.IGNORECASE)),
    (
        "url",
        re.compile(
            rf"(?<![\w@.-])(?:(?:https?|ftp)://(?:{_HOST}|{_ADDRESS})|{_HOST})(?![\w-]){_REST}",
            re.IGNORECASE,
        ),
    ),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/<>@])")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w{1,256}(?![\w#])")),
    ("cashtag", re.compile(r"(?<![\w$])\$(?:[A-Z]{1,8}|1INCH)(?![\w$])")),
)
_PUNCTUATION = ".,:;!?'\"`…*_~|"


def detected(wide_text: str) -> list[Entity]:
    """What Telegram would mark in `wide_text`, in order, without overlaps."""
    found: list[Entity] = []
    for kind, pattern in _PATTERNS:
        for start, end in _spans(kind, pattern, wide_text):
            if all(end <= other.offset or other.end <= start for other in found):
                found.append(Entity(kind, start, end - start))
    return sorted(found, key=lambda entity: entity.offset)


def _spans(kind: str, pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for found in pattern.finditer(text):
        end = found.end()
        yield found.start(), (_without_punctuation(text, found.start(), end))[kind != "url"]


def _without_punctuation(text: str, start: int, end: int) -> tuple[int, int]:
    """Where a sentence's link ends, without and with the signs behind it."""
    shorter = end
    while shorter > start and _is_loose(text[start:shorter]):
        shorter -= 1
    return shorter, end


def _is_loose(url: str) -> bool:
    if url[-1] == ")":
        return url.count("(") < url.count(")")
    return url[-1] in _PUNCTUATION
