"""The documentation against the routes: what it allows is asked, and every answer held to it."""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import BaseSchema, Case, GenerationMode

from bot.edges.api.application import create_app
from bot.edges.api.door import Access
from tests.edges.api.service import Service, with_access

KEY = "a-key-of-this-test"
ROUTES = ("/fechamento/hoje", "/fechamento/proximos", "/placar", "/saude")
SHARES = ROUTES[:3]

usual = settings(max_examples=30, suppress_health_check=list(HealthCheck))


async def works() -> bool:
    """A dependency."""
    return True


@pytest.fixture(scope="module")
def open_api() -> BaseSchema:
    """The documentation of an API that everybody may ask."""
    app = create_app(Service(checks={"banco": works}).parts())
    return schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.fixture(scope="module")
def locked_api() -> BaseSchema:
    """The documentation of an API with a key."""
    app = with_access(Service(checks={"banco": works}), Access(key=KEY, rate=None))
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def asked(
    schema: BaseSchema, path: str, mode: GenerationMode, headers: dict[str, str] | None = None
) -> Counter[int]:
    """Ask `path` whatever the documentation lets one think of; how often each status came."""
    statuses: Counter[int] = Counter()

    @usual
    @given(case=schema[path]["GET"].as_strategy(mode))
    def ask(case: Case[Any]) -> None:
        statuses[case.call_and_validate(headers=headers).status_code] += 1

    ask()
    return statuses


def test_everything_that_is_answered_is_documented(open_api: BaseSchema) -> None:
    """The document is complete: no route is left out of the tests below."""
    assert tuple(open_api.raw_schema["paths"]) == ROUTES


@pytest.mark.parametrize("path", ROUTES)
def test_what_fits_the_documentation_is_answered_as_documented(
    open_api: BaseSchema, path: str
) -> None:
    """Integrators write their programs against the document, not against the service."""
    statuses = asked(open_api, path, GenerationMode.POSITIVE)

    assert set(statuses) <= {200, 404}


@pytest.mark.parametrize("path", SHARES)
def test_what_does_not_fit_is_refused_as_documented(open_api: BaseSchema, path: str) -> None:
    """A bad parameter is the caller's mistake, never a server's error."""
    statuses = asked(open_api, path, GenerationMode.NEGATIVE)

    assert set(statuses) <= {404, 422}
    assert statuses[422]


@pytest.mark.parametrize("path", SHARES)
def test_the_key_opens_what_is_documented_as_locked(locked_api: BaseSchema, path: str) -> None:
    """With the key everything is as without one; schemathesis asks without it as well."""
    statuses = asked(locked_api, path, GenerationMode.POSITIVE, headers={"X-API-Key": KEY})

    assert set(statuses) <= {200, 404}
