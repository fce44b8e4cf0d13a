"""An AWS in memory behind the real boto3 clients, for what moto cannot show: failures and kills.

    boto3 ──input checked by botocore──▶ operation here ──output checked by botocore──▶ boto3

Operations are strict where AWS is (states, names, limits) and time passes only in `wait`, where
whatever AWS has begun goes on by a step, also when the process that began it has died.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.validate import validate_parameters

from deploy.aws.clients import Clients

_RESPONSES = {status: AWSResponse("", status, HTTPHeaders(), None) for status in (200, 400)}

Answer = dict[str, Any]
Operation = Callable[[dict[str, Any]], Answer]


class AwsError(Exception):
    """An answer other than 200; boto3 makes its exception from it."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code, message)
        self.answer = {"Error": {"Code": code, "Message": message}}


class Killed(BaseException):
    """The process is dead: nothing of ours may catch this."""


@dataclass(slots=True)
class Front:
    """Takes the calls, counts them, and fails or dies at some of them.

    Attributes:
        operations: by service and name, e.g. `cloudformation.DescribeStacks`.
        pass_time: what happens while somebody waits.
        faults: errors by operation, raised instead of doing it.
        dies_at: number of the call (waits are calls too) at which the process dies; 0 for never.
        calls: of this process; `ever` are those of all.
        after: whether it dies after AWS has done what was asked.
    """

    operations: dict[str, Operation]
    pass_time: Callable[[], None]
    faults: dict[str, AwsError] = field(default_factory=dict)
    dies_at: int = 0
    after: bool = False
    calls: int = 0
    ever: int = 0
    counted: Counter[str] = field(default_factory=Counter)

    def wait(self, _seconds: float) -> None:
        """Stand in for `time.sleep`."""
        self._counted("wait", self.pass_time)

    @contextmanager
    def behind(self, clients: Clients) -> Iterator[None]:
        """Let these clients talk to this AWS."""
        events = [getattr(clients, each.name).meta.events for each in fields(clients)]
        for one in events:
            one.register_first("before-parameter-build.*.*", _remember)
            one.register_first("before-call.*.*", self._answer)
        try:
            yield
        finally:
            for one in events:
                one.unregister("before-parameter-build.*.*", _remember)
                one.unregister("before-call.*.*", self._answer)

    def _answer(self, model: Any, context: dict[str, Any], **_: Any) -> Any:
        name = f"{model.service_model.service_name}.{model.name}"
        done: Answer = {}

        def operate() -> None:
            if name in self.faults:
                raise self.faults[name]
            done.update(self.operations[name](context["rehearsed"]))

        try:
            self._counted(name, operate)
        except AwsError as error:
            return _RESPONSES[400], {**error.answer, "ResponseMetadata": {}}
        if model.output_shape is not None and not model.has_streaming_output:
            validate_parameters(done, model.output_shape)
        return _RESPONSES[200], {**done, "ResponseMetadata": {}}

    def _counted(self, name: str, operate: Callable[[], None]) -> None:
        self.calls += 1
        self.ever += 1
        self.counted[name] += 1
        dead = 0 < self.dies_at < self.calls  # its `finally` asks in vain
        if dead or (self.calls == self.dies_at and not self.after):
            raise Killed
        operate()
        if self.calls == self.dies_at:
            raise Killed


def _remember(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    context["rehearsed"] = dict(params)


def operations_of(service: str, part: object) -> dict[str, Operation]:
    """The public methods of `part` as operations: `describe_stacks` is DescribeStacks."""
    names = [name for name in dir(part) if not name.startswith("_")]
    methods = {name: getattr(part, name) for name in names if callable(getattr(part, name))}
    return {f"{service}.{_operation(name)}": method for name, method in methods.items()}


def _operation(method: str) -> str:
    words = "".join(word.capitalize() for word in method.split("_"))
    return words.replace("Db", "DB")
