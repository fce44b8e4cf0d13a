"""What a real process of the bot meets: a model that is served, a chat, closes."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.edges.local_processes import LOCAL_TOKEN, LocalProcess, StandIns
from bot.settings import SHIPPED_ARTIFACT
from tests.starting.bots import Chat, Settings, real_endpoint, real_telegram, write_closes


@pytest.fixture(scope="session")
def endpoint() -> Iterator[Settings]:
    """Settings of a bot that asks one and the same model, which is served all the time."""
    with ExitStack() as running:
        urls = StandIns.start(SHIPPED_ARTIFACT, None, running).urls()
        yield real_endpoint(str(urls[1]))


@pytest.fixture
def chat() -> Iterator[Chat]:
    """A chat without limits that outlives the bots which write into it."""
    process = LocalProcess.start(
        "deploy.local", "--chat-port", "0", "--token", LOCAL_TOKEN, "--limits", "none"
    )
    try:
        yield Chat(process.urls()[0])
    finally:
        process.close()


@pytest.fixture
def laptop(tmp_path: Path) -> Settings:
    """Settings of a bot that brings its own chat and model, with the closes of one share."""
    return {
        "CLOSES": write_closes(tmp_path / "closes"),
        "DATA_DIR": str(tmp_path / "data"),
        "HTTP_PORT": "0",
        "CHAT_PORT": "0",
    }


@pytest.fixture
def served(laptop: Settings, endpoint: Settings, chat: Chat) -> Settings:
    """Settings of a bot with Telegram and AWS, as it runs when it serves people."""
    return {**laptop, **endpoint, **real_telegram(chat.url)}
