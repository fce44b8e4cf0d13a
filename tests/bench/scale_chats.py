"""1 … 2,000 chats that ask at once: `python -m tests.bench.scale_chats`.

Everybody sends /hoje as fast as the chat takes it, and the time runs until the last one is
answered.  The bot's own pace is lifted, which is Telegram's 30 messages a second: with it, the
last of 2,000 waits 67 s whatever the bot does.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.ceiling import unpaced_bot
from tests.bench.crowded_chat import CrowdedChat, crowded_chat
from tests.bench.curves import Curve
from tests.bench.ours import world

SIZES = (1, 10, 100, 500, 2_000)


def curves(sizes: Sequence[int] = SIZES) -> list[Curve]:
    """Seconds from the first question to the last answer."""
    with (
        world(1, runtime=0) as seen,
        tempfile.TemporaryDirectory() as folder,
        crowded_chat() as chat,
        unpaced_bot(seen, chat, Path(folder)),
    ):
        _all_answered(chat, 1)  # draws and uploads the picture
        points = tuple((size, _all_answered(chat, size)) for size in sizes)
    return [Curve("time until all are answered", "s", "chats that ask at once", points)]


def _all_answered(chat: CrowdedChat, chats: int) -> float:
    before, began = chat.messages(), time.perf_counter()
    chat.write("/hoje", chats)
    return chat.reach(before + 2 * chats) - began


if __name__ == "__main__":
    for curve in curves():
        for row in curve.rows():
            sys.stdout.write(f"{row}\n")
