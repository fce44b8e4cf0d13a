"""The few words of CloudFormation's language that the descriptions use.

Source: AWS CloudFormation User Guide, intrinsic functions and resource attributes.
"""

from typing import Any

Json = dict[str, Any]
"""A piece of a template, as it will stand in the JSON."""

Resources = dict[str, Json]
"""Resources by logical id, in the order in which people read them."""


def resource(type_: str, properties: Json, **attributes: object) -> Json:
    """A resource; `attributes` are DependsOn, DeletionPolicy and their like."""
    return {"Type": f"AWS::{type_}", **attributes, "Properties": properties}


def ref(name: str) -> Json:
    """What identifies a resource (its name or id, by type), or a parameter's value."""
    return {"Ref": name}


def att(name: str, attribute: str) -> Json:
    """An attribute of a resource, as `att("Bucket", "Arn")`."""
    return {"Fn::GetAtt": [name, attribute]}


def sub(text: str) -> Json:
    """`text` with each `${Name}` and `${Name.Attribute}` filled in."""
    return {"Fn::Sub": text}


def arn(service: str, rest: str) -> Json:
    """An ARN in the stack's own partition, region and account."""
    return sub(f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{rest}")


def tags(**pairs: str) -> list[Json]:
    """Tags; an underscore stands for the colon that Python names cannot hold."""
    return [{"Key": key.replace("_", ":"), "Value": value} for key, value in pairs.items()]


def filled_in(value: str | Json) -> str:
    """A value as text; a reference becomes what Fn::Sub replaces.

    Raises:
        ValueError: any other piece of CloudFormation's language.
    """
    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"${{{name}.{attribute}}}"
    raise ValueError(f"{value!r} cannot stand inside a text")
