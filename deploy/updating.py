"""One update of the stack: proposed, agreed to, executed, seen through, and explained if undone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from deploy.aws.account import Account
from deploy.aws.change_sets import PREFIX
from deploy.aws.stack_facts import Change, ChangeSet, Proposal, Stack, first_failure
from deploy.plan import costly, headline
from deploy.progress import Progress
from deploy.refusals import Refused, StackFailed
from deploy.settling import removed, without_empty_buckets

Clock = Callable[[], datetime]

_PREPARED = "; what was prepared stays for the next try, and destroy removes it"
_DONE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})


@dataclass(frozen=True, slots=True)
class Update:
    """Updates of one stack.

    Attributes:
        name: of the stack.
        agreed: asked before something that holds data is ended.
        now: aware; names change sets.
    """

    account: Account
    name: str
    progress: Progress
    agreed: Callable[[list[Change]], bool]
    now: Clock

    def to(self, body: str, given: Mapping[str, str | None], *, exists: bool) -> Stack | None:
        """Make the stack what the template says; None when it is that already.

        Args:
            body: the template as JSON.
            given: its parameters; None stands for the value that the stack has already.
            exists: whether there is a stack to update.

        Raises:
            Refused: not agreed to; nothing was changed.
            StackFailed: AWS could not do it and has undone it.
        """
        change_set = self.account.change_sets.propose(
            Proposal(self.name, body, given, change_set_name(self.now()), exists)
        )
        if change_set is None:
            return None
        self._refuse_unwanted(change_set)
        self.progress.step(f"{self.name}: {headline(change_set.changes)}")
        known = self.account.stacks.newest_event(change_set.stack_id)
        self.account.change_sets.execute(change_set)
        ended = self.account.stacks.follow(change_set.stack_id, known, self.progress.event)
        if ended.status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            raise self._undone(ended, known)
        return ended

    def _refuse_unwanted(self, change_set: ChangeSet) -> None:
        ending = costly(change_set.changes)
        if ending and not self.agreed(ending):
            self.account.change_sets.discard(change_set.id, change_set.stack_id)
            raise Refused("nothing was changed")

    def _undone(self, ended: Stack, known: str) -> StackFailed:
        """Why it failed; of a stack that never stood, nothing is left."""
        reason = first_failure(self.account.stacks.events(ended.id, known))
        if ended.at_rest:
            rest = "" if "EndpointName" in ended.outputs else _PREPARED
            return StackFailed(f"the update failed and was undone: {reason}{rest}")
        if ended.status == "ROLLBACK_COMPLETE":
            removed(self.account, ended, self.progress)
            without_empty_buckets(self.account, self.name, self.progress)
            return StackFailed(f"the stack could not be made and was removed again: {reason}")
        return StackFailed(
            f"the update failed and {ended.name} is left in {ended.status}: {reason}; "
            "apply brings it to rest when it is run again"
        )


def change_set_name(now: datetime) -> str:
    """A name for this moment, to the microsecond."""
    return f"{PREFIX}{now:%Y%m%d-%H%M%S-%f}"
