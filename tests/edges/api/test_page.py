"""`GET /`: what people get, and under which status."""

import base64
import hashlib
import re
from dataclasses import replace

import httpx
import pytest

from bot.domain.tickers import Ticker
from bot.edges.api.application import create_app
from bot.errors import ClosesUnavailable, ForecastError, ModelUnavailable, StorageUnavailable
from bot.wording.page import headings
from tests.edges.api.service import Service, asking
from tests.share_bars import ITUB4
from tests.wording.page_golden import lines

HTML = "text/html; charset=utf-8"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def test_the_page_is_about_the_usual_share(api: httpx.AsyncClient) -> None:
    """Whoever opens the address has to see a forecast at once."""
    answer = await api.get("/")
    told = lines(answer.text)

    assert (answer.status_code, answer.headers["content-type"]) == (200, HTML)
    assert "fechamento de hoje, qua., 29/07" in told
    assert "Previsão R$ 29,61" in told
    assert "Placar de todos os papéis" in told
    assert "Não é recomendação de investimento." in told


@pytest.mark.parametrize("query", ["papel=petr4", "papel=%20PETR4.SA%20&utm_source=x"])
async def test_any_share_can_be_chosen(api: httpx.AsyncClient, query: str) -> None:
    """However it is written; links in the wild carry other parameters, which mean nothing."""
    answer = await api.get(f"/?{query}")

    assert answer.status_code == 200
    assert "<title>PETR4 · previsão de fechamento</title>" in answer.text
    assert 'value="PETR4"' in answer.text


async def test_an_empty_form_gives_the_usual_share(api: httpx.AsyncClient) -> None:
    """Pressing the button without a name is no mistake."""
    answer = await api.get("/?papel=")

    assert (answer.status_code, 'value="ITUB4"' in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("XPTO3", "XPTO3"), ("<script>", "<script>"), ("a" * 300, f"{'a' * 19}…")],
)
async def test_a_share_that_is_none_is_a_page_with_a_true_status(
    api: httpx.AsyncClient, asked: str, shown: str
) -> None:
    """People get the form again, programs the status."""
    answer = await api.get("/", params={"papel": asked})

    assert (answer.status_code, answer.headers["content-type"]) == (404, HTML)
    assert lines(answer.text)[3:5] == [
        "Papel não encontrado",
        f"Não encontrei o papel {shown} na B3. Confira o código; um exemplo é ITUB4.",
    ]
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "heading"),
    [
        ("GET", "/nada", 404, "Página não encontrada"),
        ("POST", "/nada", 404, "Página não encontrada"),
        ("POST", "/", 405, "Pedido não atendido"),
        ("POST", "/docs", 405, "Pedido não atendido"),
    ],
)
async def test_what_is_no_missing_forecast_is_not_called_one(
    api: httpx.AsyncClient, method: str, path: str, status: int, heading: str
) -> None:
    """Who mistyped an address would look for the mistake in the market."""
    answer = await api.request(method, path, headers={"accept": BROWSER})

    assert (answer.status_code, lines(answer.text)[3]) == (status, heading)
    assert f"<title>{heading} · Fechamento</title>" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/json, text/html;q=0.5", ""]
)
async def test_programs_that_mistype_an_address_read_json(
    api: httpx.AsyncClient, accept: str
) -> None:
    """Only who names HTML and nothing better looks at a page."""
    answer = await api.get("/nada", headers={"accept": accept})

    assert answer.json() == {"erro": "Este endereço não existe. Os que existem estão em /docs."}


async def test_a_refused_forecast_stays_json_for_a_browser(api: httpx.AsyncClient) -> None:
    """What the route answers does not depend on who asks."""
    answer = await api.get("/fechamento/hoje?papel=XPTO3", headers={"accept": BROWSER})

    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("status", "heading"),
    [(413, "Pedido grande demais"), (411, "Pedido não aceito"), (500, "Algo deu errado")],
)
def test_every_status_has_a_heading(status: int, heading: str) -> None:
    """Also one that no page has had yet."""
    assert headings.heading(status) == heading


@pytest.mark.parametrize(
    "failure", [ModelUnavailable("endpoint", 503), ClosesUnavailable("ITUB4.SA", "HTTP 429")]
)
async def test_an_outage_is_a_page_with_a_true_status(
    service: Service, api: httpx.AsyncClient, failure: ForecastError
) -> None:
    """With the policy of every page, and with when to try again."""
    service.prices.failure = failure
    answer = await api.get("/")

    assert (answer.status_code, answer.headers["content-type"]) == (503, HTML)
    assert "retry-after" in answer.headers
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert lines(answer.text)[3] == "Sem previsão"


async def test_what_nobody_foresaw_is_a_page_too(service: Service, api: httpx.AsyncClient) -> None:
    """With the code that leads to the log."""
    service.prices.failure = RuntimeError("secret")
    answer = await api.get("/")

    assert (answer.status_code, answer.headers["content-type"]) == (500, HTML)
    assert "c0de01" in answer.text
    assert "secret" not in answer.text


async def test_without_the_database_the_forecast_is_still_there(
    service: Service, api: httpx.AsyncClient
) -> None:
    """Only the scoreboard says that it is away."""
    service.record.failure = StorageUnavailable("locked")
    answer = await api.get("/")

    assert answer.status_code == 200
    assert "Não consegui abrir o placar agora. Tente de novo em alguns minutos." in answer.text


async def test_a_share_with_outcomes_shows_its_own(
    service: Service, api: httpx.AsyncClient
) -> None:
    """All shares together stand in only until then."""
    await service.settle(7)
    told = lines((await api.get("/")).text)

    assert "Placar de ITUB4" in told
    assert "5 | 1,00 % | 0,50 % | 5 de 5" in told


async def test_the_policy_lets_in_the_page_s_own_style_and_nothing_else(
    api: httpx.AsyncClient,
) -> None:
    """No script, no frame, no other address: a mistake in escaping has nothing to run."""
    answer = await api.get("/")
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256((style or [""] * 2)[1].encode()).digest()).decode()

    assert answer.headers["content-security-policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_the_page_leads_to_the_chat_once_its_address_is_known(service: Service) -> None:
    """The bot's name is Telegram's to tell; a share's name goes with the link."""
    chat = {ITUB4: "https://t.me/fechamento_bot?start=ITUB4"}
    parts = replace(service.parts(), chat=chat.get, served=(ITUB4, Ticker("PETR4.SA")))
    async with asking(create_app(parts)) as api:
        known, unknown = [(await api.get(f"/?papel={share}")).text for share in ("ITUB4", "PETR4")]

    assert 'href="https://t.me/fechamento_bot?start=ITUB4"' in known
    assert ("t.me" in unknown, '<a href="/?papel=PETR4">' in unknown) == (False, True)


async def test_who_has_the_page_gets_no_body(api: httpx.AsyncClient) -> None:
    """Reloading is cheap; within a minute the scoreboard may say something new."""
    first = await api.get("/")
    again = await api.get("/", headers={"If-None-Match": first.headers["etag"]})

    assert (first.headers["cache-control"], again.status_code) == ("public, max-age=60", 304)
    assert "content-security-policy" in again.headers
