"""Where closes come from, from before the first question until after the last one."""

import asyncio
import threading
from pathlib import Path

import pytest

from bot.domain.bars import DailyBars
from bot.edges.kept_closes.shelf import Shelf
from bot.settings import Settings
from bot.wiring import sources
from bot.wiring.sources import Sources
from tests.share_bars import ITUB4, at, walk
from tests.yahoo_server import Share, YahooServer

NOW = at("2026-07-24T20:00")
BARS = walk(NOW.date())
PATIENCE = 10.0


def asking(yahoo: YahooServer, folder: Path) -> Sources:
    """The sources of a bot whose Yahoo is that server."""
    settings = Settings.model_validate({"data_dir": folder, "yahoo_url": yahoo.url})
    return Sources.of(settings, "http://127.0.0.1:1", lambda: NOW)


async def test_yahoo_s_client_is_there_before_anybody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Importing it takes a second, which the first person would wait."""
    looked = []

    async def reachable(address: str) -> bool:
        looked.append(address)
        return True

    monkeypatch.setattr(sources, "reachable", reachable)
    with YahooServer({ITUB4: Share(BARS)}) as yahoo:
        asked = asking(yahoo, tmp_path)
        await asked.load()
        before = len(looked)
        found = await asked.closes.daily(ITUB4, NOW)
        await asked.finish()

    assert (before, len(looked), found.bars) == (1, 1, BARS)


async def test_a_folder_that_cannot_be_made_does_not_keep_the_bot_from_starting(
    tmp_path: Path,
) -> None:
    """Whoever asks is told; everything else works."""
    (tmp_path / "yfinance").write_text("no folder", encoding="utf-8")
    with YahooServer() as yahoo:
        asked = asking(yahoo, tmp_path)
        await asked.load()

        with pytest.raises(FileExistsError):
            await asked.closes.daily(ITUB4, NOW)


async def test_the_end_waits_for_what_is_being_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was answered from a minute before a restart is there after it."""
    free, write = threading.Event(), Shelf.write

    def slowly(shelf: Shelf, bars: DailyBars) -> None:
        free.wait(PATIENCE)
        write(shelf, bars)

    monkeypatch.setattr(Shelf, "write", slowly)
    with YahooServer({ITUB4: Share(BARS)}) as yahoo:
        asked = asking(yahoo, tmp_path)
        await asked.closes.daily(ITUB4, NOW)
        ending = asyncio.create_task(asked.finish())
        await asyncio.sleep(0)
        waits = not ending.done()
        free.set()
        await ending

    assert (waits, (tmp_path / "closes" / f"{ITUB4}.json").exists()) == (True, True)
