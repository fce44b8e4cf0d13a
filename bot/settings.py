"""All settings, read once from the environment and `.env`, checked together.

Every field carries its description, default and unit: the README's table and `.env.example` are
held against them by a test.  Nothing else reads the environment, except boto3, which reads its
own variables.  Edges receive values, never this object.
"""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import setting_checks as checks
from bot.domain.places import Place
from bot.domain.tickers import Ticker

SHIPPED_ARTIFACT = Path(__file__).parent.parent / "model" / "shipped"
"""The model that the repository brings along."""


class SettingsRefused(Exception):
    """Some settings are wrong; its text lists every problem, one a line, without any value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """What can be set; the defaults run everything on one laptop."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram_token: Annotated[SecretStr, AfterValidator(checks.token)] | None = Field(
        default=None,
        description="Token from @BotFather; empty: the local chat takes Telegram's place",
    )
    telegram_api_url: HttpUrl = Field(
        default=HttpUrl("https://api.telegram.org"), description="Address of the Bot API server"
    )
    telegram_webhook_url: Annotated[HttpUrl, AfterValidator(checks.webhook)] | None = Field(
        default=None,
        description="Public https address, ending in /telegram/ and a word, where Telegram posts "
        "updates; empty: the bot polls",
    )
    telegram_webhook_secret: Annotated[SecretStr | None, AfterValidator(checks.webhook_secret)] = (
        Field(
            default=None,
            description="Word of 16 to 256 letters that proves that Telegram posts",
            validate_default=True,
        )
    )
    tickers: Annotated[tuple[Ticker, ...], NoDecode, BeforeValidator(checks.tickers)] = Field(
        default=(), description="Shares served, separated by commas; empty: any share listed on B3"
    )
    default_ticker: Annotated[Ticker, AfterValidator(checks.served)] = Field(
        default=Ticker("ITUB4"),
        description="Share of `/hoje` without a name",
        validate_default=True,
    )
    closes: Annotated[str, AfterValidator(checks.closes)] = Field(
        default="yahoo", description="Source of closes: `yahoo`, `csv:DIR` or `simulated`"
    )
    yahoo_url: HttpUrl | None = Field(
        default=None, description="Another server that speaks Yahoo's chart API; empty: Yahoo"
    )
    sagemaker_endpoint: str | None = Field(
        default=None,
        pattern=r"^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$",
        description="Name of the SageMaker endpoint; empty: the artifact is served on this machine",
    )
    aws_region: str = Field(default="sa-east-1", description="Region of the SageMaker endpoint")
    artifact: Path = Field(
        default=SHIPPED_ARTIFACT, description="Directory of the model served on this machine"
    )
    push_time: Annotated[time, BeforeValidator(checks.slot)] = Field(
        default=time(9), description="São Paulo hour of a subscription without an hour"
    )
    push_in_flight: int = Field(
        default=1,
        ge=1,
        le=30,
        description="Pushed messages on their way at once: more is faster over a slow line, and as "
        "many may arrive twice after a crash",
    )
    admin_ids: Annotated[tuple[int, ...], NoDecode, BeforeValidator(checks.people)] = Field(
        default=(), description="Telegram user ids of the operators; empty: nobody"
    )
    alarm_chat_ids: Annotated[tuple[Place, ...], NoDecode, BeforeValidator(checks.places)] = Field(
        default=(),
        description="Chats, as -100123 or with a topic -100123:7, that get alarms, notices and "
        "reports; empty: none",
    )
    alarm_critical_chat_ids: Annotated[
        tuple[Place, ...], NoDecode, BeforeValidator(checks.places)
    ] = Field(default=(), description="The same for critical alarms alone; empty: ALARM_CHAT_IDS")
    alarm_info_chat_ids: Annotated[tuple[Place, ...], NoDecode, BeforeValidator(checks.places)] = (
        Field(
            default=(), description="The same for informative alarms alone; empty: ALARM_CHAT_IDS"
        )
    )
    alarm_queue_url: HttpUrl | None = Field(
        default=None, description="SQS queue that an SNS topic of alarms leads into; empty: none"
    )
    alarm_topic_arns: Annotated[tuple[str, ...], NoDecode, BeforeValidator(checks.topics)] = Field(
        default=(), description="SNS topics whose alarms are taken; they open `POST /sns`"
    )
    sns_certificates: Path | None = Field(
        default=None,
        description="Directory of pinned signing certificates of SNS, for hosts with no way out",
    )
    sns_oldest_minutes: int = Field(
        default=60, ge=1, description="Age in minutes from which `POST /sns` refuses a message"
    )
    metrics: bool = Field(
        default=False, description="Whether the bot publishes its own measures to CloudWatch"
    )
    metrics_bot: str = Field(
        default="fechamento", min_length=1, description="Value of their dimension `Bot`"
    )
    database_url: Annotated[SecretStr, AfterValidator(checks.database)] | None = Field(
        default=None, description="PostgreSQL; empty: a SQLite file under DATA_DIR"
    )
    data_dir: Annotated[Path, AfterValidator(checks.writable)] = Field(
        default=Path("data"),
        description="Where the database, kept closes and caches are written",
        validate_default=True,
    )
    http_host: str = Field(
        default="127.0.0.1", description="Address at which REST, page and webhook are served"
    )
    http_port: int = Field(
        default=8080, ge=0, le=65535, description="Port of REST, page and webhook; 0: any free one"
    )
    http_key: SecretStr | None = Field(
        default=None, description="Key that REST asks for in `X-API-Key`; empty: open to everybody"
    )
    http_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(checks.origins)] = Field(
        default=(), description="Origins whose pages may call REST (CORS); empty: none"
    )
    http_per_minute: int = Field(
        default=120, ge=1, description="REST requests a minute from one address"
    )
    http_proxies: int = Field(
        default=0, ge=0, description="Proxies in front of REST whose X-Forwarded-For is believed"
    )
    chat_port: int = Field(
        default=8081, ge=0, le=65535, description="Port of the local chat; 0: any free one"
    )
    chat_limits: str = Field(
        default="30/1/20",
        pattern=r"^(none|\d+(\.\d+)?/\d+(\.\d+)?/\d+(\.\d+)?)$",
        description="What the local chat takes: messages a second overall, a second to one chat, "
        "a minute to one group; `none`: no limits",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severity that is logged"
    )


def read_settings() -> Settings:
    """Read the environment and `.env`.

    Raises:
        SettingsRefused: with every problem at once, so that one restart mends the file.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsRefused([_problem(found) for found in error.errors()]) from None  # type: ignore[arg-type]


def _problem(found: dict[str, object]) -> str:
    place = ".".join(str(part) for part in found["loc"][:1]).upper()  # type: ignore[index]
    sentence = str(found["msg"]).removeprefix("Value error, ")
    return f"{place}: {sentence}" if place else sentence
