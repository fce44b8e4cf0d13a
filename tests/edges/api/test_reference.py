"""`GET /docs` and `GET /openapi.json`."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest

from bot.edges.api.door import Access
from tests.edges.api.service import Service, asking, with_access
from tests.wording.page_golden import lines

ROUTES = ("/fechamento/hoje", "/fechamento/proximos", "/placar", "/saude")


def texts(found: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every description and summary of the document, with where it stands."""
    if isinstance(found, dict):
        for name, inner in found.items():
            if name in {"description", "summary"} and isinstance(inner, str):
                yield key, inner
            else:
                yield from texts(inner, name)
    elif isinstance(found, list):
        for inner in found:
            yield from texts(inner, key)


async def test_every_route_says_every_answer(api: httpx.AsyncClient) -> None:
    """An integrator prepares for what is documented."""
    document = (await api.get("/openapi.json")).json()
    statuses = {path: list(told["get"]["responses"]) for path, told in document["paths"].items()}
    shares = ["200", "304", "404", "422", "429", "500", "503"]

    assert document["openapi"].startswith("3.1")
    assert statuses == {
        **dict.fromkeys(ROUTES[:3], shares),
        "/saude": ["200", "500", "503"],
    }


async def test_every_field_is_explained_in_portuguese(api: httpx.AsyncClient) -> None:
    """No name stands alone, and no sentence of the framework is left."""
    document = (await api.get("/openapi.json")).json()
    fields = [
        (shape, name, field)
        for shape, told in document["components"]["schemas"].items()
        for name, field in told["properties"].items()
    ]
    silent = [one[:2] for one in fields if not (set(one[2]) & {"description", "$ref", "items"})]
    english = [text for _, text in texts(document) if re.search(r"\b(the|of|Response)\b", text)]

    assert len(fields) > 40
    assert (silent, english) == ([], [])


async def test_a_key_is_documented_where_there_is_one(service: Service) -> None:
    """With the header that carries it and the answer without it."""
    async with asking(with_access(service, Access(key="k", rate=None))) as api:
        document = (await api.get("/openapi.json")).json()

    assert document["components"]["securitySchemes"]["chave"]["name"] == "X-API-Key"
    assert {
        path: ("security" in told["get"], "401" in told["get"]["responses"])
        for path, told in document["paths"].items()
    } == {**dict.fromkeys(ROUTES[:3], (True, True)), "/saude": (False, False)}


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
async def test_the_documentation_may_be_kept_for_an_hour(api: httpx.AsyncClient, path: str) -> None:
    """It changes with the program only."""
    first = await api.get(path)
    again = await api.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert first.headers["cache-control"] == "public, max-age=3600"


async def test_people_read_the_same_without_any_script_or_foreign_address(
    api: httpx.AsyncClient,
) -> None:
    """It works on a laptop without a network, and under the policy of every page."""
    answer = await api.get("/docs")
    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', answer.text)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert [one for one in addresses if not one.startswith(("/", "data:"))] == []
    assert [line for line in lines(answer.text) if line.startswith("GET ")] == [
        f"GET {path}" for path in ROUTES
    ]


async def test_every_example_has_the_keys_of_the_answer(api: httpx.AsyncClient) -> None:
    """People copy the example, not the schema."""
    page = (await api.get("/docs")).text
    examples = [
        json.loads(unescape(found)) for found in re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)
    ]
    answers = [(await api.get(path)).json() for path in ROUTES]

    assert [list(example) for example in examples] == [list(answer) for answer in answers]
    assert list(examples[0]["previsao_hoje"]) == list(answers[0]["previsao_hoje"])
    assert examples[0]["previsao_hoje"]["predicted_price"] == 36.12
