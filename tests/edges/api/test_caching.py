"""What callers and caches may keep, and what the service keeps itself."""

import asyncio

import httpx
import pytest

from bot.edges.api.door import Access
from bot.edges.api.replies import has_already
from tests.edges.api.service import Service, asking, with_access
from tests.share_bars import at

TODAY = "/fechamento/hoje"


async def test_who_has_the_answer_gets_no_body(api: httpx.AsyncClient) -> None:
    """Asking every second costs next to nothing while nothing changes."""
    first = await api.get(TODAY)
    again = await api.get(TODAY, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert first.headers["etag"].startswith('"')


async def test_the_validator_stays_while_the_forecast_does(
    service: Service, api: httpx.AsyncClient
) -> None:
    """The moment of making alone is no news."""
    first = await api.get(TODAY)
    service.passes(minutes=20)
    again = await api.get(TODAY)

    assert service.prices.asked == 2
    assert (again.headers["etag"], again.content) == (first.headers["etag"], first.content)


async def test_the_validator_changes_with_the_forecast(
    service: Service, api: httpx.AsyncClient
) -> None:
    """Otherwise callers would keep yesterday's forecast for ever."""
    first = await api.get(TODAY)
    service.now = at("2026-07-30T08:30")
    again = await api.get(TODAY, headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 200
    assert again.json()["gerado_em"] == "2026-07-30T08:30:00-03:00"


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        ("2026-07-29T08:30", 5400),  # until the open at 10:00
        ("2026-07-29T14:00", 60),
        ("2026-07-29T17:29", 60),  # closing; the close is final at 17:30
        ("2026-07-29T18:00", 6 * 3600),  # closed: until midnight
        ("2026-08-01T12:00", 46 * 3600),  # Saturday: until the open on Monday
    ],
)
async def test_answers_may_be_kept_until_the_forecast_may_change(
    service: Service, api: httpx.AsyncClient, now: str, seconds: int
) -> None:
    """Caches ask again when there may be something new, and not before."""
    service.prices.newest = "2026-07-31"
    service.now = at(now)
    answer = await api.get(TODAY)

    assert answer.headers["cache-control"] == f"public, max-age={seconds}"


async def test_what_a_key_opened_is_for_its_owner_only(service: Service) -> None:
    """A cache of many users would hand it to those without the key."""
    async with asking(with_access(service, Access(key="k", rate=None))) as api:
        answer = await api.get(TODAY, headers={"X-API-Key": "k"})

    assert answer.headers["cache-control"] == "private, max-age=5400"


async def test_refusals_are_never_kept(api: httpx.AsyncClient) -> None:
    """A share that was unknown a minute ago, or a model that was away, may be there now."""
    answer = await api.get(f"{TODAY}?papel=XPTO3")

    assert answer.headers["cache-control"] == "no-store"


async def test_many_askers_cost_one_forecast(service: Service, api: httpx.AsyncClient) -> None:
    """A crowd at 10:00 must not become a crowd at the endpoint."""
    answers = await asyncio.gather(*(api.get(TODAY) for _ in range(50)))

    assert {answer.status_code for answer in answers} == {200}
    assert (service.prices.asked, len(service.model.asked)) == (1, 1)


async def test_after_some_seconds_the_flow_is_asked_again(
    service: Service, api: httpx.AsyncClient
) -> None:
    """The routes may lag behind the chat by seconds, not by minutes."""
    await api.get(TODAY)
    service.passes(seconds=4)
    await api.get(TODAY)
    kept = service.prices.asked
    service.passes(seconds=1)
    await api.get(TODAY)

    assert (kept, service.prices.asked) == (1, 2)


async def test_the_next_part_of_the_day_begins_on_time(
    service: Service, api: httpx.AsyncClient
) -> None:
    """A kept answer never outlives the moment at which another one is right."""
    service.now = at("2026-07-29T23:59:59")
    before = await api.get(TODAY)
    service.passes(seconds=1)
    after = await api.get(TODAY)

    assert before.headers["cache-control"] == "public, max-age=1"
    assert before.json()["previsao_hoje"]["sessao"] == "2026-07-29"
    assert after.json()["previsao_hoje"]["sessao"] == "2026-07-30"


@pytest.mark.parametrize(
    ("sent", "has"),
    [
        ([], False),
        (['"a"'], True),
        (['W/"a"'], True),
        (['"b", "a"'], True),
        (['"b"', '"a"'], True),
        (["*"], True),
        (['"b"'], False),
        (["a"], False),
        ([""], False),
    ],
)
def test_any_of_the_validators_may_match(sent: list[str], has: bool) -> None:  # noqa: FBT001, an expected value
    """RFC 9110, 13.1.2: a list, also over several lines, a star, and weak comparison."""
    assert has_already(sent, '"a"') is has
