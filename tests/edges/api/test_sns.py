"""POST /sns, from what SNS sends to what it is answered."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import httpx
import pytest
from fastapi import FastAPI

from bot.domain.alarms.mail import Confirmation, Mail, Refusal
from bot.edges.api import bodies, sns
from bot.edges.api.application import create_app
from bot.errors import StorageUnavailable
from bot.ports.alarms import AwsUnavailable
from tests.alarm_guard import NOW, TOPIC, arrived, number
from tests.edges.api.service import Service, asking
from tests.flow.alarms.conftest import Post

ALARM = arrived("cpu")


@dataclass
class Door:
    """The route over a real intake; what is genuine is told by the test."""

    post: Post = field(default_factory=Post)
    opened: Mail | Refusal = ALARM
    bodies: list[tuple[bytes, str | None]] = field(default_factory=list)

    async def open(self, body: bytes, content_type: str | None) -> Mail | Refusal:
        """As `bot.edges.sns` would."""
        self.bodies.append((body, content_type))
        return self.opened

    def app(self, service: Service) -> FastAPI:
        """The whole API."""
        route = sns.router(self.open, self.post.intake.take)
        return create_app(replace(service.parts(), pushed=(route,)))


@pytest.fixture
def door() -> Door:
    """Everything that comes is an alarm."""
    return Door()


@pytest.fixture
async def client(door: Door, service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """SNS."""
    async with asking(door.app(service)) as client:
        yield client


async def posted(client: httpx.AsyncClient, body: bytes = b"{}") -> httpx.Response:
    """SNS posts."""
    return await client.post("/sns", content=body, headers={"content-type": "text/plain"})


async def test_what_is_kept_is_acknowledged(client: httpx.AsyncClient, door: Door) -> None:
    """It is sent afterwards: SNS waits for fifteen seconds at most."""
    answers = [await posted(client), await posted(client)]

    assert [(each.status_code, each.content) for each in answers] == [(200, b"")] * 2
    assert (len(door.post.items), door.post.queued) == (1, 1)
    assert door.bodies[0] == (b"{}", "text/plain")


async def test_what_is_not_genuine_is_forbidden(client: httpx.AsyncClient, door: Door) -> None:
    """And why is for the log alone."""
    door.opened = Refusal("signature does not fit")
    answer = await posted(client)

    assert (answer.status_code, answer.json()) == (
        403,
        {"erro": "A mensagem não passou na verificação."},
    )
    assert door.post.items == []


@pytest.fixture(params=["certificate", "database", "confirmation"])
def away(request: pytest.FixtureRequest, door: Door) -> None:
    """Something that will be back."""
    match request.param:
        case "certificate":
            door.opened = Refusal("certificate cannot be fetched", retry=True)
        case "database":
            door.post.alarms.failure = StorageUnavailable("locked")
        case _:
            door.opened = Confirmation(number("asks"), TOPIC, "token", NOW)
            door.post.topics.failure = AwsUnavailable("Throttled")


@pytest.mark.usefixtures("away")
async def test_what_cannot_be_taken_now_is_to_come_again(
    client: httpx.AsyncClient, door: Door
) -> None:
    """SNS repeats what was answered 5xx."""
    answer = await posted(client)

    assert answer.status_code == 503
    assert set(answer.json()) == {"erro"}
    assert int(answer.headers["retry-after"]) > 0
    assert door.post.items == []


async def test_a_body_has_a_limit(client: httpx.AsyncClient, door: Door) -> None:
    """SNS carries 256 KiB."""
    told = await posted(client, b"x" * (bodies.MOST_BYTES + 1))

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 65_536

    untold = await client.post("/sns", content=endless())

    assert (told.status_code, untold.status_code) == (413, 413)
    assert told.json() == {"erro": "O pedido é grande demais."}
    assert door.bodies == []


async def test_only_posts_come_in(client: httpx.AsyncClient) -> None:
    """A browser that looks there learns nothing."""
    assert (await client.get("/sns")).status_code == 405


async def test_without_alarms_there_is_no_such_address(service: Service) -> None:
    """A bot that listens to no topic has no door for them."""
    async with asking(create_app(service.parts())) as client:
        assert (await posted(client)).status_code == 404
