"""The template of the step before the last: what stands, and beside it what uploads need."""

from collections.abc import Mapping
from typing import Any

_SECTIONS = ("Parameters", "Resources", "Outputs")


def with_missing(standing: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any] | None:
    """The standing template with the whole of `base` in it; None when it has all that already.

    What stands already stays, so that a change of mind about images or bot never removes what runs
    before its successor is there.  What both have is as `base` wants it: a role for one more image
    has to know that image.
    """
    missing = [
        name
        for section in _SECTIONS
        for name in base[section]
        if name not in standing.get(section, {})
    ]
    if not missing:
        return None
    return {
        **base,
        **{section: {**standing.get(section, {}), **base[section]} for section in _SECTIONS},
    }
