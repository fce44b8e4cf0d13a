"""`python -m bot`, started for real: what a newcomer, a supervisor and an operator see."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.edges.local_processes import LOCAL_TOKEN
from tests.share_bars import at, walk
from tests.yahoo_server import Share, YahooServer

ROOT = Path(__file__).parent.parent
AT = "2026-07-28T11:00"
PATIENCE = 60
TOKEN = "123456789:AAExampleExampleExampleExample12345"
SHIPPED = ROOT / "model" / "shipped"

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """Settings of a bot on this machine with the closes of one share."""
    closes = tmp_path / "closes"
    closes.mkdir()
    rows = [f"{bar.session},{bar.close}" for bar in walk(at(AT).date())]
    (closes / "ITUB4.SA.csv").write_text("\n".join(["date,close", *rows]), encoding="utf-8")
    return {
        "CLOSES": f"csv:{closes}",
        "DATA_DIR": str(tmp_path / "data"),
        "CHAT_PORT": str(free_port()),
    }


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def started(settings: Mapping[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A bot that runs until the block ends."""
    environment = {**os.environ, **settings}  # noqa: TID251, a child's environment is ours to set
    with subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()  # and its stand-ins with it, so that their port is free again


def ended(settings: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    """Exit code and output of a bot that does not start."""
    with started(settings, *arguments) as process:
        output, _ = process.communicate(timeout=PATIENCE)
        return process.returncode, output


def asked(settings: Mapping[str, str], path: str, body: object = None) -> Any:
    """One request to the local chat."""
    url = f"http://127.0.0.1:{settings['CHAT_PORT']}{path}"
    answer = httpx.post(url, json=body) if body else httpx.get(url, timeout=20)
    answer.raise_for_status()
    return answer.json()


def eventually(look: Callable[[], Any]) -> Any:
    """Look again until there is something to see."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if found := look():
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise AssertionError("nothing happened")


def says(settings: Mapping[str, str], text: str) -> str:
    """What the bot answers to `text`."""
    message = {"text": text, "from": {"id": 1}}
    sent = eventually(lambda: asked(settings, "/chats/1/messages", message))
    after = f"/chats/1/messages?after={sent['message_id']}&wait=10"
    answer = eventually(lambda: [one for one in asked(settings, after) if one["from"] == "bot"])
    return str(answer[0].get("caption") or answer[0]["text"])


def test_a_newcomer_chats_about_the_past(settings: dict[str, str]) -> None:
    """Real closes, the shipped model, the real HTTP in between, at the time that was given."""
    newest = walk(at(AT).date())[-2]
    with started(settings, "--at", AT):
        answer = says(settings, "/hoje").splitlines()

    assert answer[0] == "ITUB4 · fechamento de hoje, ter., 28/07"
    assert answer[1].startswith("Previsão R$ ")
    assert answer[2] == f"Último fechamento R$ {newest.close:.2f} (seg., 27/07)".replace(
        ".", ",", 1
    )


def test_without_a_network_prices_are_simulated_and_say_so(settings: dict[str, str]) -> None:
    """No settings at all must still give a chat that answers."""
    with started(settings | {"CLOSES": "simulated"}, "--at", AT):
        answer = says(settings, "/hoje vale3")

    assert answer.startswith("SIMULADO · preços inventados, sem valor\nVALE3")


def test_what_yahoo_said_survives_an_outage_and_a_restart(settings: dict[str, str]) -> None:
    """Kept closes answer with their date while Yahoo is away."""
    with YahooServer() as yahoo:
        yahoo.answers["ITUB4.SA"] = Share(walk(at(AT).date(), 300)[:-1])
        settings |= {"CLOSES": "yahoo", "YAHOO_URL": yahoo.url}
        with started(settings, "--at", AT):
            fresh = says(settings, "/hoje").splitlines()
    with started(settings, "--at", "2026-07-28T12:00"):
        kept = says(settings, "/hoje").splitlines()

    assert kept[:3] == fresh[:3]
    assert kept[3].startswith(
        "A fonte de preços não respondeu; uso os fechamentos guardados de ter., 28/07, às 11:00"
    )


def test_the_stand_ins_die_with_a_killed_bot(settings: dict[str, str]) -> None:
    """An orphan would hold the port, and the next start would fail."""
    with started(settings, "--at", AT) as process:
        says(settings, "/ajuda")
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)

        def port_is_free() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", int(settings["CHAT_PORT"]))) != 0

        assert eventually(port_is_free)


def test_a_supervisor_stops_it_cleanly(settings: dict[str, str]) -> None:
    """SIGTERM is how systemd and containers ask."""
    with started(settings, "--at", AT) as process:
        says(settings, "/ajuda")
        process.send_signal(signal.SIGTERM)

        assert process.wait(PATIENCE) == 0


def test_wrong_settings_are_all_listed_and_nothing_starts(settings: dict[str, str]) -> None:
    """Exit code 2: the operator mends the file in one go."""
    wrong = {"TELEGRAM_TOKEN": "123:secret", "CHAT_PORT": "no", "TICKERS": "?"}
    code, output = ended(settings | wrong)

    assert code == 2
    assert [line.strip().partition(":")[0] for line in output.splitlines()] == [
        "bot",
        "TELEGRAM_TOKEN",
        "TICKERS",
        "CHAT_PORT",
    ]
    assert "secret" not in output


def test_a_wrong_time_is_refused(settings: dict[str, str]) -> None:
    """A typo must not start a bot at another time than was meant."""
    code, output = ended(settings, "--at", "yesterday")

    assert code == 2
    assert "Traceback" not in output


def test_a_taken_port_is_said_with_the_setting_that_mends_it(settings: dict[str, str]) -> None:
    """Usually another copy of the bot runs already."""
    with socket.create_server(("127.0.0.1", int(settings["CHAT_PORT"]))):
        code, output = ended(settings)

    assert code == 1
    assert f"port {settings['CHAT_PORT']} of 127.0.0.1 is taken" in output
    assert "CHAT_PORT" in output.splitlines()[-1]
    assert "Traceback" not in output
    assert LOCAL_TOKEN not in output


@pytest.mark.parametrize("damage", ["missing", "corrupted"])
def test_an_unusable_artifact_is_one_sentence(
    settings: dict[str, str], tmp_path: Path, damage: str
) -> None:
    """A model that is not the one on its card must never forecast."""
    artifact = tmp_path / "artifact"
    if damage == "corrupted":
        artifact.mkdir()
        for name in ("card.json", "model.onnx"):
            (artifact / name).write_bytes((SHIPPED / name).read_bytes())
        with (artifact / "model.onnx").open("ab") as graph:
            graph.write(b"x")
    code, output = ended(settings | {"ARTIFACT": str(artifact)})

    assert code == 1
    assert str(artifact) in output
    assert "Traceback" not in output


def test_a_real_token_means_a_real_telegram(settings: dict[str, str]) -> None:
    """Only the address differs: another local chat takes Telegram's place here."""
    telegram = ["-m", "deploy.local", "--chat-port", settings["CHAT_PORT"], "--token", TOKEN]
    real = {"TELEGRAM_API_URL": f"http://127.0.0.1:{settings['CHAT_PORT']}"}
    with subprocess.Popen([sys.executable, *telegram], cwd=ROOT) as server:
        try:
            with started(settings | real | {"TELEGRAM_TOKEN": TOKEN}, "--at", AT):
                answer = says(settings, "/hoje")
            code, output = ended(settings | real | {"TELEGRAM_TOKEN": TOKEN + "x"})
        finally:
            server.kill()

    assert answer.startswith("ITUB4 · fechamento de hoje")
    assert (code, output) == (
        1,
        "bot: TELEGRAM_TOKEN: Telegram does not accept it, ask @BotFather for it again\n",
    )


def test_an_unwritable_folder_is_a_wrong_setting(settings: dict[str, str]) -> None:
    """Found at the start, not at the first outage."""
    code, output = ended(settings | {"DATA_DIR": "/dev/null/data"})

    assert code == 2
    assert "DATA_DIR: cannot write into '/dev/null/data'" in output


def test_the_bot_never_loads_the_training_libraries() -> None:
    """They would cost 700 MB and ten seconds."""
    loaded = "{'tensorflow', 'keras', 'sagemaker'} & set(sys.modules)"
    look = f"import bot.wiring, bot.edges.yahoo, sys; print({loaded})"
    found = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert found.stdout == "set()\n"
