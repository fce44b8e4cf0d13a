"""What can be chosen about a deployment, checked before anything is sent anywhere.

    Options ──template()──▶ CloudFormation template     Options ──parameters()──▶ its parameters

One stack is applied in two stages: BASE makes what uploads and builds need (bucket, registry, build
project, roles, secret), FULL everything.  `Uploads` is empty until something was uploaded; the
template of FULL refuses to be written without it.  Strings are as AWS writes them.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Stage(StrEnum):
    """How much of the stack is described."""

    BASE = "base"
    FULL = "full"


class Serving(StrEnum):
    """What answers behind the endpoint."""

    CONTAINER = "container"
    """Our own image, built by CodeBuild into ECR."""
    TENSORFLOW = "tensorflow"
    """AWS's TensorFlow inference image with the SavedModel; nothing is built."""


class Bot(StrEnum):
    """Where the bot runs."""

    EC2 = "ec2"
    ECS = "ecs"
    NONE = "none"


class OptionsRefused(Exception):
    """Some choices cannot be deployed; its text lists every problem, one a line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Serverless:
    """An endpoint that costs nothing while nobody asks.

    Attributes:
        memory_mb: 1024 to 6144 in steps of 1024.
        most_at_once: concurrent invocations before AWS answers 429; 1 to 200.
    """

    memory_mb: int = 1024
    most_at_once: int = 5


@dataclass(frozen=True, slots=True)
class Instances:
    """An endpoint of machines that are always on, between `least` and `most` of them."""

    type: str = "ml.t2.medium"
    least: int = 1
    most: int = 2


@dataclass(frozen=True, slots=True)
class Uploads:
    """What was uploaded or built for this deployment; each name holds the hash of its content.

    Attributes:
        artifact_key: S3 key of the model.tar.gz, as `artifacts/<sha256>/model.tar.gz`.
        artifact_sha256: of that file, in hexadecimal.
        source_key: S3 key of the zip of this repository, as `sources/<sha256>.zip`.
        image_tag: tag of the images in ECR; not needed by `Serving.TENSORFLOW` without ECS.
    """

    artifact_key: str = ""
    artifact_sha256: str = ""
    source_key: str = ""
    image_tag: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram reaches the bot on ECS.

    Attributes:
        host: public name that the operator points at the load balancer.
        certificate_arn: ACM certificate of that name, in the stack's region.
    """

    host: str
    certificate_arn: str


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that the operator may choose; the defaults are the frugal deployment.

    Attributes:
        name: of the stack, and the first word of what has to have a name.
        tensorflow_image: repository and tag of AWS's image (which tags exist changes with time).
        machine: EC2 type of the bot's machine, of the arm64 family.
        tasks: copies of the bot on ECS.
        token_secret_arn: secret that holds the bot token; empty: the stack makes an empty one.
        alarm_email: gets the alarms about the bot itself; empty: nobody.
        every_alarm_by_email: the alarms about the model go to `alarm_email` too.
        https_subscriber: address ending in `/sns` that gets every alarm; empty: none.
        alarm_chats: Telegram chats as `-100123` or, with a topic, `-100123:7`.
        retrain: train a challenger on the first day of every month.
    """

    name: str = "fechamento"
    region: str = "sa-east-1"
    stage: Stage = Stage.FULL
    endpoint: Serverless | Instances = field(default_factory=Serverless)
    serving: Serving = Serving.CONTAINER
    tensorflow_image: str = "tensorflow-inference:2.20.0-cpu-py312"
    bot: Bot = Bot.EC2
    machine: str = "t4g.small"
    tasks: int = 1
    webhook: Webhook | None = None
    uploads: Uploads = field(default_factory=Uploads)
    token_secret_arn: str = ""
    alarm_email: str = ""
    every_alarm_by_email: bool = False
    https_subscriber: str = ""
    tickers: tuple[str, ...] = ()
    default_ticker: str = "ITUB4"
    admin_ids: tuple[int, ...] = ()
    alarm_chats: tuple[str, ...] = ()
    retrain: bool = False

    def __post_init__(self) -> None:
        """Refuse what AWS would refuse minutes later.

        Raises:
            OptionsRefused: with every problem at once.
        """
        if problems := [*_wrong_forms(self), *_wrong_endpoint(self.endpoint), *_missing(self)]:
            raise OptionsRefused(problems)

    @property
    def endpoint_name(self) -> str:
        """Differs by kind: AWS cannot turn an endpoint of instances into a serverless one."""
        kind = "serverless" if isinstance(self.endpoint, Serverless) else "instances"
        return f"{self.name}-{kind}"


_FORMS = {
    "name": (r"[a-z][a-z0-9-]{0,30}[a-z0-9]", "2 to 32 small letters, digits and hyphens"),
    "region": (r"[a-z]{2}(-[a-z]+)+-\d", "a region of AWS, as sa-east-1"),
    "tensorflow_image": (r"[a-z-]+:[\w.-]+", "a repository and a tag, as name:tag"),
    "machine": (r"[a-z]+\d+g[a-z]*\.[a-z0-9]+", "an arm64 type, as t4g.small"),
    "token_secret_arn": (r"(arn:aws:secretsmanager:\S+)?", "an ARN of Secrets Manager"),
    "alarm_email": (r"([^@\s]+@[^@\s]+\.[^@\s]+)?", "an e-mail address"),
    "https_subscriber": (r"(https://[^/\s]+/\S*)?", "an https address"),
}
_TICKER = re.compile(r"[A-Z][A-Z0-9]{3}\d{1,2}")
_CHAT = re.compile(r"-?\d+(:\d+)?")
_INSTANCE = re.compile(r"ml\.[a-z0-9]+\.[a-z0-9]+")
_SIZES = range(1024, 6144 + 1, 1024)
_MOST_AT_ONCE = 200


def _wrong_forms(options: Options) -> list[str]:
    found = [
        f"{name}: {getattr(options, name)!r} is not {form}"
        for name, (pattern, form) in _FORMS.items()
        if not re.fullmatch(pattern, getattr(options, name))
    ]
    tickers = [
        name for name in (*options.tickers, options.default_ticker) if not _TICKER.fullmatch(name)
    ]
    chats = [chat for chat in options.alarm_chats if not _CHAT.fullmatch(chat)]
    found += [f"tickers: {name!r} is not a share of B3, as ITUB4" for name in tickers]
    return found + [
        f"alarm_chats: {chat!r} is not a chat, as -100123 or -100123:7" for chat in chats
    ]


def _wrong_endpoint(endpoint: Serverless | Instances) -> list[str]:
    if isinstance(endpoint, Instances):
        return _wrong_instances(endpoint)
    found = []
    if endpoint.memory_mb not in _SIZES:
        found.append(f"memory_mb: {endpoint.memory_mb} is not 1024, 2048, … 6144")
    if not 1 <= endpoint.most_at_once <= _MOST_AT_ONCE:
        found.append(f"most_at_once: {endpoint.most_at_once} is not from 1 to {_MOST_AT_ONCE}")
    return found


def _wrong_instances(endpoint: Instances) -> list[str]:
    found = []
    if not _INSTANCE.fullmatch(endpoint.type):
        found.append(f"type: {endpoint.type!r} is not an instance type, as ml.t2.medium")
    if not 1 <= endpoint.least <= endpoint.most:
        found.append(f"instances: {endpoint.least} to {endpoint.most} is no range from 1 up")
    return found


def _missing(options: Options) -> list[str]:
    found = []
    if options.bot is Bot.ECS and options.webhook is None:
        found.append("webhook: the bot on ECS needs a host name and its certificate")
    if options.tasks < 1:
        found.append(f"tasks: {options.tasks} would run no bot; choose Bot.NONE for that")
    if options.every_alarm_by_email and not options.alarm_email:
        found.append("alarm_email: every alarm by e-mail needs an address")
    if options.tickers and options.default_ticker not in options.tickers:
        found.append(f"default_ticker: {options.default_ticker} is not among the tickers")
    return found
