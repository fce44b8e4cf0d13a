"""Everything that the stand-in knows, in one place; the methods are functions of it and a call."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from deploy.local.telegram.faults import Faults
from deploy.local.telegram.limits import Limiter
from deploy.local.telegram.state.chats import Chats
from deploy.local.telegram.state.files import Files
from deploy.local.telegram.state.profile import Profile
from deploy.local.telegram.state.queries import Queries
from deploy.local.telegram.state.updates import Updates
from deploy.local.telegram.state.webhook import Webhook

Sleep = Callable[[float], Awaitable[object]]
"""Waits for so many seconds."""


@dataclass(slots=True)
class Service:
    """The stand-in for Telegram.

    Attributes:
        token: the only one that is let in; None lets every well-formed one in.
        chats: what is said where.
        updates: what the bot has yet to hear.
        webhook: where to bring it, when the bot does not ask for it.
        limiter: how often the bot may write.
        sleep: waits, for faults that delay.
    """

    token: str | None
    chats: Chats
    updates: Updates
    webhook: Webhook
    limiter: Limiter
    sleep: Sleep
    files: Files = field(default_factory=Files)
    faults: Faults = field(default_factory=Faults)
    profile: Profile = field(default_factory=Profile)
    queries: Queries = field(default_factory=Queries)

    @property
    def is_connected(self) -> bool:
        """Whether a bot listens."""
        return bool(self.webhook.url) or self.updates.is_heard

    def close(self) -> None:
        """End everything that waits, so that the server can stop."""
        self.updates.close()
        self.chats.close()
