"""Each duty once, and again what was left of it."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.flow.pushes.attempts import MOST_KEPT, Attempts
from tests.share_bars import at

NOON = at("2026-07-29T12:00")
PAUSE = timedelta(minutes=5)


def minutes(count: float) -> timedelta:
    """So many."""
    return timedelta(minutes=count)


@given(st.integers(-600, 600), st.none() | st.just("something"))
def test_what_was_done_stays_done_and_what_was_left_waits_for_its_pause(
    later: int, left: str | None
) -> None:
    """Also when the clock was set back: a try of its future counts as long ago."""
    tries: Attempts[str, str] = Attempts(PAUSE)
    never = tries.open("key", NOON)
    tries.tried("key", NOON, left)

    assert (never, tries.left("key"), tries.left("another")) == (True, left, None)
    assert tries.open("key", NOON + minutes(later)) == (left is not None and not 0 <= later < 5)


def test_only_so_much_is_remembered_and_the_newest_stays() -> None:
    """A bot that runs for years must not grow."""
    tries: Attempts[int, str] = Attempts(PAUSE)
    for key in range(MOST_KEPT + 1):
        tries.tried(key, NOON)

    assert (tries.open(0, NOON), tries.open(1, NOON), tries.open(MOST_KEPT, NOON)) == (
        True,
        False,
        False,
    )


def test_after_forgetting_everything_is_open() -> None:
    """Another process may have left it undone."""
    tries: Attempts[str, str] = Attempts(PAUSE)
    tries.tried("key", NOON)
    tries.forget()

    assert tries.open("key", NOON)
