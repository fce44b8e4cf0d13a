"""Removes a deployment, and says what is left of it.

    rest ─▶ stack ─▶ log groups written outside of it ─▶ with the data: buckets, snapshots

Every step looks for what is still there, so an interrupted run is finished by the next one, also
when the stack itself is gone already.
"""

from dataclasses import dataclass

from deploy.aws.account import Account
from deploy.progress import Progress
from deploy.settling import own_stack, removed, waited_for


@dataclass(frozen=True, slots=True)
class Left:
    """What a deployment has left behind.

    Attributes:
        found: whether there was anything of it at all.
        buckets: names, with the number of versions of objects in each.
        snapshots: ids or names of what volumes and databases held.
    """

    found: bool
    buckets: dict[str, int]
    snapshots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Removal:
    """The removal of one deployment."""

    account: Account
    name: str
    progress: Progress

    def destroy(self, *, with_data: bool) -> Left:
        """Remove the deployment; its data only if asked for.

        Raises:
            Refused: the stack is not ours, or AWS could not remove it.
        """
        found = any((self._stack_removed(), self._logs_removed()))
        buckets = self.account.buckets.of_stack(self.name)
        snapshots = self.account.snapshots.of(self.name)
        found = found or bool(buckets or snapshots)
        if not with_data:
            held = {bucket: self.account.buckets.count(bucket) for bucket in buckets}
            return Left(found, held, tuple(one.id for one in snapshots))
        for bucket in buckets:
            self.progress.step(f"removing the bucket {bucket} with all its versions")
            self.account.buckets.remove(bucket)
        for snapshot in snapshots:
            self.progress.step(f"removing the snapshot {snapshot.id}")
            self.account.snapshots.remove(snapshot)
        return Left(found, {}, ())

    def _stack_removed(self) -> bool:
        stack = own_stack(self.account, self.name)
        if stack is None:
            return False
        while stack.under_way:
            waited_for(self.account, stack, self.progress)
            if (stack := own_stack(self.account, self.name)) is None:
                return True
        self.progress.step(f"removing the stack {stack.name}")
        removed(self.account, stack, self.progress)
        return True

    def _logs_removed(self) -> bool:
        """Services write logs on after their group has gone, and so make it again."""
        left = [
            group
            for group in self.account.log_groups.named(_log_prefixes(self.name))
            if is_log_of(self.name, group)
        ]
        for group in left:
            self.progress.step(f"removing the log group {group}")
            self.account.log_groups.remove(group)
        return bool(left)


def is_log_of(name: str, group: str) -> bool:
    """Whether a log group belongs to the deployment and not to one whose name begins alike."""
    own, serverless, instances = _log_prefixes(name)
    return group.startswith(own) or group in {serverless, instances}


def _log_prefixes(name: str) -> tuple[str, str, str]:
    """Ours, and those that SageMaker has named."""
    endpoints = f"/aws/sagemaker/Endpoints/{name}"
    return f"/{name}/", f"{endpoints}-serverless", f"{endpoints}-instances"


def told(left: Left) -> list[str]:
    """What an operator reads afterwards."""
    if not left.found:
        return ["there was nothing to remove"]
    kept = [
        *(f"kept: bucket {name}, {count:,} versions" for name, count in left.buckets.items()),
        *(f"kept: snapshot {name}" for name in left.snapshots),
    ]
    if not kept:
        return ["removed; nothing is left"]
    return ["removed", *kept, "`destroy --with-data` removes these too"]
