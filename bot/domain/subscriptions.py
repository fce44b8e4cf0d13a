"""Who gets which share's forecast each session day, and when.

    "itub4, petr4 às 9h30" ──read_request()──▶ Request(("itub4", "petr4"), 09:30)
    Request ──bot.flow.pushes.subscribing──▶ Subscribed

A daily message is about that day's close, so it leaves before the closing auction: hours later
than `LATEST` are refused.  Pure: nothing here knows which shares exist or what is subscribed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum

from bot.domain.places import Place
from bot.domain.sessions import SAO_PAULO, Sessions
from bot.domain.tickers import Ticker, parse_ticker
from bot.errors import ForecastError, UnknownTicker

MOST_SHARES = 20
"""Subscriptions of one place; nobody reads more, and nobody fills the database alone."""

LATEST = time(16, 30)
"""The last slot: the closing auction begins at 16:55 for most of the year, and what is queued by
then still has to leave, 25 minutes of Telegram's 30 messages a second."""

HOURS_OFFERED = (time(8), time(9), time(10), time(12), time(15))
"""What the buttons offer: before the open, at it, and with the running price known."""

# 9, 9h, 9hs, 9h30, 9h30min, 09:30; digits of other alphabets are no hours.
_HOUR = re.compile(
    r"([0-9]{1,2})(?::([0-9]{2})|h(?:s|rs?|oras?)?|h([0-9]{2})(?:m(?:in)?)?)?", re.IGNORECASE
)
_BETWEEN = re.compile(r"[\s,;]+")
_SMALL_WORDS = frozenset(
    {"e", "às", "as", "à", "a", "ao", "de", "do", "para", "h", "hs", "hora", "horas"}
)
_EVERYTHING = frozenset({"todas", "todos", "tudo"})


@dataclass(frozen=True, slots=True)
class Subscription:
    """One share, sent to one place on every session day.

    Attributes:
        place: where it is sent; a place has each share at most once.
        ticker: the share.
        at: the slot: hour and whole minute in São Paulo, naive.
        silent: delivered without a sound.
    """

    place: Place
    ticker: Ticker
    at: time
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks to be sent.

    Attributes:
        shares: as typed, in order, without doubles; not yet known to exist.
        at: the slot in São Paulo, naive; None when no hour was given.
    """

    shares: tuple[str, ...]
    at: time | None


@dataclass(frozen=True, slots=True)
class Slot:
    """What a place gets at one hour.

    Attributes:
        at: São Paulo, naive.
        shares: in alphabetical order.
        first: session of the next message.
    """

    at: time
    shares: tuple[Ticker, ...]
    first: date


@dataclass(frozen=True, slots=True)
class Listed:
    """All that a place is subscribed to: its slots, earliest hour first, and its sound."""

    slots: tuple[Slot, ...]
    silent: bool = False

    @property
    def shares(self) -> tuple[Ticker, ...]:
        """All the shares, by hour."""
        return tuple(share for slot in self.slots for share in slot.shares)


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What became of a request; one share that was refused took no other along.

    Attributes:
        kept: the shares asked for that are subscribed now.
        changed: whether any of them is new or has another hour.
        refused: why the others are not, in the order in which they were typed.
        beyond: shares for which the place has no room left.
    """

    kept: Listed
    changed: bool
    refused: tuple[ForecastError, ...] = ()
    beyond: tuple[Ticker, ...] = ()


class Misread(Enum):
    """Why a request cannot be carried out as it was typed."""

    NO_SUCH_HOUR = "no such hour"
    TWO_HOURS = "two hours"
    TOO_LATE = "too late"


def read_request(text: str) -> Request | Misread:
    """Read what follows `/assinar`: shares and at most one hour, in any order.

    A word that begins with a digit is an hour, since no share of B3 does.
    """
    words = [word for word in _BETWEEN.split(text) if word.lower() not in _SMALL_WORDS | {""}]
    hours = [word for word in words if word[0].isdecimal()]
    if len(hours) > 1:
        return Misread.TWO_HOURS
    at = read_hour(hours[0]) if hours else None
    if isinstance(at, Misread):
        return at
    shares = {word.upper(): word for word in words if word not in hours}
    return Request(tuple(shares.values()), at)


def read_cancellation(text: str) -> tuple[str, ...] | None:
    """Read what follows `/cancelar`: shares as typed, hours left out; None for `todas`."""
    words = [word for word in _BETWEEN.split(text) if word.lower() not in _SMALL_WORDS | {""}]
    if any(word.lower() in _EVERYTHING for word in words):
        return None
    return tuple({word.upper(): word for word in words if not word[0].isdecimal()}.values())


def readable(words: Sequence[str]) -> tuple[tuple[Ticker, ...], tuple[str, ...]]:
    """Which words have the form of a share, and which do not."""
    shares: dict[Ticker, None] = {}
    others: list[str] = []
    for word in words:
        try:
            shares[parse_ticker(word)] = None
        except UnknownTicker:
            others.append(word)
    return tuple(shares), tuple(others)


def read_hour(word: str) -> time | Misread:
    """Read an hour as people type it: `9h`, `9h30`, `09:30`, `9`."""
    found = _HOUR.fullmatch(word)
    if not found:
        return Misread.NO_SUCH_HOUR
    hour, minute = int(found[1]), int(found[2] or found[3] or 0)
    try:
        at = time(hour, minute)
    except ValueError:
        return Misread.NO_SUCH_HOUR
    return at if at <= LATEST else Misread.TOO_LATE


def first_session(at: time, now: datetime, sessions: Sessions) -> date:
    """The session of the first message of a slot that somebody subscribes to at `now`.

    Raises:
        ValueError: the calendar of B3 ends before.
    """
    today = sessions.today(now)
    if now < datetime.combine(today, at, SAO_PAULO):
        return today
    return sessions.after(today, 1)[0]


def slots_of(
    subscriptions: Sequence[Subscription], now: datetime, sessions: Sessions
) -> tuple[Slot, ...]:
    """Subscriptions of one place by their hour, each with the session of its next message."""
    hours = sorted({one.at for one in subscriptions})
    return tuple(
        Slot(
            at,
            tuple(sorted(one.ticker for one in subscriptions if one.at == at)),
            first_session(at, now, sessions),
        )
        for at in hours
    )
