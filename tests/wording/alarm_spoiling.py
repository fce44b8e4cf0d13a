"""Messages about alarms in which something is not what it should be."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.wording.alarm_scenes import SCENES

ODD = [
    "ALARM",
    "1e999",
    "\ud800",
    "9" * 5_000,
    10**400,
    "2026-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "<b>&",
    -1,
    1e-300,
]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """One of the scenes with any value at any place, as JSON."""
    payload = deepcopy(SCENES[draw(st.sampled_from(sorted(SCENES)))])
    *way, last = draw(st.sampled_from(list(_places(payload))))
    holder: Any = payload
    for key in way:
        holder = holder[key]
    holder[last] = draw(values)
    return json.dumps(payload)


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(each, (*at, key))
