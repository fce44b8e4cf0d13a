"""Threads that give memory back to the same places, so that the process does not swell.

glibc lets every thread that allocates keep an arena of its own, up to eight for each core, and an
arena stays as large as it ever was.  Charts and tables are made in a dozen threads that are busy
for moments: measured, each of them came to keep tens of megabytes that the others could not use.
"""

import ctypes

ARENAS = 2
"""Enough for threads that mostly wait for each other: Python runs one at a time."""

_M_ARENA_MAX = -8
"""Its number in glibc's malloc.h; see mallopt(3)."""


def share() -> bool:
    """Let threads share arenas from now on; whether this system knows how to."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(_M_ARENA_MAX, ARENAS) == 1
