"""CloudFormation of the rehearsed AWS: changes take time, updates can fail and are rolled back.

An operation under way is a generator; each wait takes it a step further.  A step is a few
resources, as AWS also works on several at once.
"""
# ruff: noqa: D102 - the operations are AWS's own, described by botocore

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from deploy.stack.template import MOST_BYTES
from tests.deploy.driving.rehearsed.front import Answer, AwsError
from tests.deploy.driving.rehearsed.stores import ACCOUNT, NOW, Params

AT_ONCE = 8
STACK_TYPE = "AWS::CloudFormation::Stack"
UPDATABLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
NOTHING = (
    "The submitted information didn't contain changes. "
    "Submit different information to create a change set."
)

Make = Callable[["Stack", str, Params], str]
"""Makes a resource for real: stack, logical id and description to physical id."""


@dataclass(slots=True, eq=False)
class Stack:
    """One stack, gone ones included."""

    id: str
    name: str
    status: str
    template: Params = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    tags: list[Params] = field(default_factory=list)
    resources: dict[str, str] = field(default_factory=dict)
    events: list[Params] = field(default_factory=list)
    work: Iterator[None] | None = None

    def log(self, logical: str, kind: str, status: str, reason: str = "") -> None:
        event = {
            "StackId": self.id,
            "EventId": f"{self.id}/{len(self.events)}",
            "StackName": self.name,
            "LogicalResourceId": logical,
            "ResourceType": kind,
            "ResourceStatus": status,
            "Timestamp": NOW + timedelta(seconds=len(self.events)),
        }
        self.events.append({**event, "ResourceStatusReason": reason} if reason else event)

    def become(self, status: str, reason: str = "") -> None:
        self.status = status
        self.log(self.name, STACK_TYPE, status, reason)


@dataclass(slots=True, eq=False)
class ChangeSet:
    """One change set and what it would do."""

    id: str
    name: str
    stack: Stack
    template: Params
    parameters: dict[str, str]
    tags: list[Params]
    creates: bool
    status: str = "CREATE_IN_PROGRESS"
    execution: str = "UNAVAILABLE"
    reason: str = ""


@dataclass(slots=True)
class CloudFormation:
    """Stacks and change sets.

    Attributes:
        make: makes a resource; `end` ends one.
        failing: reasons by logical id; such a resource cannot be made or changed.
        stuck: how many rollbacks of updates fail before one works.
        undeletable: how often the deletion of a stack fails.
    """

    make: Make
    end: Callable[[Stack, str, Params], None]
    stacks: list[Stack] = field(default_factory=list)
    change_sets: list[ChangeSet] = field(default_factory=list)
    failing: dict[str, str] = field(default_factory=dict)
    stuck: int = 0
    undeletable: int = 0

    def describe_stacks(self, asked: Params) -> Answer:
        stack = self._stack(asked["StackName"])
        filled = {
            "StackId": stack.id,
            "StackName": stack.name,
            "StackStatus": stack.status,
            "CreationTime": NOW,
            "Tags": stack.tags,
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value}
                for key, value in stack.parameters.items()
            ],
            "Outputs": [
                {"OutputKey": key, "OutputValue": self._filled(stack, one["Value"])}
                for key, one in stack.template.get("Outputs", {}).items()
                if stack.status in UPDATABLE
            ],
        }
        return {"Stacks": [filled]}

    def get_template(self, asked: Params) -> Answer:
        return {"TemplateBody": json.dumps(self._stack(asked["StackName"]).template)}

    def describe_stack_events(self, asked: Params) -> Answer:
        return {"StackEvents": self._stack(asked["StackName"]).events[::-1]}

    def list_stack_resources(self, asked: Params) -> Answer:
        stack = self._stack(asked["StackName"])
        return {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": logical,
                    "PhysicalResourceId": physical,
                    "ResourceType": stack.template["Resources"][logical]["Type"],
                    "ResourceStatus": "CREATE_COMPLETE",
                    "LastUpdatedTimestamp": NOW,
                }
                for logical, physical in stack.resources.items()
            ]
        }

    def create_change_set(self, asked: Params) -> Answer:
        if len(asked["TemplateBody"].encode()) > MOST_BYTES:
            raise AwsError("ValidationError", "TemplateBody is too long")
        creates = asked["ChangeSetType"] == "CREATE"
        stack = self._reviewed(asked["StackName"]) if creates else self._updatable(asked)
        if any(one.name == asked["ChangeSetName"] for one in self._of(stack)):
            raise AwsError("AlreadyExistsException", "ChangeSet already exists")
        template = json.loads(asked["TemplateBody"])
        made = ChangeSet(
            id=f"arn:aws:cloudformation:sa-east-1:{ACCOUNT}:changeSet/{asked['ChangeSetName']}",
            name=asked["ChangeSetName"],
            stack=stack,
            template=template,
            parameters=_given(stack, template, asked["Parameters"]),
            tags=asked["Tags"],
            creates=creates,
        )
        self.change_sets.append(made)
        return {"Id": made.id, "StackId": stack.id}

    def describe_change_set(self, asked: Params) -> Answer:
        made = self._change_set(asked)
        return {
            "ChangeSetId": made.id,
            "ChangeSetName": made.name,
            "StackId": made.stack.id,
            "Status": made.status,
            "StatusReason": made.reason,
            "ExecutionStatus": made.execution,
            "Changes": [_told(*change) for change in _changes(made)],
        }

    def list_change_sets(self, asked: Params) -> Answer:
        found = self._of(self._stack(asked["StackName"]))
        return {
            "Summaries": [
                {
                    "ChangeSetId": one.id,
                    "ChangeSetName": one.name,
                    "StackId": one.stack.id,
                    "Status": one.status,
                    "ExecutionStatus": one.execution,
                }
                for one in found
            ]
        }

    def delete_change_set(self, asked: Params) -> Answer:
        made = self._change_set(asked)
        if made.status == "CREATE_IN_PROGRESS":
            raise AwsError("InvalidChangeSetStatus", "cannot be deleted in CREATE_IN_PROGRESS")
        self.change_sets.remove(made)
        return {}

    def execute_change_set(self, asked: Params) -> Answer:
        made = self._change_set(asked)
        if made.execution != "AVAILABLE":
            raise AwsError("InvalidChangeSetStatus", f"cannot be executed in {made.execution}")
        made.execution = "EXECUTE_COMPLETE"
        stack = made.stack
        stack.become(f"{_verb(made)}_IN_PROGRESS", "User Initiated")
        stack.tags = made.tags
        stack.work = self._executed(made)
        self.change_sets = [
            one for one in self.change_sets if one is made or one.stack is not stack
        ]
        return {}

    def delete_stack(self, asked: Params) -> Answer:
        try:
            stack = self._stack(asked["StackName"])
        except AwsError:
            return {}
        if stack.status.startswith("UPDATE") and stack.status.endswith("IN_PROGRESS"):
            raise AwsError("ValidationError", f"Stack is in {stack.status} state")
        if stack.status != "DELETE_COMPLETE":
            stack.become("DELETE_IN_PROGRESS", "User Initiated")
            stack.work = self._deleted(stack)
        return {}

    def continue_update_rollback(self, asked: Params) -> Answer:
        stack = self._stack(asked["StackName"])
        if stack.status != "UPDATE_ROLLBACK_FAILED":
            raise AwsError("ValidationError", f"Stack is in {stack.status} state")
        stack.become("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        stack.work = self._rolled_back(stack)
        return {}

    def _pass_time(self) -> None:
        for made in self.change_sets:
            if made.status == "CREATE_IN_PROGRESS":
                _work_out(made)
        for stack in self.stacks:
            if stack.work and next(stack.work, "ended") == "ended":
                stack.work = None

    def _executed(self, made: ChangeSet) -> Iterator[None]:
        stack, before = made.stack, (made.stack.template, made.stack.parameters)
        stack.template, stack.parameters = made.template, made.parameters
        fresh: list[str] = []
        for number, (action, logical, _) in enumerate(_changes(made, before)):
            if number % AT_ONCE == 0:
                yield
            if action == "Remove":
                continue
            kind = made.template["Resources"][logical]["Type"]
            verb = "CREATE" if action == "Add" else "UPDATE"
            if logical in self.failing:
                stack.log(logical, kind, f"{verb}_FAILED", self.failing[logical])
                stack.log("Other", kind, f"{verb}_FAILED", f"Resource {verb.lower()} cancelled")
                yield from self._undone(made, before, fresh)
                return
            if action == "Add":
                fresh.append(logical)
                stack.resources[logical] = self.make(stack, logical, made.template)
            stack.log(logical, kind, f"{verb}_COMPLETE")
        for logical in [one for one in stack.resources if one not in made.template["Resources"]]:
            self._ended(stack, logical, before[0])
        stack.become(f"{_verb(made)}_COMPLETE")

    def _undone(self, made: ChangeSet, before: Any, fresh: list[str]) -> Iterator[None]:
        stack = made.stack
        start = "ROLLBACK_IN_PROGRESS" if made.creates else "UPDATE_ROLLBACK_IN_PROGRESS"
        stack.become(start, "The following resource(s) failed")
        yield
        for logical in fresh:
            self._ended(stack, logical, made.template)
        if made.creates:
            stack.become("ROLLBACK_COMPLETE")
            return
        stack.template, stack.parameters = before
        yield from self._rolled_back(stack)

    def _rolled_back(self, stack: Stack) -> Iterator[None]:
        yield
        if self.stuck:
            self.stuck -= 1
            stack.log("Endpoint", "AWS::SageMaker::Endpoint", "UPDATE_FAILED", "Busy.")
            stack.become("UPDATE_ROLLBACK_FAILED")
        else:
            stack.become("UPDATE_ROLLBACK_COMPLETE")

    def _deleted(self, stack: Stack) -> Iterator[None]:
        yield
        if self.undeletable:
            self.undeletable -= 1
            stack.log("Bucket", "AWS::S3::Bucket", "DELETE_FAILED", "It is in use.")
            stack.become("DELETE_FAILED")
            return
        for logical in list(stack.resources):
            self._ended(stack, logical, stack.template)
        self.change_sets = [one for one in self.change_sets if one.stack is not stack]
        stack.become("DELETE_COMPLETE")

    def _ended(self, stack: Stack, logical: str, template: Params) -> None:
        if template["Resources"][logical].get("DeletionPolicy") != "Retain":
            self.end(stack, logical, template)
        stack.resources.pop(logical)

    def _filled(self, stack: Stack, value: Any) -> str:
        if isinstance(value, str):
            return value
        ((function, rest),) = value.items()
        if function == "Ref":
            return stack.resources.get(rest) or stack.parameters.get(rest, "")
        if function == "Fn::GetAtt":
            return stack.resources[rest[0]]
        return str(rest)

    def _stack(self, name: str) -> Stack:
        for stack in self.stacks:
            if stack.id == name or (stack.name == name and stack.status != "DELETE_COMPLETE"):
                return stack
        raise AwsError("ValidationError", f"Stack with id {name} does not exist")

    def _reviewed(self, name: str) -> Stack:
        alive = [one for one in self.stacks if one.name == name and one.status != "DELETE_COMPLETE"]
        if alive and alive[0].status != "REVIEW_IN_PROGRESS":
            raise AwsError("ValidationError", f"Stack {name} already exists and cannot be created")
        if not alive:
            number = f"arn:aws:cloudformation:sa-east-1:{ACCOUNT}:stack/{name}/{len(self.stacks)}"
            self.stacks.append(Stack(number, name, "REVIEW_IN_PROGRESS"))
            self.stacks[-1].become("REVIEW_IN_PROGRESS", "User Initiated")
        return self._stack(name)

    def _updatable(self, asked: Params) -> Stack:
        stack = self._stack(asked["StackName"])
        if stack.status not in UPDATABLE:
            told = f"Stack:{stack.id} is in {stack.status} state and can not be updated."
            raise AwsError("ValidationError", told)
        return stack

    def _of(self, stack: Stack) -> list[ChangeSet]:
        return [one for one in self.change_sets if one.stack is stack]

    def _change_set(self, asked: Params) -> ChangeSet:
        for one in self.change_sets:
            if asked["ChangeSetName"] in {one.id, one.name}:
                return one
        raise AwsError("ChangeSetNotFound", f"ChangeSet [{asked['ChangeSetName']}] does not exist")


def _verb(made: ChangeSet) -> str:
    return "CREATE" if made.creates else "UPDATE"


def _work_out(made: ChangeSet) -> None:
    if (
        made.creates
        or [*_changes(made)]
        or made.template.get("Outputs") != made.stack.template.get("Outputs")
    ):
        made.status, made.execution = "CREATE_COMPLETE", "AVAILABLE"
    else:
        made.status, made.reason = "FAILED", NOTHING


def _given(stack: Stack, template: Params, asked: list[Params]) -> dict[str, str]:
    declared = set(template.get("Parameters", {}))
    named = {one["ParameterKey"] for one in asked}
    if named - declared:
        raise AwsError("ValidationError", f"Parameters: {named - declared} do not exist")
    if declared - named:
        raise AwsError("ValidationError", f"Parameters: {declared - named} must have values")
    return {
        one["ParameterKey"]: stack.parameters[one["ParameterKey"]]
        if one.get("UsePreviousValue")
        else one["ParameterValue"]
        for one in asked
    }


def _changes(made: ChangeSet, before: Any = None) -> Iterator[tuple[str, str, str]]:
    """Action, logical id and type of what differs, by template and by the parameters used."""
    template, parameters = before or (made.stack.template, made.stack.parameters)
    old, new = template.get("Resources", {}), made.template["Resources"]
    for logical, described in new.items():
        if logical not in old:
            yield "Add", logical, described["Type"]
        elif _rendered(described, made.parameters) != _rendered(old[logical], parameters):
            yield "Modify", logical, described["Type"]
    for logical, described in old.items():
        if logical not in new:
            yield "Remove", logical, described["Type"]


def _rendered(described: Params, parameters: dict[str, str]) -> str:
    text = json.dumps(described)
    used = {key: value for key, value in parameters.items() if key in text}
    return text + json.dumps(used)


def _told(action: str, logical: str, kind: str) -> Params:
    change = {"Action": action, "LogicalResourceId": logical, "ResourceType": kind}
    if action == "Modify":
        change["Replacement"] = "False"
    return {"Type": "Resource", "ResourceChange": change}
