"""A change set in plain words: what would be added, changed, replaced and removed.

    + Endpoint     SageMaker endpoint
    ~ Dashboard    CloudWatch dashboard: DashboardBody
    ± Model        SageMaker model: replaced for PrimaryContainer
    − DataVolume   EC2 volume: holds data

Pure.  AWS says "Conditional" when only the update itself will show whether a resource is replaced.
"""

import re
from collections.abc import Iterable, Sequence

from deploy.aws.stack_facts import Change

HOLDS_DATA = frozenset({
    "AWS::EC2::Volume", "AWS::RDS::DBInstance", "AWS::S3::Bucket", "AWS::SecretsManager::Secret",
    "AWS::SQS::Queue",
})  # fmt: skip
"""Kinds whose end takes something along that no deployment makes again."""

_KINDS = ("added", "changed", "replaced", "removed")
_SIGNS = dict(zip(_KINDS, "+~±−", strict=True))
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")


def kind_of(change: Change) -> str:
    """One of added, changed, replaced, removed."""
    if change.action in {"Add", "Import"}:
        return "added"
    if change.action == "Remove":
        return "removed"
    return "replaced" if change.replacement == "True" else "changed"


def additions(template_resources: dict[str, dict[str, str]]) -> tuple[Change, ...]:
    """The changes of a stack that does not exist yet, read off its template."""
    return tuple(Change("Add", name, one["Type"]) for name, one in template_resources.items())


def costly(changes: Iterable[Change]) -> list[Change]:
    """Those that would end something that holds data."""
    ends = ("replaced", "removed")
    return [one for one in changes if one.type in HOLDS_DATA and kind_of(one) in ends]


def headline(changes: Sequence[Change]) -> str:
    """How many of each, as `3 added, 1 changed, 0 replaced, 0 removed`."""
    kinds = [kind_of(change) for change in changes]
    return ", ".join(f"{kinds.count(kind)} {kind}" for kind in _KINDS)


def lines(changes: Sequence[Change]) -> list[str]:
    """A line for each change: added ones first, removed ones last, each group by name."""
    ordered = sorted(changes, key=lambda one: (_KINDS.index(kind_of(one)), one.logical_id))
    width = max((len(one.logical_id) for one in ordered), default=0)
    return [f"{_SIGNS[kind_of(one)]} {one.logical_id:{width}}  {_told(one)}" for one in ordered]


def type_in_words(type_: str) -> str:
    """AWS::SageMaker::EndpointConfig is a `SageMaker endpoint config`."""
    service, _, name = type_.removeprefix("AWS::").partition("::")
    words = [word if word.isupper() else word.lower() for word in _WORDS.findall(name)]
    return " ".join([service, *words])


def _told(change: Change) -> str:
    notes = ", ".join(note for note in (_reason(change), _warning(change)) if note)
    return f"{type_in_words(change.type)}: {notes}" if notes else type_in_words(change.type)


def _reason(change: Change) -> str:
    named = ", ".join(change.properties)
    if kind_of(change) == "replaced":
        return f"replaced for {named}" if named else ""
    if change.replacement == "Conditional":
        return f"perhaps replaced for {named}" if named else "perhaps replaced"
    return named


def _warning(change: Change) -> str:
    return "holds data" if costly([change]) else ""
