"""What keeps a bot from starting: exit code 1 or 2, and one sentence that says what to change."""

import shutil
import socket
from pathlib import Path

import pytest

from bot.edges.local_processes import LOCAL_TOKEN
from bot.settings import SHIPPED_ARTIFACT
from tests.starting.bots import SESSION, Chat, Settings, free_port, ran, real_telegram, started

AT = ("--at", f"{SESSION}T11:00")

pytest_plugins = ["tests.databases"]
pytestmark = pytest.mark.slow


def test_wrong_settings_are_all_listed_and_nothing_starts(laptop: Settings) -> None:
    """Exit code 2: the operator mends the file in one go."""
    wrong = {"TELEGRAM_TOKEN": "123:secret", "CHAT_PORT": "no", "TICKERS": "?"}
    code, output = ran({**laptop, **wrong})

    assert code == 2
    assert [line.strip().partition(":")[0] for line in output.splitlines()] == [
        "bot",
        "TELEGRAM_TOKEN",
        "TICKERS",
        "CHAT_PORT",
    ]
    assert "secret" not in output


def test_a_wrong_time_is_refused(laptop: Settings) -> None:
    """A typo must not start a bot at another time than was meant."""
    code, output = ran(laptop, "--at", "yesterday")

    assert code == 2
    assert "Traceback" not in output


def test_an_unwritable_folder_is_a_wrong_setting(laptop: Settings) -> None:
    """Found at the start, not at the first outage."""
    code, output = ran({**laptop, "DATA_DIR": "/dev/null/data"})

    assert code == 2
    assert "DATA_DIR: cannot write into '/dev/null/data'" in output


def test_a_taken_port_of_the_chat_is_said_with_its_setting(laptop: Settings) -> None:
    """Usually another copy of the bot runs already."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, output = ran({**laptop, "CHAT_PORT": port})

    assert code == 1
    assert f"port {port} of 127.0.0.1 is taken" in output
    assert "CHAT_PORT" in output.splitlines()[-1]
    assert "Traceback" not in output
    assert LOCAL_TOKEN not in output


def test_a_taken_port_of_the_page_is_said_with_its_setting(served: Settings) -> None:
    """A service of somebody else may have it, since 8080 is everybody's favourite."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        found = ran({**served, "HTTP_PORT": port}, *AT)

    assert found == (
        1,
        f"bot: HTTP_HOST, HTTP_PORT: port {port} of 127.0.0.1 is taken; "
        "usually another copy of the bot runs already\n",
    )


def test_a_second_process_on_the_same_file_is_refused(served: Settings, chat: Chat) -> None:
    """Two would send everything twice; the first goes on as if nothing had happened."""
    with started(served, *AT):
        chat.says("/ajuda")
        found = ran(served, *AT)

        assert found == (1, "bot: another process of the bot uses this database: stop it first\n")
        assert chat.says("/hoje").startswith("ITUB4 · fechamento de hoje")


def test_a_database_out_of_reach_is_said_without_its_password(served: Settings) -> None:
    """The sentence ends up in the logs of supervisors, which many people read."""
    address = f"postgresql://fechamento:correct-horse@127.0.0.1:{free_port()}/fechamento"
    found = ran({**served, "DATABASE_URL": address}, *AT)

    assert found == (1, "bot: DATABASE_URL: the database does not answer (connection lost)\n")


def test_a_token_that_telegram_does_not_know_is_one_sentence(served: Settings, chat: Chat) -> None:
    """It may have been revoked, or copied without its last letter."""
    wrong = {**real_telegram(chat.url), "TELEGRAM_TOKEN": LOCAL_TOKEN + "x"}
    code, output = ran({**served, **wrong}, *AT)

    assert (code, output.splitlines()[-1]) == (
        1,
        "bot: TELEGRAM_TOKEN: Telegram does not accept it, ask @BotFather for it again",
    )
    assert "Traceback" not in output


@pytest.mark.parametrize("damage", ["missing", "corrupted"])
def test_an_unusable_artifact_is_one_sentence(
    laptop: Settings, tmp_path: Path, damage: str
) -> None:
    """A model that is not the one on its card must never forecast."""
    artifact = tmp_path / "artifact"
    if damage == "corrupted":
        artifact.mkdir()
        for name in ("card.json", "model.onnx"):
            shutil.copy(SHIPPED_ARTIFACT / name, artifact)
        with (artifact / "model.onnx").open("ab") as graph:
            graph.write(b"x")
    code, output = ran({**laptop, "ARTIFACT": str(artifact)})

    assert code == 1
    assert str(artifact) in output
    assert "Traceback" not in output
