"""Many cheap cases from a dear one: pieces of bytes and texts cut out, doubled, swapped, put in.

Hypothesis makes cases of the right shape, which takes it a millisecond; most of what a parser
stumbles over is a small change away from one of them.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

TOKENS: Sequence[str] = (
    *("", "\0", "\n", "\r\n", '"', "'", "\\", "\\u0000", "\\ud800", "{", "}", "[", "]", ",", ":"),
    *("null", "true", "NaN", "Infinity", "-", "-0", "0", "1e999", "1e-400", "99999999999999999999"),
    *(
        "é",
        "\u202e",
        "\ufeff",
        "𝒳",
        "٣",
        "%",
        "%00",
        "..",
        "/",
        "<b>",
        "&",
        ";",
        "=",
        "sub:",
        "al:",
    ),
)
_BYTES = (*(token.encode() for token in TOKENS), b"\xff", b"\xed\xa0\x80", b"\xc3")
LONGEST_PIECE = 12


def varied(case: Any, dice: Random) -> Any:
    """The case with one small change; a tuple's first part is changed."""
    if isinstance(case, bytes):
        return _spliced(case, dice, _BYTES)
    if isinstance(case, str):
        return _spliced(case, dice, TOKENS)
    if isinstance(case, tuple):
        return (varied(case[0], dice), *case[1:])
    raise TypeError(f"no variants of a {type(case).__name__}")


def _spliced(whole: Any, dice: Random, tokens: Sequence[Any]) -> Any:
    first = dice.randrange(len(whole) + 1)
    last = min(len(whole), first + dice.randrange(LONGEST_PIECE))
    source = dice.randrange(len(whole) + 1)
    piece = (
        dice.choice(tokens)
        if dice.random() < 0.6
        else whole[source : source + dice.randrange(LONGEST_PIECE)]
    )
    return whole[:first] + piece + whole[last:]
