"""Backup, restore and replay as they are typed, and the bot that lives with what they did."""

from pathlib import Path

import pytest

from tests.postgresql_server import Server
from tests.records import emptied_database
from tests.starting.bots import SESSION, Chat, Settings, ran, started

AT = ("--at", f"{SESSION}T11:00")

pytest_plugins = ["tests.databases"]
pytestmark = pytest.mark.slow


def test_a_backup_moves_to_postgresql_and_back(
    served: Settings, chat: Chat, postgresql: Server, tmp_path: Path
) -> None:
    """Written while the bot runs; whoever grows out of one file, or back into it, loses nothing."""
    big = {**served, "DATABASE_URL": emptied_database(postgresql)}
    small = {**served, "DATA_DIR": str(tmp_path / "elsewhere")}
    with started(served, *AT):
        chat.says("/assinar ITUB4 12:00")
        listed = chat.says("/assinaturas")
        saved = ran(served, "backup", str(tmp_path / "first"))
    steps = [
        ran(big, "restore", str(tmp_path / "first")),
        ran(big, "backup", str(tmp_path / "second")),
        ran(small, "restore", str(tmp_path / "second")),
    ]
    with started(small, *AT):
        found = chat.says("/assinaturas")

    assert [code for code, _ in (saved, *steps)] == [0, 0, 0, 0], steps
    assert (listed.splitlines()[1], found) == ("12:00 · ITUB4", listed)


def test_a_replay_fills_the_scoreboard_and_is_marked(served: Settings, chat: Chat) -> None:
    """A newcomer sees at once how far forecasts can be trusted, and that nobody was told them."""
    closes = served["CLOSES"].removeprefix("csv:")
    period = ("--from", "2026-07-14", "--until", "2026-07-27")
    code, output = ran(served, "replay", "--closes", closes, *period)
    with started(served, *AT):
        answer = chat.says("/placar")

    assert code == 0, output
    assert "10 forecasts settled on the scoreboard" in output
    assert "Inclui 10 pregões refeitos com dados históricos (replay)" in answer
