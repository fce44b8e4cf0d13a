"""A day on which everything fails once: what people read, what the log says, what it never says."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import make_url

from bot.edges.local_processes import LOCAL_TOKEN
from tests.postgresql_server import Server
from tests.records import emptied_database
from tests.starting.bots import SESSION, Bot, Chat, Settings, eventually, free_port, started

OPERATORS = 900
CRASHING = f"""
import warnings
from bot.__main__ import app
from bot.wiring import machine
def broken(at):
    warnings.warn("odd: {LOCAL_TOKEN}")
    raise RuntimeError("broken: {LOCAL_TOKEN}")
machine.clock = broken
app()
"""
"""The bot with a defect that nobody foresaw, and a library that warns."""
UNAVAILABLE = (
    "Não consegui ler nem mudar as assinaturas agora; nada mudou. Tente de novo em alguns minutos."
)
PASSWORD = "horse/battery staple"
WEBHOOK_SECRET = "a-secret-of-the-webhook"
HTTP_KEY = "the-key-to-everything"
SECRETS = (
    LOCAL_TOKEN,
    LOCAL_TOKEN.partition(":")[2],
    PASSWORD,
    quote(PASSWORD, safe=""),
    WEBHOOK_SECRET,
    HTTP_KEY,
    "an-invented-key",
)

pytest_plugins = ["tests.databases"]
pytestmark = pytest.mark.slow


@pytest.fixture
def settings(served: Settings, postgresql: Server) -> Settings:
    """A bot with every secret there is, and a log that leaves nothing out."""
    address = make_url(emptied_database(postgresql)).set(password=PASSWORD)
    port = free_port()
    return {
        **served,
        "DATABASE_URL": address.render_as_string(hide_password=False),
        "HTTP_PORT": str(port),
        "HTTP_KEY": HTTP_KEY,
        "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram/bot",
        "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "ALARM_CHAT_IDS": str(OPERATORS),
        "LOG_LEVEL": "DEBUG",
    }


@contextmanager
def away(postgresql: Server) -> Iterator[None]:
    """The database is stopped meanwhile."""
    postgresql.stop()
    try:
        yield
    finally:
        postgresql.start()


def health(settings: Settings) -> httpx.Response:
    """What REST says about the bot's own health."""
    return httpx.get(f"http://127.0.0.1:{settings['HTTP_PORT']}/saude", timeout=30)


def unreadable(bot: Bot) -> Sequence[str]:
    """Lines of the log that are no JSON."""
    return [line for line in bot.log().splitlines() if not _is_object(line)]


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def test_without_its_database_the_bot_forecasts_heals_and_can_be_stopped(
    settings: Settings, chat: Chat, postgresql: Server
) -> None:
    """Nobody has to help it, and no line of its log breaks a machine or tells a secret."""
    with started(settings, "--log-json", "--at", f"{SESSION}T11:00") as bot:
        before = chat.says("/hoje")
        with away(postgresql):
            during = [chat.says("/hoje"), chat.says("/assinar ITUB4 12:00")]
            sick = health(settings)
        after = chat.says("/assinar ITUB4 12:00")
        chat.fault("sendMessage", status=502)
        chat.says("/ajuda")
        eventually(lambda: bot.log().count("lease taken") == 2)
        with away(postgresql):
            code = bot.terminated()  # neither lease nor goodbye can be kept
        found = unreadable(bot), [secret for secret in SECRETS if secret in bot.log()]

    assert during == [before, UNAVAILABLE]
    assert (sick.status_code, sick.json()["dependencias"]["banco"]) == (503, "falha")
    assert after.startswith("Assinatura feita")
    assert (code, *found) == (0, [], [])


def test_a_crash_is_logged_like_everything_else(served: Settings) -> None:
    """Its traceback is what is read most, and may hold anything."""
    with started(served, "--log-json", program=CRASHING) as bot:
        code = bot.ended()

    assert (code, unreadable(bot)) == (1, [])
    assert [json.loads(line)["event"] for line in bot.log().splitlines()][-1] == "crashed"
    assert LOCAL_TOKEN not in bot.log()
