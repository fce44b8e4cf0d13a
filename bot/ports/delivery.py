"""How pushed messages leave."""

from typing import Protocol

from bot.domain.outbox import Outcome, Outgoing


class Delivery(Protocol):
    """Telegram, as the sender sees it."""

    async def deliver(self, item: Outgoing) -> Outcome:
        """Try once to send `item`; markup that is refused falls back to plain text.

        Never raises what Telegram or the network did: that is the outcome.
        """
