"""What nobody foresaw: sorted by kind, with a code that joins chat, notice and log."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TimedOut
from telegram.ext import Application, ApplicationBuilder, CallbackContext, Job

from bot.domain.operations import Trouble
from bot.edges.telegram.unexpected import Unexpected
from bot.errors import StorageUnavailable

TOKEN = "1:the-local-chat-needs-no-secret-token-at-all"


@dataclass
class Desk:
    """Reports what went wrong, and notes what operators would hear."""

    told: list[tuple[Trouble, str]] = field(default_factory=list)
    built: Application[Any, Any, Any, Any, Any, Any] = field(
        default_factory=lambda: ApplicationBuilder().token(TOKEN).build()
    )

    def tell(self, trouble: Trouble, error: BaseException | None, code: str) -> None:
        """Note the kind and the code."""
        assert error is not None
        self.told.append((trouble, code))

    async def report(
        self, error: Exception, *, of_a_job: bool = False
    ) -> list[tuple[Trouble, str]]:
        """Let the application's error handler have it, without any update."""
        context: CallbackContext[Any, Any, Any, Any] = CallbackContext(self.built)
        context.error = error
        context.job = Job(self.silent) if of_a_job else None
        await Unexpected(lambda: "c0de01", self.tell).report(None, context)
        return self.told

    async def silent(self, context: CallbackContext[Any, Any, Any, Any]) -> None:
        """A job that does nothing."""


@pytest.fixture
def desk() -> Desk:
    """Nothing has happened."""
    return Desk()


@pytest.mark.parametrize(
    "error",
    [
        Forbidden("Forbidden: bot was blocked by the user"),
        BadRequest("Message thread not found"),
        BadRequest("TOPIC_CLOSED"),
        BadRequest("Not enough rights to send text messages to the chat"),
        BadRequest("CHAT_WRITE_FORBIDDEN"),
    ],
)
async def test_who_closes_a_chat_or_topic_alarms_nobody(desk: Desk, error: Exception) -> None:
    """Anybody can ask in a topic and delete it before the answer; operators would hear of each."""
    assert await desk.report(error) == []


@pytest.mark.parametrize(
    ("error", "of_a_job", "kind"),
    [
        (ValueError("x"), False, Trouble.ANSWER),
        (BadRequest("can't parse entities"), False, Trouble.ANSWER),
        (ValueError("x"), True, Trouble.JOB),
        (StorageUnavailable("locked"), True, Trouble.STORAGE),
        (StorageUnavailable("locked"), False, Trouble.STORAGE),
        (Conflict("terminated by other getUpdates request"), False, Trouble.CONFLICT),
    ],
)
async def test_operators_hear_what_kind_of_trouble_it_was(
    desk: Desk, error: Exception, kind: Trouble, *, of_a_job: bool
) -> None:
    """A second poller needs another remedy than a defect does."""
    assert await desk.report(error, of_a_job=of_a_job) == [(kind, "c0de01")]


@pytest.mark.parametrize(
    ("error", "level", "said"),
    [
        (Forbidden("bot was blocked by the user"), "INFO", "chat closed to the bot"),
        (NetworkError("Bad Gateway"), "ERROR", "polling interrupted"),
        (TimedOut(), "ERROR", "polling interrupted"),
        (RetryAfter(90), "ERROR", "telegram wants silence, answer lost"),
    ],
)
async def test_what_passes_by_itself_is_only_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture, error: Exception, level: str, said: str
) -> None:
    """People block bots, and networks drop: nobody has to get up for it."""
    caplog.set_level("INFO")
    told = await desk.report(error)

    assert told == []
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [(level, said)]


async def test_without_operators_it_is_all_in_the_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """With its traceback and the code."""
    context: CallbackContext[Any, Any, Any, Any] = CallbackContext(desk.built)
    context.error = ValueError("x")
    await Unexpected(lambda: "c0de01").report(None, context)
    (record,) = caplog.records

    assert (record.getMessage(), vars(record)["code"]) == ("answer failed", "c0de01")
    assert record.exc_info
    assert record.exc_info[1] is context.error
