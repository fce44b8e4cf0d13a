"""Alarms without a database: `bot.ports.alarms.Alarms` in memory, over the fake outbox's tables.

`tests/contract/test_records_alarms.py` holds it and the real ones to the same rules.
"""

# ruff: noqa: D102, the ports say what their methods do

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from bot.domain.alarms import Alarm, State, Text, read
from bot.domain.alarms.judging import MINUTE, next_reminder, reminders_past
from bot.domain.alarms.keeping import Form, Kept, Known, Posted, Posting, identity
from bot.domain.alarms.mail import Arrived
from bot.domain.outbox import Kind, Occasion, Outgoing
from bot.domain.places import Place
from bot.errors import StorageUnavailable
from bot.ports.alarms import Compose, Judge, Verdict
from tests.fakes_records import Item, Tables, keepable
from tests.fakes_track_record import aware


@dataclass(slots=True)
class Row:
    """A kept message and when it is repeated."""

    kept: Kept
    waits: bool
    next_reminder: datetime | None


@dataclass(slots=True)
class Stand:
    """A posting and how far it is behind."""

    posting: Posting
    ids: list[int]
    queued_at: datetime
    picture: bool
    version: int = 0
    shown: int = 0


@dataclass(slots=True)
class FakeAlarms:
    """Fulfils `bot.ports.alarms.Alarms`; fails while `failure` is set."""

    tables: Tables
    failure: StorageUnavailable | None = None
    rows: dict[int, Row] = field(default_factory=dict)
    stands: dict[str, Stand] = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=lambda: count(1))

    def _all(self) -> list[Row]:
        if self.failure:
            raise self.failure
        return list(self.rows.values())

    async def take(self, arrived: Sequence[Arrived], judge: Judge, now: datetime) -> int:
        self._all()
        before = len(self.rows)
        for each in arrived:
            says = read(each.text, each.subject)
            if not self._is_there(each, says):
                self._keep(each, says, judge(each, says, self._known(says, aware(now))), now)
        return len(self.rows) - before

    def _is_there(self, arrived: Arrived, says: Alarm | Text) -> bool:
        def same(kept: Kept) -> bool:
            if not isinstance(says, Alarm) or not isinstance(kept.says, Alarm) or not says.since:
                return False
            told = (kept.identity, kept.says.state, kept.since)
            return told == (identity(says), says.state, says.since)

        kept = [row.kept for row in self._all()]
        return any(one.message_id == arrived.message_id or same(one) for one in kept)

    def _known(self, says: Alarm | Text, now: datetime) -> Known:
        lately = sum(
            stand.queued_at > now - MINUTE and stand.posting.form in (Form.CHANGE, Form.OVER)
            for stand in self.stands.values()
        )
        if isinstance(says, Text):
            return Known(lately=lately)
        mine = [row.kept for row in self._all() if row.kept.identity == identity(says)]
        mine.sort(key=lambda kept: (kept.since, kept.id))
        settling = [
            (kept.says.state, kept.since)
            for kept in mine
            if isinstance(kept.says, Alarm) and kept.says.state in (State.ALARM, State.OK)
        ]
        silenced = max((one.silenced_until for one in mine if one.silenced_until), default=None)
        going = tuple(kept for kept in mine if kept.is_open)
        return Known(going, settling[-1] if settling else None, silenced, lately)

    def _keep(self, arrived: Arrived, says: Alarm | Text, verdict: Verdict, now: datetime) -> None:
        found = verdict.judgement
        kept = Kept(
            id=next(self.ids),
            message_id=arrived.message_id,
            identity=identity(says),
            says=read(keepable(arrived.text), arrived.subject and keepable(arrived.subject)),
            since=aware(found.since),
            received_at=now,
            silenced_until=found.silenced_until,
            resolved_at=found.resolved_at,
            replaced=found.replaced,
        )
        self.rows[kept.id] = Row(kept, found.waits, found.next_reminder)
        for number in found.over:
            self._change(number, resolved_at=found.since, replaced=found.replaces)
        if verdict.posting:
            self._post(verdict.posting, [kept.id], now)

    def _change(self, number: int, **changes: object) -> None:
        row = self.rows[number]
        row.next_reminder = None
        row.kept = replace(row.kept, **changes)  # type: ignore[arg-type]
        for stand in self.stands.values():
            stand.version += number in stand.ids

    def _post(self, posting: Posting, ids: Sequence[int], now: datetime) -> None:
        if posting.subject in self.stands:
            raise StorageUnavailable("a posting of that name is there")
        self.stands[posting.subject] = Stand(posting, list(ids), now, posting.picture)
        occasion = Occasion(Kind.ALARM, posting.subject, posting.session)
        for place in posting.places:
            content = replace(posting.content, text=keepable(posting.content.text))
            number = next(self.tables.ids)
            item = Outgoing(number, place, occasion, content, posting.silent, tries=0)
            self.tables.items[number] = Item(item, now, now, expires=None, slot=None)

    async def gather(self, compose: Compose, now: datetime) -> int:
        waiting = [row for row in self._all() if row.waits]
        for posting, ids in compose([row.kept for row in waiting]) if waiting else ():
            self._post(posting, ids, now)
        for row in waiting:
            row.waits = False
        return len(waiting)

    async def waiting_since(self) -> datetime | None:
        return min((row.kept.received_at for row in self._all() if row.waits), default=None)

    def _due(self, now: datetime) -> list[Row]:
        rows = [row for row in self._all() if row.kept.is_open and row.next_reminder]
        return [row for row in rows if row.next_reminder and row.next_reminder <= aware(now)]

    async def due(self, now: datetime) -> list[Kept]:
        return [row.kept for row in self._due(now)]

    async def remind(self, ids: Sequence[int], compose: Compose, now: datetime) -> int:
        rows = [row for row in self._due(now) if row.kept.id in ids]
        for posting, about in compose([row.kept for row in rows]) if rows else ():
            self._post(posting, about, now)
        for row in rows:
            past = reminders_past(row.kept.received_at, now)
            row.kept = replace(row.kept, reminders=past)
            row.next_reminder = next_reminder(row.kept.received_at, past, None)
        return len(rows)

    def _members(self, posting: str) -> list[Kept]:
        self._all()
        stand = self.stands.get(posting)
        return [self.rows[number].kept for number in sorted(stand.ids)] if stand else []

    def _done(self, posting: str, wanted: Callable[[Kept], bool], **changes: object) -> list[Kept]:
        mine = [one.id for one in self._members(posting) if one.is_open and wanted(one)]
        for number in mine:
            self._change(number, **changes)
        return [self.rows[number].kept for number in mine]

    async def acknowledge(self, posting: str, by: int, now: datetime) -> list[Kept]:
        return self._done(
            posting,
            lambda one: one.acknowledged_by is None,
            acknowledged_by=by,
            acknowledged_at=aware(now),
        )

    async def silence(self, posting: str, until: datetime) -> list[Kept]:
        found = self._done(posting, lambda _: True, silenced_until=aware(until))
        for kept in found:
            if kept.acknowledged_by is None:
                self.rows[kept.id].next_reminder = until
        return found

    async def settle(self, over: Mapping[int, datetime]) -> int:
        going = [row.kept.id for row in self._all() if row.kept.is_open and row.kept.id in over]
        for number in going:
            self._change(number, resolved_at=aware(over[number]))
        return len(going)

    async def about(self, posting: str) -> list[Kept]:
        return self._members(posting)

    async def open(self) -> list[Kept]:
        going = [row.kept for row in self._all() if row.kept.is_open]
        return sorted(going, key=lambda kept: (kept.since, kept.id))

    async def postings(self, ids: Sequence[int]) -> Mapping[int, str]:
        self._all()
        found: dict[int, str] = {}
        for subject, stand in self.stands.items():
            for number in stand.ids:
                if number in ids:
                    found.setdefault(number, subject)
        return found

    def _items(self, subject: str) -> list[Item]:
        return [
            item
            for item in self.tables.items.values()
            if item.outgoing.occasion.kind is Kind.ALARM
            and item.outgoing.occasion.subject == subject
        ]

    def _settled(self) -> list[tuple[str, Stand]]:
        self._all()
        return [
            (subject, stand)
            for subject, stand in self.stands.items()
            if all(item.state not in ("waiting", "sending") for item in self._items(subject))
        ]

    def _posted(self, subject: str, stand: Stand) -> Posted:
        messages = tuple(
            (item.outgoing.place, item.message_id)
            for item in self._items(subject)
            if item.state == "sent" and item.message_id is not None
        )
        members = tuple(self._members(subject))
        form = stand.posting.form
        return Posted(subject, form, stand.queued_at, stand.version, members, messages)

    async def outdated(self, limit: int) -> list[Posted]:
        behind = [pair for pair in self._settled() if pair[1].shown < pair[1].version]
        return [self._posted(*pair) for pair in behind[:limit]]

    async def shown(self, posting: str, version: int) -> None:
        self._all()
        self.stands[posting].shown = version

    async def answered(self, posting: str, place: Place) -> int | None:
        self._all()
        stand = self.stands.get(posting)
        answers = stand.posting.answers if stand else None
        numbers = [row.kept.id for row in self.rows.values() if row.kept.message_id == answers]
        for subject, other in self.stands.items():
            if set(numbers) & set(other.ids):
                for found, message_id in self._posted(subject, other).messages:
                    if found == place:
                        return message_id
        return None

    async def unpictured(self) -> Posted | None:
        for subject, stand in self._settled():
            if stand.picture:
                stand.picture = False
                return self._posted(subject, stand)
        return None

    async def forget(self, before: datetime) -> int:
        old = [
            row.kept.id
            for row in self._all()
            if row.kept.received_at < aware(before) and not row.kept.is_open and not row.waits
        ]
        for number in old:
            del self.rows[number]
        for subject, stand in list(self.stands.items()):
            stand.ids = [number for number in stand.ids if number not in old]
            if not stand.ids and stand.queued_at < before:
                del self.stands[subject]
        return len(old)
