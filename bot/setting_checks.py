"""What a setting's text has to look like, and what it becomes; each check raises ValueError.

The sentence of the error is what the operator reads beside the setting's name; it never repeats a
secret.
"""

import re
from datetime import time
from pathlib import Path

from pydantic import HttpUrl, SecretStr, ValidationInfo

from bot.domain.places import WHOLE_CHAT, Place
from bot.domain.subscriptions import LATEST
from bot.domain.tickers import Ticker, parse_ticker
from bot.errors import UnknownTicker

WEBHOOK_PATH = "/telegram/"
"""What the path of the webhook's address begins with; whatever follows names this bot."""

_TOPIC = r"arn:aws(-cn|-us-gov)?:sns:[a-z]{2}(-[a-z]+)+-\d+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?"
"""Amazon SNS API, CreateTopic."""


def token(given: SecretStr) -> SecretStr:
    """Take a bot's token."""
    number, _, rest = given.get_secret_value().partition(":")
    if not (number.isascii() and number.isdigit() and len(rest) >= 30):  # noqa: PLR2004, all have 35
        raise ValueError("a token looks like 123456:ABC…, as @BotFather gave it")
    return given


def ticker(text: str) -> Ticker:
    """Take a share's name."""
    try:
        return parse_ticker(text)
    except UnknownTicker:
        raise ValueError(f"{text[:20]!r} is no B3 share, write for example ITUB4") from None


def tickers(text: object) -> object:
    """Split `ITUB4, PETR4` into shares, without doubles."""
    if not isinstance(text, str):
        return text
    return tuple(dict.fromkeys(ticker(name) for name in _words(text)))


def served(text: str, so_far: ValidationInfo) -> Ticker:
    """Take a share that is in the allow-list."""
    default, allowed = ticker(text), so_far.data.get("tickers")
    if allowed and default not in allowed:
        raise ValueError("is not among TICKERS")
    return default


def closes(text: str, so_far: ValidationInfo) -> str:
    """Take the name of a source of closes."""
    kind, _, directory = text.partition(":")
    if kind not in {"yahoo", "simulated", "csv"} or (kind == "csv") != bool(directory):
        raise ValueError("write yahoo, simulated or csv:DIRECTORY")
    if kind == "csv" and not Path(directory).is_dir():
        raise ValueError(f"{directory!r} is not a directory")
    if kind == "simulated" and so_far.data.get("telegram_token"):
        raise ValueError("invented prices are only shown in the local chat, without TELEGRAM_TOKEN")
    return text


def writable(directory: Path) -> Path:
    """Take a directory, made if it is not there, that can be written into."""
    probe = directory / ".writable"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ValueError(f"cannot write into {str(directory)!r}: {error.strerror}") from None
    return directory


def slot(text: object) -> object:
    """Take an hour and a minute, `09:00`."""
    if not isinstance(text, str):
        return text
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", text):
        raise ValueError("write hours and minutes as 09:00")
    hour, minute = map(int, text.split(":"))
    if time(hour, minute) > LATEST:
        raise ValueError(f"is after {LATEST:%H:%M}, too late for a forecast of the day's close")
    return time(hour, minute)


def people(text: object) -> object:
    """Split `12, 34` into Telegram's numbers of people."""
    if not isinstance(text, str):
        return text
    if wrong := [word for word in _words(text) if not re.fullmatch(r"\d{1,15}", word)]:
        raise ValueError(f"{wrong[0][:20]!r} is no Telegram user id, which is a number")
    return tuple(dict.fromkeys(map(int, _words(text))))


def places(text: object) -> object:
    """Split `-100123, -100123:7` into chats and topics."""
    if not isinstance(text, str):
        return text
    return tuple(dict.fromkeys(_place(word) for word in _words(text)))


def _place(word: str) -> Place:
    if not re.fullmatch(r"-?\d{1,15}(:\d{1,9})?", word):
        raise ValueError(f"{word[:20]!r} is no chat id, write -100123 or, with a topic, -100123:7")
    chat, _, topic = word.partition(":")
    return Place(int(chat), int(topic) if topic else WHOLE_CHAT)


def topics(text: object) -> object:
    """Split ARNs of SNS topics."""
    if not isinstance(text, str):
        return text
    if wrong := [word for word in _words(text) if not re.fullmatch(_TOPIC, word)]:
        raise ValueError(f"{wrong[0][:60]!r} is no topic, write arn:aws:sns:REGION:ACCOUNT:NAME")
    return tuple(dict.fromkeys(_words(text)))


def database(given: SecretStr) -> SecretStr:
    """Take the address of a PostgreSQL database."""
    if not re.match(r"postgres(ql)?(\+psycopg)?://.", given.get_secret_value()):
        raise ValueError("write postgresql://user:password@host/name, or nothing for SQLite")
    return given


def webhook(given: HttpUrl, so_far: ValidationInfo) -> HttpUrl:
    """Take the public address at which Telegram is to post."""
    name = (given.path or "").removeprefix(WEBHOOK_PATH)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name) or given.query:
        raise ValueError(
            f"has to end in {WEBHOOK_PATH} and a word, as in https://host/telegram/bot"
        )
    if given.scheme != "https" and _speaks_to_telegram(so_far):
        raise ValueError("Telegram only posts to https addresses")
    return given


def _speaks_to_telegram(so_far: ValidationInfo) -> bool:
    """Whether updates come from Telegram itself, not from a Bot API server of one's own."""
    api = so_far.data.get("telegram_api_url")
    return bool(so_far.data.get("telegram_token") and api and api.host == "api.telegram.org")


def webhook_secret(given: SecretStr | None, so_far: ValidationInfo) -> SecretStr | None:
    """Take the word that proves that Telegram posts (Bot API, setWebhook)."""
    if given is None and so_far.data.get("telegram_webhook_url"):
        raise ValueError("is needed with TELEGRAM_WEBHOOK_URL, or anybody could post updates")
    if given and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", given.get_secret_value()):
        raise ValueError("write 16 to 256 letters, digits, _ or -")
    return given


def origins(text: object) -> object:
    """Split `https://a.example, https://b.example` into origins."""
    if not isinstance(text, str):
        return text
    if wrong := [word for word in _words(text) if not re.fullmatch(r"https?://[^/\s]+", word)]:
        raise ValueError(f"{wrong[0][:40]!r} is no origin, write https://host")
    return tuple(_words(text))


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()
