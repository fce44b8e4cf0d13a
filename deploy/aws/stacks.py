"""CloudFormation: what stacks there are, what happens to them, and their end.

Events come oldest first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy.aws.failures import code_of, message_of
from deploy.aws.stack_facts import Event, Stack, read_event, read_stack
from deploy.refusals import StackFailed

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

POLL_SECONDS = 5.0

_LOOKS = 3
"""How often a stack at rest without news is looked at: it may not have begun to move yet."""


@dataclass(frozen=True, slots=True)
class Stacks:
    """The stacks of a region.

    Attributes:
        wait: lets so many seconds pass.
    """

    client: "CloudFormationClient"
    wait: Callable[[float], None]

    def find(self, name: str) -> Stack | None:
        """The stack of this name, or with this id (then also one that is gone)."""
        try:
            (found,) = self.client.describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if code_of(error) == "ValidationError" and "does not exist" in message_of(error):
                return None
            raise
        return read_stack(found)

    def template(self, name: str) -> Any:
        """The template that the stack was last made from; JSON comes back as a dict."""
        return self.client.get_template(StackName=name)["TemplateBody"]

    def delete(self, stack: Stack) -> None:
        """Begin to delete; `follow` waits for the end."""
        self.client.delete_stack(StackName=stack.id)

    def continue_rollback(self, stack: Stack) -> None:
        """Begin again to undo an update whose undoing has failed."""
        self.client.continue_update_rollback(StackName=stack.id)

    def newest_event(self, stack_id: str) -> str:
        """Id of the last event so far; empty when there is none."""
        found = self.client.describe_stack_events(StackName=stack_id)["StackEvents"]
        return found[0]["EventId"] if found else ""

    def follow(self, stack_id: str, after: str, shown: Callable[[Event], None]) -> Stack:
        """Wait until AWS has ended what it does, showing each event once.

        Args:
            stack_id: the ARN, which a deletion leaves valid.
            after: id of the last event that is already known.
            shown: gets the events, oldest first.
        """
        looks = 0
        while True:
            stack = self._still(stack_id)
            news = self.events(stack_id, after)
            for event in news:
                shown(event)
                after = event.id
            looks = _LOOKS if news else looks + 1
            if not stack.under_way and looks >= _LOOKS:
                return stack
            self.wait(POLL_SECONDS)

    def events(self, stack_id: str, after: str) -> list[Event]:
        """Events since the one with the id `after`, oldest first; all when it is empty."""
        newest_first = self._newest_first(stack_id)
        return [*takewhile(lambda event: event.id != after, newest_first)][::-1]

    def last_operation(self, stack_id: str) -> list[Event]:
        """Events since somebody last asked for a creation, an update or a deletion."""
        newest_first = self._newest_first(stack_id)
        return [*takewhile(lambda event: "User Initiated" not in event.reason, newest_first)][::-1]

    def made(self, stack_id: str, type_: str) -> list[str]:
        """The physical ids of the stack's resources of one type, as AWS::CloudWatch::Alarm."""
        pages = self.client.get_paginator("list_stack_resources").paginate(StackName=stack_id)
        return [
            one["PhysicalResourceId"]
            for page in pages
            for one in page["StackResourceSummaries"]
            if one.get("ResourceType") == type_ and "PhysicalResourceId" in one
        ]

    def _newest_first(self, stack_id: str) -> Iterator[Event]:
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=stack_id)
        for page in pages:
            yield from map(read_event, page["StackEvents"])

    def _still(self, stack_id: str) -> Stack:
        stack = self.find(stack_id)
        if stack is None:
            raise StackFailed(f"CloudFormation knows nothing of {stack_id} any more")
        return stack
