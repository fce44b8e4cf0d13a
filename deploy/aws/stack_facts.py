"""What CloudFormation says about a stack, as plain values.

Times are aware; AWS's words for states and actions are kept as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ChangeTypeDef, StackEventTypeDef, StackTypeDef

STACK_TAG = "fechamento:stack"
"""Put on the stack and, by CloudFormation, on everything in it; its value is the stack's name."""

GONE = "DELETE_COMPLETE"
REVIEWED = "REVIEW_IN_PROGRESS"
"""A stack that was never made: change sets were created for it and none was executed."""

_STANDING = frozenset({
    "CREATE_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE", "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack as it is now.

    Attributes:
        id: its ARN, which stays valid after it was deleted.
        status: as AWS spells it, e.g. UPDATE_COMPLETE.
        ours: whether it carries the tag that this program gives.
        changed_at: when it was last created or updated.
    """

    id: str
    name: str
    status: str
    ours: bool
    changed_at: datetime
    parameters: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def under_way(self) -> bool:
        """Whether AWS is working on it."""
        return self.status.endswith("_IN_PROGRESS") and self.status != REVIEWED

    @property
    def at_rest(self) -> bool:
        """Whether it stands and can be updated."""
        return self.status in _STANDING


@dataclass(frozen=True, slots=True)
class Change:
    """What would happen to one resource.

    Attributes:
        action: Add, Modify, Remove, Import or Dynamic.
        type: as AWS::S3::Bucket.
        replacement: True, False or Conditional, as AWS spells them; empty unless modified.
        properties: names of the properties that change; empty when AWS does not say.
    """

    action: str
    logical_id: str
    type: str
    replacement: str = ""
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Changes that wait to be executed or discarded."""

    id: str
    stack_id: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a stack's history."""

    id: str
    at: datetime
    logical_id: str
    type: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a stack is to become.

    Attributes:
        body: the template as JSON.
        parameters: None stands for the value that the stack has already.
        change_set: a name that no other change set of the stack has; begins with
            `change_sets.PREFIX`.
        exists: whether there is a stack to update.
    """

    stack: str
    body: str
    parameters: Mapping[str, str | None]
    change_set: str
    exists: bool


def first_failure(events: Sequence[Event]) -> str:
    """Why an operation failed: its first failed resource, since the others fail after it.

    Resources whose making was only called off say "cancelled" and are no reason.
    """
    for event in events:
        if event.status.endswith("_FAILED") and "cancelled" not in event.reason:
            kind = event.type.removeprefix("AWS::")
            return f"{event.logical_id} ({kind}): {event.reason.rstrip('.') or event.status}"
    return "AWS gives no reason"


def read_stack(found: "StackTypeDef") -> Stack:
    """A stack as `describe_stacks` tells it."""
    tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
    outputs = {one["OutputKey"]: one.get("OutputValue", "") for one in found.get("Outputs", [])}
    parameters = {
        one["ParameterKey"]: one.get("ParameterValue", "") for one in found.get("Parameters", [])
    }
    return Stack(
        id=found["StackId"],
        name=found["StackName"],
        status=found["StackStatus"],
        ours=tags.get(STACK_TAG) == found["StackName"],
        changed_at=found.get("LastUpdatedTime", found["CreationTime"]),
        parameters=parameters,
        outputs=outputs,
    )


def read_change(found: "ChangeTypeDef") -> Change:
    """A change as `describe_change_set` tells it."""
    resource = found["ResourceChange"]
    names = [one.get("Target", {}).get("Name", "") for one in resource.get("Details", [])]
    return Change(
        action=resource["Action"],
        logical_id=resource["LogicalResourceId"],
        type=resource["ResourceType"],
        replacement=resource.get("Replacement", ""),
        properties=tuple(dict.fromkeys(name for name in names if name)),
    )


def read_event(found: "StackEventTypeDef") -> Event:
    """An event as `describe_stack_events` tells it."""
    return Event(
        id=found["EventId"],
        at=found["Timestamp"],
        logical_id=found.get("LogicalResourceId", ""),
        type=found.get("ResourceType", ""),
        status=found.get("ResourceStatus", ""),
        reason=found.get("ResourceStatusReason", ""),
    )
