"""Brings a stack to rest, in whatever state a killed run or a failure has left it.

    AWS is working on it       wait
    never came to stand        delete it, wait; there is no stack then
    its rollback has failed    have AWS roll back again, wait
    stands                     discard the change sets that nobody has executed

Whoever is interrupted and runs again starts here, which is why runs converge.
"""

from deploy.aws.account import Account
from deploy.aws.change_sets import PREFIX
from deploy.aws.stack_facts import GONE, REVIEWED, Stack, first_failure
from deploy.progress import Progress
from deploy.refusals import NameTaken, StackFailed

STUCK = "UPDATE_ROLLBACK_FAILED"
NEVER_STOOD = frozenset({
    "CREATE_FAILED", "DELETE_FAILED", "IMPORT_ROLLBACK_FAILED", REVIEWED, "ROLLBACK_COMPLETE",
    "ROLLBACK_FAILED",
})  # fmt: skip


def own_stack(account: Account, name: str) -> Stack | None:
    """The stack of this name, if there is one.

    Raises:
        NameTaken: it was not made by this program.
    """
    stack = account.stacks.find(name)
    if stack is None or stack.ours or _only_planned(account, stack):
        return stack
    raise NameTaken(
        f"the stack {name} in {account.region} was not made by this program; take another --name"
    )


def at_rest(account: Account, name: str, progress: Progress) -> Stack | None:
    """The stack, standing and ready for a change set; None when there is none.

    Raises:
        NameTaken: it was not made by this program.
        StackFailed: AWS cannot bring it to rest.
    """
    mended = False
    while stack := own_stack(account, name):
        if stack.at_rest:
            for change_set in account.change_sets.left_over(stack):
                account.change_sets.discard(change_set, stack.id)
            return stack
        if stack.status == STUCK and mended:
            reason = first_failure(account.stacks.last_operation(stack.id))
            raise StackFailed(f"{name} stays in {stack.status}: {reason}")
        mended = mended or stack.status == STUCK
        _moved_on(account, stack, progress)
    without_empty_buckets(account, name, progress)
    return None


def _moved_on(account: Account, stack: Stack, progress: Progress) -> None:
    if stack.under_way:
        waited_for(account, stack, progress)
    elif stack.status == STUCK:
        progress.step(f"{stack.name} is stuck in a rollback; it is begun again")
        known = account.stacks.newest_event(stack.id)
        account.stacks.continue_rollback(stack)
        account.stacks.follow(stack.id, known, progress.event)
    elif stack.status in NEVER_STOOD:
        progress.step(f"{stack.name} does not stand ({stack.status}); removing what there is")
        removed(account, stack, progress)
    else:
        raise StackFailed(f"{stack.name} is in {stack.status}, which this program cannot mend")


def without_empty_buckets(account: Account, name: str, progress: Progress) -> None:
    """Remove buckets that a failed creation has kept, since they are to be kept once they stand."""
    for bucket in account.buckets.of_stack(name):
        if account.buckets.count(bucket) == 0:
            progress.step(f"removing the empty bucket {bucket}")
            account.buckets.remove(bucket)


def waited_for(account: Account, stack: Stack, progress: Progress) -> None:
    """Let AWS end what it is doing."""
    progress.step(f"AWS is still at work on {stack.name} ({stack.status}); waiting")
    known = account.stacks.newest_event(stack.id)
    account.stacks.follow(stack.id, known, progress.event)


def removed(account: Account, stack: Stack, progress: Progress) -> None:
    """Delete a stack and wait for its end.

    Raises:
        StackFailed: AWS could not delete everything; says what came first.
    """
    known = account.stacks.newest_event(stack.id)
    account.stacks.delete(stack)
    ended = account.stacks.follow(stack.id, known, progress.event)
    if ended.status != GONE:
        reason = first_failure(account.stacks.events(stack.id, known))
        raise StackFailed(f"{stack.name} could not be removed: {reason}")


def _only_planned(account: Account, stack: Stack) -> bool:
    """Whether it may be the remains of a plan, which carry no tags.

    Under review it is ours when all its change sets have our names.  While it is being deleted
    nobody can tell; nothing but waiting is done to it then.
    """
    if stack.status == REVIEWED:
        return all(name.startswith(PREFIX) for name in account.change_sets.names(stack))
    return stack.status == "DELETE_IN_PROGRESS"
