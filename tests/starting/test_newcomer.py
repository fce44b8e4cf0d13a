"""`python -m bot` on a laptop: no token, no account, and the stand-ins come and go with it."""

import re
import socket
import subprocess
import sys

import httpx
import pytest

from tests.share_bars import at, walk
from tests.starting.bots import ROOT, SESSION, Bot, Chat, Settings, eventually, free_port, started
from tests.yahoo_server import Share, YahooServer

AT = ("--at", f"{SESSION}T11:00")
CHAT = re.compile(r"chat with the bot in a browser address='(http://\S+)'")
PAGE = re.compile(r"page and REST address='(http://\S+)'")

pytestmark = pytest.mark.slow


def told(bot: Bot, address: re.Pattern[str]) -> str:
    """An address that the log names."""
    return eventually(lambda: address.search(bot.log()), bot.log)[1]


def test_a_newcomer_chats_about_the_past(laptop: Settings) -> None:
    """Real closes, the shipped model, the real HTTP in between, at the time that was given."""
    newest = walk(at(f"{SESSION}T00:00").date())[-2]
    with started(laptop, *AT) as bot:
        answer = Chat(told(bot, CHAT)).says("/hoje").splitlines()
        health = httpx.get(f"{told(bot, PAGE)}/saude")

    assert answer[0] == "ITUB4 · fechamento de hoje, qua., 29/07"
    assert answer[1].startswith("Previsão R$ ")
    assert answer[2] == f"Último fechamento R$ {newest.close:.2f} (ter., 28/07)".replace(
        ".", ",", 1
    )
    assert health.status_code == 200, health.text


def test_without_a_network_prices_are_simulated_and_say_so(laptop: Settings) -> None:
    """No settings at all must still give a chat that answers."""
    with started({**laptop, "CLOSES": "simulated"}, *AT) as bot:
        answer = Chat(told(bot, CHAT)).says("/hoje vale3")

    assert answer.startswith("SIMULADO · preços inventados, sem valor\nVALE3")


def test_what_yahoo_said_survives_an_outage_and_a_restart(served: Settings, chat: Chat) -> None:
    """Kept closes answer with their date while Yahoo is away."""
    with YahooServer() as yahoo:
        yahoo.answers["ITUB4.SA"] = Share(walk(at(f"{SESSION}T00:00").date(), 300)[:-1])
        settings = {**served, "CLOSES": "yahoo", "YAHOO_URL": yahoo.url}
        with started(settings, *AT):
            fresh = chat.says("/hoje").splitlines()
    with started(settings, "--at", f"{SESSION}T12:00"):
        kept = chat.says("/hoje").splitlines()

    assert kept[:3] == fresh[:3]
    assert kept[3].startswith(
        "A fonte de preços não respondeu; uso os fechamentos guardados de qua., 29/07, às 11:00"
    )


def test_the_stand_ins_die_with_a_killed_bot(laptop: Settings) -> None:
    """An orphan would hold the port, and the next start would fail."""
    port = free_port()

    def port_is_taken() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    with started({**laptop, "CHAT_PORT": str(port)}, *AT) as bot:
        eventually(port_is_taken)
        bot.killed()

        assert eventually(lambda: not port_is_taken())


def test_ctrl_c_ends_it_in_good_order(laptop: Settings) -> None:
    """A terminal tells all processes at once, but the bot still needs its stand-ins."""
    with started({**laptop, "ALARM_CHAT_IDS": "900"}, *AT) as bot:
        Chat(told(bot, CHAT)).says("/ajuda")
        bot.interrupted()  # and says goodbye to the operators

        assert bot.ended() == 0
        assert "WARNING" not in bot.log()
        assert "Traceback" not in bot.log()


def test_the_bot_never_loads_the_training_libraries() -> None:
    """They would cost 700 MB and ten seconds."""
    loaded = "{'tensorflow', 'keras', 'sagemaker'} & set(sys.modules)"
    look = f"import bot.wiring.service, bot.edges.yahoo, sys; print({loaded})"
    found = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert found.stdout == "set()\n"
