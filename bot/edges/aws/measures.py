"""The bot's own measures as metrics of CloudWatch, many in one call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.measures import UNITS, Measure
from bot.edges.aws.calls import asked

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDatumTypeDef

NAMESPACE = "Fechamento"
DIMENSION = "Bot"
MOST_VALUES = 150
MOST_DATA = 1_000
"""Values of one datum and data of one call (CloudWatch API, PutMetricData)."""


@dataclass(frozen=True, slots=True)
class CloudWatchMeasures:
    """Fulfils `bot.ports.alarms.MeasuresSink`.

    Attributes:
        client: as `cloudwatch_client` makes it.
        bot: which of several bots this is.
    """

    client: "CloudWatchClient"
    bot: str

    async def publish(self, measures: Sequence[Measure]) -> None:
        """Send measures, as few calls as it takes.

        Raises:
            AwsUnavailable: no answer, or not permitted; some may have been taken.
        """
        data = [datum for each in measures for datum in self._data(each)]
        for start in range(0, len(data), MOST_DATA):
            batch = data[start : start + MOST_DATA]
            await asked(lambda batch=batch: self._put(batch))  # type: ignore[misc]

    def _put(self, data: "list[MetricDatumTypeDef]") -> None:
        self.client.put_metric_data(Namespace=NAMESPACE, MetricData=data)

    def _data(self, measure: Measure) -> "list[MetricDatumTypeDef]":
        values = measure.values
        return [
            {
                "MetricName": measure.name.value,
                "Dimensions": [{"Name": DIMENSION, "Value": self.bot}],
                "Timestamp": measure.moment,
                "Unit": UNITS[measure.name].value,
                "Values": list(values[start : start + MOST_VALUES]),
            }
            for start in range(0, len(values), MOST_VALUES)
        ]
