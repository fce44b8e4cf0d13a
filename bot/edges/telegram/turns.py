"""Every update that the application handles has its turn in the waiting room until it is handled.

How many there are at once is for the room to say; python-telegram-bot's own limit stands above it.
"""

from collections.abc import Awaitable
from typing import Any

from telegram.ext import BaseUpdateProcessor

from bot.edges.telegram.waiting_room import TAKEN_ON_AT_MOST, WaitingRoom


class Turns(BaseUpdateProcessor):
    """Handles what the room hands out."""

    def __init__(self, room: WaitingRoom) -> None:
        super().__init__(TAKEN_ON_AT_MOST)
        self._room = room

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle one."""
        with self._room.turn(update):
            await coroutine

    async def initialize(self) -> None:
        """Nothing to begin."""

    async def shutdown(self) -> None:
        """Nothing to end."""
