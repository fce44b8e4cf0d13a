"""From what somebody asks to be sent to what the database keeps, and back.

    Request ─▶ read ─▶ room? ─▶ does it exist? ─▶ Subscriptions.add ─▶ Subscribed

A share is looked up once, when it is new to the place, so that nobody waits for messages about a
share that does not exist.  One that is refused takes no other along.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import time

from bot.domain.places import ChatKind, Place
from bot.domain.subscriptions import (
    MOST_SHARES,
    Listed,
    Request,
    Subscribed,
    Subscription,
    slots_of,
)
from bot.domain.tickers import Ticker
from bot.errors import ForecastError, ModelUnavailable
from bot.flow.forecasts.forecaster import Forecaster
from bot.ports.records import Subscriptions


@dataclass(frozen=True, slots=True)
class Subscribing:
    """Changes and lists the subscriptions of a place.

    Every method raises `StorageUnavailable` when the database is away; nothing was changed then.

    Attributes:
        default_ticker: subscribed when no share is named.
        default_at: the slot when no hour is named, São Paulo, naive.
    """

    records: Subscriptions
    forecaster: Forecaster
    default_ticker: Ticker
    default_at: time

    async def subscribe(self, place: Place, kind: ChatKind, request: Request) -> Subscribed:
        """Subscribe to what exists and fits; what is subscribed already gets the new hour."""
        read = [self._share(word) for word in request.shares or (self.default_ticker,)]
        asked = tuple(dict.fromkeys(one for one in read if isinstance(one, str)))
        held = {one.ticker: one for one in await self.records.of(place)}
        new = [share for share in asked if share not in held]
        room = max(0, MOST_SHARES - len(held))
        refusals = await self._refusals(new[:room])
        out = {*new[room:], *refusals}
        usual = Subscription(place, self.default_ticker, self.default_at, _silent(held.values()))
        wanted = [
            _at(held.get(share) or replace(usual, ticker=share), request.at)
            for share in asked
            if share not in out
        ]
        changed = await self.records.add(kind, wanted, self.forecaster.clock()) if wanted else []
        misread = (one for one in read if isinstance(one, ForecastError))
        return Subscribed(
            kept=self._listed(wanted),
            changed=bool(changed),
            refused=(*misread, *refusals.values()),
            beyond=tuple(new[room:]),
        )

    async def listed(self, place: Place) -> Listed:
        """What a place is subscribed to; who asks can read, so a closed chat is open again."""
        await self.records.opened(place.chat_id)
        return self._listed(await self.records.of(place))

    async def move(self, place: Place, kind: ChatKind, shares: Sequence[Ticker], at: time) -> None:
        """Give another hour to some shares, or to all when none is named."""
        held = await self.records.of(place)
        moved = [replace(one, at=at) for one in held if not shares or one.ticker in shares]
        if moved:
            await self.records.add(kind, moved, self.forecaster.clock())

    async def silence(self, place: Place, *, silent: bool) -> None:
        """Turn the sound of a place off or on."""
        await self.records.silence(place, silent=silent)

    async def cancel(self, place: Place, shares: Sequence[Ticker]) -> tuple[Ticker, ...]:
        """Cancel some shares, or all when none is named; gives those that were subscribed."""
        gone = [
            one for share in shares or (None,) for one in await self.records.cancel(place, share)
        ]
        return tuple(one.ticker for one in gone)

    def _share(self, word: str) -> Ticker | ForecastError:
        try:
            return self.forecaster.ticker(word)
        except ForecastError as error:
            return error

    async def _refusals(self, shares: Sequence[Ticker]) -> dict[Ticker, ForecastError]:
        """Why shares cannot be subscribed; that the model is away says nothing against them."""
        if not shares:
            return {}
        found = await self.forecaster.outlooks(shares)
        return {
            share: one
            for share, one in found.items()
            if isinstance(one, ForecastError) and not isinstance(one, ModelUnavailable)
        }

    def _listed(self, subscriptions: Sequence[Subscription]) -> Listed:
        slots = slots_of(subscriptions, self.forecaster.clock(), self.forecaster.sessions)
        return Listed(slots, _silent(subscriptions))


def _silent(subscriptions: Iterable[Subscription]) -> bool:
    return any(one.silent for one in subscriptions)


def _at(subscription: Subscription, at: time | None) -> Subscription:
    """An hour that is not named stays as it is."""
    return replace(subscription, at=at) if at is not None else subscription
