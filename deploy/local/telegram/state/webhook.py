"""Updates brought to the bot, in order and one at a time, until it says 2xx.

Only addresses on this machine are followed, over http as well: the stand-in never speaks to a
network.  An answer that holds a method is carried out, as Telegram does.
"""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

import orjson

from deploy.local.telegram.refusals import Json, Refused
from deploy.local.telegram.state.updates import Updates

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HOSTS = ("localhost", "127.0.0.1", "::1")
_SUCCESS = range(200, 300)
_LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a webhook answered; status 0 when it did not, with `reason` in words."""

    status: int
    body: bytes = b""
    content_type: str = ""
    reason: str = ""


class Postman(Protocol):
    """Brings one update to an address."""

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        """Bring it, and give the answer, or status 0 when there is none."""

    async def close(self) -> None:
        """Let go of connections."""


@dataclass(slots=True)
class Webhook:
    """The bot's address and what became of the deliveries.

    Attributes:
        updates: the queue that is delivered.
        postman: makes what brings updates, once it is needed.
        perform: carries out the method that an answer holds, if it holds one.
        sleep: waits for so many seconds between attempts.
        now: seconds since 1970.
        url: the bot's address; empty when there is none.
        secret: goes into the header X-Telegram-Bot-Api-Secret-Token.
        settings: further fields of WebhookInfo, as they were set.
        failure: `last_error_date` and `last_error_message` of WebhookInfo, once there is one.
    """

    updates: Updates
    postman: Callable[[], Postman]
    perform: Callable[[Reply], Awaitable[None]]
    sleep: Callable[[float], Awaitable[object]]
    now: Callable[[], int]
    url: str = ""
    secret: str = ""
    settings: Json = field(default_factory=dict)
    failure: Json = field(default_factory=dict)
    _task: asyncio.Task[None] | None = None

    def start(self, url: str, secret: str, settings: Json) -> None:
        """Bring updates to `url` from now on.

        Raises:
            Refused: 400, the address or the secret cannot be used.
        """
        _check(url, secret)
        self.stop()
        self.updates.interrupt(Refused.conflict("terminated by setWebhook request"))
        self.url, self.secret, self.settings = url, secret, settings
        self._task = asyncio.create_task(self._deliver())

    def stop(self) -> None:
        """Bring nothing any more."""
        if self._task:
            self._task.cancel()
        self.url, self.secret, self.settings, self.failure = "", "", {}, {}
        self._task = None

    def as_json(self) -> Json:
        """The WebhookInfo of the Bot API."""
        return {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.pending),
            **self.settings,
            **self.failure,
        }

    async def close(self) -> None:
        """Stop for good, and wait until the last delivery has ended."""
        task = self._task
        self.stop()
        if task:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _deliver(self) -> None:
        postman, pause = self.postman(), 1.0
        try:
            while True:
                self.updates.arrived.clear()
                while self.updates.pending:
                    delivered = await self._deliver_first(postman)
                    pause = 1.0 if delivered else min(2 * pause, _LONGEST_PAUSE)
                    if not delivered:
                        await self.sleep(pause / 2)
                await self.updates.arrived.wait()
        finally:
            await postman.close()

    async def _deliver_first(self, postman: Postman) -> bool:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        update = self.updates.pending[0]
        reply = await postman.post(self.url, orjson.dumps(update), headers)
        if reply.status not in _SUCCESS:
            reason = reply.reason or f"Wrong response from the webhook: {reply.status}"
            self.failure = {"last_error_date": self.now(), "last_error_message": reason}
            return False
        self.updates.confirm(update["update_id"])
        if reply.body:
            await self.perform(reply)
        return True


def _check(url: str, secret: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise Refused.bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.hostname not in _HOSTS:
        raise Refused.bad_request("bad webhook: only addresses on this machine are followed")
    if secret and not _SECRET.fullmatch(secret):
        raise Refused.bad_request("secret token contains unallowed characters")
