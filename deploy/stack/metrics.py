"""Every metric that the dashboard draws and the alarms watch, with its dimensions.

The bot's own ones, in the namespace `Fechamento` with the dimension Bot = name of the stack:

    Heartbeat        1 a minute while the bot lives
    ForecastsServed  forecasts given; 0 is published too
    Latency          seconds from question to answer
    ForecastError    mean absolute percentage error of the last 20 settled sessions, all shares
    NaiveError       the same of "the close of the session before", on the same sessions
    BandHits         100 for a settled close inside the 80 % band, 0 outside: the mean is coverage
    OutboxAge        seconds that the oldest unsent message has waited
    ClosesAge        seconds that the newest close in hand lags behind the newest final one

The errors cover 20 sessions because no alarm may look back farther than seven days (source:
CloudWatch API, PutMetricAlarm).
"""

from dataclasses import dataclass

from deploy.stack.cloudformation import Json, att, ref
from deploy.stack.endpoint import VARIANT, log_group
from deploy.stack.options import Bot, Options

OWN = "Fechamento"
HELD = "/var/lib/fechamento"
"""Where the data volume is mounted on the bot's machine."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One series of CloudWatch.

    Attributes:
        dimensions: (name, value) pairs; a value is text, or what CloudFormation fills in.
    """

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str | Json], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """A metric and the statistic taken of it, as `Sum` or `p95`."""

    metric: Metric
    statistic: str


OWN_NAMES = (
    "Heartbeat",
    "ForecastsServed",
    "Latency",
    "ForecastError",
    "NaiveError",
    "BandHits",
    "OutboxAge",
    "ClosesAge",
)


def own(options: Options, name: str) -> Metric:
    """A metric that the bot publishes."""
    return Metric(OWN, name, (("Bot", options.name),))


def invocations(options: Options, name: str) -> Metric:
    """A metric of the calls to the endpoint; times are in microseconds."""
    return Metric("AWS/SageMaker", name, _variant(options))


def container(options: Options, name: str) -> Metric:
    """A metric of what the endpoint's container uses, in per cent."""
    return Metric("/aws/sagemaker/Endpoints", name, _variant(options))


def logged(options: Options, name: str) -> Metric:
    """A metric of the endpoint's log."""
    return Metric("AWS/Logs", name, (("LogGroupName", log_group(options)),))


def queued(queue: str, name: str) -> Metric:
    """A metric of the queue with this logical id."""
    return Metric("AWS/SQS", name, (("QueueName", att(queue, "QueueName")),))


def machine(name: str) -> Metric:
    """A metric of the bot's machine as EC2 sees it."""
    return Metric("AWS/EC2", name, (("AutoScalingGroupName", ref("Machines")),))


def machine_memory(options: Options) -> Metric:
    """Memory used on the bot's machine in per cent, written by CloudWatch's agent."""
    return Metric(OWN, "mem_used_percent", (("Bot", options.name),))


def machine_disk(options: Options) -> Metric:
    """The data volume's use in per cent, written by CloudWatch's agent."""
    return Metric(
        OWN, "disk_used_percent", (("Bot", options.name), ("fstype", "xfs"), ("path", HELD))
    )


def service(name: str) -> Metric:
    """A metric of the bot's tasks on ECS."""
    return Metric(
        "AWS/ECS",
        name,
        (("ClusterName", ref("Cluster")), ("ServiceName", att("Service", "Name"))),
    )


def database(name: str) -> Metric:
    """A metric of the PostgreSQL instance."""
    return Metric("AWS/RDS", name, (("DBInstanceIdentifier", ref("Database")),))


def balancer(name: str) -> Metric:
    """A metric of the load balancer."""
    return Metric(
        "AWS/ApplicationELB", name, (("LoadBalancer", att("Balancer", "LoadBalancerFullName")),)
    )


def _variant(options: Options) -> tuple[tuple[str, str], ...]:
    return (("EndpointName", options.endpoint_name), ("VariantName", VARIANT))


def written(options: Options) -> list[Metric]:
    """The metrics that are not AWS's own, and so are paid for one by one."""
    if options.bot is Bot.NONE:
        return []
    mine = [own(options, name) for name in OWN_NAMES]
    on_machine = [machine_memory(options), machine_disk(options)]
    return [*mine, *on_machine] if options.bot is Bot.EC2 else mine
