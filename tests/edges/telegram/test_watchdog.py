"""Polling that died without a word ends the process, after the operators were told."""

from dataclasses import dataclass, field

import pytest
from telegram import Bot
from telegram.error import NetworkError
from telegram.request import BaseRequest

from bot.domain.outbox import Content
from bot.domain.places import Place
from bot.edges.telegram.watchdog import (
    LOOK_SECONDS,
    SILENCE_SECONDS,
    STALLED,
    HeardRequest,
    Watchdog,
)
from bot.errors import StorageUnavailable
from bot.flow.health.incidents import Incidents
from bot.flow.health.notices import Notices
from tests.fakes_records import FakeRecords
from tests.share_bars import at

TOKEN = "1:the-local-chat-needs-no-secret-token-at-all"
NOW = at("2026-07-29T10:02")


@dataclass
class Seconds:
    """Seconds that pass only while somebody sleeps; polls are answered up to `answers_until`."""

    passed: float = 0.0
    answers_until: float = 0.0
    watchdog: Watchdog | None = None

    def __call__(self) -> float:
        """Seconds so far."""
        return self.passed

    async def sleep(self, seconds: float) -> None:
        """Let them pass."""
        self.passed += seconds
        if self.watchdog and self.passed <= self.answers_until:
            self.watchdog.heard()


def watchdog(seconds: Seconds, records: FakeRecords) -> Watchdog:
    """One whose operators read in one chat."""
    notices = Notices(records.outbox, (Place(5),), lambda: NOW, lambda: None)
    incidents = Incidents(
        notices,
        lambda: NOW,
        lambda: "c0de01",
        lambda one: Content(f"{one.trouble.name} {one.code}"),
    )
    seconds.watchdog = Watchdog(incidents, seconds, seconds.sleep)
    return seconds.watchdog


@pytest.mark.parametrize("answered_for", [0.0, 3600.0])
async def test_ninety_silent_seconds_are_told_and_end_the_process(
    answered_for: float, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise the bot is mute for hours and looks well."""
    seconds, records = Seconds(answers_until=answered_for), FakeRecords()
    code = await watchdog(seconds, records).watch()
    (item,) = records.tables.items.values()

    assert (code, item.outgoing.content.text) == (STALLED, "POLLING c0de01")
    assert SILENCE_SECONDS <= seconds.passed - answered_for <= SILENCE_SECONDS + LOOK_SECONDS
    assert ("CRITICAL", "polling stalled") in {
        (record.levelname, record.getMessage()) for record in caplog.records
    }


async def test_without_the_database_it_ends_the_process_all_the_same() -> None:
    """The restart helps; the notice does not."""
    records = FakeRecords()
    records.outbox.failure = StorageUnavailable("locked")

    assert await watchdog(Seconds(), records).watch() == STALLED


@dataclass
class Answers:
    """What Telegram answers to polls, one after the other."""

    left: list[tuple[int, bytes] | Exception]


class Scripted(BaseRequest):
    """A request object whose answers are written down."""

    def __init__(self, answers: Answers, log: list[str]) -> None:
        self.answers = answers
        self.log = log

    @property
    def read_timeout(self) -> float | None:
        """Any."""
        return 5.0

    async def initialize(self) -> None:
        """Note it."""
        self.log.append("initialize")

    async def shutdown(self) -> None:
        """Note it."""
        self.log.append("shutdown")

    async def do_request(self, *args: object, **kwargs: object) -> tuple[int, bytes]:
        """The next answer."""
        assert str(kwargs.get("url", args[0] if args else "")).endswith("/getUpdates")
        answer = self.answers.left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Line:
    """A bot that polls through a `HeardRequest`."""

    log: list[str] = field(default_factory=list)

    async def polls(self, *answers: tuple[int, bytes] | Exception) -> list[str]:
        """Poll once per answer; what happened."""
        inner = Scripted(Answers(list(answers)), self.log)
        heard = HeardRequest(inner, lambda: self.log.append("heard"))
        bot = Bot(TOKEN, get_updates_request=heard)
        await heard.initialize()
        for _ in answers:
            try:
                await bot.get_updates()
            except NetworkError:
                self.log.append("failed")
        await heard.shutdown()
        return self.log


async def test_an_answered_poll_counts_and_a_failed_one_does_not() -> None:
    """An error page is no sign of life, an empty list of updates is."""
    happened = await Line().polls(
        (200, b'{"ok": true, "result": []}'),
        (502, b"Bad Gateway"),
        NetworkError("httpx.ConnectError"),
        (200, b'{"ok": true, "result": []}'),
    )

    assert happened == ["initialize", "heard", "failed", "failed", "heard", "shutdown"]


def test_the_request_waits_as_long_as_the_one_inside() -> None:
    """python-telegram-bot adds the polling time to it."""
    assert HeardRequest(Scripted(Answers([]), []), lambda: None).read_timeout == 5.0
