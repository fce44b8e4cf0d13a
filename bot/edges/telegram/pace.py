"""How fast the bot may write to Telegram, so that Telegram never has to say 429.

    answers to people   at once, as long as all together stay within 30 in any second and those to
                        a group within 20 in any minute; pushed messages leave room for one
    pushed messages     one after the other, so that all together are 28 a second; one a second
                        to a chat and 20 a minute to a group, where answers count too

Nobody knows how many answers one private chat takes before Telegram asks for silence.  Once it has,
that chat is answered once a second until it has been calm for a minute.

Pure arithmetic on an injected clock; who has to wait is told how long and does the waiting.
Telegram publishes these limits and no others:
https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

ALL_PER_SECOND = 30
PUSHED_PER_SECOND = 28
"""On average; leaves room for answers."""
CHAT_PER_SECOND = 1
GROUP_PER_MINUTE = 20

CATCH_UP = 1.0
"""Seconds that pushed messages may be behind and still catch up, as after a chart was drawn."""
CLOSEST = 2 / 3
"""How near they come when they do, of their usual distance, so that an answer finds room."""

LOUD_SECONDS = 60.0
"""For how long a chat in which Telegram wanted silence is answered more slowly."""
APART = 1.05
"""Seconds between two answers there: a little more than the limit, as calls arrive unevenly."""

_SECOND = 1.0
_MINUTE = 60.0

Chat = int | str | None
"""Telegram's number of a chat, its @name, or None for what is written to no chat in particular."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How many messages may be written; Telegram's own limits as a rule.

    Attributes:
        all_per_second: answers and pushed messages together, at least 2.
        pushed_per_second: the same on average, as far as pushed messages make them more.
        chat_per_second: pushed to one chat.
        group_per_minute: to one group or channel, answers and pushed messages together.
    """

    all_per_second: int = ALL_PER_SECOND
    pushed_per_second: int = PUSHED_PER_SECOND
    chat_per_second: int = CHAT_PER_SECOND
    group_per_minute: int = GROUP_PER_MINUTE


class Pace:
    """Counts what is written and tells how long to wait; `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float], rates: Rates | None = None) -> None:
        self._now = monotonic
        self._rates = rates or Rates()
        self._written = _Moments(self._rates.all_per_second)
        self._chats: OrderedDict[Chat, _Moments] = OrderedDict()
        self._on_average = 0.0
        self._next_push = 0.0
        self._silence_until = 0.0
        self._chat_silence: dict[Chat, float] = {}

    def wait(self, chat: Chat) -> float:
        """Seconds until something may be pushed to `chat`; 0 when it may be now."""
        now, rates = self._now(), self._rates
        waits = [self.wait_to_push(), self._chat_silence.get(chat, now) - now]
        if moments := self._chats.get(chat):
            waits.append(moments.wait(now, rates.chat_per_second, _SECOND))
            if _is_group(chat):
                waits.append(moments.wait(now, rates.group_per_minute, _MINUTE))
        return max(waits)

    def wait_to_push(self) -> float:
        """Seconds until something may be pushed to a chat that has room for it."""
        now = self._now()
        room = self._written.wait(now, self._rates.all_per_second - 1, _SECOND)
        return max(room, self._next_push - now, self._silence_until - now)

    def wait_in(self, chat: Chat) -> float:
        """Seconds until Telegram takes an answer in `chat`, whatever goes to others."""
        now, rates = self._now(), self._rates
        silence = self._chat_silence.get(chat, -inf)
        waits = [silence - now]
        if moments := self._chats.get(chat):
            if silence > now - LOUD_SECONDS:
                waits.append(moments.wait(now, rates.chat_per_second, APART))
            if _is_group(chat):
                waits.append(moments.wait(now, rates.group_per_minute, _MINUTE))
        return max(0.0, *waits)

    def wait_to_answer(self) -> float:
        """Seconds until somebody may be answered in a chat that takes it."""
        return self._written.wait(self._now(), self._rates.all_per_second, _SECOND)

    def wrote(self, chat: Chat) -> None:
        """Count a message that leaves now."""
        now, apart = self._now(), 1 / self._rates.pushed_per_second
        # After a pause there is nothing to catch up with.
        earliest = now - CATCH_UP if self._written.newest > now - CATCH_UP else now
        self._on_average = min(max(self._on_average, earliest), now + _SECOND) + apart
        self._next_push = max(self._on_average, now + CLOSEST * apart)
        self._written.add(now)
        most = max(self._rates.chat_per_second, self._rates.group_per_minute)
        self._chats.setdefault(chat, _Moments(most)).add(now)
        self._chats.move_to_end(chat)
        self._forget(now)

    def hold(self, seconds: float) -> None:
        """Let nothing be pushed for so long: Telegram wants to be left alone."""
        self._silence_until = max(self._silence_until, self._now() + seconds)

    def hold_chat(self, chat: Chat, seconds: float) -> None:
        """Let nothing be written to one chat for so long."""
        now = self._now()
        until = {
            each: silence
            for each, silence in self._chat_silence.items()
            if silence > now - LOUD_SECONDS
        }
        self._chat_silence = until | {chat: max(until.get(chat, now), now + seconds)}

    def _forget(self, now: float) -> None:
        """Drop the chats in which nothing counts any more; the oldest come first."""
        while next(iter(self._chats.values())).newest <= now - _MINUTE:
            self._chats.popitem(last=False)


@dataclass(slots=True)
class _Moments:
    """When the last `most` messages were written."""

    most: int
    _moments: deque[float] = field(default_factory=deque)

    @property
    def newest(self) -> float:
        return self._moments[-1] if self._moments else -inf

    def add(self, now: float) -> None:
        if len(self._moments) == self.most:
            self._moments.popleft()
        self._moments.append(now)

    def wait(self, now: float, most: int, seconds: float) -> float:
        """Seconds until fewer than `most` are younger than `seconds`."""
        if len(self._moments) < most:
            return 0.0
        return max(0.0, self._moments[-most] + seconds - now)


def _is_group(chat: Chat) -> bool:
    """Whether the limit of groups holds: negative numbers and names are groups or channels."""
    return isinstance(chat, str) or (chat or 0) < 0
