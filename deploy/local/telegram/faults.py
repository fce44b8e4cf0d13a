"""Failures to order: the next calls of a method fail, come late, or lose their answer.

What is ordered first happens first.  A call that fails is not carried out; one that is late or
dropped is.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from http import HTTPStatus
from typing import Any, get_type_hints

from deploy.local.telegram.refusals import Json, Refused

_GATEWAY = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)

_FAILURES = frozenset(each.value for each in HTTPStatus if each >= HTTPStatus.BAD_REQUEST)


class Malformed(Exception):
    """An order that says nothing, or nothing that can be done."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to the next calls.

    Attributes:
        method: which method, in any case; "*" is every one, getUpdates included.
        status: answer with this HTTP status instead; 0 carries the call out.
        times: how many calls.
        retry_after: seconds, for 429.
        delay: seconds by which the answer is late.
        drop: the call is carried out, then the connection ends without an answer.
        description: the sentence to answer instead of Telegram's own.
    """

    method: str = "*"
    status: int = 0
    times: int = 1
    retry_after: int = 0
    delay: float = 0
    drop: bool = False
    description: str = ""

    @property
    def is_gateway(self) -> bool:
        """Whether the answer comes from in front of Telegram, as a page and not as JSON."""
        return self.status in _GATEWAY and not self.description

    def refusal(self) -> Refused:
        """What the call is answered with, when it has a status."""
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            usual = Refused.too_many(self.retry_after or 1)
        else:
            usual = Refused(self.status, HTTPStatus(self.status).phrase)
        return Refused(self.status, self.description or usual.description, usual.parameters)


@dataclass(slots=True)
class Faults:
    """The orders that are not used up."""

    waiting: list[Fault] = field(default_factory=list)

    def next_for(self, method: str) -> Fault | None:
        """Use one of the orders for `method`, if there is one."""
        for place, fault in enumerate(self.waiting):
            if fault.method.lower() in ("*", method.lower()):
                left = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                self.waiting[place : place + 1] = left
                return fault
        return None


def read_fault(order: Mapping[str, Any]) -> Fault:
    """Read an order from JSON.

    Raises:
        Malformed: with the sentence that says why.
    """
    if unknown := sorted(order.keys() - {each.name for each in fields(Fault)}):
        raise Malformed(f"unknown: {', '.join(unknown)}")
    _check_types(order)
    fault = Fault(**order)
    if not (fault.status or fault.delay or fault.drop):
        raise Malformed("one of status, delay and drop is needed")
    if fault.status and fault.status not in _FAILURES:
        raise Malformed(f"status: {fault.status} is no failure")
    if fault.times < 1 or fault.delay < 0 or fault.retry_after < 0:
        raise Malformed("times, delay and retry_after cannot be negative, nor times zero")
    return fault


def _check_types(order: Mapping[str, Any]) -> None:
    hints = get_type_hints(Fault)
    for name, value in order.items():
        wanted = hints[name]
        allowed = (int, float) if wanted is float else (wanted,)
        if type(value) not in allowed:
            raise Malformed(f"{name}: {wanted.__name__} expected")


def as_json(fault: Fault) -> Json:
    """An order as it was given, with how often it still applies."""
    return asdict(fault)
