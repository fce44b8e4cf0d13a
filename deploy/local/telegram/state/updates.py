"""What the bot has yet to hear, kept until it confirms: the queue behind getUpdates and webhooks.

One receiver at a time: a second getUpdates ends the first with 409, as Telegram does.  Nothing is
lost by a receiver that goes away, because only a higher offset or a webhook's 2xx confirms.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from deploy.local.telegram.refusals import Json, Refused

KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
    }
)
"""Fields of an Update, https://core.telegram.org/bots/api#update."""

_ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_MOST_AT_ONCE = 100
_LONGEST_WAIT = 50
_ALIVE = 60.0
_ENDED = "terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(slots=True)
class Updates:
    """The queue.

    Attributes:
        next_id: identifier of the next update.
        monotonic: seconds, to know whether somebody listens.
    """

    next_id: int
    monotonic: Callable[[], float]
    pending: deque[Json] = field(default_factory=deque)
    allowed: frozenset[str] = KINDS - _ONLY_ON_REQUEST
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: asyncio.Future[None] | None = None
    _heard_at: float = float("-inf")
    _closed: bool = False

    def add(self, kind: str, content: Json) -> None:
        """Queue an update, unless the bot does not want its kind."""
        if kind not in self.allowed:
            return
        self.pending.append({"update_id": self.next_id, kind: content})
        self.next_id += 1
        self.arrived.set()
        self._wake(None)

    def allow(self, kinds: Collection[str] | None) -> None:
        """Remember what the bot wants; None leaves it as it is, nothing means the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) & KINDS or KINDS - _ONLY_ON_REQUEST

    async def next(self, offset: int, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109 -- the parameter's name in the Bot API
        """Confirm what lies before `offset`, then give what is pending, waiting if there is none.

        Args:
            offset: first update wanted; negative counts from the newest, forgetting the others.
            limit: 1 … 100; anything else is 100.
            timeout: seconds to wait when there is nothing, at most 50.

        Raises:
            Refused: 409, another call took over.
        """
        self._wake(Refused.conflict(_ENDED))
        self._confirm(offset)
        self._heard_at = self.monotonic()
        if not self.pending and timeout > 0 and not self._closed:
            await self._wait(min(timeout, _LONGEST_WAIT))
        count = limit if 0 < limit <= _MOST_AT_ONCE else _MOST_AT_ONCE
        return [self.pending[place] for place in range(min(count, len(self.pending)))]

    def confirm(self, update_id: int) -> None:
        """Forget everything up to an update: a webhook has taken it."""
        self._confirm(update_id + 1)

    def forget(self) -> None:
        """Drop everything pending."""
        self.pending.clear()

    def interrupt(self, refusal: Refused) -> None:
        """End a getUpdates that waits, because the bot set a webhook meanwhile."""
        self._wake(refusal)

    def close(self) -> None:
        """Let everybody who waits go home; nobody waits from now on."""
        self._closed = True
        self.arrived.set()
        self._wake(None)

    @property
    def is_heard(self) -> bool:
        """Whether a bot asks for updates, now or in the last minute."""
        return self._waiting is not None or self.monotonic() - self._heard_at < _ALIVE

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()

    async def _wait(self, seconds: float) -> None:
        self._waiting = mine = asyncio.get_running_loop().create_future()
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(mine, seconds)
        finally:
            self._heard_at = self.monotonic()
            if self._waiting is mine:
                self._waiting = None

    def _wake(self, refusal: Refused | None) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is None or waiting.done():
            return
        if refusal:
            waiting.set_exception(refusal)
        else:
            waiting.set_result(None)
