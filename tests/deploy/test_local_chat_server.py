"""The local chat on a real port, with the bot's real library and as a process."""

import asyncio
import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)
from telegram.ext import Application, ContextTypes, MessageHandler
from telegram.ext.filters import ALL

from deploy.local.__main__ import main
from deploy.local.server import PortTaken, bound_socket, serving
from deploy.local.telegram.app import create_app
from deploy.local.telegram.limits import Limits
from deploy.local.telegram.state.postman import HttpPostman
from deploy.local.telegram.state.webhook import Reply
from tests.deploy.local_chat import TOKEN, Time, png

ROOT = Path(__file__).parents[2]
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="d")]])


@dataclass(frozen=True, slots=True)
class Served:
    """A local chat on a real port."""

    address: str
    people: httpx.AsyncClient

    def bot(self, token: str = TOKEN) -> Bot:
        """The library's bot that speaks with it."""
        return Bot(token, base_url=f"{self.address}/bot", base_file_url=f"{self.address}/file/bot")


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """A local chat that takes one token and one message at once."""
    app = create_app(clock=Time().now, token=TOKEN, limits=Limits())
    async with (
        serving(app, 0, app.state.service.close) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as people,
    ):
        yield Served(address, people)


async def test_the_library_can_do_all_that_the_bot_does(served: Served) -> None:
    """Messages, pictures, edits, buttons and files, through python-telegram-bot."""
    await served.people.post("/chats/1/messages", json={"text": "/hoje"})
    async with served.bot() as bot:
        (update,) = await bot.get_updates()
        sent = await bot.send_message(
            1, "<b>R$ 36,12</b> 😀", ParseMode.HTML, reply_markup=KEYBOARD
        )
        photo = await bot.send_photo(1, png(90, 60), caption="_a_", parse_mode="MarkdownV2")
        again = await bot.send_photo(1, photo.photo[-1].file_id)
        edited = await sent.edit_text("novo", reply_markup=KEYBOARD)
        media = await photo.edit_media(InputMediaPhoto(png(5, 5), caption="b"))
        album = await bot.send_media_group(1, [InputMediaPhoto(png()), InputMediaPhoto(png())])
        document = await bot.send_document(1, b"1;2", filename="a.csv")
        await served.people.post("/chats/1/callbacks", json={"message_id": 2, "data": "d"})
        _, pressed = await bot.get_updates()
        answered = await pressed.callback_query.answer("feito")  # type: ignore[union-attr]
        loaded = await (await again.photo[-1].get_file()).download_as_bytearray()

    assert update.message is not None
    assert (update.message.text, update.message.parse_entities()) == (
        "/hoje",
        {update.message.entities[0]: "/hoje"},
    )
    assert isinstance(edited, Message)
    assert (sent.text_html, edited.text) == ("<b>R$ 36,12</b> 😀", "novo")
    assert isinstance(media, Message)
    assert (photo.caption_html, media.caption, media.photo[-1].width) == ("<i>a</i>", "b", 5)
    assert (len(album), document.document.file_name) == (2, "a.csv")  # type: ignore[union-attr]
    assert (answered, bytes(loaded)) == (True, png(90, 60))


async def test_the_library_knows_every_refusal(served: Served) -> None:
    """The exceptions that the bot catches are those that the stand-in provokes."""
    await served.people.put("/chats/2", json={"blocked": True})
    await served.people.put("/chats/-5", json={"type": "group"})
    await served.people.put("/chats/-5", json={"migrate_to": -1005})
    async with served.bot() as bot:
        sent = await bot.send_message(1, "a")
        with pytest.raises(BadRequest, match="not modified"):
            await sent.edit_text("a")
        with pytest.raises(BadRequest, match="Can't parse entities"):
            await bot.send_message(1, "<b>", ParseMode.HTML)
        with pytest.raises(Forbidden, match="blocked"):
            await bot.send_message(2, "a")
        with pytest.raises(ChatMigrated) as migrated:
            await bot.send_message(-5, "a")
        await served.people.post("/faults", json={"status": 429, "retry_after": 3})
        with pytest.raises(RetryAfter) as limited:
            await bot.send_message(1, "a")
        await served.people.post("/faults", json={"status": 502})
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(1, "a")

    assert migrated.value.new_chat_id == -1005
    assert str(limited.value) == "Flood control exceeded. Retry in 3 seconds"


async def test_a_lost_answer_is_a_network_error(served: Served) -> None:
    """The message stands there, and the bot cannot know."""
    await served.people.post("/faults", json={"method": "sendMessage", "drop": True})
    async with served.bot() as bot:
        with pytest.raises(NetworkError, match="RemoteProtocolError"):
            await bot.send_message(1, "a")

    seen = (await served.people.get("/chats/1/messages")).json()
    assert [each["text"] for each in seen] == ["a"]


async def test_a_wrong_token_is_told_apart(served: Served) -> None:
    """The bot ends with a sentence about its token."""
    bot = served.bot("1:" + "B" * 35)
    with pytest.raises(InvalidToken):
        await bot.initialize()
    await bot.shutdown()


async def test_the_second_of_two_bots_takes_over(served: Served) -> None:
    """The first learns it as the library's Conflict."""
    async with served.bot() as first, served.bot() as second:
        waiting = asyncio.create_task(first.get_updates(timeout=20))
        for _ in range(1000):
            if (await served.people.get("/bot")).json()["connected"]:
                break
        await second.get_updates(timeout=0)
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await waiting


async def test_the_library_takes_updates_by_webhook(served: Served) -> None:
    """With its own server and its own check of the secret."""
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        await heard.put(str(update.effective_message and update.effective_message.text))

    application = Application.builder().bot(served.bot()).build()
    application.add_handler(MessageHandler(ALL, hear))
    port = free_port()
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_webhook(
            "127.0.0.1",
            port,
            "hook",
            webhook_url=f"http://127.0.0.1:{port}/hook",
            secret_token="s3cret",
        )
        await served.people.post("/chats/1/messages", json={"text": "oi"})
        text = await heard.get()
        await application.updater.stop()
        await application.stop()

    assert text == "oi"


async def test_a_webhook_that_does_not_answer_is_an_attempt_that_failed() -> None:
    """Refused, broken off or too slow: the reason can be read in getWebhookInfo."""
    postman = HttpPostman(timeout=0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/hook"
        slow = await postman.post(address, b"{}", {})
    refused = await postman.post(address, b"{}", {})
    await postman.close()

    assert slow == Reply(0, reason="Read timeout expired")
    assert refused == Reply(0, reason="Connection failed: ConnectError")


async def test_the_page_hears_over_http_and_the_server_stops_in_spite_of_it() -> None:
    """An open page, a waiting bot and a waiting reader must not keep the server alive."""
    app = create_app(clock=Time().now)
    async with httpx.AsyncClient(trust_env=False, timeout=30) as people:
        async with serving(app, 0, app.state.service.close) as address:
            poll = asyncio.create_task(people.get(f"{address}/bot{TOKEN}/getUpdates?timeout=50"))
            read = asyncio.create_task(people.get(f"{address}/chats/2/messages?wait=50"))
            stream = contextlib.AsyncExitStack()
            response = await stream.enter_async_context(
                people.stream("GET", f"{address}/chats/1/events")
            )
            lines = response.aiter_lines()
            first = await anext(lines)
            await people.post(f"{address}/bot{TOKEN}/sendMessage", json={"chat_id": 1, "text": "a"})
        rest = [line async for line in lines if line]
        await stream.aclose()
        answers = [(await poll).json(), (await read).json()]

    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (first, rest[0]) == ("retry: 1000", "event: message")
    assert answers == [{"ok": True, "result": []}, []]


async def test_the_page_is_served_with_a_policy(served: Served) -> None:
    """What the bot writes must not run, even if the page made a mistake."""
    page = await served.people.get("/")
    script = await served.people.get("/static/chat.js")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'self';")
    assert (script.status_code, script.headers["cache-control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "path", [f"/bot{TOKEN}/sendMessage", "/chats/1/messages", f"/bot{TOKEN}/sendPhoto"]
)
@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=b"])
async def test_a_client_that_dies_in_the_middle_of_its_request_is_no_error(
    served: Served, caplog: pytest.LogCaptureFixture, path: str, kind: str
) -> None:
    """Bots are killed while they speak; a traceback would send people looking for a defect."""
    first = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n"
    head = f"{first}Content-Type: {kind}\r\nContent-Length: 99\r\n\r\n"
    _, writer = await asyncio.open_connection("127.0.0.1", int(served.address.rpartition(":")[2]))
    writer.write(head.encode() + b"--b")
    await writer.drain()
    await served.people.get("/bot")  # by now it has begun to read the other's
    writer.transport.abort()
    for _ in range(3):
        await served.people.get("/bot")

    assert [record.message for record in caplog.records if record.levelname != "INFO"] == []


def test_a_port_that_is_taken_is_said_to_be() -> None:
    """The chat is not the only thing that likes 8081."""
    with contextlib.closing(bound_socket(0)) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken) as refused:
            bound_socket(port)

    assert str(refused.value) == f"port {port} of 127.0.0.1 is taken"


def free_port() -> int:
    """A port that nobody listens on."""
    with contextlib.closing(bound_socket(0)) as found:
        return int(found.getsockname()[1])


@contextlib.contextmanager
def started(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """`python -m deploy.local`, and the address that it prints when it is ready."""
    command = [sys.executable, "-m", "deploy.local", "--chat-port", "0", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield process, line.removeprefix("listening on ").strip()
        finally:
            process.kill()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_it_is_told_to_stop(number: signal.Signals) -> None:
    """And ends with exit code 0, even while a bot is waiting."""
    with started("--token", TOKEN) as (process, address):
        name = httpx.get(f"{address}/bot{TOKEN}/getMe", trust_env=False).json()["result"]["id"]
        process.send_signal(number)
        code = process.wait()

    assert (name, code) == (123456, 0)


@pytest.mark.slow
def test_the_command_can_end_with_whoever_started_it() -> None:
    """No server stays behind when a test run is cut off."""
    with started("--until-stdin-closes", "--limits", "none") as (process, address):
        assert process.stdin is not None
        process.stdin.write("ignored\n")
        process.stdin.flush()
        texts = [
            httpx.get(f"{address}/bot{TOKEN}/sendMessage?chat_id=1&text=a", trust_env=False)
            for _ in range(50)
        ]
        process.stdin.close()
        code = process.wait()

    assert ([each.status_code for each in texts], code) == ([200] * 50, 0)


@pytest.mark.slow
def test_the_command_ends_with_a_sentence_when_its_port_is_taken() -> None:
    """Exit code 1, and no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "deploy.local", "--chat-port", str(port)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    sentence = f"port {port} of 127.0.0.1 is taken; choose another with --chat-port or "
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"{sentence}--runtime-port\n"


@pytest.mark.slow
def test_the_command_serves_the_runtime_route_as_well() -> None:
    """One process for both stand-ins, when the bot is tried without an account."""
    runtime = ("--runtime-port", "0", "--endpoint-name", "x", "--upstream", "http://127.0.0.1:9")
    with started("--until-stdin-closes", *runtime) as (process, _):
        assert process.stdout is not None
        address = process.stdout.readline().removeprefix("runtime on ").strip()
        unsigned = httpx.post(f"{address}/endpoints/x/invocations", trust_env=False)

    assert unsigned.status_code == 403


@pytest.mark.slow
def test_the_chat_can_be_started_at_another_time() -> None:
    """In a replay of July the messages are of July too."""
    with started("--at", "2026-07-28T11:00-03:00", "--until-stdin-closes") as (_, address):
        message = {"text": "/hoje", "from": {"id": 1}}
        httpx.post(f"{address}/chats/1/messages", json=message, trust_env=False)
        (sent,) = httpx.get(f"{address}/chats/1/messages?after=0", trust_env=False).json()

    assert datetime.fromtimestamp(sent["date"], UTC).isoformat()[:15] == "2026-07-28T14:0"


@pytest.mark.parametrize("moment", ["yesterday", "2026-07-28T11:00"])
def test_a_time_without_its_zone_is_refused(
    moment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three hours off is worse than an error."""
    with pytest.raises(SystemExit) as ended:
        main(["--at", moment])

    assert ended.value.code == 2
    assert "--at: invalid" in capsys.readouterr().err


@pytest.mark.slow
def test_the_runtime_route_can_stand_alone() -> None:
    """A bot with a real token still may want its model served on this machine."""
    runtime = ("--runtime-port", "0", "--upstream", "http://127.0.0.1:9")
    with started("--no-chat", "--until-stdin-closes", *runtime) as (_, line):
        address = line.removeprefix("runtime on ")
        unsigned = httpx.post(f"{address}/endpoints/x/invocations", trust_env=False)

    assert unsigned.status_code == 403


def test_the_runtime_route_needs_something_behind_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and the usual words of a command line."""
    with pytest.raises(SystemExit) as ended:
        main(["--runtime-port", "0"])

    assert ended.value.code == 2
    assert "--runtime-port needs --upstream" in capsys.readouterr().err
