"""CloudFormation's change sets: what an update would do, worked out by AWS before anything is done.

    Proposal ──propose()──▶ ChangeSet ──execute()──▶ `Stacks.follow` sees it through
                               └──discard()

A change set that would change nothing is `None`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from deploy.aws.stack_facts import (
    STACK_TAG,
    Change,
    ChangeSet,
    Proposal,
    Stack,
    read_change,
)
from deploy.refusals import StackFailed

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import (
        ChangeSetSummaryTypeDef,
        DescribeChangeSetOutputTypeDef,
        ParameterTypeDef,
    )

PREFIX = "fechamento-"
"""First letters of our change sets' names; what has other names is left alone."""

POLL_SECONDS = 2.0

_NOTHING_TO_DO = ("didn't contain changes", "No updates are to be performed")
_AT_WORK = ("CREATE_PENDING", "CREATE_IN_PROGRESS")
_CAPABILITIES: Final = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM")


@dataclass(frozen=True, slots=True)
class ChangeSets:
    """The change sets of a region.

    Attributes:
        wait: lets so many seconds pass.
    """

    client: "CloudFormationClient"
    wait: Callable[[float], None]

    def propose(self, proposal: Proposal) -> ChangeSet | None:
        """Let AWS work out the changes; None when there are none.

        Raises:
            StackFailed: AWS cannot make sense of the template or of a parameter.
        """
        made = self.client.create_change_set(
            StackName=proposal.stack,
            ChangeSetName=proposal.change_set,
            ChangeSetType="UPDATE" if proposal.exists else "CREATE",
            Parameters=[_parameter(*pair) for pair in proposal.parameters.items()],
            Capabilities=_CAPABILITIES,
            Tags=[{"Key": STACK_TAG, "Value": proposal.stack}],
            TemplateBody=proposal.body,
        )
        return self._worked_out(made["Id"], made["StackId"])

    def discard(self, change_set: str, stack: str) -> None:
        """Delete a change set that was not executed, as soon as AWS lets go of it."""
        self._let_go(change_set)
        self.client.delete_change_set(ChangeSetName=change_set, StackName=stack)

    def execute(self, change_set: ChangeSet) -> None:
        """Begin; `follow` waits for the end."""
        self.client.execute_change_set(ChangeSetName=change_set.id)

    def left_over(self, stack: Stack) -> list[str]:
        """Ids of our change sets that nobody has executed."""
        return [
            one["ChangeSetId"]
            for one in self._listed(stack)
            if one["ChangeSetName"].startswith(PREFIX)
            and not one.get("ExecutionStatus", "").startswith("EXECUTE_")
        ]

    def names(self, stack: Stack) -> list[str]:
        """The names of all its change sets, ours or not."""
        return [one["ChangeSetName"] for one in self._listed(stack)]

    def _listed(self, stack: Stack) -> Iterator["ChangeSetSummaryTypeDef"]:
        pages = self.client.get_paginator("list_change_sets").paginate(StackName=stack.id)
        for page in pages:
            yield from (one for one in page["Summaries"] if one["StackId"] == stack.id)

    def _worked_out(self, change_set: str, stack_id: str) -> ChangeSet | None:
        found = self._let_go(change_set)
        if found["Status"] == "CREATE_COMPLETE":
            return ChangeSet(change_set, stack_id, tuple(self._changes(change_set)))
        self.discard(change_set, stack_id)
        reason = found.get("StatusReason", found["Status"])
        if any(told in reason for told in _NOTHING_TO_DO):
            return None
        raise StackFailed(f"CloudFormation refuses the template: {reason.rstrip('.')}")

    def _let_go(self, change_set: str) -> "DescribeChangeSetOutputTypeDef":
        """The change set, when AWS has worked it out."""
        while True:
            found = self.client.describe_change_set(ChangeSetName=change_set)
            if found["Status"] not in _AT_WORK:
                return found
            self.wait(POLL_SECONDS)

    def _changes(self, change_set: str) -> Iterator[Change]:
        pages = self.client.get_paginator("describe_change_set").paginate(ChangeSetName=change_set)
        for page in pages:
            yield from map(read_change, page["Changes"])


def _parameter(key: str, value: str | None) -> "ParameterTypeDef":
    if value is None:
        return {"ParameterKey": key, "UsePreviousValue": True}
    return {"ParameterKey": key, "ParameterValue": value}
