"""What the database keeps, port by port.

Every method raises `StorageUnavailable` when the database could not do it; then nothing was
changed.  Each call is one transaction.  Moments are aware and come back aware.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Protocol

from bot.domain.outbox import Backlog, Broadcast, Content, Occasion, Outgoing, Result
from bot.domain.places import ChatKind, Place
from bot.domain.subscriptions import Subscription
from bot.domain.tickers import Ticker
from bot.domain.track_record import Outcome, Recorded, Tally


class Subscriptions(Protocol):
    """Chats that subscribed; a chat is kept only while it has a subscription or waiting items."""

    async def add(
        self, kind: ChatKind, wanted: Sequence[Subscription], now: datetime
    ) -> list[Subscription]:
        """Subscribe, or change hour and sound where the place has the share; the chat is active.

        Returns:
            Those that are new or were changed; all `wanted` are of one chat.
        """

    async def of(self, place: Place) -> list[Subscription]:
        """What a place is subscribed to, by share."""

    async def cancel(self, place: Place, ticker: Ticker | None) -> list[Subscription]:
        """Take one share, or all, out of a place's subscriptions; gives those that were there."""

    async def silence(self, place: Place, *, silent: bool) -> int:
        """Turn the sound of all of a place's subscriptions off or on; gives how many there are."""

    async def erase(self, chat_id: int) -> int:
        """Delete everything kept about a chat; gives how many rows that were."""

    async def kept(self, chat_id: int) -> Mapping[str, int]:
        """How many rows of each table are about a chat: `subscriptions`, `outbox`."""

    async def closed(self, chat_id: int, now: datetime) -> None:
        """The chat is closed to the bot; preferences stay, nothing is sent."""

    async def opened(self, chat_id: int) -> None:
        """The chat is open again; nothing happens when it is not known."""

    async def moved(self, chat_id: int, new_chat_id: int) -> None:
        """A group has become a supergroup: everything of it goes to the new number."""

    async def slots(self) -> list[time]:
        """The hours at which anybody active wants anything, ascending."""

    async def shares(self, at: time | None = None) -> list[Ticker]:
        """The shares that active chats want, at one slot or at any."""


class Outbox(Protocol):
    """Everything pushed, from before it is sent until after."""

    async def put(  # noqa: PLR0913, what, to whom, and from when until when
        self,
        places: Sequence[Place],
        occasion: Occasion,
        content: Content,
        *,
        now: datetime,
        silent: bool = False,
        expires: datetime | None = None,
    ) -> int:
        """Queue one content for some places; gives how many items were not there before."""

    async def fill(
        self,
        slot: time,
        session: date,
        contents: Mapping[Ticker, Content],
        *,
        now: datetime,
        expires: datetime,
    ) -> int:
        """Queue the day's message of a slot for everybody subscribed; gives how many are new.

        Those who chose the slot after its hour on that day are left for the next session.  One
        statement in the database, whatever the number of subscribers.
        """

    async def recover(self) -> int:
        """Let items that a killed process was sending wait again; gives how many."""

    async def due(self, now: datetime, limit: int) -> list[Outgoing]:
        """Waiting items of active chats whose time has come; alarms first, then oldest first."""

    async def advance(
        self, results: Sequence[Result], claimed: Sequence[Outgoing], now: datetime
    ) -> frozenset[int]:
        """Write what became of items, and that others are being sent now, in one transaction.

        `Closed` makes the chat inactive and `Moved` moves it, with everything that waits for it.

        Returns:
            The ids of those that were still waiting and may be sent; the others were cancelled,
            erased or ended since they were read.
        """

    async def expire(self, now: datetime) -> int:
        """End waiting items whose time is over; gives how many."""

    async def backlog(self, now: datetime) -> Backlog:
        """What waits."""

    async def finished(self) -> list[Broadcast]:
        """Broadcasts with nothing left to send whose report has not been queued, oldest first."""

    async def reported(self, broadcast: Broadcast) -> None:
        """The report on a broadcast has been queued."""

    async def last_push(self) -> datetime | None:
        """When an item of a broadcast last reached anybody."""

    async def forget(self, before: datetime) -> int:
        """Delete ended items older than `before`; gives how many."""


class TrackRecord(Protocol):
    """What was forecast and what came."""

    async def record(self, forecasts: Sequence[Recorded]) -> int:
        """Write forecasts; one that is there already stays as it is.  Gives how many were new.

        Raises:
            ValueError: a live forecast is written after its session's close.
        """

    async def recorded(self, ticker: Ticker, session: date) -> Recorded | None:
        """The forecast of a share for a session, if there is one."""

    async def unsettled(self, until: date) -> list[Recorded]:
        """Forecasts of the year up to `until` with no outcome yet, oldest session first."""

    async def settle(self, outcomes: Sequence[Outcome]) -> int:
        """Write outcomes; each forecast has one of each revision.  Gives how many were new."""

    async def outcomes(self, ticker: Ticker, last: int) -> list[Outcome]:
        """The newest revision of a share's last outcomes, oldest session first."""

    async def tallies(self, ticker: Ticker | None, last: int) -> list[Tally]:
        """The last sessions with an outcome, of one share or of all, oldest first."""


class FileIds(Protocol):
    """Pictures that Telegram has already."""

    async def find(self, picture: str) -> str | None:
        """The `file_id` of a picture, by the name that its content gives it."""

    async def keep(self, picture: str, file_id: str, now: datetime) -> None:
        """Remember a `file_id`."""

    async def forget(self, picture: str) -> None:
        """Telegram does not know that `file_id` any more."""


class Lease(Protocol):
    """Who schedules and sends: one process at a time."""

    async def hold(self) -> bool:
        """Take the lease or check that it is still held; False while another process has it."""

    async def release(self) -> None:
        """Give it back."""
