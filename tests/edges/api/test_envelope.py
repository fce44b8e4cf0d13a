"""What every answer has in common: HEAD, other origins, what browsers must not guess."""

from dataclasses import replace

import httpx
import pytest

from bot.edges.api.application import create_app
from bot.edges.api.door import Access
from bot.edges.api.webhook import Webhook
from tests.edges.api.service import Service, asking, with_access

TODAY = "/fechamento/hoje"
FRIEND, STRANGER = "https://amigo.example", "https://outro.example"
ASKING_FIRST = {"Access-Control-Request-Method": "GET"}


def shared(answer: httpx.Response) -> dict[str, str]:
    """The headers by which a browser decides who may read."""
    return {name: text for name, text in answer.headers.items() if name.startswith("access-")}


@pytest.mark.parametrize("path", [TODAY, "/", "/docs", "/saude", "/nada", "/placar?papel=XPTO3"])
async def test_head_answers_as_get_does_without_the_body(api: httpx.AsyncClient, path: str) -> None:
    """Monitors ask with HEAD; RFC 9110, 9.3.2: the same headers."""
    got, head = await api.get(path), await api.head(path)

    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers == got.headers


async def test_head_of_what_is_only_posted_to_is_a_wrong_method(service: Service) -> None:
    """The webhook: what Telegram does with POST, nobody does with HEAD."""
    app = create_app(replace(service.parts(), webhook=Webhook("h7Kq", "secret", swallowed)))
    async with asking(app) as api:
        answer = await api.head("/telegram/h7Kq")
        got = await api.get("/telegram/h7Kq")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert got.json() == {"erro": "Este endereço não atende GET; use POST."}


async def swallowed(_update: object) -> None:
    """Takes an update."""


@pytest.mark.parametrize("path", [TODAY, "/", "/docs", "/nada"])
async def test_browsers_never_guess_a_type(api: httpx.AsyncClient, path: str) -> None:
    """JSON with a share's name in it must not run as a page."""
    answer = await api.get(path)

    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    assert "server" not in answer.headers


async def test_by_default_no_other_origin_may_read(api: httpx.AsyncClient) -> None:
    """What nobody asked for stays shut."""
    answer = await api.get(TODAY, headers={"Origin": FRIEND})
    asked = await api.options(TODAY, headers={"Origin": FRIEND, **ASKING_FIRST})

    assert (shared(answer), "vary" in answer.headers) == ({}, False)
    assert (asked.status_code, shared(asked)) == (405, {})


async def test_an_origin_that_is_named_may_read_refusals_too(service: Service) -> None:
    """A page that cannot read the refusal cannot say what went wrong."""
    app = with_access(service, Access(rate=None, origins=frozenset({FRIEND})))
    async with asking(app) as api:
        answers = [
            await api.get(path, headers={"Origin": FRIEND}) for path in (TODAY, "/nada", "/saude")
        ]

    assert [shared(answer) for answer in answers] == [
        {
            "access-control-allow-origin": FRIEND,
            "access-control-expose-headers": "ETag, Retry-After",
        }
    ] * 3
    assert {answer.headers["vary"] for answer in answers} == {"Origin"}


async def test_a_stranger_reads_nothing_beside_a_friend(service: Service) -> None:
    """The list is exact: no star, no mirror of whatever was sent."""
    app = with_access(service, Access(rate=None, origins=frozenset({FRIEND})))
    async with asking(app) as api:
        answer = await api.get(TODAY, headers={"Origin": STRANGER})
        asked = await api.options(TODAY, headers={"Origin": STRANGER, **ASKING_FIRST})

    assert (shared(answer), answer.headers["vary"]) == ({}, "Origin")
    assert (asked.status_code, shared(asked)) == (405, {})


async def test_a_browser_that_asks_first_is_told(service: Service) -> None:
    """The key's header is not a simple one, so browsers ask before they send it."""
    app = with_access(service, Access(key="k", rate=None, origins=frozenset({FRIEND})))
    async with asking(app) as api:
        answer = await api.options(TODAY, headers={"Origin": FRIEND, **ASKING_FIRST})

    assert (answer.status_code, answer.content) == (204, b"")
    assert shared(answer) == {
        "access-control-allow-origin": FRIEND,
        "access-control-expose-headers": "ETag, Retry-After",
        "access-control-allow-methods": "GET, HEAD",
        "access-control-allow-headers": "If-None-Match, X-API-Key",
        "access-control-max-age": "3600",
    }
