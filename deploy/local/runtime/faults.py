"""Failures that the SageMaker Runtime route is told to show, for tests and rehearsals.

`POST /faults {"status": 503, "times": 2}` makes the next two invocations fail as AWS would;
`{"error": "ThrottlingException"}` names the failure instead of its status; `"delay"` (seconds)
answers late; `"drop"` loses the answer after the container has given it.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

STATUSES: Mapping[str, int] = {
    "ThrottlingException": 400,
    "ValidationError": 400,
    "AccessDeniedException": 403,
    "ModelError": 424,
    "ModelNotReadyException": 429,
    "InternalFailure": 500,
    "ServiceUnavailable": 503,
    "InternalDependencyException": 530,
}
"""Failures of InvokeEndpoint and their HTTP status, from the API's description in botocore; the
first one of a status is meant when only the status is given."""

_CODES = {status: code for code, status in reversed(list(STATUSES.items()))}
_TYPES: Mapping[str, tuple[type, ...]] = {
    "status": (int,),
    "error": (str,),
    "delay": (int, float),
    "drop": (bool,),
    "times": (int,),
}


class FaultRefused(Exception):
    """What was posted describes no failure; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """How one invocation fails.

    Attributes:
        error: AWS's code, empty for none.
        status: its HTTP status.
        delay: seconds before anything else happens.
        drop: whether the answer is lost on its way back.
    """

    error: str = ""
    status: int = 200
    delay: float = 0.0
    drop: bool = False


@dataclass(frozen=True, slots=True)
class Faults:
    """The failures to come, nearest first."""

    coming: deque[Fault] = field(default_factory=deque)

    def add(self, posted: Any) -> None:
        """Line up what was posted, as the module's text describes it.

        Raises:
            FaultRefused: it is not a description of a failure.
        """
        wanted = _checked(posted)
        error, status = _named(wanted.get("error"), wanted.get("status"))
        fault = Fault(error, status, float(wanted.get("delay", 0)), wanted.get("drop", False))
        self.coming.extend([fault] * wanted.get("times", 1))

    def take(self) -> Fault:
        """The failure of this invocation; one without any effect when none is lined up."""
        return self.coming.popleft() if self.coming else Fault()


def _checked(posted: Any) -> dict[str, Any]:
    if not isinstance(posted, dict):
        raise FaultRefused("an object expected")
    for key, value in posted.items():
        if key not in _TYPES:
            raise FaultRefused(f"{key}: unknown key")
        if type(value) not in _TYPES[key]:  # exact: true is an int to isinstance
            raise FaultRefused(f"{key}: {value!r} has the wrong type")
    return posted


def _named(error: str | None, status: int | None) -> tuple[str, int]:
    if error is None and status is None:
        return "", 200
    code = error or _CODES.get(status or 0, "")
    if code not in STATUSES:
        raise FaultRefused(f"{error or status}: no failure of InvokeEndpoint")
    return code, status or STATUSES[code]
