"""What every store of subscriptions keeps: the fake of the tests, SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pytest

from bot.domain.outbox import Content, Kind, Occasion
from bot.domain.places import ChatKind, Place
from bot.domain.sessions import SAO_PAULO
from bot.domain.subscriptions import Subscription
from bot.domain.tickers import Ticker
from tests.records import Records

pytest_plugins = ["tests.databases"]

NOW = datetime(2026, 7, 29, 9, 0, tzinfo=SAO_PAULO)
EARLIER, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
TODAY = NOW.date()
NINE, TEN = time(9), time(10)
ITUB4, PETR4, VALE3 = Ticker("ITUB4.SA"), Ticker("PETR4.SA"), Ticker("VALE3.SA")
ANA, GROUP, TOPIC = Place(1), Place(-5), Place(-5, 77)


def one(place: Place, ticker: Ticker, at: time = NINE, *, silent: bool = False) -> Subscription:
    """A subscription."""
    return Subscription(place, ticker, at, silent)


async def subscribed(records: Records, *wanted: Subscription) -> None:
    """Each is added on its own."""
    for each in wanted:
        await records.subscriptions.add(ChatKind.PRIVATE, [each], EARLIER)


async def filled(records: Records, shares: Sequence[Ticker] = (ITUB4, PETR4, VALE3)) -> int:
    """The slot of 09:00 is queued for its subscribers."""
    contents = {share: Content(f"fecha {share}") for share in shares}
    return await records.outbox.fill(NINE, TODAY, contents, now=NOW, expires=LATER)


async def readers(records: Records) -> list[tuple[Place, str]]:
    """Who would now get what."""
    due = await records.outbox.due(NOW, 100)
    return sorted(((item.place, item.occasion.subject) for item in due), key=str)


async def test_what_is_subscribed_is_listed_by_share(records: Records) -> None:
    """The list that people read does not depend on the order of their wishes."""
    wanted = [one(ANA, VALE3), one(ANA, ITUB4, TEN, silent=True)]
    await records.subscriptions.add(ChatKind.PRIVATE, wanted, NOW)

    assert await records.subscriptions.of(ANA) == wanted[::-1]


async def test_only_what_is_new_or_changed_is_told(records: Records) -> None:
    """The answer to /assinar says what came of it, not what was there before."""
    await subscribed(records, one(ANA, ITUB4), one(ANA, PETR4))
    wanted = [one(ANA, ITUB4), one(ANA, PETR4, TEN), one(ANA, VALE3)]
    changed = await records.subscriptions.add(ChatKind.PRIVATE, wanted, LATER)

    assert changed == wanted[1:]
    assert await records.subscriptions.of(ANA) == wanted


async def test_of_two_wishes_for_one_share_the_last_counts(records: Records) -> None:
    """`/assinar ITUB4 ITUB4` is one subscription."""
    wanted = [one(ANA, ITUB4), one(ANA, ITUB4, TEN)]

    assert await records.subscriptions.add(ChatKind.PRIVATE, wanted, NOW) == wanted[1:]
    assert await records.subscriptions.of(ANA) == wanted[1:]


async def test_no_wish_changes_nothing(records: Records) -> None:
    """All shares of a message may have been unknown."""
    assert await records.subscriptions.add(ChatKind.PRIVATE, [], NOW) == []
    assert await records.subscriptions.slots() == []


async def test_wishes_of_several_chats_are_a_mistake(records: Records) -> None:
    """A transaction is about one chat; its row is what others wait for."""
    with pytest.raises(ValueError, match="several chats"):
        await records.subscriptions.add(ChatKind.PRIVATE, [one(ANA, ITUB4), one(GROUP, ITUB4)], NOW)


@pytest.mark.parametrize("odd", [time(9, 0, 1), time(9, tzinfo=SAO_PAULO)])
async def test_a_slot_is_a_whole_minute_of_sao_paulo(records: Records, odd: time) -> None:
    """Anything finer would be cut off unseen."""
    with pytest.raises(ValueError, match="no slot"):
        await records.subscriptions.add(ChatKind.PRIVATE, [one(ANA, ITUB4, odd)], NOW)


async def test_topics_of_a_forum_subscribe_apart(records: Records) -> None:
    """A forum has one topic for each share."""
    await subscribed(records, one(GROUP, ITUB4), one(TOPIC, ITUB4, TEN))

    assert await records.subscriptions.of(TOPIC) == [one(TOPIC, ITUB4, TEN)]
    assert await records.subscriptions.of(GROUP) == [one(GROUP, ITUB4)]


async def test_the_largest_numbers_of_telegram_are_kept(records: Records) -> None:
    """Chats have up to 52 bits; a database's usual integer has 32."""
    far = Place(-(2**52) + 1, 2**31 + 1)
    await subscribed(records, one(far, ITUB4))

    assert await records.subscriptions.of(far) == [one(far, ITUB4)]


async def test_one_share_or_all_are_cancelled(records: Records) -> None:
    """What was there is told, so that the answer can name it."""
    await subscribed(records, one(ANA, VALE3), one(ANA, ITUB4), one(ANA, PETR4), one(TOPIC, ITUB4))

    assert await records.subscriptions.cancel(ANA, PETR4) == [one(ANA, PETR4)]
    assert await records.subscriptions.cancel(ANA, None) == [one(ANA, ITUB4), one(ANA, VALE3)]
    assert await records.subscriptions.cancel(ANA, None) == []
    assert await records.subscriptions.of(TOPIC) == [one(TOPIC, ITUB4)]


async def test_what_waits_of_a_cancelled_share_is_not_sent(records: Records) -> None:
    """Nobody wants to read, a second after "cancelled", what was cancelled."""
    await subscribed(records, one(ANA, ITUB4), one(ANA, PETR4), one(GROUP, ITUB4))
    await filled(records)
    await records.subscriptions.cancel(ANA, ITUB4)

    assert await readers(records) == [(GROUP, ITUB4), (ANA, PETR4)]


async def test_sound_is_of_the_whole_place(records: Records) -> None:
    """One button silences all shares of a chat, and of no other."""
    await subscribed(records, one(ANA, ITUB4), one(ANA, PETR4), one(GROUP, ITUB4))

    assert await records.subscriptions.silence(ANA, silent=True) == 2
    assert [each.silent for each in await records.subscriptions.of(ANA)] == [True, True]
    assert [each.silent for each in await records.subscriptions.of(GROUP)] == [False]


async def test_slots_and_shares_are_those_of_active_chats(records: Records) -> None:
    """Nothing is forecast, nor any job kept, for those who blocked the bot."""
    await subscribed(records, one(ANA, PETR4, TEN), one(ANA, ITUB4), one(GROUP, VALE3, time(8, 30)))
    await records.subscriptions.closed(GROUP.chat_id, NOW)

    assert await records.subscriptions.slots() == [NINE, TEN]
    assert await records.subscriptions.shares() == [ITUB4, PETR4]
    assert await records.subscriptions.shares(TEN) == [PETR4]
    assert await records.subscriptions.shares(time(8, 30)) == []


async def test_midnight_is_a_slot_too(records: Records) -> None:
    """It is minute zero of the day, which must not be taken for nothing."""
    await subscribed(records, one(ANA, ITUB4, time(0)), one(GROUP, PETR4, time(23, 59)))

    assert await records.subscriptions.slots() == [time(0), time(23, 59)]
    assert await records.subscriptions.shares(time(0)) == [ITUB4]


async def test_a_closed_chat_keeps_its_preferences(records: Records) -> None:
    """Who unblocks the bot finds everything as it was."""
    await subscribed(records, one(ANA, ITUB4))
    await filled(records)
    await records.subscriptions.closed(ANA.chat_id, NOW)

    assert await readers(records) == []
    assert await filled(records, [PETR4]) == 0
    assert await records.subscriptions.of(ANA) == [one(ANA, ITUB4)]


async def test_an_open_chat_is_served_again(records: Records) -> None:
    """What had waited when it closed is over, the next session is not."""
    await subscribed(records, one(ANA, ITUB4))
    await records.subscriptions.closed(ANA.chat_id, NOW)
    await records.subscriptions.opened(ANA.chat_id)
    await filled(records)

    assert await readers(records) == [(ANA, ITUB4)]


async def test_who_subscribes_again_is_open(records: Records) -> None:
    """The message with the command is proof enough."""
    await subscribed(records, one(ANA, ITUB4))
    await records.subscriptions.closed(ANA.chat_id, NOW)
    await records.subscriptions.add(ChatKind.PRIVATE, [one(ANA, PETR4)], LATER)

    assert await records.subscriptions.shares() == [ITUB4, PETR4]


async def test_unknown_chats_open_and_close_without_a_trace(records: Records) -> None:
    """Most who block the bot never subscribed."""
    await records.subscriptions.closed(99, NOW)
    await records.subscriptions.opened(99)
    await records.subscriptions.moved(99, -100)

    assert await records.subscriptions.kept(99) == {"subscriptions": 0, "outbox": 0}


async def test_a_group_takes_everything_along(records: Records) -> None:
    """Telegram gives a group another number when it grows."""
    await subscribed(records, one(GROUP, ITUB4, TEN), one(TOPIC, PETR4, silent=True))
    await filled(records)
    await records.subscriptions.moved(GROUP.chat_id, -1005)

    assert await records.subscriptions.of(Place(-1005)) == [one(Place(-1005), ITUB4, TEN)]
    assert await readers(records) == [(Place(-1005, 77), PETR4)]
    assert await records.subscriptions.kept(GROUP.chat_id) == {"subscriptions": 0, "outbox": 0}


async def test_a_supergroup_that_is_known_keeps_its_own(records: Records) -> None:
    """Updates of the new number may come before the one that tells of the move."""
    new = Place(-1005)
    await subscribed(records, one(GROUP, ITUB4), one(GROUP, PETR4), one(new, ITUB4, NINE))
    await filled(records)
    await records.subscriptions.add(ChatKind.SUPERGROUP, [one(new, ITUB4, TEN)], NOW)
    await records.subscriptions.moved(GROUP.chat_id, -1005)

    assert await records.subscriptions.of(new) == [one(new, ITUB4, TEN), one(new, PETR4)]
    assert await readers(records) == [(new, ITUB4), (new, PETR4)]


async def test_a_move_to_itself_changes_nothing(records: Records) -> None:
    """Telegram repeats itself."""
    await subscribed(records, one(GROUP, ITUB4))
    await filled(records)
    await records.subscriptions.moved(GROUP.chat_id, GROUP.chat_id)

    assert await records.subscriptions.kept(GROUP.chat_id) == {"subscriptions": 1, "outbox": 1}


async def test_erasing_leaves_nothing(records: Records) -> None:
    """LGPD: what is kept about somebody goes when they say so."""
    await subscribed(records, one(ANA, ITUB4), one(ANA, PETR4), one(GROUP, ITUB4))
    await filled(records)
    await records.outbox.put([ANA], Occasion(Kind.NOTICE, "n", TODAY), Content("oi"), now=NOW)

    assert await records.subscriptions.kept(ANA.chat_id) == {"subscriptions": 2, "outbox": 3}
    assert await records.subscriptions.erase(ANA.chat_id) == 5
    assert await records.subscriptions.kept(ANA.chat_id) == {"subscriptions": 0, "outbox": 0}
    assert await readers(records) == [(GROUP, ITUB4)]


async def test_erasing_what_is_not_there_is_nothing(records: Records) -> None:
    """/apagar twice."""
    assert await records.subscriptions.erase(ANA.chat_id) == 0
