"""A visit to the chat page: a real browser here, the Bot API there, a local chat between them."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from playwright.async_api import Browser, Locator, Page, Playwright, ViewportSize, expect

from deploy.local.server import serving
from deploy.local.telegram.app import create_app
from tests.deploy.local_chat import LocalChat, Time

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PATIENCE = 15_000  # milliseconds; a machine that does other things as well needs some
COMMANDS = [
    {"command": "hoje", "description": "fechamento previsto"},
    {"command": "placar", "description": "quanto as previsões acertaram"},
    {"command": "proximos", "description": "os cinco pregões seguintes"},
]


@dataclass(frozen=True, slots=True)
class Visit:
    """A page that shows a chat, and the two sides that can act in it."""

    page: Page
    chat: LocalChat
    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def at(self, selector: str) -> Locator:
        """What the selector finds on the page."""
        return self.page.locator(selector)

    @property
    def bubbles(self) -> Locator:
        """The texts of the messages, oldest first."""
        return self.at(".message .text")

    @property
    def field(self) -> Locator:
        """Where people type."""
        return self.page.get_by_label("Mensagem", exact=True)

    async def said(self) -> list[str]:
        """What the server holds of this chat."""
        return [each["text"] for each in await self.chat.seen()]


def chromium() -> str | None:
    """Where this machine has Chromium, if it has it."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


async def launch(playwright: Playwright, program: str) -> Browser:
    """Start the browser, quiet and patient."""
    expect.set_options(timeout=PATIENCE)
    return await playwright.chromium.launch(executable_path=program, args=QUIET)


@asynccontextmanager
async def served(port: int = 0) -> AsyncIterator[tuple[str, LocalChat]]:
    """A local chat on a port, with its commands set; gives its address."""
    time = Time()
    app = create_app(clock=time.now, limits=None)
    async with (
        serving(app, port, app.state.service.close) as address,
        httpx.AsyncClient(base_url=address) as http,
    ):
        chat = LocalChat(app, http, time)
        await chat.result("setMyCommands", commands=COMMANDS)
        yield address, chat


@asynccontextmanager
async def visiting(browser: Browser, address: str, chat: LocalChat) -> AsyncIterator[Visit]:
    """Open the page and wait until it is connected."""
    context = await browser.new_context(viewport=DESKTOP, locale="pt-BR", timezone_id="Asia/Tokyo")
    visit = Visit(await context.new_page(), chat)
    visit.page.set_default_timeout(PATIENCE)
    visit.page.on("console", lambda line: visit.complaints.append(line.text))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("request", lambda request: visit.addresses.append(request.url))
    await visit.page.goto(address)
    await expect(visit.at("#log")).to_have_attribute("aria-busy", "false")
    yield visit
    await context.close()


async def send(visit: Visit, text: str, *rows: list[dict[str, str]]) -> None:
    """Let the bot write HTML, with rows of buttons."""
    keyboard = {"reply_markup": {"inline_keyboard": list(rows)}} if rows else {}
    await visit.chat.result("sendMessage", chat_id=1, text=text, parse_mode="HTML", **keyboard)


async def press(visit: Visit, name: str) -> str:
    """Press a button; gives the callback query's identifier as the bot hears of it."""
    await visit.page.get_by_role("button", name=name).click()
    envelope = await visit.chat.call("getUpdates", timeout=20)
    return str(envelope["result"][-1]["callback_query"]["id"])
