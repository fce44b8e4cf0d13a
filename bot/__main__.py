"""`python -m bot`: starts the bot, and on a laptop the stand-ins it needs.

Settings are checked before anything starts.  The stand-ins load while the bot imports its
libraries, which is most of what starting takes.
"""

import asyncio
import logging
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote

import typer

from bot import logs
from bot.domain.sessions import SAO_PAULO
from bot.edges.local_processes import LocalChat, StandIns
from bot.errors import CannotGoOn, StorageUnavailable
from bot.settings import Settings, SettingsRefused, read_settings
from bot.wiring import arenas
from bot.wiring.loading import without_looking_for_garbage

DID_NOT_START = 1
WRONG_SETTINGS = 2

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

At = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help="Start at this São Paulo time instead of now; the clock then runs on.",
    ),
]
AsJson = Annotated[bool, typer.Option("--log-json", help="Log one line of JSON per event.")]


@app.callback(invoke_without_command=True)
def main(context: typer.Context, at: At = None, log_json: AsJson = False) -> None:  # noqa: FBT002, typer's way
    """Answer in Telegram, or in the local chat when no token is set."""
    try:
        settings = read_settings()
    except SettingsRefused as refusal:
        _complain("these settings are wrong:", *refusal.problems)
        raise typer.Exit(WRONG_SETTINGS) from None
    logs.configure(settings.log_level, _secrets(settings), as_json=log_json)
    logging.captureWarnings(capture=True)
    sys.excepthook = logs.crashed
    context.obj = settings
    if context.invoked_subcommand is None:
        raise typer.Exit(_run(settings, at.replace(tzinfo=SAO_PAULO) if at else None))


@app.command()
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to; replaced if it is there.")],
) -> None:
    """Write everything that is kept to one file; the bot may be running."""
    from bot.wiring import offline  # noqa: PLC0415, slow to import

    with _said():
        typer.echo(f"{offline.save(context.obj, file)} rows written to {file}")


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, help="What `backup` wrote.")],
    replace: Annotated[bool, typer.Option(help="Lose what the database keeps now.")] = False,  # noqa: FBT002, typer's way
) -> None:
    """Put a backup into the database, SQLite or PostgreSQL; the bot must not be running."""
    from bot.wiring import offline  # noqa: PLC0415, slow to import

    with _said():
        typer.echo(f"{offline.put_back(context.obj, file, replace=replace)} rows put back")


@app.command()
def replay(
    context: typer.Context,
    closes: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Folder of CSV files.")
    ],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day.")],
) -> None:
    """Play history through the same code, to fill the scoreboard; the bot must not be running."""
    from bot.wiring import machine, offline  # noqa: PLC0415, slow to import

    with _said():
        period = (first.date(), last.date())
        raise typer.Exit(offline.replay(context.obj, machine.clock(None), closes, period))


def _secrets(settings: Settings) -> list[str]:
    """Everything that no log line may show."""
    given = (settings.telegram_token, settings.telegram_webhook_secret, settings.http_key)
    secrets = [secret.get_secret_value() for secret in given if secret]
    if settings.database_url:
        secrets.append(logs.password_of(settings.database_url.get_secret_value()))
    return [*secrets, *map(unquote, secrets)]


def _run(settings: Settings, at: datetime | None) -> int:
    arenas.share()  # before the first thread
    chat = LocalChat(settings.chat_port, settings.chat_limits, at)
    with _said(), ExitStack() as running, ThreadPoolExecutor(1) as starter:
        stand_ins = starter.submit(
            StandIns.start,
            None if settings.sagemaker_endpoint else settings.artifact,
            None if settings.telegram_token else chat,
            running,
        )
        with without_looking_for_garbage():  # the stand-ins start meanwhile
            from uvicorn.loops.auto import auto_loop_factory  # noqa: PLC0415, slow to import

            from bot.wiring import machine, service  # noqa: PLC0415, the same

        serving = service.serve(settings, stand_ins.result().urls(), machine.clock(at))
        with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
            return runner.run(serving)


@contextmanager
def _said() -> Iterator[None]:
    """What keeps a command from working is one sentence and exit code 1."""
    try:
        yield
    except (CannotGoOn, StorageUnavailable) as refusal:
        _complain(str(refusal))
        raise typer.Exit(DID_NOT_START) from None


def _complain(*lines: str) -> None:
    sys.stderr.write("bot: " + "\n  ".join(lines) + "\n")


if __name__ == "__main__":
    app()
