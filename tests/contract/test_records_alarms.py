"""What every store of alarms keeps: the fake of the tests, SQLite and PostgreSQL."""

from datetime import datetime, timedelta

import pytest

from bot.domain.alarms import Alarm
from bot.domain.alarms.keeping import Form, Kept
from bot.domain.alarms.mail import Arrived
from bot.domain.outbox import Closed, Kind, Outcome, Result, Sent
from bot.domain.places import Place
from bot.flow.alarms.telling import Telling
from bot.wording.markup import plain
from tests.alarm_guard import CALM, NOW, OPERATOR, TEAM, arrived, guard, later, number, text
from tests.records import Records

pytest_plugins = ["tests.databases"]

CPU = arrived("cpu")
OVER = arrived("cpu", "OK", later(minutes=12))


async def take(
    records: Records, *mail: Arrived, at: datetime = NOW, by: Telling | None = None
) -> int:
    """Keep some mail."""
    return await records.alarms.take(mail, (by or guard()).judge_at(at), at)


async def queued(records: Records) -> list[str]:
    """The first line of each item that waits."""
    due = await records.outbox.due(later(days=30), 1_000)
    return [plain(item.content.text).splitlines()[0] for item in due]


async def send(records: Records, outcome: Outcome | None = None, at: datetime = NOW) -> None:
    """Send all that waits, as messages numbered by their items."""
    due = await records.outbox.due(later(days=30), 1_000)
    results = [Result(item, outcome or Sent(1_000 + item.id)) for item in due]
    await records.outbox.advance([], due, at)
    await records.outbox.advance(results, [], at)


async def standing(records: Records, posting: str) -> list[tuple[str, bool]]:
    """What a posting is about, by name, and whether it is in alarm."""
    return [(_name(kept), kept.is_open) for kept in await records.alarms.about(posting)]


def _name(kept: Kept) -> str:
    return kept.says.name if isinstance(kept.says, Alarm) else "text"


async def test_an_alarm_is_kept_and_queued_together(records: Records) -> None:
    """A crash between the two would lose it, or tell it twice."""
    new = await take(records, CPU)
    (item,) = await records.outbox.due(NOW, 10)

    assert (new, item.place, item.occasion.kind) == (1, TEAM, Kind.ALARM)
    assert item.occasion.subject == CPU.message_id
    assert await queued(records) == ["🔴 Em alarme: cpu"]


async def test_a_message_that_comes_again_changes_nothing(records: Records) -> None:
    """SNS and SQS deliver at least once."""
    counts = [await take(records, CPU), await take(records, CPU, CPU, at=later(minutes=1))]

    assert counts == [1, 0]
    assert len(await queued(records)) == 1


async def test_the_same_change_by_another_way_is_the_same_change(records: Records) -> None:
    """One alarm may act on two topics that both lead here."""
    twin = arrived("cpu", message_id="another")

    assert [await take(records, CPU), await take(records, twin)] == [1, 0]


async def test_what_comes_back_is_what_was_read(records: Records) -> None:
    """Names, moments and the words of the message, whatever the database makes of them."""
    await take(records, CPU)
    (kept,) = await records.alarms.open()

    assert isinstance(kept.says, Alarm)
    assert (kept.says.name, kept.since, kept.received_at) == ("cpu", NOW, NOW)
    assert (kept.message_id, kept.identity) == (CPU.message_id, kept.says.arn)
    assert (kept.acknowledged_by, kept.silenced_until, kept.resolved_at) == (None, None, None)


async def test_ok_ends_the_alarm_and_the_posting_is_behind(records: Records) -> None:
    """The alarm's own message has to say that it is over."""
    await take(records, CPU)
    await send(records)
    await take(records, OVER, at=later(minutes=13))
    (behind,) = await records.alarms.outdated(10)

    assert await records.alarms.open() == []
    assert (behind.subject, behind.form, behind.messages) == (
        CPU.message_id,
        Form.CHANGE,
        ((TEAM, 1_001),),
    )
    assert [kept.resolved_at for kept in behind.members] == [later(minutes=12)]


async def test_ok_is_a_reply_to_the_alarm_s_message(records: Records) -> None:
    """In a busy chat nobody finds the alarm otherwise."""
    await take(records, CPU)
    await send(records)
    await take(records, OVER, at=later(minutes=13))

    assert await records.alarms.answered(OVER.message_id, TEAM) == 1_001
    assert await records.alarms.answered(OVER.message_id, CALM) is None
    assert await records.alarms.answered(CPU.message_id, TEAM) is None
    assert await records.alarms.answered("nobody-knows", TEAM) is None


async def test_ok_before_its_alarm_does_not_leave_it_open(records: Records) -> None:
    """Queues do not keep the order; a reminder of what is over long ago costs trust."""
    await take(records, OVER, at=later(minutes=13))
    await take(records, CPU, at=later(minutes=14))
    (kept,) = await records.alarms.about(CPU.message_id)

    assert await records.alarms.open() == []
    assert (kept.resolved_at, kept.replaced) == (later(minutes=12), False)
    assert await records.alarms.due(later(days=2)) == []


async def test_an_old_ok_does_not_end_a_newer_alarm(records: Records) -> None:
    """It belongs to an alarm before."""
    again = arrived("cpu", since=later(minutes=20))
    await take(records, again, at=later(minutes=21))
    await take(records, OVER, at=later(minutes=22))

    assert await standing(records, again.message_id) == [("cpu", True)]


async def test_a_newer_alarm_takes_the_older_one_s_place(records: Records) -> None:
    """Its OK got lost, or was never told; nobody acknowledges the same alarm twice."""
    again = arrived("cpu", since=later(minutes=20))
    await take(records, CPU)
    await take(records, again, at=later(minutes=21))
    (older,) = await records.alarms.about(CPU.message_id)

    assert [kept.since for kept in await records.alarms.open()] == [later(minutes=20)]
    assert (older.resolved_at, older.replaced) == (later(minutes=20), True)


async def test_alarms_of_other_names_are_left_alone(records: Records) -> None:
    """One OK ends one alarm."""
    await take(records, CPU, arrived("disk"))
    await take(records, OVER, at=later(minutes=13))

    assert [_name(kept) for kept in await records.alarms.open()] == ["disk"]


async def test_more_than_five_a_minute_wait_and_are_told_together(records: Records) -> None:
    """Forty messages at once are forty that nobody reads."""
    storm = [arrived(f"host-{each}") for each in range(12)]
    await take(records, *storm)
    before, since = await queued(records), await records.alarms.waiting_since()
    told = await records.alarms.gather(guard().together_at(later(seconds=15)), later(seconds=15))

    assert len(before) == 5
    assert since == NOW
    assert told == 7
    assert (await queued(records))[5:] == ["7 mensagens de alarme, às 11:43:"]
    assert await records.alarms.waiting_since() is None
    assert await records.alarms.gather(guard().together_at(NOW), NOW) == 0


async def test_a_minute_later_they_are_told_one_by_one_again(records: Records) -> None:
    """The storm is over."""
    await take(records, *(arrived(f"host-{each}") for each in range(12)))
    await take(records, arrived("late"), at=later(seconds=61))

    assert (await queued(records))[5:] == ["🔴 Em alarme: late"]


async def test_what_nobody_acknowledges_is_repeated(records: Records) -> None:
    """After 15 minutes, one hour, four hours; not more often."""
    await take(records, CPU)
    due = [[kept.id for kept in await records.alarms.due(later(minutes=each))] for each in (14, 15)]
    times = []
    for minutes in (15, 16, 60, 61, 240, 300, 3_000):
        at = later(minutes=minutes)
        again = [kept.id for kept in await records.alarms.due(at)]
        if await records.alarms.remind(again, guard().reminders_at(at), at):
            times.append(minutes)

    assert due == [[], [1]]
    assert times == [15, 60, 240]
    assert len(await queued(records)) == 4


async def test_reminders_that_were_missed_come_once(records: Records) -> None:
    """A bot that was down for a day does not make up for them all."""
    await take(records, CPU)
    at = later(minutes=70)
    first = await records.alarms.remind([1], guard().reminders_at(at), at)

    assert (first, await records.alarms.due(later(minutes=239))) == (1, [])
    assert len(await records.alarms.due(later(minutes=240))) == 1


async def test_an_alarm_that_is_over_meanwhile_is_not_repeated(records: Records) -> None:
    """It was due when it was looked at, and is not when it is written."""
    await take(records, CPU)
    await take(records, OVER, at=later(minutes=13))
    at = later(minutes=20)

    assert await records.alarms.remind([1], guard().reminders_at(at), at) == 0


async def test_who_acknowledges_is_kept_and_ends_the_reminders(records: Records) -> None:
    """By number: names are nobody's to keep."""
    await take(records, CPU)
    await send(records)
    at = later(minutes=2)
    (kept,) = await records.alarms.acknowledge(CPU.message_id, OPERATOR, at)
    again = await records.alarms.acknowledge(CPU.message_id, 78, at)

    assert (kept.acknowledged_by, kept.acknowledged_at) == (OPERATOR, at)
    assert again == []
    assert await records.alarms.due(later(days=9)) == []
    assert [one.members for one in await records.alarms.outdated(9)] == [(kept,)]


async def test_silence_moves_the_reminder_to_its_end(records: Records) -> None:
    """Whoever silences an alarm wants to hear of it again, later."""
    await take(records, CPU)
    (kept,) = await records.alarms.silence(CPU.message_id, later(hours=6))

    assert kept.silenced_until == later(hours=6)
    assert await records.alarms.due(later(hours=5, minutes=59)) == []
    assert len(await records.alarms.due(later(hours=6))) == 1


async def test_silence_lasts_over_the_alarm_s_next_change(records: Records) -> None:
    """A flapping alarm is what people silence."""
    await take(records, CPU)
    await records.alarms.silence(CPU.message_id, later(hours=4))
    again = arrived("cpu", since=later(minutes=20))
    await take(records, OVER, again, at=later(minutes=21))
    items = await records.outbox.due(later(hours=1), 10)
    (kept,) = await records.alarms.open()

    assert [item.silent for item in items] == [False, True, True]
    assert kept.silenced_until == later(hours=4)
    assert await records.alarms.due(later(hours=3)) == []


async def test_nothing_can_be_done_about_what_is_over(records: Records) -> None:
    """The button may still stand there for a moment."""
    await take(records, CPU, OVER)

    assert await records.alarms.acknowledge(CPU.message_id, OPERATOR, NOW) == []
    assert await records.alarms.silence(CPU.message_id, later(hours=1)) == []
    assert await records.alarms.acknowledge("nobody-knows", OPERATOR, NOW) == []


async def test_one_press_acknowledges_a_whole_digest(records: Records) -> None:
    """That is what a digest is for."""
    await take(records, *(arrived(f"host-{each}") for each in range(7)))
    await records.alarms.gather(guard().together_at(NOW), NOW)
    items = await records.outbox.due(NOW, 10)
    digest = items[5].occasion.subject

    assert len(await records.alarms.acknowledge(digest, OPERATOR, NOW)) == 2
    assert await standing(records, digest) == [("host-5", True), ("host-6", True)]


async def test_a_posting_is_up_to_date_once_it_was_shown_so(records: Records) -> None:
    """And behind again when something changed meanwhile."""
    await take(records, CPU)
    await send(records)
    await records.alarms.acknowledge(CPU.message_id, OPERATOR, NOW)
    (first,) = await records.alarms.outdated(9)
    await take(records, OVER, at=later(minutes=13))
    await send(records)
    await records.alarms.shown(first.subject, first.version)
    (second,) = await records.alarms.outdated(9)
    await records.alarms.shown(second.subject, second.version)

    assert second.version == first.version + 1
    assert await records.alarms.outdated(9) == []


async def test_a_posting_under_way_is_not_written_anew_yet(records: Records) -> None:
    """There is no message yet to be edited."""
    await take(records, CPU)
    await records.alarms.acknowledge(CPU.message_id, OPERATOR, NOW)

    assert await records.alarms.outdated(9) == []


async def test_a_posting_that_reached_nobody_stands_nowhere(records: Records) -> None:
    """It is found once, and shown to be done with."""
    await take(records, CPU)
    await send(records, Closed("kicked"))
    await records.alarms.acknowledge(CPU.message_id, OPERATOR, NOW)

    assert [posted.messages for posted in await records.alarms.outdated(9)] == [()]


async def test_somebody_else_may_know_that_it_is_over(records: Records) -> None:
    """CloudWatch, when it is asked."""
    await take(records, CPU)
    changed = await records.alarms.settle({1: later(minutes=5), 99: NOW})

    assert (changed, await records.alarms.open()) == (1, [])
    assert await records.alarms.settle({1: later(minutes=6)}) == 0


async def test_the_first_posting_about_an_alarm_is_found(records: Records) -> None:
    """For the buttons of /alarmes."""
    await take(records, CPU)
    at = later(minutes=15)
    await records.alarms.remind([1], guard().reminders_at(at), at)

    assert dict(await records.alarms.postings([1, 99])) == {1: CPU.message_id}


async def test_a_picture_is_wanted_once(records: Records) -> None:
    """One that cannot be had is no reason to ask for ever."""
    await take(records, CPU, arrived("disk", "OK"), by=guard(pictures=True))
    before = await records.alarms.unpictured()
    await send(records)
    posted = await records.alarms.unpictured()

    assert before is None
    assert posted is not None
    assert (posted.subject, posted.messages) == (CPU.message_id, ((TEAM, 1_001),))
    assert await records.alarms.unpictured() is None


async def test_texts_are_kept_and_told_too(records: Records) -> None:
    """Whatever comes out of the queue is read by somebody."""
    await take(records, text("Manutenção hoje às 22 h"))
    (kept,) = await records.alarms.about(number("Manutenção hoje às 22 h"))

    assert await queued(records) == ["Manutenção hoje às 22 h"]
    assert (kept.identity, kept.is_open) == ("", False)


async def test_old_ones_are_forgotten_and_open_ones_are_not(records: Records) -> None:
    """What is in alarm is in alarm, for months if need be."""
    await take(records, CPU, arrived("disk"), OVER)
    gone = await records.alarms.forget(later(days=1))

    assert gone == 2
    assert [_name(kept) for kept in await records.alarms.open()] == ["disk"]
    assert await records.alarms.about(CPU.message_id) == []
    assert await records.alarms.forget(later(days=1)) == 0


@pytest.mark.parametrize("odd", ["\0", "\ud800", '{"AlarmName": "a\\u0000b\\ud800"}'])
async def test_nothing_in_a_message_keeps_it_from_being_kept(records: Records, odd: str) -> None:
    """A message that always failed would come out of the queue for ever."""
    assert await take(records, Arrived(number(odd), f"assunto {odd}", odd, NOW)) == 1


async def test_without_anybody_to_read_it_nothing_is_queued(records: Records) -> None:
    """It is kept all the same."""
    await take(records, CPU, by=guard(usual=()))

    assert await queued(records) == []
    assert len(await records.alarms.open()) == 1


async def test_each_place_has_its_own_message(records: Records) -> None:
    """Two chats, one alarm: both are edited."""
    other = Place(-901, 3)
    await take(records, CPU, by=guard(usual=(TEAM, other)))
    await send(records)
    await records.alarms.acknowledge(CPU.message_id, OPERATOR, NOW)
    (posted,) = await records.alarms.outdated(9)

    assert [place for place, _ in posted.messages] == [TEAM, other]


async def test_seconds_are_kept_to_the_last_digit(records: Records) -> None:
    """Two changes in one second have an order."""
    soon = later(milliseconds=1)
    await take(records, CPU, arrived("cpu", "OK", soon))
    (kept,) = await records.alarms.about(CPU.message_id)

    assert kept.resolved_at == NOW + timedelta(milliseconds=1)
