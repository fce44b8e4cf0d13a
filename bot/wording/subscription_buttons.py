"""Buttons about subscriptions: what they say, what they carry, and how that is read again.

    sub:lista                      the list              sub:som:1               without a sound
    sub:horas:ITUB4,PETR4          hours to choose from  sub:cancelar:ITUB4      cancel, show list
    sub:hora:0930:ITUB4,PETR4      take this hour        cancelar:ITUB4          under a forecast

`*` in the place of shares means all of the place.  Telegram carries 64 bytes at most: a button
that would need more does not exist, and `/assinaturas` does the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import Enum

from bot.domain.outbox import Button
from bot.domain.subscriptions import HOURS_OFFERED, LATEST, Listed
from bot.domain.tickers import Ticker, parse_ticker, shown
from bot.errors import UnknownTicker

MOST_BYTES = 64
"""https://core.telegram.org/bots/api#inlinekeyboardbutton"""

PREFIX = "sub"
BELOW = "cancelar"
"""What the button below a day's message carries before its share."""
ALL = "*"

SILENCE = "Sem som"
SOUND = "Com som"
OTHER_HOUR = "Outro horário"
CANCEL = "Cancelar"
CANCEL_ALL = "Cancelar todas"
LIST = "Ver assinaturas"
BACK = "Voltar"

Rows = tuple[tuple[Button, ...], ...]


class Verb(Enum):
    """What a button does; the value is what it carries."""

    LIST = "lista"
    SOUND = "som"
    HOURS = "horas"
    HOUR = "hora"
    CANCEL = "cancelar"


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed.

    Attributes:
        verb: what it does.
        shares: to which shares of the place; none means all.
        at: the hour to take, São Paulo, naive; only with `Verb.HOUR`.
        silent: only with `Verb.SOUND`.
    """

    verb: Verb
    shares: tuple[Ticker, ...] = ()
    at: time = time()
    silent: bool = False


_CARRIED = re.compile(
    rf"{PREFIX}:(?:(?P<list>lista)|som:(?P<silent>[01])"
    r"|(?P<verb>horas|cancelar|hora:(?P<hour>[01][0-9]|2[0-3])(?P<minute>[0-5][0-9]))"
    r":(?P<shares>\*|[A-Z0-9,]+))"
)


def read_press(carried: str) -> Press | None:
    """Read what a button carries; None for one that no version of this bot has made."""
    found = _CARRIED.fullmatch(carried)
    if not found:
        return None
    if found["list"]:
        return Press(Verb.LIST)
    if found["silent"]:
        return Press(Verb.SOUND, silent=found["silent"] == "1")
    try:
        shares = () if found["shares"] == ALL else _shares(found["shares"])
    except UnknownTicker:
        return None
    if found["hour"]:
        at = time(int(found["hour"]), int(found["minute"]))
        return Press(Verb.HOUR, shares, at) if at <= LATEST else None
    return Press(Verb(found["verb"]), shares)


def after_subscribing(listed: Listed) -> Rows:
    """Under the answer to `/assinar`: about the shares that were asked for."""
    shares = _carried(listed.shares)
    about = (
        _fitting(OTHER_HOUR, f"{PREFIX}:{Verb.HOURS.value}:{shares}"),
        _fitting(CANCEL, f"{PREFIX}:{Verb.CANCEL.value}:{shares}"),
    )
    last = (Button(LIST, f"{PREFIX}:{Verb.LIST.value}"),)
    return (tuple(filter(None, (_sound(listed), *about))), last)


def of_list(listed: Listed) -> Rows:
    """Under the list: one button to cancel each share, then what is for all of them."""
    shares = listed.shares
    if not shares:
        return ()
    each = [
        Button(f"{CANCEL} {shown(one)}", f"{PREFIX}:{Verb.CANCEL.value}:{shown(one)}")
        for one in sorted(shares)
    ]
    pairs = tuple(tuple(each[start : start + 2]) for start in range(0, len(each), 2))
    hours = Button(OTHER_HOUR, f"{PREFIX}:{Verb.HOURS.value}:{ALL}")
    every = Button(CANCEL_ALL, f"{PREFIX}:{Verb.CANCEL.value}:{ALL}")
    return (*pairs, (_sound(listed), hours), *([(every,)] if len(shares) > 1 else []))


def hours(shares: Sequence[Ticker]) -> Rows:
    """The hours to choose from for some shares, or for all when none is named."""
    carried = _carried(shares)
    offered = [
        _fitting(f"{at:%H:%M}", f"{PREFIX}:{Verb.HOUR.value}:{at:%H%M}:{carried}")
        for at in HOURS_OFFERED
    ]
    return (tuple(filter(None, offered)), (Button(BACK, f"{PREFIX}:{Verb.LIST.value}"),))


def _sound(listed: Listed) -> Button:
    label = SOUND if listed.silent else SILENCE
    return Button(label, f"{PREFIX}:{Verb.SOUND.value}:{int(not listed.silent)}")


def _fitting(label: str, carried: str) -> Button | None:
    return Button(label, carried) if len(carried.encode()) <= MOST_BYTES else None


def _carried(shares: Sequence[Ticker]) -> str:
    return ",".join(map(shown, shares)) or ALL


def _shares(carried: str) -> tuple[Ticker, ...]:
    return tuple(map(parse_ticker, carried.split(",")))
