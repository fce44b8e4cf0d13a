"""How fast messages may be written."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.edges.telegram.pace import Pace, Rates


@dataclass
class Seconds:
    """A clock that is moved by hand."""

    passed: float = 1_000.0

    def __call__(self) -> float:
        """Seconds that never go back."""
        return self.passed


def pushed(pace: Pace, clock: Seconds, chats: Sequence[int]) -> list[float]:
    """When each message is pushed, by somebody who waits as told."""
    moments = []
    for chat in chats:
        while (wait := pace.wait(chat)) > 0:
            clock.passed += wait
        pace.wrote(chat)
        moments.append(clock.passed)
    return moments


def most_within(seconds: float, moments: Sequence[float]) -> int:
    """The largest number of moments in any window that is shorter than so many seconds."""
    return max(sum(start <= one < start + seconds for one in moments) for start in moments)


def test_a_broadcast_goes_out_at_28_a_second() -> None:
    """Ten thousand subscribers take six minutes; slower would waste what Telegram allows."""
    clock = Seconds()
    moments = pushed(Pace(clock), clock, range(1, 281))

    assert moments[-1] - moments[0] == pytest.approx(279 / 28)
    assert most_within(0.999, moments) == 28


def test_what_was_a_little_late_is_caught_up_with() -> None:
    """Waiting is never exact; lost thousandths would add up to a twentieth of the speed."""
    clock = Seconds()
    pace, moments = Pace(clock), []
    for chat in range(1, 281):
        while (wait := pace.wait(chat)) > 0:
            clock.passed += wait + 0.001
        pace.wrote(chat)
        moments.append(clock.passed)

    assert moments[-1] - moments[0] < 279 / 28 * 1.005


def test_a_standstill_of_half_a_second_is_made_up_for_without_haste() -> None:
    """A chart is drawn, a disk is slow: the broadcast is not longer for it, and nobody is hurt."""
    clock = Seconds()
    pace = Pace(clock)
    before = pushed(pace, clock, range(1, 57))
    clock.passed += 0.5
    after = pushed(pace, clock, range(57, 1_000))

    assert after[-1] - before[0] == pytest.approx(998 / 28)
    assert most_within(0.999, after) == 29


def test_pushed_messages_do_not_come_all_at_once_after_a_pause() -> None:
    """An answer has to find room between them at any moment."""
    clock = Seconds()
    pace = Pace(clock)
    clock.passed += 3_600
    moments = pushed(pace, clock, range(1, 29))

    assert most_within(0.1, moments) == 3


def test_answers_do_not_wait_for_pushed_messages() -> None:
    """Somebody who asks /hoje in the middle of a broadcast is answered at once."""
    clock = Seconds()
    pace = Pace(clock)
    pushed(pace, clock, range(1, 101))

    assert pace.wait_to_answer() == 0
    pace.wrote(500)
    assert pace.wait_to_answer() == 0


def test_pushed_messages_make_room_for_answers() -> None:
    """All together stay below Telegram's limit, so the more answers the fewer are pushed."""
    clock = Seconds()
    pace, answered, sent = Pace(clock), 0, 0
    while clock.passed < 1_060:
        if answered < 10 * (clock.passed - 1_000):
            pace.wrote(9_999)
            answered += 1
        elif (wait := pace.wait(sent)) > 0:
            clock.passed += min(wait, 0.01)
        else:
            pace.wrote(sent)
            sent += 1

    assert answered == 600
    assert sent == pytest.approx(18 * 60, abs=10)


def test_a_flood_of_answers_holds_pushed_messages_up_for_a_second_at_most() -> None:
    """Everybody may ask after the open; the broadcast goes on when they have been answered."""
    clock = Seconds()
    pace = Pace(clock)
    for _ in range(300):
        clock.passed += pace.wait_to_answer()
        pace.wrote(500)

    assert pace.wait(1) < 1.04


def test_the_31st_answer_in_a_second_waits() -> None:
    """Telegram would refuse it, and that would cost more than waiting."""
    clock = Seconds()
    pace = Pace(clock)
    for chat in range(30):
        pace.wrote(chat)
    clock.passed += 0.25

    assert pace.wait_to_answer() == 0.75


def test_a_chat_gets_one_message_a_second_and_answers_count() -> None:
    """A push right after an answer in the same chat would be one too many."""
    clock = Seconds()
    pace = Pace(clock)
    pace.wrote(1)
    clock.passed += 0.25

    assert (pace.wait(1), pace.wait(2)) == (0.75, 0)


@pytest.mark.parametrize("group", [-100, "@canal"])
def test_a_group_gets_twenty_a_minute(group: int | str) -> None:
    """Telegram counts groups and channels by the minute as well."""
    clock = Seconds()
    pace = Pace(clock)
    for _ in range(20):
        pace.wrote(group)
        clock.passed += 1

    assert pace.wait(group) == 40


def test_a_private_chat_is_not_counted_by_the_minute() -> None:
    """Whoever asks a lot is still sent what he subscribed to."""
    clock = Seconds()
    pace = Pace(clock)
    for _ in range(40):
        pace.wrote(7)
        clock.passed += 1

    assert pace.wait(7) == 0


def test_a_silence_for_all_holds_pushed_messages_and_no_answers() -> None:
    """People who ask are told by their own call whether Telegram still refuses."""
    clock = Seconds()
    pace = Pace(clock)
    pace.hold(30)
    pace.hold(5)
    clock.passed += 10

    assert (pace.wait(1), pace.wait_to_push(), pace.wait_to_answer()) == (20, 20, 0)


def test_a_silence_for_one_chat_is_for_that_chat() -> None:
    """One person who writes too much stops nobody else's forecast."""
    clock = Seconds()
    pace = Pace(clock)
    pace.hold_chat(1, 30)
    pace.hold_chat(2, 5)
    clock.passed += 10

    assert (pace.wait(1), pace.wait(2), pace.wait_to_push()) == (20, 0, 0)


@pytest.mark.parametrize("group", [-100, "@canal"])
def test_answers_in_a_group_keep_to_twenty_a_minute(group: int | str) -> None:
    """Telegram counts them like everything else that is written there."""
    clock = Seconds()
    pace = Pace(clock)
    waits = []
    for _ in range(21):
        waits.append(pace.wait_in(group))
        pace.wrote(group)

    assert waits == [0] * 20 + [60]


def test_answers_in_a_private_chat_wait_for_nothing() -> None:
    """How many it takes at once is Telegram's secret; somebody who clicks quickly is answered."""
    clock = Seconds()
    pace = Pace(clock)
    for _ in range(100):
        pace.wrote(7)

    assert (pace.wait_in(7), pace.wait_in(8), pace.wait_in(None)) == (0, 0, 0)


def test_a_chat_that_was_too_loud_is_answered_once_a_second_until_it_is_calm() -> None:
    """Four answers that all try again at once would be refused again, and in the end be lost."""
    clock, waits = Seconds(), []
    pace = Pace(clock)
    pace.hold_chat(7, 3)
    for pause in (0, 3, 0, 60):
        clock.passed += pause
        waits.append(pace.wait_in(7))
        pace.wrote(7)
        pace.wrote(8)

    assert waits == [3, pytest.approx(0), pytest.approx(1.05), 0]
    assert pace.wait_in(8) == 0


def test_old_chats_are_forgotten() -> None:
    """A bot that runs for a year must not remember everybody whom it ever wrote to."""
    clock = Seconds()
    pace = Pace(clock)
    pushed(pace, clock, range(1, 2_001))
    for chat in range(100):
        pace.hold_chat(chat, 1)
        clock.passed += 62

    pace.wrote(1)

    assert len(pace._chats) == 1
    assert len(pace._chat_silence) == 1


@given(
    st.lists(
        st.tuples(st.sampled_from([-2, -1, 1, 2, 3, 4]), st.booleans(), st.floats(0, 0.2)),
        max_size=150,
    )
)
def test_no_limit_is_ever_broken_by_a_push(writes: list[tuple[int, bool, float]]) -> None:
    """Whatever answers come in between: the promise is about all messages together."""
    clock, rates = Seconds(), Rates(all_per_second=10, pushed_per_second=7, group_per_minute=5)
    pace, written = Pace(clock, rates), list[tuple[float, int]]()
    for chat, push, pause in writes:
        clock.passed += pause
        while (wait := pace.wait(chat) if push else pace.wait_to_answer()) > 0:
            clock.passed += wait
        pace.wrote(chat)
        written.append((clock.passed, chat))
        younger = [each for each in written if each[0] > clock.passed - 0.999]

        assert len(younger) <= 10
        if push:
            assert sum(each == chat for _, each in younger) == 1
            minute = [each for at, each in written if at > clock.passed - 59.999]
            assert chat > 0 or minute.count(chat) <= 5
