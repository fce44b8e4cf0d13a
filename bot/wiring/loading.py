"""Importing much at once, in half the time.

Each import makes thousands of objects that stay, and Python looks through all of them for garbage
again and again.  https://docs.python.org/3/library/gc.html#gc.freeze
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_looking_for_garbage() -> Iterator[None]:
    """Nothing is collected meanwhile, and what is there at the end is never looked through."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
