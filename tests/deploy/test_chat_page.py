"""The chat page, as a person in a real browser meets it.

The bot's side is the Bot API over HTTP, the person's side is Chromium; between them runs the local
chat.  Every page must be quiet on its console and speak with its own server only.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import orjson
import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize, async_playwright, expect

from tests.deploy.chat_visit import DESKTOP, Visit, chromium, launch, press, send, served, visiting
from tests.deploy.contrast import COLOURS, ENOUGH, contrast
from tests.deploy.local_chat import png

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

PHONE: ViewportSize = {"width": 360, "height": 740}
LONG_ROWS = [
    [{"text": f"{word} um papel de nome muito comprido", "callback_data": word} for word in row]
    for row in (["Assinar", "Silenciar", "Reconhecer"], ["Atualizar"])
]

TOO_WIDE = """() => [document.documentElement, document.querySelector("#scroller"),
    ...document.querySelectorAll(".message, header, #composer, #menu")]
  .filter(each => each.scrollWidth > each.clientWidth
    || each.getBoundingClientRect().right > innerWidth)
  .map(each => each.className || each.id || each.tagName)"""
"""What is wider than its place."""


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


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    """A fresh chat in a fresh page, which must stay quiet and at home."""
    async with served() as (address, chat), visiting(browser, address, chat) as made:
        yield made

        foreign = [each for each in made.addresses if not each.startswith((address, "data:"))]
        assert (made.complaints, foreign) == ([], [])


async def test_a_newcomer_reads_what_the_bot_is_and_begins(visit: Visit) -> None:
    """The first screen has to say what this is, and one obvious thing to do."""
    await visit.chat.result("setMyDescription", description="Estimo o fechamento.")
    await visit.page.reload()
    await expect(visit.at("#welcome .summary")).to_have_text("Estimo o fechamento.")
    await visit.page.get_by_role("button", name="Começar").click()
    await expect(visit.bubbles).to_have_text(["/start"])

    await expect(visit.at("#welcome")).to_be_hidden()
    assert await visit.said() == ["/start"]


async def test_enter_sends_and_shift_enter_breaks_the_line(visit: Visit) -> None:
    """People write as in every other chat."""
    await visit.field.press_sequentially("bom")
    await visit.field.press("Shift+Enter")
    await visit.field.press_sequentially("dia")
    await visit.field.press("Enter")
    await expect(visit.at(".message.user .text")).to_have_text(["bom\ndia"])

    await expect(visit.field).to_have_value("")
    assert await visit.said() == ["bom\ndia"]


async def test_a_text_that_was_not_sent_comes_back(visit: Visit) -> None:
    """Nobody likes to type a question twice."""
    await visit.chat.http.put("/chats/1", json={"blocked": True})
    await visit.field.fill("está aí?")
    await visit.field.press("Enter")

    await expect(visit.at("#toast")).to_contain_text("não foi enviada")
    await expect(visit.field).to_have_value("está aí?")
    visit.complaints.clear()  # the browser notes the refusal itself


async def test_an_answer_has_its_bold_its_links_and_its_buttons(visit: Visit) -> None:
    """What the bot marks is what people see marked."""
    buttons = [{"text": "Atualizar", "callback_data": "r"}, {"text": "B3", "url": "https://b3.com"}]
    await send(
        visit, "<b>R$ 36,12</b> e <i>faixa</i>, veja <a href='https://b3.com'>aqui</a>", buttons
    )

    await expect(visit.at(".bot .text b")).to_have_text("R$ 36,12")
    await expect(visit.at(".bot .text i")).to_have_text("faixa")
    await expect(visit.at(".bot .text a")).to_have_attribute("href", "https://b3.com/")
    await expect(visit.at(".bot .key")).to_have_text(["Atualizar", "B3"])
    await expect(visit.at(".bot a.key")).to_have_attribute("rel", "noopener noreferrer")


async def test_a_picture_has_its_place_before_it_is_there_and_opens_larger(visit: Visit) -> None:
    """A conversation that jumps while charts load is lost from sight."""
    files = {"photo": ("a.png", png(90, 40))}
    sent = await visit.chat.upload("sendPhoto", files, chat_id="1", caption="ITUB4\nde hoje")
    picture = visit.page.get_by_role("button", name="ITUB4").locator("img")
    await expect(picture).to_have_css("aspect-ratio", "90 / 40")
    await expect(visit.bubbles).to_have_text(["ITUB4\nde hoje"])
    await picture.click()
    await expect(visit.page.get_by_role("dialog", name="Imagem ampliada")).to_be_visible()
    await visit.page.keyboard.press("Escape")

    await expect(visit.at("#viewer")).to_be_hidden()
    assert sent["ok"]


async def test_a_pressed_button_waits_for_the_bot_and_shows_its_answer(visit: Visit) -> None:
    """Without a sign people press again, and the bot hears it twice."""
    await send(visit, "Assinar?", [{"text": "Sim", "callback_data": "yes"}])
    callback = await press(visit, "Sim")
    await expect(visit.at(".key")).to_have_attribute("aria-busy", "true")
    await visit.chat.result("answerCallbackQuery", callback_query_id=callback, text="Feito.")

    await expect(visit.at("#toast.shown")).to_have_text("Feito.")
    await expect(visit.at(".key")).not_to_have_attribute("aria-busy", "true")


async def test_an_alert_stays_until_it_is_read(visit: Visit) -> None:
    """show_alert is for what must not be overlooked."""
    await send(visit, "Silenciar?", [{"text": "Sim", "callback_data": "yes"}])
    answer = {"callback_query_id": await press(visit, "Sim"), "text": "Só a equipe."}
    await visit.chat.result("answerCallbackQuery", show_alert=True, **answer)
    alert = visit.page.get_by_role("alertdialog")
    await expect(alert).to_contain_text("Só a equipe.")
    await alert.get_by_role("button", name="Entendi").click()

    await expect(alert).to_be_hidden()


async def test_an_edit_changes_the_message_where_it_stands(visit: Visit) -> None:
    """A refreshed forecast must not move, and the keyboard user must not be thrown out of it."""
    row = [{"text": "Atualizar", "callback_data": "r"}]
    await send(visit, "R$ 36,12", row)
    await send(visit, "depois")
    await visit.page.get_by_role("button", name="Atualizar").focus()
    change = {"text": "R$ 36,14", "reply_markup": {"inline_keyboard": [row]}}
    await visit.chat.result("editMessageText", chat_id=1, message_id=1, **change)
    await expect(visit.bubbles).to_have_text(["R$ 36,14", "depois"])

    await expect(visit.at(".meta").first).to_contain_text("editada")
    await expect(visit.page.get_by_role("button", name="Atualizar")).to_be_focused()


async def test_a_deleted_message_disappears(visit: Visit) -> None:
    """What the bot takes back is not left standing."""
    await send(visit, "um")
    await send(visit, "dois")
    await visit.chat.result("deleteMessage", chat_id=1, message_id=1)

    await expect(visit.bubbles).to_have_text(["dois"])


async def test_hostile_text_is_text(visit: Visit) -> None:
    """Whatever somebody types, the page runs none of it."""
    hostile = "<img src=x onerror=document.title='hit'><script>document.title='hit'</script>"
    await visit.field.fill(hostile)
    await visit.field.press("Enter")
    await visit.chat.result("sendMessage", chat_id=1, text=hostile)
    await expect(visit.bubbles).to_have_text([hostile, hostile])

    assert await visit.at("#log img, #log script").count() == 0
    assert await visit.page.title() == "Fechamento"


async def test_markup_that_slips_through_the_server_does_not_reach_the_page(visit: Visit) -> None:
    """The page does not rely on the server alone: it rebuilds from what it knows."""
    html = "<img src=x onerror=document.title='hit'><a href='javascript:1'>a</a><b id=log>b</b>"
    slipped = {
        "message_id": 1,
        "date": "2026-11-23T12:00:00Z",
        "from": "bot",
        "html": html,
        "buttons": [[{"text": "c", "url": "javascript:document.title='hit'"}]],
    }
    answer = orjson.dumps([slipped]).decode()
    await visit.page.route("**/messages?*", lambda route: route.fulfill(body=answer))
    await visit.page.reload()
    await expect(visit.bubbles).to_have_text(["ab"])

    written = await visit.bubbles.inner_html()
    assert (written, await visit.at("a").count()) == ("a<b>b</b>", 1)  # the way to the field
    await expect(visit.page.get_by_role("button", name="c", exact=True)).to_be_disabled()
    assert await visit.page.title() == "Fechamento"
    visit.complaints.clear()  # the second wall, the page's policy, reports what it met


async def test_the_menu_of_commands_is_filtered_walked_and_sent_by_keyboard(visit: Visit) -> None:
    """A slash is how people ask what there is."""
    await visit.field.press_sequentially("/")
    await expect(visit.page.get_by_role("option")).to_have_count(3)
    await visit.field.press_sequentially("p")
    await expect(visit.at("#options b")).to_have_text(["/placar", "/proximos"])
    await visit.field.press("Escape")
    await expect(visit.at("#menu")).to_be_hidden()
    await visit.field.press_sequentially("r")
    await visit.field.press("Backspace")
    await visit.field.press("ArrowDown")
    await expect(visit.page.get_by_role("option", selected=True)).to_contain_text("/proximos")
    await visit.field.press("Enter")
    await expect(visit.bubbles).to_have_text(["/proximos"])

    await expect(visit.at("#menu")).to_be_hidden()
    await expect(visit.field).to_have_value("")


async def test_tab_completes_a_command_that_wants_a_share(visit: Visit) -> None:
    """/hoje PETR4 is asked as often as /hoje."""
    await visit.field.press_sequentially("/h")
    await visit.field.press("Tab")
    await visit.field.press_sequentially("PETR4")
    await visit.field.press("Enter")

    await expect(visit.bubbles).to_have_text(["/hoje PETR4"])


async def test_the_slash_button_offers_the_commands_to_a_finger(visit: Visit) -> None:
    """On a phone the slash is two keyboards away."""
    await visit.page.get_by_role("button", name="Comandos").click()
    await visit.page.get_by_role("option", name="/placar").click()

    await expect(visit.bubbles).to_have_text(["/placar"])


async def test_a_command_inside_a_message_is_sent_by_a_click(visit: Visit) -> None:
    """As in Telegram; e/ou and 24/7 are no commands."""
    await send(visit, "Veja /hoje e/ou pergunte 24/7.")
    await visit.at(".text .command").click()

    await expect(visit.bubbles).to_have_text(["Veja /hoje e/ou pergunte 24/7.", "/hoje"])


async def test_days_and_times_are_those_of_sao_paulo(visit: Visit) -> None:
    """The browser may stand in Tokyo; the exchange does not."""
    visit.chat.time.passed = 14 * 3600 + 59 * 60  # 02:59 UTC is 23:59 of the day before
    await send(visit, "um")
    visit.chat.time.passed += 60
    await send(visit, "dois")
    await expect(visit.bubbles).to_have_count(2)

    await expect(visit.at(".day")).to_have_text(["seg., 23/11", "ter., 24/11"])
    await expect(visit.at("time")).to_have_text(["23:59", "00:00"])


async def test_the_dots_say_that_the_bot_is_writing_until_it_has(visit: Visit) -> None:
    """A forecast takes a moment, and silence looks like a failure."""
    await visit.chat.result("sendChatAction", chat_id=1, action="typing")
    await expect(visit.at("#typing")).to_be_visible()
    await expect(visit.at("#status")).to_have_text("digitando…")
    await send(visit, "pronto")
    await expect(visit.bubbles).to_have_text(["pronto"])

    await expect(visit.at("#typing")).to_be_hidden()


async def test_a_new_message_is_counted_while_people_read_further_up(visit: Visit) -> None:
    """Reading an old forecast must not be interrupted by a new alarm."""
    for number in range(30):
        await send(visit, f"mensagem {number}")
    await expect(visit.at(".message").last).to_be_in_viewport()
    await visit.at("#scroller").evaluate("element => { element.scrollTop = 0; }")
    back = visit.page.get_by_role("button", name="Ir para o fim da conversa")
    await expect(back).to_be_visible()
    await send(visit, "nova")
    back = visit.page.get_by_role("button", name="1 nova mensagem")
    await expect(back).to_be_visible()
    await expect(visit.at(".message").first).to_be_in_viewport()
    await back.click()

    await expect(visit.at(".message").last).to_be_in_viewport()
    await expect(visit.at("#to-end")).to_be_hidden()


async def test_a_page_finds_its_way_back_when_the_chat_starts_again(browser: Browser) -> None:
    """Whoever restarts the bot keeps the page open, and sees what is true now."""
    async with AsyncExitStack() as lasting, AsyncExitStack() as passing:
        address, chat = await passing.enter_async_context(served())
        visit = await lasting.enter_async_context(visiting(browser, address, chat))
        await chat.say("antes")
        await expect(visit.bubbles).to_have_text(["antes"])
        await passing.aclose()
        await expect(visit.at("#offline")).to_be_visible()
        _, again = await lasting.enter_async_context(served(urlsplit(address).port or 0))
        await again.say("depois")

        await expect(visit.bubbles).to_have_text(["depois"])
        await expect(visit.at("#offline")).to_be_hidden()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_fits_and_can_be_read(
    visit: Visit, scheme: str, size: ViewportSize
) -> None:
    """No sideways scrolling at 360 pixels; a contrast of 4.5 (WCAG 2.2, 1.4.3) by day and night."""
    await visit.page.set_viewport_size(size)
    await visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await send(visit, f"<pre>{'1,15 % ' * 30}</pre>{'a' * 90}/hoje", *LONG_ROWS)
    await visit.chat.upload("sendPhoto", {"photo": ("a.png", png(900, 600))}, chat_id="1")
    await visit.field.fill("/")
    await expect(visit.at("#menu")).to_be_visible()
    await expect(visit.at(".message")).to_have_count(2)

    assert await visit.page.evaluate(TOO_WIDE) == []
    seen = await visit.page.evaluate(COLOURS)
    faint = {words for words, *colours in seen if contrast(*colours) < ENOUGH}
    assert len(seen) > 20
    assert faint == set()
