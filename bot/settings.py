"""All settings, read once from the environment and `.env`, checked together.

Every field carries its description, default and unit: the README's table and `.env.example` are
held against them by a test.  Nothing else reads the environment, except boto3, which reads its
own variables.  Edges receive values, never this object.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
    ValidationInfo,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.tickers import Ticker, parse_ticker
from bot.errors import UnknownTicker

SHIPPED_ARTIFACT = Path(__file__).parent.parent / "model" / "shipped"
"""The model that the repository brings along."""


class SettingsRefused(Exception):
    """Some settings are wrong; its text lists every problem, one a line, without any value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _token(token: SecretStr) -> SecretStr:
    number, _, rest = token.get_secret_value().partition(":")
    if not (number.isascii() and number.isdigit() and len(rest) >= 30):  # noqa: PLR2004, all have 35
        raise ValueError("a token looks like 123456:ABC…, as @BotFather gave it")
    return token


def _ticker(text: str) -> Ticker:
    try:
        return parse_ticker(text)
    except UnknownTicker:
        raise ValueError(f"{text[:20]!r} is no B3 share, write for example ITUB4") from None


def _tickers(text: object) -> object:
    if not isinstance(text, str):
        return text
    return tuple(dict.fromkeys(_ticker(name) for name in text.replace(",", " ").split()))


def _served(ticker: str, so_far: ValidationInfo) -> Ticker:
    default, served = _ticker(ticker), so_far.data.get("tickers")
    if served and default not in served:
        raise ValueError("is not among TICKERS")
    return default


def _closes(text: str, so_far: ValidationInfo) -> str:
    kind, _, directory = text.partition(":")
    if kind not in {"yahoo", "simulated", "csv"} or (kind == "csv") != bool(directory):
        raise ValueError("write yahoo, simulated or csv:DIRECTORY")
    if kind == "csv" and not Path(directory).is_dir():
        raise ValueError(f"{directory!r} is not a directory")
    if kind == "simulated" and so_far.data.get("telegram_token"):
        raise ValueError("invented prices are only shown in the local chat, without TELEGRAM_TOKEN")
    return text


def _writable(directory: Path) -> Path:
    probe = directory / ".writable"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ValueError(f"cannot write into {str(directory)!r}: {error.strerror}") from None
    return directory


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

    telegram_token: Annotated[SecretStr, AfterValidator(_token)] | None = Field(
        default=None,
        description="Token from @BotFather; empty: the local chat takes Telegram's place",
    )
    telegram_api_url: HttpUrl = Field(
        default=HttpUrl("https://api.telegram.org"), description="Address of the Bot API server"
    )
    tickers: Annotated[tuple[Ticker, ...], NoDecode, BeforeValidator(_tickers)] = Field(
        default=(), description="Shares served, separated by commas; empty: any share listed on B3"
    )
    default_ticker: Annotated[Ticker, AfterValidator(_served)] = Field(
        default=Ticker("ITUB4"),
        description="Share of `/hoje` without a name",
        validate_default=True,
    )
    closes: Annotated[str, AfterValidator(_closes)] = Field(
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
    data_dir: Annotated[Path, AfterValidator(_writable)] = Field(
        default=Path("data"),
        description="Where kept closes and caches are written",
        validate_default=True,
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
