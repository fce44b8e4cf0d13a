"""From the bytes of a request to the string fields of SNS's envelope, read without any mercy.

Whatever could be read in two ways is refused: keys twice, broken UTF-8, NaN, half of a surrogate
pair.  Keys may come in any order: order has no meaning in JSON, and the signature covers values.
Keys that SNS may add some day are ignored; `MessageAttributes` and `UnsubscribeURL` are known, but
AWS does not sign them, and so nobody here reads them.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from bot.edges.sns.refusal import MessageRefused

LARGEST = 1024 * 1024
"""Bytes of a body that are read at all.

SNS carries 256 KiB (Amazon SNS quotas); escaped as a JSON string it may grow to twice that when
every character is a quotation mark, and the envelope around it adds less than 8 KiB.
"""

DEEPEST = 3
"""Levels of nesting: the envelope, `MessageAttributes`, one attribute."""

READ = frozenset(
    (
        "Message",
        "MessageId",
        "Signature",
        "SignatureVersion",
        "SigningCertURL",
        "Subject",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    )
)
"""Fields that are handed on; every one of them is a string or absent."""

_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
_UTF_8 = frozenset(("utf-8", "utf8", "us-ascii"))


def read_fields(body: bytes, content_type: str | None = None) -> Mapping[str, str]:
    """Read the fields named in `READ`.

    Args:
        body: as it came, not yet decoded.
        content_type: the header, if there was one.  SNS says `text/plain; charset=UTF-8` unless
            the subscription asks for another, so only a charset other than UTF-8 is refused.

    Raises:
        MessageRefused: too large, not UTF-8, not one flat JSON object, or a field is no string.
    """
    if len(body) > LARGEST:
        raise MessageRefused(f"body is larger than {LARGEST} bytes")
    charset = _CHARSET.search(content_type or "")
    if charset and charset[1].lower() not in _UTF_8:
        raise MessageRefused("body is not declared as UTF-8")
    return {name: _text(value) for name, value in _parsed(body).items() if name in READ}


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(
            body.decode("utf-8"), object_pairs_hook=_without_repeats, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise MessageRefused("body is not strict JSON") from error
    if not isinstance(parsed, dict):
        raise MessageRefused("body is no JSON object")
    if _nested_below(parsed, DEEPEST):
        raise MessageRefused("body is nested too deeply")
    return parsed


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _nested_below(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        inner = list(value.values())
    elif isinstance(value, list):
        inner = value
    else:
        return False
    return levels == 0 or any(_nested_below(each, levels - 1) for each in inner)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise MessageRefused("a field that must be a string is none")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise MessageRefused("a field holds half of a surrogate pair") from error
    return value
