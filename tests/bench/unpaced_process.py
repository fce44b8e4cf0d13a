"""The whole bot, without its pace: `python -m tests.bench.unpaced_process CHAT RUNTIME [PROFILE]`.

The bot keeps to the 30 messages a second that Telegram allows, which would be all that a
measurement of its speed shows.  Here that one limit is lifted; everything else is what
`python -m bot` runs, settings from the environment included.  Ends with SIGTERM; with a third
argument it then writes a profile of what it did.
"""

import asyncio
import cProfile
import sys
import time
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from uvicorn.loops.auto import auto_loop_factory

from bot import logs
from bot.edges.telegram.pace import Pace, Rates
from bot.settings import read_settings
from bot.wiring import conversation, machine, service
from tests.bench.ours import STARTED
from tests.share_bars import at

ANY = 1_000_000
"""Messages a second: none ever waits."""


def _main(chat: str, runtime: str, profile: Path | None) -> None:
    vars(conversation)["Pace"] = partial(Pace, rates=Rates(ANY, ANY, ANY, ANY))
    settings = read_settings()
    logs.configure(settings.log_level, ())
    serving = service.serve(settings, (chat, runtime), machine.clock(at(STARTED)))
    watching = cProfile.Profile(time.thread_time) if profile else nullcontext()
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner, watching:
        runner.run(serving)
    if profile and isinstance(watching, cProfile.Profile):
        watching.dump_stats(profile)


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], Path(sys.argv[3]) if sys.argv[3:] else None)
