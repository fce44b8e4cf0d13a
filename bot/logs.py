"""Log lines that operators or machines read, with every secret taken out before it is written.

    2026-07-29 09:00:00,012 INFO    bot.x: slot queued slot='09:00' new=812
    {"ts": "2026-07-29T12:00:00.012+00:00", "level": "INFO", "logger": "bot.x", "event": …}

Redaction covers message, arguments, extra values, exception texts and whole tracebacks, chained
ones as well.  Whatever a value contains, it cannot begin a line of its own: a line of JSON has no
line breaks, and in the readable form they are escaped and tracebacks are indented.  Libraries
that log whole URLs (httpx does, at INFO, with the token in them) are quiet below WARNING.
"""

import json
import logging
import math
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote, quote_plus, urlsplit

REDACTED = "•••"

SHORTEST_SECRET = 4
"""A shorter one would be taken out of every other word; it is still taken out of addresses."""

# Secrets that are recognised by their form, because nobody listed them.  What comes before the
# group `keep` ends is left, so that the line still says what kind of secret there was.
_FORMS = (
    re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}"),  # a token of the Bot API
    re.compile(r"(?P<keep>://[^\s/:@'\"]*:)[^\s/'\"]+(?=@)"),  # the password of an address
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),  # an access key of AWS, lasting or temporary
    re.compile(
        r"(?P<keep>(?:secret[ _-]?(?:access[ _-]?)?(?:key|token)|(?:session|security)[ _-]?token"
        r"|api[ _-]?key|password|passwd|x-amz-signature|x-amz-credential)['\"]?\s*[=:]\s*['\"]?)"
        r"[^\s'\",;&)]+",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<keep>\b(?:bearer|basic)\s+)[A-Za-z0-9+/=._-]{8,}", re.IGNORECASE),
)

_SECRET_NAME = re.compile(r"secret|passw|token|api_?key", re.IGNORECASE)
"""Extra values under such a name are taken out whatever they are."""

_CHATTY = (
    "alembic",
    "apscheduler",
    "botocore",
    "httpcore",
    "httpx",
    "matplotlib",
    "urllib3",
    "yfinance",
)
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class Redaction:
    """Takes secrets out of text: those that are listed, however quoted, and those of known form."""

    def __init__(self, secrets: Iterable[str]) -> None:
        told = {secret for secret in secrets if len(secret) >= SHORTEST_SECRET}
        spelled = {way for secret in told for way in _spellings(secret)}
        # The longest first, so that no part of one is left when another is inside it.
        ways = sorted(map(re.escape, spelled), key=lambda way: (-len(way), way))
        self._listed = re.compile("|".join(ways)) if ways else None

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        if self._listed:
            text = self._listed.sub(REDACTED, text)
        for form in _FORMS:
            text = form.sub(_kept, text)
        return text


def password_of(url: str) -> str:
    """The password inside an address, as written there; empty when there is none."""
    return urlsplit(url).password or ""


class Readable(logging.Formatter):
    """One line for people, and an indented traceback under it."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Give the finished line, without secrets."""
        record.message = record.getMessage()
        record.asctime = self.formatTime(record)
        told = "".join(f" {name}={value!r}" for name, value in extras(record).items())
        line = _one_line(self._redact(self.formatMessage(record) + told))
        return "\n".join((line, *(f"    {_one_line(each)}" for each in self._traceback(record))))

    def _traceback(self, record: logging.LogRecord) -> list[str]:
        return self._redact(traceback_of(self, record)).split("\n") if _failed(record) else []


class JsonLines(logging.Formatter):
    """One object a line for machines: ts (UTC), level, logger, event, extras, exception."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Give the finished line, without secrets."""
        entry: dict[str, object] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": self._redact(record.getMessage()),
        }
        if found := extras(record):
            entry["extras"] = self._plain(found)
        if _failed(record):
            entry["exception"] = self._redact(traceback_of(self, record))
        return json.dumps(entry, allow_nan=False)

    def _plain(self, value: object) -> object:
        """The value as JSON knows it; what JSON does not know as Python writes it."""
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else repr(value)
        if isinstance(value, str):
            return self._redact(value)
        if isinstance(value, Mapping):
            return {self._redact(str(name)): self._plain(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._plain(each) for each in value]
        return self._redact(repr(value))


def extras(record: logging.LogRecord) -> dict[str, Any]:
    """What was logged beside the event."""
    return {
        name: REDACTED if _SECRET_NAME.search(name) else value
        for name, value in vars(record).items()
        if name not in _STANDARD
    }


def traceback_of(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    """The traceback with all that it was chained to, and the stack if one was asked for."""
    exception = formatter.formatException(record.exc_info) if record.exc_info else ""
    stack = formatter.formatStack(record.stack_info) if record.stack_info else ""
    return "\n".join(filter(None, (exception or record.exc_text, stack)))


def configure(
    level: str, secrets: Iterable[str], stream: TextIO | None = None, *, as_json: bool = False
) -> None:
    """Send all log records through one redacting handler, to standard error unless told else."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter((JsonLines if as_json else Readable)(Redaction(secrets)))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It writes a page of traceback for each answer of a gateway; the retries say it in one line.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)


def crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Write what ends the process as everything else is written; a `sys.excepthook`."""
    logging.getLogger("bot").critical("crashed", exc_info=(kind, error, trace))


def _spellings(secret: str) -> set[str]:
    """The secret as it stands in addresses, in Python's quotes and in JSON."""
    return {
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }


def _kept(found: re.Match[str]) -> str:
    return found.groupdict().get("keep", "") + REDACTED


def _failed(record: logging.LogRecord) -> bool:
    has_exception = record.exc_info is not None and record.exc_info[0] is not None
    return has_exception or bool(record.exc_text or record.stack_info)


def _one_line(text: str) -> str:
    """The text with everything escaped that could end the line or change what a terminal shows."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")
