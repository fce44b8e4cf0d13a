"""Names of alarms across accounts: arn:aws:cloudwatch:sa-east-1:111122223333:alarm:a name."""

import re
from typing import NamedTuple
from urllib.parse import quote

from bot.domain.alarms.alarm import Alarm

_ARN = re.compile(
    r"arn:(?P<partition>[^:]*):cloudwatch:(?P<region>[^:]*):(?P<account>[^:]*):alarm:(?P<name>.+)",
    re.DOTALL,
)
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}")

_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
"""Where each partition is looked at; the AWS Management Console's own addresses."""


class AlarmArn(NamedTuple):
    """The parts of an alarm's ARN; as written, so placeholders may stand in them."""

    partition: str
    region: str
    account: str
    name: str


def parse_arn(text: str | None) -> AlarmArn | None:
    """The parts; None when it is no ARN of an alarm.  Names may hold colons."""
    found = _ARN.fullmatch(text or "")
    return AlarmArn(*found.groups()) if found else None


def alarm_name(text: str) -> str:
    """The name in an ARN; whatever else it is, as it is."""
    arn = parse_arn(text)
    return arn.name if arn else text


def is_region(text: str | None) -> bool:
    """Whether it is a code such as `sa-east-1`, and no human name or placeholder."""
    return _REGION.fullmatch(text or "") is not None


def console_url(alarm: Alarm) -> str | None:
    """Where the alarm is looked at in the browser; None when its region or partition is unknown."""
    arn, region = parse_arn(alarm.arn), alarm.region or ""
    name = arn.name if arn else alarm.name
    console = _CONSOLES.get(arn.partition if arn else _partition(region))
    if not (name and is_region(region) and console):
        return None
    home = f"https://{region}.{console}/cloudwatch/home?region={region}"
    return f"{home}#alarmsV2:alarm/{quote(name, safe='')}"


def _partition(region: str) -> str:
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(region.rsplit("-", 2)[0], "aws")
