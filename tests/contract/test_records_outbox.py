"""What every outbox keeps: the fake of the tests, SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.outbox import (
    Backlog,
    Broadcast,
    Button,
    Closed,
    Content,
    Kind,
    Moved,
    NotSent,
    Occasion,
    Outcome,
    Outgoing,
    Refused,
    Result,
    Sent,
    Unknown,
)
from bot.domain.places import ChatKind, Place
from bot.domain.sessions import SAO_PAULO
from bot.domain.subscriptions import Subscription
from bot.domain.tickers import Ticker
from tests.records import Records

pytest_plugins = ["tests.databases"]

NOW = datetime(2026, 7, 29, 9, 0, 0, 123456, tzinfo=SAO_PAULO)
EARLIER = NOW - timedelta(days=1)
CLOSE = NOW.replace(hour=16, minute=55)
TODAY = NOW.date()
NINE, TEN = time(9), time(10)
ITUB4, PETR4 = Ticker("ITUB4.SA"), Ticker("PETR4.SA")
ANA, BIA, GROUP = Place(1), Place(2), Place(-5, 77)
TEAM = Place(-900)
TEXT = Content("<b>ITUB4</b> fecha perto de R$ 36,12", ((Button("Gráfico", data="hoje:ITUB4"),),))


def after(minutes: float) -> datetime:
    """So many minutes after nine."""
    return NOW + timedelta(minutes=minutes)


async def subscribe(
    records: Records, *places: Place, share: Ticker = ITUB4, at: time = NINE, silent: bool = False
) -> None:
    """Each place wants the share."""
    for place in places:
        wanted = Subscription(place, share, at, silent)
        await records.subscriptions.add(ChatKind.PRIVATE, [wanted], EARLIER)


async def fill(records: Records, now: datetime = NOW, *, share: Ticker = ITUB4) -> int:
    """The day's message of a share at nine."""
    return await records.outbox.fill(NINE, TODAY, {share: TEXT}, now=now, expires=CLOSE)


async def put(
    records: Records, kind: Kind, subject: str, *places: Place, expires: datetime | None = None
) -> int:
    """Something else for some places."""
    occasion, content = Occasion(kind, subject, TODAY), Content(subject)
    return await records.outbox.put(places or [TEAM], occasion, content, now=NOW, expires=expires)


async def due(records: Records, now: datetime = NOW) -> list[Outgoing]:
    """All that is due."""
    return await records.outbox.due(now, 1000)


async def claim(records: Records, now: datetime = NOW) -> list[Outgoing]:
    """All that is due, being sent."""
    items = await due(records, now)
    await records.outbox.advance([], items, now)
    return items


async def come(
    records: Records, items: Sequence[Outgoing], outcome: Outcome, again: datetime | None = None
) -> None:
    """What became of items, a minute after nine."""
    results = [Result(item, outcome, again) for item in items]
    await records.outbox.advance(results, [], after(1))


async def test_an_item_comes_back_as_it_was_put(records: Records) -> None:
    """Every part of it is needed to send it."""
    occasion = Occasion(Kind.ALARM, "arn:aws:cloudwatch:…:p99", TODAY)
    buttons = ((Button("Ciente", data="ack:1"), Button("Console", url="https://a.aws/?x=1&y=2")),)
    content = Content("çã — 📉 <b>x</b>\nlinha", buttons)
    await records.outbox.put([GROUP], occasion, content, now=NOW, silent=True)
    [item] = await due(records)

    assert item == Outgoing(item.id, GROUP, occasion, content, silent=True, tries=0)


async def test_an_occasion_reaches_a_place_once(records: Records) -> None:
    """SNS delivers at least once, people read at most once."""
    assert await put(records, Kind.ALARM, "a", TEAM, ANA) == 2
    assert await put(records, Kind.ALARM, "a", TEAM, BIA, BIA) == 1
    assert [item.place for item in await due(records)] == [TEAM, ANA, BIA]


async def test_nothing_is_put_for_nobody(records: Records) -> None:
    """No chat is set up for alarms."""
    assert await records.outbox.put([], Occasion(Kind.ALARM, "a", TODAY), TEXT, now=NOW) == 0


async def test_a_slot_is_filled_for_whom_it_is_for(records: Records) -> None:
    """Not for another hour, another share, or a chat that is closed."""
    await subscribe(records, ANA, GROUP)
    await subscribe(records, BIA, silent=True)
    await subscribe(records, Place(3), at=TEN)
    await subscribe(records, Place(4), share=PETR4)
    await subscribe(records, Place(5))
    await records.subscriptions.closed(5, NOW)

    assert await fill(records) == 3
    occasion = Occasion(Kind.DAILY, ITUB4, TODAY)
    assert sorted(await due(records), key=lambda item: item.place.chat_id) == [
        Outgoing(item.id, place, occasion, TEXT, silent=place == BIA, tries=0)
        for place, item in zip(
            (GROUP, ANA, BIA),
            sorted(await due(records), key=lambda item: item.place.chat_id),
            strict=True,
        )
    ]


async def test_a_slot_is_filled_once(records: Records) -> None:
    """A bot that is started again at 09:01 fills 09:00 again."""
    await subscribe(records, ANA, BIA)

    assert (await fill(records), await fill(records, after(1))) == (2, 0)
    assert len(await due(records, after(1))) == 2


async def test_who_comes_late_is_added_to_the_slot(records: Records) -> None:
    """A share whose forecast failed at nine is filled minutes later."""
    await subscribe(records, ANA)
    await subscribe(records, BIA, share=PETR4)
    await fill(records)

    assert await fill(records, after(5), share=PETR4) == 1
    assert [item.occasion.subject for item in await due(records, after(5))] == [ITUB4, PETR4]


async def test_who_chose_the_hour_after_it_had_passed_waits_for_the_next_session(
    records: Records,
) -> None:
    """That is what was promised; a restart in the afternoon does not send this morning's."""
    late = [Subscription(ANA, ITUB4, NINE)]
    await records.subscriptions.add(ChatKind.PRIVATE, late, after(1))

    assert await fill(records, after(40)) == 0
    tomorrow = {ITUB4: TEXT}
    assert (
        await records.outbox.fill(
            NINE, TODAY + timedelta(days=1), tomorrow, now=after(24 * 60), expires=CLOSE
        )
        == 1
    )


async def test_who_only_turns_the_sound_off_late_still_gets_today_s(records: Records) -> None:
    """The hour was chosen yesterday."""
    await subscribe(records, ANA)
    quiet = [Subscription(ANA, ITUB4, NINE, silent=True)]
    await records.subscriptions.add(ChatKind.PRIVATE, quiet, after(1))

    assert await fill(records, after(40)) == 1


async def test_without_contents_nothing_is_filled(records: Records) -> None:
    """No share could be forecast."""
    await subscribe(records, ANA)

    assert await records.outbox.fill(NINE, TODAY, {}, now=NOW, expires=CLOSE) == 0
    assert await records.outbox.finished() == []


async def test_a_share_sent_at_another_hour_is_not_sent_twice(records: Records) -> None:
    """Who changes the hour after the message has come gets it at the new hour tomorrow."""
    await subscribe(records, ANA)
    await fill(records)
    await subscribe(records, ANA, at=TEN)

    assert await records.outbox.fill(TEN, TODAY, {ITUB4: TEXT}, now=NOW, expires=CLOSE) == 0


async def test_what_is_urgent_goes_first_then_what_is_old(records: Records) -> None:
    """An alarm does not wait for ten thousand forecasts."""
    await subscribe(records, ANA, BIA)
    await fill(records)
    for kind in (Kind.REPORT, Kind.NOTICE, Kind.ALARM):
        await put(records, kind, kind.value)
    await put(records, Kind.ALARM, "later")
    items = await due(records)

    assert [item.occasion.subject for item in items] == [
        "alarm", "later", "notice", "report", ITUB4, ITUB4,
    ]  # fmt: skip
    assert await records.outbox.due(NOW, 2) == items[:2]


async def test_what_is_claimed_is_not_due(records: Records) -> None:
    """It is on its way."""
    await put(records, Kind.ALARM, "a")
    await put(records, Kind.ALARM, "b")
    first, second = await due(records)
    await records.outbox.advance([], [first], NOW)

    assert await due(records) == [second]


async def test_a_result_and_the_next_claim_are_one_step(records: Records) -> None:
    """One transaction per message: what was sent is known before the next one leaves."""
    await put(records, Kind.ALARM, "a")
    await put(records, Kind.ALARM, "b")
    first, second = await due(records)
    await records.outbox.advance([], [first], NOW)
    await records.outbox.advance([Result(first, Sent(17))], [second], NOW)

    assert (await due(records), await records.outbox.recover()) == ([], 1)
    assert await due(records) == [second]


async def test_what_a_killed_process_left_waits_again(records: Records) -> None:
    """A message twice is better than none."""
    await put(records, Kind.ALARM, "a")
    items = await claim(records)

    assert (await records.outbox.recover(), await records.outbox.recover()) == (1, 0)
    assert await due(records) == items


@pytest.mark.parametrize(
    "outcome", [Sent(5), Refused("no"), Closed("blocked"), NotSent("given up")]
)
async def test_what_has_ended_is_over(records: Records, outcome: Outcome) -> None:
    """Nothing brings it back: no recovery, no second result, no second filling."""
    await subscribe(records, ANA)
    await fill(records)
    items = await claim(records)
    await come(records, items, outcome)
    await come(records, items, NotSent("late news"), after(2))
    await records.outbox.advance([], items, after(2))

    assert await records.outbox.recover() == 0
    assert await fill(records) == 0
    assert await due(records, after(60)) == []


@pytest.mark.parametrize("outcome", [NotSent("away", timedelta(minutes=3)), Unknown("silence")])
async def test_what_did_not_arrive_waits_for_its_time(records: Records, outcome: Outcome) -> None:
    """Telegram says how long it wants to be left alone."""
    await put(records, Kind.ALARM, "a")
    [item] = await claim(records)
    await come(records, [item], outcome, after(3))

    assert await due(records, after(2.9)) == []
    [again] = await due(records, after(3))
    assert again == Outgoing(item.id, TEAM, item.occasion, item.content, silent=False, tries=1)


@pytest.mark.parametrize("outcome", [Sent(5), Refused("no"), Closed("blocked")])
async def test_the_end_of_an_item_has_no_next_try(records: Records, outcome: Outcome) -> None:
    """It would be sent again although it had arrived; nothing of such a step is written."""
    await put(records, Kind.ALARM, "a")
    await put(records, Kind.ALARM, "b")
    first, second = await claim(records)
    results = [Result(first, outcome, after(2)), Result(second, Sent(1))]
    with pytest.raises(ValueError, match="end of an item"):
        await records.outbox.advance(results, [], NOW)

    assert await records.outbox.recover() == 2


async def test_a_blocked_chat_gets_nothing_more(records: Records) -> None:
    """Its other messages end too, and the next days' are not queued; its preferences stay."""
    await subscribe(records, ANA)
    await subscribe(records, ANA, share=PETR4)
    await records.outbox.fill(NINE, TODAY, {ITUB4: TEXT, PETR4: TEXT}, now=NOW, expires=CLOSE)
    await put(records, Kind.NOTICE, "n", BIA)
    notice, first, _ = await due(records)
    await records.outbox.advance([], [first], NOW)
    await come(records, [first], Closed("Forbidden: bot was blocked by the user"))

    assert await due(records, after(60)) == [notice]
    assert await records.subscriptions.shares() == []
    assert len(await records.subscriptions.of(ANA)) == 2


async def test_a_closed_chat_without_subscriptions_is_tried_anew(records: Records) -> None:
    """Operators may add the bot again while it is not looking: the next alarm finds out."""
    await put(records, Kind.ALARM, "a")
    await put(records, Kind.ALARM, "b")
    first, _ = await due(records)
    await come(records, [first], Closed("kicked"))
    await put(records, Kind.ALARM, "c")

    assert [item.occasion.subject for item in await due(records)] == ["c"]


async def test_a_moved_group_gets_its_items_at_the_new_number(records: Records) -> None:
    """Known to subscriptions or, as an operators' chat, not."""
    await subscribe(records, GROUP)
    await fill(records)
    await put(records, Kind.ALARM, "a", Place(GROUP.chat_id))
    await put(records, Kind.ALARM, "a", TEAM)
    alarm, team, daily = await claim(records)
    await come(records, [daily], Moved(-1005), after(1))
    await come(records, [team], Moved(-1006))
    await records.outbox.recover()

    assert [(item.id, item.place) for item in await due(records, after(1))] == [
        (alarm.id, Place(-1005)),
        (team.id, Place(-1006)),
        (daily.id, Place(-1005, GROUP.thread_id)),
    ]
    assert await records.subscriptions.of(Place(-1005, GROUP.thread_id)) != []


async def test_a_moved_item_that_is_there_already_is_not_sent_twice(records: Records) -> None:
    """The settings go on naming the old number of the operators' chat."""
    await put(records, Kind.ALARM, "a", Place(-1005), TEAM)
    new, old = await claim(records)
    await come(records, [new], Sent(1))
    await come(records, [old], Moved(-1005))

    assert await due(records, after(60)) == []
    assert await records.subscriptions.kept(-1005) == {"subscriptions": 0, "outbox": 1}


async def test_news_of_what_was_erased_change_nothing(records: Records) -> None:
    """/apagar while a message is on its way."""
    await put(records, Kind.NOTICE, "n", ANA)
    items = await claim(records)
    await records.subscriptions.erase(ANA.chat_id)
    await put(records, Kind.NOTICE, "another", BIA)
    await come(records, items, Sent(1))

    assert [item.place for item in await due(records)] == [BIA]


async def test_what_is_too_late_expires(records: Records) -> None:
    """After the closing call nobody wants today's forecast."""
    await put(records, Kind.NOTICE, "late", expires=after(5))
    await put(records, Kind.NOTICE, "later", expires=after(6))
    await put(records, Kind.NOTICE, "always")

    assert [item.occasion.subject for item in await due(records, after(5))] == ["later", "always"]
    assert (await records.outbox.expire(after(5)), await records.outbox.expire(after(5))) == (1, 0)
    assert len(await due(records)) == 2


async def test_what_is_on_its_way_does_not_expire(records: Records) -> None:
    """Its result will tell."""
    await put(records, Kind.NOTICE, "late", expires=after(5))
    await claim(records)

    assert await records.outbox.expire(after(6)) == 0


async def test_the_backlog_is_what_could_be_sent(records: Records) -> None:
    """Age tells of a sender that stands still, so failed tries do not make an item younger."""
    assert await records.outbox.backlog(NOW) == Backlog(0, None)
    await subscribe(records, ANA)
    await put(records, Kind.ALARM, "a")
    [tried] = await claim(records)
    await come(records, [tried], NotSent("away"), after(10))
    await fill(records, after(2))
    await put(records, Kind.NOTICE, "late", expires=after(3))

    assert await records.outbox.backlog(after(4)) == Backlog(2, NOW)


async def test_moments_come_back_in_utc(records: Records) -> None:
    """Whoever shows one says in whose time; a database keeps the moment alone."""
    await put(records, Kind.ALARM, "a")
    oldest = (await records.outbox.backlog(NOW)).oldest

    assert oldest == NOW
    assert oldest.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(records: Records) -> None:
    """It would be taken for another hour by somebody."""
    with pytest.raises(ValueError, match="no time zone"):
        await records.outbox.expire(NOW.replace(tzinfo=None))


async def test_a_finished_broadcast_is_counted_once(records: Records) -> None:
    """Operators read one report of each slot, when its last item is settled."""
    for chat in range(1, 7):
        await subscribe(records, Place(chat))
    await fill(records)
    sent, closed, refused, *waiting = await claim(records)
    await come(records, [sent], Sent(1))
    await come(records, [closed], Closed("blocked"))
    await come(records, [refused], Refused("no"))
    await come(records, waiting, NotSent("away"), after(2))
    assert await records.outbox.finished() == []

    await records.outbox.expire(CLOSE)
    [broadcast] = await records.outbox.finished()
    assert broadcast == Broadcast("09:00", TODAY, 1, 1, 1, 3, began=NOW, ended=CLOSE)
    await records.outbox.reported(broadcast)
    assert await records.outbox.finished() == []


async def test_a_broadcast_that_goes_on_is_reported_again(records: Records) -> None:
    """The report would lack the share that was late."""
    await subscribe(records, ANA)
    await subscribe(records, BIA, share=PETR4)
    await fill(records)
    await come(records, await claim(records), Sent(1))
    [early] = await records.outbox.finished()
    await records.outbox.reported(early)
    await fill(records, after(5), share=PETR4)
    assert await records.outbox.finished() == []

    await come(records, await claim(records, after(5)), Sent(2))
    assert [each.sent for each in await records.outbox.finished()] == [2]


async def test_broadcasts_are_told_oldest_first(records: Records) -> None:
    """Slots of one day, and the same slot of several."""
    await subscribe(records, ANA)
    await subscribe(records, BIA, at=TEN)
    tomorrow = TODAY + timedelta(days=1)
    for slot, session in ((TEN, TODAY), (NINE, tomorrow), (NINE, TODAY)):
        await records.outbox.fill(slot, session, {ITUB4: TEXT}, now=NOW, expires=CLOSE)
    await come(records, await claim(records), Sent(1))

    assert [(each.slot, each.session) for each in await records.outbox.finished()] == [
        ("09:00", TODAY),
        ("10:00", TODAY),
        ("09:00", tomorrow),
    ]


async def test_an_erased_broadcast_is_not_reported(records: Records) -> None:
    """Its only reader asked to be forgotten."""
    await subscribe(records, ANA)
    await fill(records)
    await records.subscriptions.erase(ANA.chat_id)

    assert await records.outbox.finished() == []


async def test_the_last_push_is_of_a_broadcast(records: Records) -> None:
    """Alarms reach the operators' chat; whether people are reached is another question."""
    assert await records.outbox.last_push() is None
    await put(records, Kind.ALARM, "a")
    await subscribe(records, ANA)
    await fill(records)
    alarm, daily = await claim(records)
    await records.outbox.advance([Result(daily, Sent(1))], [], after(1))
    await records.outbox.advance([Result(alarm, Sent(2))], [], after(2))

    assert await records.outbox.last_push() == after(1)


async def test_old_items_are_forgotten(records: Records) -> None:
    """What ended long ago; never what waits."""
    await put(records, Kind.NOTICE, "old", ANA)
    await come(records, await claim(records), Sent(1))
    await put(records, Kind.NOTICE, "waits", ANA)

    assert await records.outbox.forget(after(1)) == 0
    assert await records.outbox.forget(after(2)) == 1
    assert await records.subscriptions.kept(ANA.chat_id) == {"subscriptions": 0, "outbox": 1}
    assert len(await due(records)) == 1


async def test_texts_of_strangers_can_be_kept(records: Records) -> None:
    """An alarm's JSON may hold NUL and halves of surrogate pairs, which databases refuse."""
    await records.outbox.put(
        [TEAM], Occasion(Kind.ALARM, "a", TODAY), Content("a\0b\ud83d!"), now=NOW
    )
    [item] = await due(records)

    assert item.content == Content("ab?!")
