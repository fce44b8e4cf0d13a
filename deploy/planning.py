"""What an update would do, worked out by AWS and then put away again: nothing is left of it."""

from dataclasses import dataclass

from deploy.aws.account import Account
from deploy.aws.stack_facts import REVIEWED, Change, Proposal
from deploy.plan import additions
from deploy.progress import Progress
from deploy.refusals import StackFailed
from deploy.settling import NEVER_STOOD, own_stack, waited_for
from deploy.stack.options import Options
from deploy.stack.template import parameters, template, text
from deploy.updating import Clock, change_set_name


@dataclass(frozen=True, slots=True)
class Planned:
    """What would happen.

    Attributes:
        exists: whether there is a stack to change.
        changes: none when it is already what it would become.
    """

    exists: bool
    changes: tuple[Change, ...]


def planned(account: Account, wanted: Options, progress: Progress, now: Clock) -> Planned:
    """Have AWS work out the changes; waits for what it is doing to the stack, and undoes nothing.

    Args:
        account: where.
        wanted: with its uploads, which need not be uploaded yet.
        progress: is told of what is waited for.
        now: aware.

    Raises:
        NameTaken: a stack of this name is not ours.
        StackFailed: the stack is in a state that has to be mended first, or AWS refuses the
            template.
    """
    while (stack := own_stack(account, wanted.name)) and stack.under_way:
        waited_for(account, stack, progress)
    if stack is not None and stack.at_rest:
        return Planned(exists=True, changes=_worked_out(account, wanted, now, exists=True))
    if stack is None or stack.status == REVIEWED:
        return Planned(exists=False, changes=_worked_out(account, wanted, now, exists=False))
    if stack.status in NEVER_STOOD:  # apply removes it first
        return Planned(exists=False, changes=additions(template(wanted)["Resources"]))
    raise StackFailed(f"{stack.name} is in {stack.status}; apply begins by mending that")


def _worked_out(
    account: Account, wanted: Options, now: Clock, *, exists: bool
) -> tuple[Change, ...]:
    name = change_set_name(now())
    proposal = Proposal(wanted.name, text(wanted), parameters(wanted), name, exists)
    try:
        found = account.change_sets.propose(proposal)
        return found.changes if found else ()
    finally:
        _put_away(account, wanted.name)


def _put_away(account: Account, name: str) -> None:
    """Discard our change sets and, when only they made the stack, the stack that never was."""
    stack = account.stacks.find(name)
    if stack is None:
        return
    for change_set in account.change_sets.left_over(stack):
        account.change_sets.discard(change_set, stack.id)
    if stack.status == REVIEWED:
        known = account.stacks.newest_event(stack.id)
        account.stacks.delete(stack)
        account.stacks.follow(stack.id, known, lambda _: None)
