"""`python -m deploy.local`: the local chat on its own, and the SageMaker Runtime route if asked.

Prints one line per server when it is ready to answer, ends on Ctrl-C, SIGTERM, or, if asked, when
whoever started it goes away.
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import UTC, datetime, timedelta

from deploy.local.server import PortTaken, serving
from deploy.local.telegram.app import USUAL_LIMITS, create_app
from deploy.local.telegram.limits import read_limits

_CHUNK = 4096


def main(arguments: list[str] | None = None) -> int:
    """Run until told to stop; exit code 0, 1 when a port is taken, 2 for wrong options."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.runtime_port is not None and not options.upstream:
        parser.error("--runtime-port needs --upstream, the address that it passes requests to")
    try:
        asyncio.run(_run(options))
    except PortTaken as taken:
        sys.stderr.write(f"{taken}; choose another with --chat-port or --runtime-port\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.local",
        description="The local chat: a stand-in for Telegram's Bot API with a page to chat on.",
    )
    add = parser.add_argument
    add("--chat-port", type=int, default=8081, help="port of the chat; 0 for any free (8081)")
    add("--token", help="let only this bot token in (every well-formed one)")
    add(
        "--limits",
        type=read_limits,
        default=USUAL_LIMITS,
        metavar="ALL/CHAT/GROUP",
        help="messages a second, a second to a chat, a minute to a group, or none (30/1/20)",
    )
    add("--until-stdin-closes", action="store_true", help="end when standard input does")
    add("--at", type=_moment, help="start at this time (ISO 8601, with its zone) instead of now")
    add("--no-chat", action="store_true", help="serve the Runtime route alone")
    add("--runtime-port", type=int, help="serve the SageMaker Runtime route on this port as well")
    add("--endpoint-name", default="fechamento", help="endpoint that the route knows (fechamento)")
    add("--upstream", help="address of the serving process behind the route")
    return parser


async def _run(options: argparse.Namespace) -> None:
    # From here on a signal ends everything in order, even one that comes with the first answer.
    told = _told_to_end(until_stdin_closes=options.until_stdin_closes)
    async with AsyncExitStack() as stack:
        if not options.no_chat:
            _say(f"listening on {await stack.enter_async_context(_chat(options))}")
        if options.runtime_port is not None:
            _say(f"runtime on {await stack.enter_async_context(_runtime(options))}")
        await told.wait()


def _chat(options: argparse.Namespace) -> AbstractAsyncContextManager[str]:
    app = create_app(clock=_clock(options.at), token=options.token, limits=options.limits)
    return serving(app, options.chat_port, app.state.service.close)


def _runtime(options: argparse.Namespace) -> AbstractAsyncContextManager[str]:
    # Loads httpx, which the chat alone does not need.
    from deploy.local.runtime.route import runtime_app  # noqa: PLC0415 -- see above

    return serving(runtime_app(options.upstream, options.endpoint_name), options.runtime_port)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no time zone: {text}")
    return moment


def _clock(at: datetime | None) -> Callable[[], datetime]:
    """The machine's clock, or one that starts at `at` now and runs on."""

    def machine() -> datetime:
        return datetime.now(UTC)  # noqa: TID251 -- this is where the injected clock comes from

    shift = at - machine() if at else timedelta()
    return lambda: machine() + shift


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _told_to_end(*, until_stdin_closes: bool) -> asyncio.Event:
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    if until_stdin_closes:
        try:
            loop.add_reader(sys.stdin.fileno(), _read_stdin, told)
        except PermissionError:  # a file or /dev/null: nobody is behind it
            told.set()
    return told


def _read_stdin(told: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), _CHUNK):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        told.set()


if __name__ == "__main__":
    sys.exit(main())
