"""How a deployment is: stack, endpoint, model, alarms, and what its cost depends on."""

from dataclasses import dataclass
from datetime import datetime

from deploy.aws.account import Account
from deploy.aws.endpoints import Firing
from deploy.aws.stack_facts import Stack
from deploy.refusals import NothingThere
from deploy.settling import own_stack

DAYS = 7


@dataclass(frozen=True, slots=True)
class Standing:
    """What `status` shows.

    Attributes:
        stack: as CloudFormation has it.
        endpoint: name and state, e.g. `fechamento-serverless: InService`; empty without one.
        model: name and version, when they were noted beside the artifact.
        firing: alarms in ALARM.
        invocations: of the last seven days; None when CloudWatch does not say.
    """

    stack: Stack
    endpoint: str
    model: str
    firing: tuple[Firing, ...]
    invocations: int | None


def standing(account: Account, name: str, now: datetime) -> Standing:
    """Look at everything once.

    Raises:
        NothingThere: there is no such stack in this region.
        NameTaken: it is not ours.
    """
    stack = own_stack(account, name)
    if stack is None:
        raise NothingThere(f"there is no stack {name} in {account.region} (account {account.id})")
    endpoint = stack.outputs.get("EndpointName", "")
    alarms = account.stacks.made(stack.id, "AWS::CloudWatch::Alarm")
    return Standing(
        stack=stack,
        endpoint=f"{endpoint}: {account.endpoints.state(endpoint)}" if endpoint else "",
        model=_model(account, stack),
        firing=tuple(account.endpoints.firing(alarms)),
        invocations=account.endpoints.invocations(endpoint, now, DAYS) if endpoint else None,
    )


def lines(found: Standing) -> list[str]:
    """The same for people, the most urgent line first."""
    parameters = found.stack.parameters
    invoked = "unknown" if found.invocations is None else f"{found.invocations:,}"
    return [
        *(f"ALARM        {one.name}, since {one.since:%Y-%m-%d %H:%M} UTC" for one in found.firing),
        f"stack        {found.stack.name}: {found.stack.status}",
        f"last deploy  {found.stack.changed_at:%Y-%m-%d %H:%M} UTC",
        f"endpoint     {found.endpoint or 'none'}",
        f"model        {found.model or 'unknown'}",
        f"artifact     {parameters.get('ArtifactSha256', '') or 'none'}",
        f"source       {parameters.get('SourceKey', '') or 'none'}",
        f"invocations  {invoked} in the last {DAYS} days",
        f"dashboard    {found.stack.outputs.get('DashboardUrl', 'none')}",
    ]


def _model(account: Account, stack: Stack) -> str:
    bucket, key = stack.outputs.get("Bucket"), stack.parameters.get("ArtifactKey")
    if not bucket or not key:
        return ""
    noted = account.buckets.told_about(bucket, key) or {}
    return f"{noted.get('name', '')} {noted.get('version', '')}".strip()
