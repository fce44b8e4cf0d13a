"""Every log record in both forms: no secret in it, and no line that a value could forge."""

import io
import json
import logging
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import REDACTED, JsonLines, Readable, Redaction, configure, password_of

TOKEN = "123456789:AAExampleExampleExampleExample12345"
DATABASE = "postgresql+psycopg://bot:p%40ss'w\"ord@db.example:5432/fechamento"
LISTED = [TOKEN, "hush", password_of(DATABASE), "p@ss'w\"ord"]
FORMS = [Readable, JsonLines]

either_form = pytest.mark.parametrize("form", FORMS, ids=["readable", "json"])


def line(
    form: type[Readable | JsonLines],
    message: str,
    *values: object,
    error: BaseException | None = None,
    **given_too: Any,
) -> str:
    """One finished log line."""
    record = logging.LogRecord("bot.x", logging.INFO, "x.py", 1, message, values, None)
    record.created = 1785326400.012
    record.exc_info = (type(error), error, error.__traceback__) if error else None
    vars(record).update(given_too)
    return form(Redaction(LISTED)).format(record)


def chained(inner: str, outer: str) -> BaseException:
    """An exception raised from another one, with its traceback."""
    try:
        try:
            raise ConnectionError(inner)  # noqa: TRY301, to be caught here is its purpose
        except ConnectionError as cause:
            raise RuntimeError(outer) from cause
    except RuntimeError as error:
        return error


@contextmanager
def logging_as_configured(**how: bool) -> Iterator[io.StringIO]:
    """The whole process logs into the stream, as the bot would to standard error."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    try:
        configure("INFO", [TOKEN], stream, **how)
        yield stream
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


@either_form
@pytest.mark.parametrize(
    ("message", "values", "given_too"),
    [
        (f"GET https://api.telegram.org/bot{TOKEN}/getMe", (), {}),
        ("GET %s", (f"https://api.telegram.org/bot{TOKEN}/getMe",), {}),
        ("refused", (), {"url": f"/bot{TOKEN}/getMe"}),
        ("refused", (), {"error": ValueError(TOKEN)}),
        ("refused", (), {"tried": [{"url": TOKEN}, ("hush",)]}),
        ("the webhook said %s", ("hush",), {}),
        ("connecting to %s", (DATABASE,), {}),
        ("failed", (), {"error": ValueError("p@ss'w\"ord")}),
        ("failed", (), {"error": chained(TOKEN, "gone")}),
        ("failed", (), {"webhook_secret": "of any form at all"}),
        ("signed with AKIAIOSFODNN7EXAMPLE", (), {}),
        ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", (), {}),
        ("GET /?X-Amz-Signature=0123456789abcdef&x=1", (), {}),
        ("Authorization: Bearer abcdef0123456789", (), {}),
    ],
)
def test_secrets_are_taken_out_wherever_they_stand(
    form: type[Readable | JsonLines],
    message: str,
    values: tuple[str, ...],
    given_too: dict[str, Any],
) -> None:
    """Tokens arrive in URLs, arguments, extra values and exception texts."""
    written = line(form, message, *values, **given_too)
    left = [
        secret
        for secret in (
            *LISTED,
            "of any form",
            "ord@db",
            "AKIAIOSF",
            "wJalrXUt",
            "0123456789abcdef",
            "abcdef0123456789",
        )
        if secret in written
    ]

    assert (left, REDACTED in written or json.dumps(REDACTED)[1:-1] in written) == ([], True)


@either_form
def test_chained_tracebacks_are_redacted_to_the_first_cause(
    form: type[Readable | JsonLines],
) -> None:
    """HTTP libraries put the whole address into their exceptions, and others wrap them."""
    written = line(form, "send failed", error=chained(f"GET /bot{TOKEN}/x", f"because of {TOKEN}"))

    assert TOKEN not in written
    assert "ConnectionError" in written
    assert "RuntimeError" in written


@either_form
@given(inside=st.text(alphabet="ab1'\"\\%/ +&<>@:é€", min_size=3), around=st.text(alphabet="ab'\""))
def test_a_listed_secret_is_taken_out_however_it_is_quoted(
    form: type[Readable | JsonLines], inside: str, around: str
) -> None:
    """Passwords have quotes, percent signs and backslashes in them."""
    secret = f"Ω{inside}Ω"
    record = logging.makeLogRecord({"msg": "%s", "args": (around + secret,)})
    record.url, record.told = f"h/{quote(secret, safe='')}", {"error": ValueError(around, secret)}
    written = form(Redaction([secret])).format(record)

    assert [way for way in ("Ω", quote("Ω"), r"\u03a9") if way in written] == []


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789_-", min_size=30))
def test_anything_that_looks_like_a_token_is_taken_out(rest: str) -> None:
    """Somebody may paste another bot's token into a setting that is logged."""
    assert rest not in line(Readable, f"url=/bot7654321:{rest}/x")


def test_what_is_no_secret_stays() -> None:
    """A log without its figures would help nobody."""
    written = line(Readable, "fetched %s", "https://x.example:8080/a?b=1", user="a@b.example", n=3)

    assert written.split(" ", 2)[2] == (
        "INFO    bot.x: fetched https://x.example:8080/a?b=1 user='a@b.example' n=3"
    )


@either_form
@given(hostile=st.text())
def test_no_value_can_begin_a_line_of_its_own(
    form: type[Readable | JsonLines], hostile: str
) -> None:
    """Otherwise anybody who types could write the operators' log."""
    written = line(form, "asked %s", hostile, word=hostile, error=ValueError(hostile))
    first, *rest = written.splitlines()

    assert first.isprintable()
    assert all(each.startswith("    ") and each.isprintable() for each in rest)
    assert form is Readable or not rest


def test_a_line_for_people_has_the_event_first_and_the_traceback_below() -> None:
    """What one reads at three in the morning."""
    error = ConnectionError("no route\n2026-07-29 INFO    bot: all is well")

    written = line(Readable, "slot queued", error=error, slot="09:00", text="a\nb")

    assert written.split(" ", 2)[2].split("\n") == [
        r"INFO    bot.x: slot queued slot='09:00' text='a\nb'",
        "    ConnectionError: no route",
        "    2026-07-29 INFO    bot: all is well",
    ]


def test_a_line_for_machines_is_one_object() -> None:
    """Metric filters and log viewers read it; the keys are a promise."""
    written = line(
        JsonLines,
        "slot %s queued",
        "09:00",
        error=ValueError("bad"),
        new=812,
        day=date(2026, 7, 29),
        ratio=math.nan,
        shares=("ITUB4", None, 0.5),
    )

    assert json.loads(written) == {
        "ts": "2026-07-29T12:00:00.012+00:00",
        "level": "INFO",
        "logger": "bot.x",
        "event": "slot 09:00 queued",
        "extras": {
            "new": 812,
            "day": "datetime.date(2026, 7, 29)",
            "ratio": "nan",
            "shares": ["ITUB4", None, 0.5],
        },
        "exception": "ValueError: bad",
    }


@either_form
def test_an_exception_that_is_not_there_costs_nothing(form: type[Readable | JsonLines]) -> None:
    """`exc_info=True` outside an `except` is a slip, not a traceback."""
    record = logging.LogRecord("bot", logging.INFO, "x.py", 1, "fine", (), sys.exc_info())

    assert "NoneType" not in form(Redaction([])).format(record)


@pytest.mark.parametrize("as_json", [False, True])
def test_libraries_that_log_addresses_are_quiet(*, as_json: bool) -> None:
    """The HTTP client of python-telegram-bot logs every address at INFO, with the token in it."""
    with logging_as_configured(as_json=as_json) as stream:
        logging.getLogger("httpx").info("POST https://api.telegram.org/bot%s/getMe", TOKEN)
        logging.getLogger("bot.x").info("ready")

    (written,) = stream.getvalue().splitlines()
    assert json.loads(written)["event"] == "ready" if as_json else written.endswith("bot.x: ready")


@pytest.mark.parametrize(
    ("url", "password"),
    [
        (DATABASE, "p%40ss'w\"ord"),
        ("postgresql://db.example/fechamento", ""),
        ("sqlite:///data/fechamento.db", ""),
    ],
)
def test_the_password_of_an_address_is_found(url: str, password: str) -> None:
    """It is listed as a secret, so that no driver's message shows it."""
    assert password_of(url) == password
