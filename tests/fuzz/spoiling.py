"""Documents in which something is not what it should be, and bytes that are hardly documents."""

import json
import math
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

MOST_CHANGES = 3

ODD: Sequence[Any] = (
    *("", " ", "\0", "\ud800", "\u202e", "<b>&", "../..", "/", "%s", "9" * 5_000, "𝒳" * 40),
    *(0, -1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**400, 1e-320, 1e308, math.nan, math.inf),
    *("NaN", "1e999", "0001-01-01", "9999-12-31T23:59:59Z", "2026-02-30", True, None, [], {}),
)
"""Values that parsers have stumbled over."""

leaves = st.sampled_from(ODD) | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


_ODD_TEXTS = [odd for odd in ODD if isinstance(odd, str)]
_ODD_NUMBERS = [odd for odd in ODD if type(odd) is int and abs(odd) < 2**63]
_LIKE: dict[type, st.SearchStrategy[Any]] = {
    str: st.sampled_from(_ODD_TEXTS) | st.text(max_size=20),
    int: st.sampled_from(_ODD_NUMBERS) | st.integers(-(2**52), 2**52),
    bool: st.booleans(),
    float: st.floats(),
}


@st.composite
def reworded(draw: st.DrawFn, documents: st.SearchStrategy[Any]) -> Any:
    """One of the documents with other values of the same kind at some places."""
    document = deepcopy(draw(documents))
    for _ in range(draw(st.integers(0, MOST_CHANGES))):
        *way, last = draw(st.sampled_from(list(_places(document))))
        holder = document
        for key in way:
            holder = holder[key]
        if type(holder[last]) in _LIKE:
            holder[last] = draw(_LIKE[type(holder[last])])
    return document


@st.composite
def spoilt(draw: st.DrawFn, documents: st.SearchStrategy[Any]) -> Any:
    """One of the documents with anything at some places, or nothing."""
    document = deepcopy(draw(documents))
    for _ in range(draw(st.integers(1, MOST_CHANGES))):
        places = list(_places(document))
        if not places:
            return document
        *way, last = draw(st.sampled_from(places))
        holder = document
        for key in way:
            holder = holder[key]
        if draw(st.integers(0, 3)):
            holder[last] = draw(values)
        else:
            del holder[last]
    return document


def written(documents: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    """Documents as JSON: whole as a rule, sometimes cut, torn or nested without end."""
    whole = documents.map(_json)
    return st.one_of(whole, whole, whole, whole.flatmap(torn), nested, st.binary(max_size=200))


@st.composite
def torn(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes with a piece of them replaced by other bytes."""
    first = draw(st.integers(0, len(whole)))
    last = draw(st.integers(first, min(len(whole), first + 20)))
    return whole[:first] + draw(st.binary(max_size=20)) + whole[last:]


nested = st.builds(
    lambda opening, times: opening * times,
    st.sampled_from([b"[", b'{"a":', b'[{"Message":', b'{"files":{"a":']),
    st.sampled_from([10, 1_000, 100_000]),
)


def _json(document: Any) -> bytes:
    return json.dumps(document).encode()


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(each, (*at, key))
