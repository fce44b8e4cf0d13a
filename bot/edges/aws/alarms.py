"""Alarms as CloudWatch has them: listed, muted, drawn.

Rows come back as the same `Alarm` that messages are read into.  Everything is of one region and
account; an alarm of another is not looked for, and not muted.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from bot.domain.alarms import Alarm, read
from bot.edges.aws.calls import asked
from bot.edges.aws.pictures import widget
from bot.ports.alarms import AwsUnavailable

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import DescribeAlarmsInputTypeDef

MOST = 100
"""Alarms of one answer and of one rule (CloudWatch API, DescribeAlarms, PutAlarmMuteRule)."""
PAGES = 5
"""Five hundred alarms at once are more than anybody reads."""

_MINUTE = timedelta(minutes=1)
_KINDS = ("MetricAlarms", "CompositeAlarms")


@dataclass(frozen=True, slots=True)
class KnownAlarms:
    """Fulfils `bot.ports.alarms.CloudWatch`.

    Attributes:
        client: as `cloudwatch_client` makes it.
        region: its region.
    """

    client: "CloudWatchClient"
    region: str

    async def in_alarm(self) -> list[Alarm]:
        """All that are in alarm, five hundred at most.

        Raises:
            AwsUnavailable: no answer, or not permitted.
        """
        return await asked(lambda: list(self._described({"StateValue": "ALARM"})))

    async def named(self, names: Sequence[str]) -> list[Alarm]:
        """Those with these names, as they stand.

        Raises:
            AwsUnavailable: no answer, or not permitted.
        """
        batches = [list(names[start : start + MOST]) for start in range(0, len(names), MOST)]
        return await asked(
            lambda: [each for batch in batches for each in self._described({"AlarmNames": batch})]
        )

    async def mute(self, alarms: Sequence[Alarm], now: datetime, until: datetime) -> None:
        """Let alarms act on nothing until then; from the next full minute on, as rules begin.

        Raises:
            AwsUnavailable: no answer, not permitted, or one of them is not of our region.
        """
        if any(each.region != self.region or not each.name for each in alarms):
            raise AwsUnavailable("an alarm of another region")
        names = sorted({each.name for each in alarms})
        begins = now.astimezone(UTC).replace(second=0, microsecond=0) + _MINUTE
        for start in range(0, len(names), MOST):
            batch = names[start : start + MOST]
            await asked(lambda batch=batch: self._put_rule(batch, begins, until))  # type: ignore[misc]

    async def picture(self, alarm: Alarm) -> bytes | None:
        """A PNG of what an alarm watches; None when that is no single metric.

        Raises:
            AwsUnavailable: no answer, or not permitted.
        """
        drawn = widget(alarm)
        if drawn is None or alarm.region != self.region:
            return None
        answer = await asked(lambda: self.client.get_metric_widget_image(MetricWidget=drawn))
        return answer.get("MetricWidgetImage") or None

    def _described(self, wanted: "DescribeAlarmsInputTypeDef") -> Iterator[Alarm]:
        asked_for: DescribeAlarmsInputTypeDef = {
            "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],
            "MaxRecords": MOST,
            **wanted,
        }
        for _ in range(PAGES):
            answer = self.client.describe_alarms(**asked_for)
            rows: dict[str, Any] = dict(answer)
            for kind in _KINDS:
                yield from (_alarm(row) for row in rows.get(kind, ()))
            if not (token := answer.get("NextToken")):
                return
            asked_for["NextToken"] = token

    def _put_rule(self, names: Sequence[str], begins: datetime, until: datetime) -> None:
        """One rule for each set of alarms: whoever silences them again moves its end."""
        minutes = max(1, ceil((until - begins) / _MINUTE))
        schedule = {"Expression": f"at({begins:%Y-%m-%dT%H:%M})", "Duration": f"PT{minutes}M"}
        self.client.put_alarm_mute_rule(
            Name=f"fechamento-{hashlib.sha256(chr(10).join(names).encode()).hexdigest()[:32]}",
            Description="Silenciado por um operador no Telegram",
            Rule={"Schedule": schedule},  # type: ignore[typeddict-item]
            MuteTargets={"AlarmNames": list(names)},
            ExpireDate=until + _MINUTE,
        )


def _alarm(row: dict[str, Any]) -> Alarm:
    found = read(json.dumps(row, default=_plain), None)
    if isinstance(found, Alarm):
        return found
    return Alarm(str(row.get("AlarmName", "")), str(row.get("StateValue", "")))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
