"""An alarm's change of state, as far as the message told it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.alarms.conditions import Condition, Pairs


class State(StrEnum):
    """States of CloudWatch."""

    ALARM = "ALARM"
    OK = "OK"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the evaluation saw.

    Attributes:
        values: of the periods that counted, newest first; of a change back to normal as well.
        lower, upper: bounds of the expected band at the newest value.
        empty: periods without any value that led here; None when there were values.
        contributors: how many series are in alarm, of how many.
    """

    values: tuple[float, ...] = ()
    lower: float | None = None
    upper: float | None = None
    empty: int | None = None
    contributors: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A change of state of an alarm.

    Attributes:
        name: as its author wrote it; empty when the message has none.
        state: one of `State`, or CloudWatch's word if it invents another; empty if unknown.
        previous: the state before; None if unknown.
        reason: CloudWatch's English sentence, or what somebody wrote who set the state by hand.
        since: moment of the change, UTC; None if unknown.
        arn: None in old messages.
        account: number of the AWS account.
        region: code such as `sa-east-1`; the human name only when nothing else is there.
        condition: what it watches; None if unknown.
        evidence: what was seen.
        description: its author's words.
        actions: ARNs of what is done in this state.
        tags: of the alarm, where their propagation is turned on.
        contributor: which of many series this is about, such as one host of a fleet.
    """

    name: str
    state: str
    previous: str | None = None
    reason: str | None = None
    since: datetime | None = None
    arn: str | None = None
    account: str | None = None
    region: str | None = None
    condition: Condition | None = None
    evidence: Evidence = field(default_factory=Evidence)
    description: str | None = None
    actions: tuple[str, ...] = ()
    tags: Pairs = ()
    contributor: Pairs = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Any other message: a subject, if there was one, and what it says."""

    subject: str | None
    body: str
