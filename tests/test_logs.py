"""No secret is ever written into a log line."""

import io
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import REDACTED, Redacting, configure

TOKEN = "123456789:AAExampleExampleExampleExample12345"


def line(message: str, *values: object, **given_too: object) -> str:
    """One finished log line."""
    record = logging.LogRecord("bot", logging.INFO, "x.py", 1, message, values, None)
    vars(record).update(given_too)
    return Redacting([TOKEN, "hush"]).format(record)


@pytest.mark.parametrize(
    ("message", "values", "given_too"),
    [
        (f"GET https://api.telegram.org/bot{TOKEN}/getMe", (), {}),
        ("GET %s", (f"https://api.telegram.org/bot{TOKEN}/getMe",), {}),
        ("refused", (), {"url": f"/bot{TOKEN}/getMe"}),
        ("refused", (), {"error": ValueError(TOKEN)}),
        ("the webhook said %s", ("hush",), {}),
    ],
    ids=["message", "argument", "extra value", "exception", "another secret"],
)
def test_secrets_are_taken_out_wherever_they_stand(
    message: str, values: tuple[str, ...], given_too: dict[str, object]
) -> None:
    """Tokens arrive in URLs, arguments, extra values and exception texts."""
    written = line(message, *values, **given_too)

    assert TOKEN not in written
    assert "hush" not in written
    assert REDACTED in written


def test_a_traceback_is_redacted_too() -> None:
    """HTTP libraries put the whole address into their exceptions."""
    failure = ConnectionError(f"https://api.telegram.org/bot{TOKEN}/sendMessage")
    record = logging.LogRecord("bot", logging.ERROR, "x.py", 1, "send failed", (), None)
    record.exc_info = (type(failure), failure, None)

    assert (
        Redacting([])
        .format(record)
        .endswith("send failed\nConnectionError: https://api.telegram.org/bot•••/sendMessage")
    )


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789_-", min_size=30))
def test_anything_that_looks_like_a_token_is_taken_out(rest: str) -> None:
    """Somebody may paste another bot's token into a setting that is logged."""
    assert rest not in line(f"url=/bot7654321:{rest}/x")


def test_libraries_that_log_addresses_are_quiet() -> None:
    """The HTTP client of python-telegram-bot logs every address at INFO, with the token in it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    try:
        configure("INFO", [TOKEN], stream)
        logging.getLogger("httpx").info("POST https://api.telegram.org/bot%s/getMe", TOKEN)
        logging.getLogger("bot.x").info("ready")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)

    assert [entry.split(" ", 2)[2] for entry in stream.getvalue().splitlines()] == [
        "INFO    bot.x: ready"
    ]
