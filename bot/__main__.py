"""`python -m bot`: starts the bot, and on a laptop the stand-ins it needs.

Settings are checked before anything starts.  The stand-ins load while the bot imports its
libraries, which is most of what starting takes.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from typing import Annotated

import typer

from bot import logs
from bot.domain.sessions import SAO_PAULO
from bot.edges.local_processes import LocalChat, ProcessNotReady, StandIns
from bot.errors import TokenRefused
from bot.settings import Settings, SettingsRefused, read_settings

DID_NOT_START = 1
WRONG_SETTINGS = 2

app = typer.Typer(add_completion=False, rich_markup_mode=None)

At = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help="Start at this São Paulo time instead of now; the clock then runs on.",
    ),
]


@app.callback(invoke_without_command=True)
def main(at: At = None) -> None:
    """Answer in Telegram, or in the local chat when no token is set."""
    try:
        settings = read_settings()
    except SettingsRefused as refusal:
        _complain("these settings are wrong:", *refusal.problems)
        raise typer.Exit(WRONG_SETTINGS) from None
    token = settings.telegram_token
    logs.configure(settings.log_level, [token.get_secret_value()] if token else [])
    raise typer.Exit(_run(settings, at.replace(tzinfo=SAO_PAULO) if at else None))


def _run(settings: Settings, at: datetime | None) -> int:
    chat = LocalChat(settings.chat_port, settings.chat_limits, at)
    with ExitStack() as running, ThreadPoolExecutor(1) as starter:
        stand_ins = starter.submit(
            StandIns.start,
            None if settings.sagemaker_endpoint else settings.artifact,
            None if settings.telegram_token else chat,
            running,
        )
        from bot import wiring  # noqa: PLC0415, slow to import: the stand-ins start meanwhile

        try:
            return wiring.run(settings, stand_ins.result().urls(), wiring.clock(at))
        except (ProcessNotReady, TokenRefused) as refusal:
            _complain(str(refusal))
            return DID_NOT_START


def _complain(*lines: str) -> None:
    sys.stderr.write("bot: " + "\n  ".join(lines) + "\n")


if __name__ == "__main__":
    app()
