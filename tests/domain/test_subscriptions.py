"""Reading what somebody wants to be sent, and when its first message comes."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.places import Place
from bot.domain.subscriptions import (
    LATEST,
    Misread,
    Request,
    Slot,
    Subscription,
    first_session,
    read_cancellation,
    read_hour,
    read_request,
    readable,
    slots_of,
)
from bot.domain.tickers import Ticker
from tests.share_bars import B3, at

SLOTS = st.times(max_value=LATEST).map(lambda hour: hour.replace(second=0, microsecond=0))
FORMS = (
    "{0.hour}h{0.minute:02}",
    "{0.hour:02}h{0.minute:02}",
    "{0.hour}H{0.minute:02}min",
    "{0.hour}:{0.minute:02}",
    "{0.hour:02}:{0.minute:02}",
)


@given(SLOTS, st.sampled_from(FORMS))
def test_an_hour_is_read_in_every_form_that_people_type(slot: time, form: str) -> None:
    """Nobody looks up how a bot wants its hours."""
    assert read_hour(form.format(slot)) == slot


@pytest.mark.parametrize("word", ["9", "09", "9h", "9H", "9hs", "9hrs", "9horas", "9h00", "9:00"])
def test_whole_hours_have_short_forms(word: str) -> None:
    """`/assinar ITUB4 9h` is what a phone invites to."""
    assert read_hour(word) == time(9)


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("24:00", Misread.NO_SUCH_HOUR),
        ("9:60", Misread.NO_SUCH_HOUR),
        ("9:5", Misread.NO_SUCH_HOUR),
        ("900", Misread.NO_SUCH_HOUR),
        ("9.30", Misread.NO_SUCH_HOUR),
        ("9pm", Misread.NO_SUCH_HOUR),
        ("٩", Misread.NO_SUCH_HOUR),
        ("16:31", Misread.TOO_LATE),
        ("21:00", Misread.TOO_LATE),
    ],
)
def test_what_is_no_hour_of_the_day_message_is_said(word: str, why: Misread) -> None:
    """A guess would send it at the wrong time every day."""
    assert read_hour(word) is why


def test_the_last_slot_leaves_before_the_closing_auction() -> None:
    """A forecast of today's close is worth nothing once it is known."""
    summer, winter = date(2026, 7, 29), date(2026, 11, 25)

    assert read_hour(f"{LATEST:%H:%M}") == LATEST
    assert [B3.close(day) - at(f"{day}T{LATEST}") for day in (summer, winter)] == [
        timedelta(minutes=30),
        timedelta(minutes=90),
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", Request((), None)),
        ("itub4", Request(("itub4",), None)),
        ("9h", Request((), time(9))),
        ("itub4, petr4 às 9h30", Request(("itub4", "petr4"), time(9, 30))),
        ("09:30 ITUB4", Request(("ITUB4",), time(9, 30))),
        ("ITUB4;PETR4 e vale3", Request(("ITUB4", "PETR4", "vale3"), None)),
        ("itub4 PETR4 ITUB4", Request(("ITUB4", "PETR4"), None)),
        ("itub4 às 9 horas", Request(("itub4",), time(9))),
        ("itub4 9h 10h", Misread.TWO_HOURS),
        ("itub4 18h", Misread.TOO_LATE),
        ("itub4 25h", Misread.NO_SUCH_HOUR),
    ],
)
def test_shares_and_an_hour_come_in_any_order(text: str, read: Request | Misread) -> None:
    """People write to a bot as they write to people."""
    assert read_request(text) == read


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_without_an_exception(text: str) -> None:
    """Half of Unicode are digits, letters or spaces of somebody."""
    read = read_request(text)
    cancelled = read_cancellation(text)

    assert isinstance(read, Request | Misread)
    assert cancelled is None or all(cancelled)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("itub4, petr4", ("itub4", "petr4")),
        ("itub4 09:00", ("itub4",)),
        ("todas", None),
        ("TUDO", None),
        ("itub4 e todas", None),
    ],
)
def test_what_to_cancel_is_read_like_what_to_send(text: str, words: tuple[str, ...] | None) -> None:
    """The hour that stands beside a share in the list does no harm."""
    assert read_cancellation(text) == words


def test_words_are_parted_by_whether_they_can_be_shares() -> None:
    """What cannot be a share is repeated to who typed it."""
    assert readable(["itub4", "ITUB4.SA", "banana", "$petr4"]) == (
        ("ITUB4.SA", "PETR4.SA"),
        ("banana",),
    )


@pytest.mark.parametrize(
    ("now", "session"),
    [
        ("2026-07-29T08:59", date(2026, 7, 29)),
        ("2026-07-29T09:00", date(2026, 7, 30)),
        ("2026-07-31T12:00", date(2026, 8, 3)),
        ("2026-08-01T00:00", date(2026, 8, 3)),
        ("2026-09-05T20:00", date(2026, 9, 8)),
    ],
)
def test_the_first_message_comes_at_the_next_slot_of_a_session(now: str, session: date) -> None:
    """Weekends and Independence Day have none, and a slot that has passed is tomorrow's."""
    assert first_session(time(9), at(now), B3) == session


def test_a_place_s_subscriptions_are_listed_by_hour() -> None:
    """Each hour with the day of its own next message."""
    wanted = [
        Subscription(Place(1), Ticker(share), hour)
        for share, hour in (("VALE3.SA", time(10)), ("PETR4.SA", time(9)), ("ITUB4.SA", time(10)))
    ]

    assert slots_of(wanted, at("2026-07-29T09:30"), B3) == (
        Slot(time(9), (Ticker("PETR4.SA"),), date(2026, 7, 30)),
        Slot(time(10), (Ticker("ITUB4.SA"), Ticker("VALE3.SA")), date(2026, 7, 29)),
    )
