"""The bot's own measures, published to CloudWatch where METRICS says so."""

from bot.edges.aws.calls import cloudwatch_client
from bot.edges.aws.measures import CloudWatchMeasures
from bot.flow.health.measures import Measures
from bot.settings import Settings
from bot.wiring.records import Records
from bot.wiring.sources import Sources


def own_measures(settings: Settings, sources: Sources, records: Records) -> Measures | None:
    """Who publishes them; None where they are not wanted."""
    if sources.counts is None:
        return None
    return Measures(
        sources.counts,
        CloudWatchMeasures(cloudwatch_client(settings.aws_region), settings.metrics_bot),
        records.outbox,
        records.track_record,
        sources.closes.good,
        sources.sessions,
        sources.clock,
    )
