"""From what is kept to what is posted: the words are given, here it is said which, where, how loud.

Everything here is asked from within transactions, so it decides at once and asks nobody.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.alarms import Alarm, Severity, Text
from bot.domain.alarms.judging import STORM, Judgement, judge
from bot.domain.alarms.keeping import (
    Form,
    Kept,
    Known,
    Posted,
    Posting,
    Routes,
    grade,
    identity,
)
from bot.domain.alarms.mail import Arrived
from bot.domain.outbox import Content
from bot.domain.places import Place
from bot.domain.sessions import SAO_PAULO
from bot.flow.alarms.names import Names
from bot.ports.alarms import Judge, Verdict

Told = tuple[Posting, Sequence[int]]
"""A posting, and the numbers of those that it is about."""


class Words(Protocol):
    """What is said; `bot.wording.alarms` says it."""

    def posting(
        self,
        subject: str,
        form: Form,
        members: Sequence[Kept],
        queued_at: datetime,
        name: Callable[[int], str | None],
    ) -> Content:
        """A message, as things stand."""

    def over(self, kept: Kept, lasted: timedelta | None) -> Content:
        """An alarm is back to normal."""

    def late(self, kept: Kept) -> Content:
        """A message that was overtaken by a newer one."""

    def pages(self, kept: Sequence[Kept]) -> list[tuple[Kept, ...]]:
        """Many messages, as many as fit into one each."""

    def confirmed(self, topic: str) -> Text:
        """A topic's messages come here from now on."""

    def unconfirmed(self, topic: str) -> Text:
        """A subscription waits for somebody who knows the topic."""

    def unsubscribed(self, topic: str) -> Text:
        """Messages of a topic come no more."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Makes postings.

    Attributes:
        pictures: whether pictures of metrics can be had.
        storm: messages a minute that are told one by one.
    """

    words: Words
    routes: Routes
    names: Names
    pictures: bool = False
    storm: int = STORM

    def judge_at(self, now: datetime) -> Judge:
        """Judges messages that come at `now`, aware."""

        def decide(arrived: Arrived, says: Alarm | Text, known: Known) -> Verdict:
            found = judge(says, arrived.moment, known, now, self.storm)
            places = () if found.waits else self.routes.places(says)
            return Verdict(found, self._first(arrived, says, found, known, now) if places else None)

        return decide

    def together_at(self, now: datetime) -> Callable[[Sequence[Kept]], list[Told]]:
        """Tells at `now` what has waited, by pages; a single one as if it had not waited."""

        def compose(kept: Sequence[Kept]) -> list[Told]:
            return [
                self._several(f"d{_stamp(now)}-{page[0].message_id}", Form.DIGEST, page, now, to)
                for to, mine in self._by_places(kept).items()
                for page in self.words.pages(mine)
            ]

        return compose

    def reminders_at(self, now: datetime) -> Callable[[Sequence[Kept]], list[Told]]:
        """Repeats alarms at `now`: one by one when they are few."""

        def compose(kept: Sequence[Kept]) -> list[Told]:
            return [
                self._several(f"r{_stamp(now)}-{page[0].message_id}", Form.REMINDER, page, now, to)
                for to, mine in self._by_places(kept).items()
                for page in (
                    [(each,) for each in mine]
                    if len(mine) <= self.storm
                    else self.words.pages(mine)
                )
            ]

        return compose

    def again(self, posted: Posted) -> Content:
        """A posting as it has to read now."""
        return self.words.posting(
            posted.subject, posted.form, posted.members, posted.queued_at, self.names.of
        )

    def _first(
        self, arrived: Arrived, says: Alarm | Text, found: Judgement, known: Known, now: datetime
    ) -> Posting:
        kept = _kept(arrived, says, found, now)
        began = {each.id: each.message_id for each in known.open}
        return Posting(
            subject=arrived.message_id,
            session=now.astimezone(SAO_PAULO).date(),
            form=found.form,
            content=self._words_of(kept, found, now),
            places=self.routes.places(says),
            silent=found.silent,
            answers=began[found.over[0]] if found.form is Form.OVER else None,
            picture=self.pictures and kept.is_open,
        )

    def _words_of(self, kept: Kept, found: Judgement, now: datetime) -> Content:
        if found.form is Form.OVER:
            return self.words.over(kept, found.lasted)
        if found.late and kept.resolved_at is None:
            return self.words.late(kept)
        return self.words.posting(kept.message_id, found.form, [kept], now, self.names.of)

    def _several(
        self,
        subject: str,
        form: Form,
        page: Sequence[Kept],
        now: datetime,
        places: tuple[Place, ...],
    ) -> Told:
        form = Form.CHANGE if form is Form.DIGEST and len(page) == 1 else form
        posting = Posting(
            subject=subject,
            session=now.astimezone(SAO_PAULO).date(),
            form=form,
            content=self.words.posting(subject, form, page, now, self.names.of),
            places=places,
            silent=not any(_rings(each, now) for each in page),
        )
        return posting, [each.id for each in page]

    def _by_places(self, kept: Sequence[Kept]) -> Mapping[tuple[Place, ...], list[Kept]]:
        found: dict[tuple[Place, ...], list[Kept]] = {}
        for each in kept:
            if places := self.routes.places(each.says):
                found.setdefault(places, []).append(each)
        return found


def _kept(arrived: Arrived, says: Alarm | Text, found: Judgement, now: datetime) -> Kept:
    """The message as it is going to be kept."""
    return Kept(
        id=0,
        message_id=arrived.message_id,
        identity=identity(says),
        says=says,
        since=found.since,
        received_at=now,
        silenced_until=found.silenced_until,
        resolved_at=found.resolved_at,
        replaced=found.replaced,
    )


def _rings(kept: Kept, now: datetime) -> bool:
    quiet = kept.silenced_until is not None and kept.silenced_until > now
    if quiet or grade(kept.says) is Severity.INFO:
        return False
    return kept.is_open or isinstance(kept.says, Text)


def _stamp(now: datetime) -> str:
    return f"{int(now.timestamp()):x}"
