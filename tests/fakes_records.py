"""A database without a database: every port of `bot.ports.records`, in memory and strict.

    records = FakeRecords()          records.outbox.failure = StorageUnavailable("locked")
    await records.subscriptions.add(...)         # the same chats as records.outbox

The tests in `tests/contract/test_records_*.py` hold these and the real ones to the same rules.
"""

# ruff: noqa: D102, the ports say what their methods do

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import count

from bot.domain.outbox import (
    Backlog,
    Broadcast,
    Closed,
    Content,
    Kind,
    Moved,
    Occasion,
    Outgoing,
    Refused,
    Result,
    Sent,
)
from bot.domain.places import ChatKind, Place
from bot.domain.sessions import SAO_PAULO, Sessions
from bot.domain.subscriptions import Subscription
from bot.domain.tickers import Ticker
from bot.errors import StorageUnavailable
from tests.fakes_track_record import FakeTrackRecord, aware

__all__ = ["FakeFileIds", "FakeLease", "FakeOutbox", "FakeRecords", "FakeSubscriptions"]

URGENCY = tuple(Kind)
OPEN = ("waiting", "sending")


@dataclass(slots=True)
class Item:
    """A row of the outbox; `state` is one of the words of `bot.domain.outbox`'s picture."""

    outgoing: Outgoing
    queued: datetime
    not_before: datetime
    expires: datetime | None
    slot: time | None
    state: str = "waiting"
    ended: datetime | None = None
    message_id: int | None = None
    reason: str = ""

    @property
    def key(self) -> tuple[Place, Occasion]:
        """What no two rows share."""
        return self.outgoing.place, self.outgoing.occasion

    def end(self, state: str, now: datetime, reason: str = "") -> None:
        """Let the item wait no more."""
        self.state, self.ended, self.reason = state, now, reason


@dataclass(slots=True)
class Tables:
    """What the ports share: which chats are known and open, who wants what, and what is queued."""

    chats: dict[int, tuple[ChatKind, bool]] = field(default_factory=dict)
    subscriptions: dict[tuple[Place, Ticker], Subscription] = field(default_factory=dict)
    since: dict[tuple[Place, Ticker], datetime] = field(default_factory=dict)
    items: dict[int, Item] = field(default_factory=dict)
    reported: set[tuple[time, date]] = field(default_factory=set)
    ids: Iterator[int] = field(default_factory=lambda: count(1))

    def active(self, chat_id: int) -> bool:
        """Whether a chat is open to the bot; one that is not known is."""
        return self.chats.get(chat_id, (ChatKind.PRIVATE, True))[1]

    def close(self, chat_id: int, now: datetime, reason: str) -> None:
        """Send a chat nothing more."""
        if chat_id in self.chats:
            self.chats[chat_id] = (self.chats[chat_id][0], False)
        for item in self.items.values():
            if item.outgoing.place.chat_id == chat_id and item.state == "waiting":
                item.end("closed", now, reason)

    def move(self, old: int, new: int) -> None:
        """Give everything of one chat to another, which keeps what it has already."""
        if old == new:
            return
        known = self.chats.pop(old, None)
        if known:
            self.chats.setdefault(new, (ChatKind.SUPERGROUP, known[1]))
        for place, ticker in [key for key in self.subscriptions if key[0].chat_id == old]:
            moved = replace(self.subscriptions.pop((place, ticker)), place=_at(place, new))
            if (moved.place, ticker) not in self.subscriptions:
                self.subscriptions[moved.place, ticker] = moved
                self.since[moved.place, ticker] = self.since[place, ticker]
        there = {item.key for item in self.items.values()}
        for number, item in list(self.items.items()):
            if item.outgoing.place.chat_id == old:
                item.outgoing = replace(item.outgoing, place=_at(item.outgoing.place, new))
                if item.key in there:
                    del self.items[number]


def _by_place(row: tuple[tuple[Place, Ticker], Subscription]) -> tuple[int, int, Ticker]:
    place, ticker = row[0]
    return place.chat_id, place.thread_id, ticker


def keepable(text: str) -> str:
    """A text without NUL and halves of characters, which no database keeps."""
    return text.encode(errors="replace").decode().replace("\0", "")


def _at(place: Place, chat_id: int) -> Place:
    return replace(place, chat_id=chat_id)


@dataclass(slots=True)
class FakeSubscriptions:
    """Fulfils `bot.ports.records.Subscriptions`; fails while `failure` is set."""

    tables: Tables
    failure: StorageUnavailable | None = None

    def _rows(self) -> dict[tuple[Place, Ticker], Subscription]:
        if self.failure:
            raise self.failure
        return self.tables.subscriptions

    async def add(
        self, kind: ChatKind, wanted: Sequence[Subscription], now: datetime
    ) -> list[Subscription]:
        rows = self._rows()
        now = aware(now)
        if len({one.place.chat_id for one in wanted}) > 1:
            raise ValueError("subscriptions of several chats at once")
        changed = []
        for one in {(one.place, one.ticker): one for one in wanted}.values():
            if one.at.second or one.at.microsecond or one.at.tzinfo:
                raise ValueError(f"{one.at} is no slot")
            before = rows.get((one.place, one.ticker))
            if before != one:
                changed.append(one)
            if before is None or before.at != one.at:
                self.tables.since[one.place, one.ticker] = now
            rows[one.place, one.ticker] = one
            self.tables.chats[one.place.chat_id] = (kind, True)
        return changed

    async def of(self, place: Place) -> list[Subscription]:
        mine = [one for one in self._rows().values() if one.place == place]
        return sorted(mine, key=lambda one: one.ticker)

    async def cancel(self, place: Place, ticker: Ticker | None) -> list[Subscription]:
        rows = self._rows()
        gone = [one for one in await self.of(place) if ticker in (None, one.ticker)]
        for one in gone:
            del rows[one.place, one.ticker]
        self._take_back(place, {one.ticker for one in gone})
        if all(other.place.chat_id != place.chat_id for other in rows.values()):
            self.tables.chats.pop(place.chat_id, None)
        return gone

    def _take_back(self, place: Place, tickers: set[Ticker]) -> None:
        for number, item in list(self.tables.items.items()):
            occasion = item.outgoing.occasion
            daily = occasion.kind is Kind.DAILY and occasion.subject in tickers
            if item.state == "waiting" and daily and item.outgoing.place == place:
                del self.tables.items[number]

    async def silence(self, place: Place, *, silent: bool) -> int:
        rows = self._rows()
        mine = await self.of(place)
        for one in mine:
            rows[place, one.ticker] = replace(one, silent=silent)
        return len(mine)

    async def erase(self, chat_id: int) -> int:
        rows = self._rows()
        gone = sum((await self.kept(chat_id)).values())
        for key in [key for key in rows if key[0].chat_id == chat_id]:
            del rows[key]
        for number, item in list(self.tables.items.items()):
            if item.outgoing.place.chat_id == chat_id:
                del self.tables.items[number]
        self.tables.chats.pop(chat_id, None)
        return gone

    async def kept(self, chat_id: int) -> Mapping[str, int]:
        items = self.tables.items.values()
        return {
            "subscriptions": sum(key[0].chat_id == chat_id for key in self._rows()),
            "outbox": sum(item.outgoing.place.chat_id == chat_id for item in items),
        }

    async def closed(self, chat_id: int, now: datetime) -> None:
        self._rows()
        self.tables.close(chat_id, aware(now), "the chat was closed to the bot")

    async def opened(self, chat_id: int) -> None:
        self._rows()
        if chat_id in self.tables.chats:
            self.tables.chats[chat_id] = (self.tables.chats[chat_id][0], True)

    async def moved(self, chat_id: int, new_chat_id: int) -> None:
        self._rows()
        self.tables.move(chat_id, new_chat_id)

    async def slots(self) -> list[time]:
        return sorted({one.at for one in self._rows().values() if self._active(one)})

    async def shares(self, at: time | None = None) -> list[Ticker]:
        rows = self._rows().values()
        return sorted({one.ticker for one in rows if self._active(one) and at in (None, one.at)})

    def _active(self, one: Subscription) -> bool:
        return self.tables.active(one.place.chat_id)


@dataclass(slots=True)
class FakeOutbox:
    """Fulfils `bot.ports.records.Outbox`; fails while `failure` is set."""

    tables: Tables
    failure: StorageUnavailable | None = None

    def _items(self, *states: str) -> list[Item]:
        if self.failure:
            raise self.failure
        return [item for item in self.tables.items.values() if item.state in states]

    def _queue(self, item: Item) -> int:
        if item.key in {other.key for other in self.tables.items.values()}:
            return 0
        self.tables.items[item.outgoing.id] = item
        return 1

    async def put(  # noqa: PLR0913, as in the port
        self,
        places: Sequence[Place],
        occasion: Occasion,
        content: Content,
        *,
        now: datetime,
        silent: bool = False,
        expires: datetime | None = None,
    ) -> int:
        self._items()
        now = aware(now)
        content = replace(content, text=keepable(content.text))
        new = 0
        for place in places:
            item = Outgoing(next(self.tables.ids), place, occasion, content, silent, tries=0)
            new += self._queue(Item(item, now, now, expires and aware(expires), slot=None))
        return new

    async def fill(
        self,
        slot: time,
        session: date,
        contents: Mapping[Ticker, Content],
        *,
        now: datetime,
        expires: datetime,
    ) -> int:
        self._items()
        now, expires = aware(now), aware(expires)
        new = 0
        for _, one in sorted(self.tables.subscriptions.items(), key=_by_place):
            if one.at != slot or one.ticker not in contents:
                continue
            if not self.tables.active(one.place.chat_id):
                continue
            if self.tables.since[one.place, one.ticker] > datetime.combine(
                session, slot, SAO_PAULO
            ):
                continue
            occasion = Occasion(Kind.DAILY, one.ticker, session)
            content = contents[one.ticker]
            item = Outgoing(next(self.tables.ids), one.place, occasion, content, one.silent, 0)
            new += self._queue(Item(item, now, now, expires, slot))
        if new:
            self.tables.reported.discard((slot, session))
        return new

    async def recover(self) -> int:
        left = self._items("sending")
        for item in left:
            item.state = "waiting"
        return len(left)

    def _sendable(self, now: datetime) -> list[Item]:
        return [
            item
            for item in self._items("waiting")
            if self.tables.active(item.outgoing.place.chat_id)
            and (item.expires is None or item.expires > aware(now))
        ]

    async def due(self, now: datetime, limit: int) -> list[Outgoing]:
        due = [item.outgoing for item in self._sendable(now) if item.not_before <= now]
        return sorted(due, key=lambda one: (URGENCY.index(one.occasion.kind), one.id))[:limit]

    async def advance(
        self, results: Sequence[Result], claimed: Sequence[Outgoing], now: datetime
    ) -> frozenset[int]:
        self._items()
        now = aware(now)
        for result in results:
            self._settle(result, now)
        found = [self.tables.items.get(one.id) for one in claimed]
        waiting = [item for item in found if item and item.state == "waiting"]
        for item in waiting:
            item.state = "sending"
        return frozenset(item.outgoing.id for item in waiting)

    def _settle(self, result: Result, now: datetime) -> None:
        outcome, chat_id = result.outcome, result.item.place.chat_id
        if result.retry_at and isinstance(outcome, Sent | Refused | Closed):
            raise ValueError(f"{outcome} is the end of an item")
        item = self.tables.items.get(result.item.id)
        if item and item.state in OPEN:
            _become(item, result, now)
        if isinstance(outcome, Closed):
            self.tables.close(chat_id, now, outcome.reason)
        if isinstance(outcome, Moved):
            self.tables.move(chat_id, outcome.new_chat_id)

    async def expire(self, now: datetime) -> int:
        now = aware(now)
        over = [item for item in self._items("waiting") if item.expires and item.expires <= now]
        for item in over:
            item.end("expired", now)
        return len(over)

    async def backlog(self, now: datetime) -> Backlog:
        waiting = self._sendable(now)
        return Backlog(len(waiting), min((item.queued for item in waiting), default=None))

    async def finished(self) -> list[Broadcast]:
        going = {(i.slot, i.outgoing.occasion.session) for i in self._items(*OPEN)}
        slots = {(i.slot, i.outgoing.occasion.session) for i in self.tables.items.values()}
        done = [(at, day) for at, day in slots - going if at and (at, day) not in self._reported()]
        ended = [self._broadcast(at, day) for at, day in done]
        return sorted(ended, key=lambda one: (one.session, one.slot))

    def _reported(self) -> set[tuple[time, date]]:
        return self.tables.reported

    def _broadcast(self, slot: time, session: date) -> Broadcast:
        mine = [
            item
            for item in self.tables.items.values()
            if (item.slot, item.outgoing.occasion.session) == (slot, session)
        ]
        states = [item.state for item in mine]
        words = ("sent", "closed", "refused", "expired")
        sent, closed, refused, expired = (states.count(word) for word in words)
        began = min(item.queued for item in mine)
        ended = max(item.ended or began for item in mine)
        name = slot.strftime("%H:%M")
        return Broadcast(name, session, sent, closed, refused, expired, began, ended)

    async def reported(self, broadcast: Broadcast) -> None:
        self._items()
        self.tables.reported.add((time.fromisoformat(broadcast.slot), broadcast.session))

    async def last_push(self) -> datetime | None:
        sent = [item.ended for item in self._items("sent") if item.slot]
        return max(filter(None, sent), default=None)

    async def forget(self, before: datetime) -> int:
        self._items()
        aware(before)
        old = [n for n, item in self.tables.items.items() if item.ended and item.ended < before]
        for number in old:
            del self.tables.items[number]
        return len(old)


def _become(item: Item, result: Result, now: datetime) -> None:
    outcome = result.outcome
    item.outgoing = replace(item.outgoing, tries=item.outgoing.tries + 1)
    match outcome:
        case Sent():
            item.end("sent", now)
            item.message_id = outcome.message_id
        case Refused():
            item.end("refused", now, outcome.reason)
        case Closed():
            item.end("closed", now, outcome.reason)
        case Moved():
            item.state, item.not_before = "waiting", result.retry_at or now
        case _ if result.retry_at:
            item.state, item.not_before = "waiting", aware(result.retry_at)
            item.reason = outcome.reason
        case _:
            item.end("refused", now, outcome.reason)


@dataclass(slots=True)
class FakeFileIds:
    """Fulfils `bot.ports.records.FileIds`; fails while `failure` is set."""

    failure: StorageUnavailable | None = None
    kept: dict[str, str] = field(default_factory=dict)

    def _rows(self) -> dict[str, str]:
        if self.failure:
            raise self.failure
        return self.kept

    async def find(self, picture: str) -> str | None:
        return self._rows().get(picture)

    async def keep(self, picture: str, file_id: str, now: datetime) -> None:
        self._rows()[picture] = file_id
        aware(now)

    async def forget(self, picture: str) -> None:
        self._rows().pop(picture, None)


@dataclass(slots=True)
class FakeLease:
    """Fulfils `bot.ports.records.Lease`.

    Attributes:
        elsewhere: whether another process has it.
        held: whether this one does.
    """

    elsewhere: bool = False
    failure: StorageUnavailable | None = None
    held: bool = False

    async def hold(self) -> bool:
        self.held = not self.elsewhere and self.failure is None
        if self.failure:
            raise self.failure
        return self.held

    async def release(self) -> None:
        self.held = False


@dataclass(slots=True)
class FakeRecords:
    """All of them, over the same tables."""

    tables: Tables = field(default_factory=Tables)
    subscriptions: FakeSubscriptions = field(init=False)
    outbox: FakeOutbox = field(init=False)
    track_record: FakeTrackRecord = field(init=False)
    file_ids: FakeFileIds = field(default_factory=FakeFileIds)
    lease: FakeLease = field(default_factory=FakeLease)

    def __post_init__(self) -> None:
        self.subscriptions = FakeSubscriptions(self.tables)
        self.outbox = FakeOutbox(self.tables)
        self.track_record = FakeTrackRecord(Sessions(()).close)
