"""What is fuzzed: something that takes a case, and where its cases come from.

A target may refuse a case with an error of its own; whatever else leaves it is a crash.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Attempt = Callable[[Any], object]
"""Does everything with one case that the bot would; raises on a crash and on nothing else."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that strangers can reach.

    Attributes:
        name: for reports and the command line.
        cases: what is tried.
        opened: builds what is attacked, once for many cases.
        share: cases of it in a million of all targets.
        variants: how many small changes of each case are tried as well.
    """

    name: str
    cases: st.SearchStrategy[Any]
    opened: Callable[[], AbstractContextManager[Attempt]]
    share: int
    variants: int = 9
