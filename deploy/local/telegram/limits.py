"""How often a bot may write before Telegram answers 429.

Telegram publishes 30 messages a second overall, one a second to one chat with "short bursts", and
20 a minute to one group (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-
avoid-this), but not how long a burst may be.  Here each of the three is a bucket of tokens that
fills at its rate; a message takes one from each.  An edit takes half a token, because Telegram
counts edits less; anything else (typing, answers to buttons, deleting) takes none.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.local.telegram.refusals import Refused

MESSAGE = 1.0
"""Tokens that sending takes, for each message."""

EDIT = 0.5
"""Tokens that editing takes."""

_MINUTE = 60.0
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Limits:
    """The rates, each of them in messages.

    Attributes:
        overall_per_second: to all chats together, and the largest burst of them.
        chat_per_second: to one chat.
        chat_burst: how many to one chat at once after a pause: somebody who clicks quickly.
        group_per_minute: to one group, and the largest burst to it within its chat's limit.
    """

    overall_per_second: float = 30
    chat_per_second: float = 1
    chat_burst: float = 20
    group_per_minute: float = 20


def read_limits(text: str) -> Limits | None:
    """Read `30/1/20`: messages a second overall, a second to a chat, a minute to a group; `none`.

    Raises:
        ValueError: it is neither `none` nor three positive numbers.
    """
    if text == "none":
        return None
    overall, chat, group = map(float, text.split("/"))
    if not min(overall, chat, group) > 0 or max(overall, chat, group) == math.inf:
        raise ValueError(f"limits have to be positive numbers: {text}")
    return Limits(overall, chat, group_per_minute=group)


@dataclass(slots=True)
class _Bucket:
    per_second: float
    size: float
    filled_at: float
    tokens: float

    def refill(self, now: float) -> None:
        grown = self.tokens + (now - self.filled_at) * self.per_second
        self.tokens, self.filled_at = min(self.size, grown), now

    def wait(self, tokens: float) -> float:
        return max(0.0, (tokens - self.tokens - _ROUNDING) / self.per_second)


@dataclass(slots=True)
class Limiter:
    """Counts what a bot writes.

    Attributes:
        limits: the rates; None lets everything through.
        monotonic: a clock in seconds that never goes back.
    """

    limits: Limits | None
    monotonic: Callable[[], float]
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def take(self, chat_id: int, tokens: float) -> None:
        """Count a message or an edit to `chat_id`; negative ones are groups.

        Raises:
            Refused: 429 with the whole seconds to wait; nothing is counted then.
        """
        if self.limits is None or not tokens:
            return
        buckets = self._of(chat_id, self.limits)
        wait = max(bucket.wait(min(tokens, bucket.size)) for bucket in buckets)
        if wait > 0:
            raise Refused.too_many(math.ceil(wait))
        for bucket in buckets:
            bucket.tokens -= tokens

    def _of(self, chat_id: int, limits: Limits) -> list[_Bucket]:
        rates = {
            "overall": (limits.overall_per_second, limits.overall_per_second),
            f"chat {chat_id}": (limits.chat_per_second, limits.chat_burst),
        }
        if chat_id < 0:
            of_group = (limits.group_per_minute / _MINUTE, limits.group_per_minute)
            rates[f"group {chat_id}"] = of_group
        return [self._bucket(name, *rate) for name, rate in rates.items()]

    def _bucket(self, name: str, per_second: float, size: float) -> _Bucket:
        now = self.monotonic()
        bucket = self._buckets.setdefault(name, _Bucket(per_second, size, now, size))
        bucket.refill(now)
        return bucket
