"""The page in a real browser, on a phone and on a desk, by day and by night."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bot.domain.board import Board
from bot.domain.forecast import Outlook
from bot.domain.tickers import Ticker, parse_ticker
from bot.edges.api.application import create_app
from bot.edges.api.server import served
from bot.errors import UnknownTicker
from tests.deploy.chat_visit import chromium, launch
from tests.deploy.contrast import COLOURS, ENOUGH, contrast
from tests.edges.api.service import Service
from tests.wording.page_golden import board
from tests.wording.scenes import SCENES, at_level

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}

SHOWN = {
    "AAAA3": SCENES["aberto-com-preco"],
    "BBBB3": SCENES["fechado"],
    "CCCC3": SCENES["simulado"],
    "DDDD3": SCENES["pregoes-faltando"],
    "EEEE3": at_level(40, SCENES["aberto-com-preco"]),
}
PATHS = (*(f"/?papel={share}" for share in SHOWN), "/?papel=XPTO3", "/nada", "/docs")

DRAWN_COLOURS = r"""() => [...document.querySelectorAll("svg.chart text")]
  .filter(each => each.checkVisibility())
  .map(each => [each.textContent, getComputedStyle(each).fill,
    getComputedStyle(each.closest("figure")).backgroundColor]
    .map((c, i) => i ? c.match(/[\d.]+/g).slice(0, 3).map(Number) : c))"""
"""Every visible text of the chart with its colour and that of the card behind it."""

TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter(each => each.getBoundingClientRect().right > innerWidth + 0.5
    && !each.closest("pre, svg.gauge"))
  .map(each => each.tagName + each.textContent.slice(0, 20))"""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, once for all tests here."""
    program = chromium()
    if program is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    async with async_playwright() as playwright:
        launched = await launch(playwright, program)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def address() -> AsyncIterator[str]:
    """The API with made-up shares."""

    async def outlook(ticker: str) -> Outlook:
        if (share := ticker.removesuffix(".SA")) not in SHOWN:
            raise UnknownTicker(share)
        return SHOWN[share]

    async def boards(_ticker: Ticker | None) -> Board:
        return board()

    parts = replace(
        Service().parts(),
        outlook=outlook,
        ticker=parse_ticker,
        scoreboard=boards,
        default_ticker=Ticker("AAAA3.SA"),
        chat=lambda _ticker: "https://t.me/fechamento_bot?start=AAAA3",
    )
    async with served(create_app(parts), "127.0.0.1", 0) as found:
        yield found


@asynccontextmanager
async def visiting(browser: Browser, size: ViewportSize, scheme: str) -> AsyncIterator[Page]:
    """A page of that size, by day or by night."""
    context = await browser.new_context(viewport=size, locale="pt-BR")
    page = await context.new_page()
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    yield page
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_everything_fits_and_can_be_read(
    browser: Browser, address: str, size: ViewportSize, scheme: str
) -> None:
    """No sideways scrolling at 360 pixels; a contrast of 4.5 (WCAG 2.2, 1.4.3) by day and night."""
    wide, faint, asked = [], [], set()
    async with visiting(browser, size, scheme) as page:
        page.on("request", lambda request: asked.add(request.url))
        for path in PATHS:
            await page.goto(address + path)
            wide += [(path, one) for one in await page.evaluate(TOO_WIDE)]
            seen = await page.evaluate(COLOURS) + await page.evaluate(DRAWN_COLOURS)
            faint += [(path, words) for words, *pair in seen if contrast(*pair) < ENOUGH]

    assert (wide, faint) == ([], [])
    assert {url for url in asked if not url.startswith("data:")} == {address + one for one in PATHS}


@pytest.mark.parametrize(("size", "shown"), [(PHONE, "narrow"), (DESK, "wide")])
async def test_each_width_has_its_own_chart(
    browser: Browser, address: str, size: ViewportSize, shown: str
) -> None:
    """Letters stay as large as the page's on every screen."""
    async with visiting(browser, size, "light") as page:
        await page.goto(address)
        charts = page.locator("svg.chart:visible")
        names = [await one.get_attribute("class") for one in await charts.all()]

    assert names == [f"chart {shown}"]


async def test_a_share_is_chosen_without_any_script(browser: Browser, address: str) -> None:
    """The form is all there is to it; the keyboard is enough."""
    context = await browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = await context.new_page()
    await page.goto(address)
    await page.get_by_label("Papel", exact=True).fill("bbbb3")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/?papel=bbbb3")
    number = await page.locator(".number").inner_text()
    await context.close()

    assert number.split() == ["Fechou", "R$", "42,70"]


async def test_a_screen_reader_hears_the_forecast(browser: Browser, address: str) -> None:
    """Headings, tables and the chart's name; drawings beside numbers are not read."""
    async with visiting(browser, PHONE, "light") as page:
        await page.goto(address)
        heard = await page.locator("main").aria_snapshot()

    assert 'heading "ITUB4" [level=1]' in heard
    assert 'img "ITUB4 · previsão até qua., 05/08"' in heard
    assert heard.count("- img") == 1
    assert 'columnheader "Pregão"' in heard
    assert 'rowheader "qui., 30/07"' in heard
