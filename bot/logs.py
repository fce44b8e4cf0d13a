"""Log lines that operators read, with every secret taken out before it is written.

Redaction works on the finished line: message, arguments, extra values, exception text and
traceback alike.  Libraries that log whole URLs (httpx does, at INFO, with the token in them) are
quiet below WARNING.
"""

import logging
import re
import sys
from collections.abc import Iterable
from typing import TextIO

REDACTED = "•••"

_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}")
_CHATTY = ("httpx", "httpcore", "apscheduler", "matplotlib", "botocore", "urllib3", "yfinance")
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class Redacting(logging.Formatter):
    """Formats a record with its extra values and takes secrets out of the result."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Give the finished line, without secrets."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, REDACTED)
        return _TOKEN.sub(REDACTED, line)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802, logging's name
        """Give the constant event first and its data after it."""
        extra = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        told = "".join(f" {name}={value!r}" for name, value in extra.items())
        return super().formatMessage(record) + told


def configure(level: str, secrets: Iterable[str], stream: TextIO | None = None) -> None:
    """Send all log records through one redacting handler, to standard error unless told else."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Redacting(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It writes a page of traceback for each answer of a gateway; the retries say it in one line.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
