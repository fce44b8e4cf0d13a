"""Processes that end by themselves, made up: no process runs and nobody waits for real."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.edges.local_processes.keeping import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    STEADY_SECONDS,
    ChatDied,
    Keeper,
    Mourner,
    Pauses,
)

PATIENCE = 10.0
"""Seconds after which what has not happened never will."""


@dataclass
class Fake:
    """Fulfils `Process`; ends when it is told its exit code."""

    module: str = "some.module"
    codes: Queue[int] = field(default_factory=Queue)
    closed: int = 0

    def ended(self) -> int:
        """As the exit code arrives."""
        return self.codes.get()

    def close(self) -> None:
        """In order."""
        self.closed += 1
        self.codes.put(0)


def dead(code: int = -9) -> Fake:
    """One that ends at once."""
    process = Fake()
    process.codes.put(code)
    return process


@dataclass
class Machine:
    """What starts processes: those that are given, in their order; notes the pauses before them."""

    coming: Sequence[Fake | OSError]
    pauses: list[float] = field(default_factory=list)
    through: threading.Event = field(default_factory=threading.Event)

    def start(self) -> Fake:
        """The next one, or no room for it."""
        first, *self.coming = self.coming
        if not self.coming:
            self.through.set()
        if isinstance(first, OSError):
            raise first
        return first

    def wait(self, closing: threading.Event, seconds: float) -> bool:
        """No time goes by."""
        self.pauses.append(seconds)
        return closing.is_set()


Keep = Callable[[Fake, Machine], Keeper]


@pytest.fixture
def keep() -> Iterator[Keep]:
    """Makes keepers, and closes them."""
    kept: list[Keeper] = []

    def make(process: Fake, machine: Machine) -> Keeper:
        kept.append(Keeper(process, machine.start, lambda: 0.0, machine.wait))
        return kept[-1]

    yield make
    for keeper in kept:
        keeper.close()


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Warnings so far."""
    return [record.message for record in caplog.records if record.levelno >= logging.WARNING]


def test_what_ends_is_started_again_after_pauses_that_double(
    keep: Keep, caplog: pytest.LogCaptureFixture
) -> None:
    """An artifact that was damaged must not start a storm; each death is one line of the log."""
    first, last = dead(), Fake()
    machine = Machine([dead(), dead(), last])
    keeper = keep(first, machine)
    machine.through.wait(PATIENCE)
    keeper.close()

    assert machine.pauses == [0.5, 1.0, 2.0]
    assert told(caplog) == ["local process ended by itself"] * 3
    assert (keeper.process, first.closed, last.closed) == (last, 1, 1)


def test_a_process_that_cannot_be_started_is_tried_again(
    keep: Keep, caplog: pytest.LogCaptureFixture
) -> None:
    """A machine out of memory has some again later."""
    first, last = dead(), Fake()
    first.codes.put(-9)  # found dead once more
    machine = Machine([OSError("no room"), last])
    keeper = keep(first, machine)
    machine.through.wait(PATIENCE)
    keeper.close()

    assert machine.pauses == [0.5, 1.0]
    assert told(caplog) == [
        "local process ended by itself",
        "local process not started",
        "local process ended by itself",
    ]


def test_what_is_closed_stays_closed(keep: Keep, caplog: pytest.LogCaptureFixture) -> None:
    """The end of the bot is no accident."""
    process, machine = Fake(), Machine([])
    keep(process, machine).close()

    assert (process.closed, machine.pauses, told(caplog)) == (1, [], [])


def test_a_pause_ends_with_the_bot(caplog: pytest.LogCaptureFixture) -> None:
    """Ctrl-C is not made to wait for a minute, and starts nothing."""
    pausing, machine = threading.Event(), Machine([])

    def wait(closing: threading.Event, _seconds: float) -> bool:
        pausing.set()
        return closing.wait(PATIENCE)

    keeper = Keeper(dead(), machine.start, lambda: 0.0, wait)
    pausing.wait(PATIENCE)
    keeper.close()

    assert told(caplog) == ["local process ended by itself"]


@given(lives=st.lists(st.floats(0, 2 * STEADY_SECONDS), min_size=1))
def test_pauses_stay_in_bounds_and_begin_anew_after_a_long_life(lives: list[float]) -> None:
    """However a process behaves, it comes back within a minute and never in a loop."""
    pauses = Pauses()
    found = [pauses.after(lived) for lived in lives]
    steady = [pause for pause, lived in zip(found, lives, strict=True) if lived >= STEADY_SECONDS]

    assert FIRST_PAUSE <= min(found) <= max(found) <= LONGEST_PAUSE
    assert set(steady) <= {FIRST_PAUSE}


def test_the_pauses_double_up_to_a_minute() -> None:
    """The first is short, because one accident is the usual case."""
    pauses = Pauses()

    assert [pauses.after(0) for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize("code", [-9, 1])
def test_a_chat_that_dies_ends_the_bot_with_a_sentence(
    code: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody could talk to the bot any more, and it would not know."""
    asked = threading.Event()
    mourner = Mourner(dead(code), asked.set)
    asked.wait(PATIENCE)
    with pytest.raises(ChatDied) as died:
        mourner.close()

    assert str(died.value) == (
        f"the local chat ended by itself (python -m deploy.local, code {code}), and what was said "
        "in it is gone with it: start the bot again"
    )
    assert told(caplog) == ["local chat ended by itself, so the bot ends too"]


def test_a_chat_that_was_ended_in_order_ends_the_bot_in_order() -> None:
    """Supervisors stop all processes of a service at once; that is no failure."""
    asked = threading.Event()
    mourner = Mourner(dead(0), asked.set)
    asked.wait(PATIENCE)
    mourner.close()

    assert asked.is_set()


def test_a_chat_that_the_bot_ends_is_not_mourned(caplog: pytest.LogCaptureFixture) -> None:
    """The usual end of an evening."""
    asked = threading.Event()
    Mourner(Fake(), asked.set).close()

    assert (asked.is_set(), told(caplog)) == (False, [])
