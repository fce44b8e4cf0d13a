"""What operators are told: how the bot is, and what went wrong.

Moments are aware; durations are in seconds where they were measured.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from bot.domain.forecast import Model
from bot.domain.outbox import Backlog
from bot.domain.tickers import Ticker


class Trouble(Enum):
    """Kinds of what goes wrong, as operators tell them apart; the value is for logs and keys."""

    ANSWER = "answer failed"
    JOB = "background job failed"
    PUSH = "no forecast to push"
    STORAGE = "database away"
    POLLING = "polling stalled"
    CONFLICT = "another process polls"


@dataclass(frozen=True, slots=True)
class Incident:
    """The same trouble, once or several times.

    Attributes:
        trouble: what kind.
        count: how often.
        first: when it happened first, aware.
        code: finds that first time in the log.
    """

    trouble: Trouble
    count: int
    first: datetime
    code: str

    def and_then(self, later: "Incident | None") -> "Incident":
        """Both as one; `later` is of the same kind."""
        return replace(self, count=self.count + later.count) if later else self


@dataclass(frozen=True, slots=True)
class Calls:
    """The newest calls of the endpoint.

    Attributes:
        count: how many the figures are about; 0 when none was answered yet.
        last, median: seconds that the answered ones took; 0 without any.
        failures: how many of the newest calls failed.
    """

    count: int
    last: float
    median: float
    failures: int


@dataclass(frozen=True, slots=True)
class GoodCloses:
    """The last closes of a share that were good to forecast from.

    Attributes:
        ticker: the share.
        newest: session of the newest final close.
        fetched_at: when the source gave them, aware.
    """

    ticker: Ticker
    newest: date
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Storage:
    """The database: what it is, and how it answered just now.

    Attributes:
        kind: its name, for people.
        seconds: how long it took to answer; None when it did not.
        backlog: what waits in the outbox; None when it did not answer.
        last_push: when a daily message last reached anybody; None when never.
    """

    kind: str
    seconds: float | None
    backlog: Backlog | None
    last_push: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """The bot's health at one moment.

    Attributes:
        version: of the bot.
        now, started: the moment itself, and when the process started; aware.
        heard: when Telegram last handed over an update; None when not yet.
        leads: whether this process schedules and sends.
        storage: the database.
        calls: the endpoint.
        model: who answered there last; None when nobody did yet.
        closes: by share, the one fetched longest ago first.
    """

    version: str
    now: datetime
    started: datetime
    heard: datetime | None
    leads: bool
    storage: Storage
    calls: Calls
    model: Model | None
    closes: tuple[GoodCloses, ...]
