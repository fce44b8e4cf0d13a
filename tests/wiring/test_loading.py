"""Importing much at once."""

import gc
from collections.abc import Iterator
from contextlib import suppress

import pytest

from bot.wiring.loading import without_looking_for_garbage


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """What other tests leave behind is looked through as before."""
    yield
    gc.unfreeze()


def test_garbage_is_looked_for_again_afterwards() -> None:
    """A bot that never did would grow for weeks."""
    with suppress(ImportError), without_looking_for_garbage():
        looked_for = gc.isenabled()
        raise ImportError

    assert (looked_for, gc.isenabled()) == (False, True)
