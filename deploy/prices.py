"""What a deployment costs a month, by a small dated table of list prices.

    Options, Usage ──monthly()──▶ [Line, …]     reference_setup() ──▶ what this replaces, same table

An estimate: quantities come from the stack's own description where it knows them (machine, disks,
alarms, secrets) and from `Usage` where people decide (calls, logs).  What AWS gives away for ever
is taken off; what it gives away in an account's first year is not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deploy.price_table import Line, NoPrice, PriceTable, read_prices
from deploy.stack import cluster, machine, metrics, tasks, training
from deploy.stack.building import images
from deploy.stack.options import Bot, Options, Serverless
from deploy.stack.watch import watch

__all__ = [
    "Line",
    "NoPrice",
    "PriceTable",
    "Usage",
    "monthly",
    "read_prices",
    "reference_setup",
    "total",
]

_DAYS = 30.4
_GB_KB = 1_048_576
_MINUTES = 60 * 24 * _DAYS
POLLS_A_MINUTE = 3
IMAGES_GB = 0.8
"""Five images of about 160 MB, compressed."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How much it is used; the defaults are the deployment that is held against the reference.

    Attributes:
        subscribers: chats that get the daily message, each for `shares` shares.
        questions: asked by one subscriber a day; each is an invocation, as if nothing were kept.
        call_seconds: billed for an invocation; the serving process itself takes under 0.001.
        cold_starts: a day, of `cold_seconds` each, counted as if AWS billed them.
        call_kb: request and answer together.
        log_gb: written by bot and endpoint in a month.
        database_gb: stored by the bot, and so in its snapshots.
        builds: of each image a month, of `build_minutes`.
    """

    subscribers: int = 1_000
    shares: int = 5
    questions: float = 1.0
    call_seconds: float = 0.1
    cold_starts: int = 24
    cold_seconds: float = 10.0
    call_kb: float = 8.0
    picture_kb: float = 40.0
    log_gb: float = 1.0
    database_gb: float = 1.0
    artifacts_gb: float = 0.1
    builds: int = 4
    build_minutes: float = 5.0

    @property
    def calls(self) -> float:
        """Invocations a month: questions, and the pushes, which share one call for each share."""
        return (self.subscribers * self.questions + self.shares) * _DAYS


def monthly(options: Options, usage: Usage, prices: PriceTable) -> list[Line]:
    """What the deployment costs a month, line by line, in the order of the stack.

    Raises:
        NoPrice: the table lacks a price, as that of an instance type.
    """
    lines = [*_endpoint(options, usage, prices), *_bot(options, usage, prices)]
    lines += [*_kept(options, usage, prices), *_trained(options, prices)]
    return [*lines, *_watched(options, usage, prices)]


def reference_setup(prices: PriceTable) -> list[Line]:
    """What this is compared with: an endpoint on ml.t2.medium and a t2.medium, always on.

    Their disks, addresses and logs are left out, which flatters the reference.
    """
    return [
        prices.hourly("endpoint, one ml.t2.medium", "ml.t2.medium"),
        prices.hourly("server, one t2.medium", "t2.medium"),
    ]


def total(lines: Iterable[Line]) -> float:
    """US dollars a month."""
    return sum(line.usd for line in lines)


def _endpoint(options: Options, usage: Usage, prices: PriceTable) -> Iterator[Line]:
    kind = options.endpoint
    if isinstance(kind, Serverless):
        seconds = usage.calls * usage.call_seconds
        seconds += usage.cold_starts * usage.cold_seconds * _DAYS
        gigabytes = kind.memory_mb / 1024
        yield prices.line("endpoint, serverless", "serverless_gb_second", seconds * gigabytes)
    else:
        yield prices.hourly(f"endpoint, {kind.least} × {kind.type}", kind.type, kind.least)
    yield prices.line("calls to the endpoint", "inference_gb", usage.calls * usage.call_kb / _GB_KB)


def _bot(options: Options, usage: Usage, prices: PriceTable) -> Iterator[Line]:
    if options.bot is Bot.EC2:
        disks = machine.DATA_GB + machine.ROOT_GB
        yield prices.hourly(f"bot, one {options.machine}", options.machine)
        yield prices.hourly("public address", "public_ipv4")
        yield prices.line("disks", "ebs_gp3", disks)
        yield prices.line("daily snapshots", "ebs_snapshot", _snapshots_gb(usage))
    if options.bot is Bot.ECS:
        yield from _cluster(options, prices)
    if options.bot is not Bot.NONE:
        yield prices.line("messages and pictures out", "data_out", _sent_gb(usage))


def _snapshots_gb(usage: Usage) -> float:
    """One whole copy and a tenth of it for each further day: snapshots hold what changed."""
    return usage.database_gb * (1 + (machine.SNAPSHOTS_KEPT - 1) / 10)


def _sent_gb(usage: Usage) -> float:
    """As if every message carried its picture, although Telegram keeps most of them."""
    messages = usage.subscribers * (usage.shares + usage.questions) * _DAYS
    return messages * usage.picture_kb / _GB_KB


def _cluster(options: Options, prices: PriceTable) -> Iterator[Line]:
    cpus, gigabytes = tasks.CPU / 1024, tasks.MEMORY_MB / 1024
    yield prices.hourly("bot, processors", "fargate_arm_cpu", options.tasks * cpus)
    yield prices.hourly("bot, memory", "fargate_arm_gb", options.tasks * gigabytes)
    yield prices.hourly("public addresses", "public_ipv4", options.tasks + cluster.ZONES)
    yield prices.hourly(f"database, one {cluster.DATABASE_CLASS}", cluster.DATABASE_CLASS)
    yield prices.line("database disk", "rds_gp3", cluster.DATABASE_GB)
    yield prices.hourly("load balancer", "balancer")
    yield prices.hourly("load balancer, one unit of capacity", "balancer_capacity")


def _kept(options: Options, usage: Usage, prices: PriceTable) -> Iterator[Line]:
    yield prices.line("artifacts and sources", "s3", usage.artifacts_gb)
    for made in images(options):
        kind = "codebuild_arm" if made.machine.startswith("ARM") else "codebuild_x86"
        minutes = usage.builds * usage.build_minutes
        yield prices.line(f"{made.word.lower()} image, building", kind, minutes)
        yield prices.line(f"{made.word.lower()} images, kept", "ecr", IMAGES_GB)
    yield prices.line("secrets", "secret", _secrets(options))


def _secrets(options: Options) -> int:
    """The bot token; on ECS also the database's password and the webhook's word."""
    return {Bot.NONE: 0, Bot.EC2: 1, Bot.ECS: 3}[options.bot]


def _trained(options: Options, prices: PriceTable) -> Iterator[Line]:
    if options.retrain:
        hours = training.LONGEST_SECONDS / 3_600
        yield prices.line("monthly training", training.MACHINE, hours)


def _watched(options: Options, usage: Usage, prices: PriceTable) -> Iterator[Line]:
    alarms = sum(len(alarm.watched) for alarm in watch(options))
    yield prices.line("alarms", "alarm_metric", alarms)
    yield prices.line("dashboard", "dashboard", 1)
    yield prices.line("metrics of our own", "custom_metric", len(metrics.written(options)))
    if options.bot is not Bot.NONE:
        yield prices.line("writing metrics, once a minute", "metric_requests", _MINUTES / 1_000)
    yield prices.line("logs", "logs", usage.log_gb)
    yield prices.line("alarm queue", "sqs", POLLS_A_MINUTE * _MINUTES / 1_000_000)
