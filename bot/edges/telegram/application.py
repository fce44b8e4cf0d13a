"""The python-telegram-bot application: which handler answers what, and how it speaks to Telegram.

The same application runs against Telegram and against the local chat; only the address differs.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from telegram import BotCommand, LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    Defaults,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot.domain.sessions import SAO_PAULO
from bot.edges.telegram.commands import Commands
from bot.edges.telegram.retries import PatientCalls
from bot.edges.telegram.unexpected import Unexpected
from bot.wording import about

log = logging.getLogger(__name__)

AT_ONCE = 16
"""Updates handled at the same time; a slow answer delays nobody else's."""
POLL_SECONDS = 30
"""How long Telegram may hold a question for updates open."""
NETWORK_SECONDS = 10
"""How long any other call may take; uploading a chart over a poor line fits in it."""

ALLOWED_UPDATES: Sequence[str] = (Update.MESSAGE, Update.CALLBACK_QUERY)


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach Telegram.

    Attributes:
        token: of the bot; never shown.
        api_url: of the Bot API server, without a slash at the end.
        calls: tries failed calls again.
        request: carries the calls, for tests; HTTP when None.
    """

    token: str = field(repr=False)
    api_url: str
    calls: PatientCalls
    request: BaseRequest | None = None


def application(connection: Connection, commands: Commands, unexpected: Unexpected) -> Application:  # type: ignore[type-arg]
    """Build the application with all its handlers; nothing is called yet."""
    polling = POLL_SECONDS + NETWORK_SECONDS
    builder = (
        ApplicationBuilder()
        .token(connection.token)
        .base_url(f"{connection.api_url}/bot")
        .base_file_url(f"{connection.api_url}/file/bot")
        .defaults(_defaults())
        .rate_limiter(connection.calls)
        .concurrent_updates(AT_ONCE)
        .request(connection.request or _http(pool=2 * AT_ONCE, read=NETWORK_SECONDS))
        .get_updates_request(connection.request or _http(pool=1, read=polling))
        .post_init(introduce)
    )
    built = builder.build()
    logging.getLogger("telegram.ext").addFilter(_not_a_refused_token)
    register(built, commands)
    built.add_error_handler(unexpected.report)
    return built


def register(built: Application, commands: Commands) -> None:  # type: ignore[type-arg]
    """Tell the application which method answers what; the first that fits does."""
    new = filters.UpdateType.MESSAGE
    for names, method in (
        (["hoje"], commands.hoje),
        (["proximos"], commands.proximos),
        (["ajuda", "help"], commands.ajuda),
        (["sobre"], commands.sobre),
        (["start"], commands.start),
    ):
        built.add_handler(CommandHandler(names, method, filters=new))
    private = new & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL
    built.add_handler(MessageHandler(private & filters.COMMAND, commands.unknown))
    built.add_handler(MessageHandler(private, commands.text))
    built.add_handler(CallbackQueryHandler(commands.pressed))


async def introduce(built: Application) -> None:  # type: ignore[type-arg]
    """Give Telegram the command menu and descriptions; the bot works without them too."""
    menu = [BotCommand(command.name, command.description) for command in about.COMMANDS]
    try:
        for language in (None, "pt"):
            await built.bot.set_my_commands(menu, language_code=language)
        await built.bot.set_my_description(about.DESCRIPTION)
        await built.bot.set_my_short_description(about.SHORT_DESCRIPTION)
    except TelegramError as error:
        log.warning("command menu not set", extra={"error": repr(error)})


def _not_a_refused_token(record: logging.LogRecord) -> bool:
    """Leaves a refused token to whoever starts the bot, who says it in one sentence."""
    return not (record.exc_info and isinstance(record.exc_info[1], InvalidToken))


def _defaults() -> Defaults:
    return Defaults(
        tzinfo=SAO_PAULO,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )


def _http(pool: int, read: float) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=pool,
        read_timeout=read,
        write_timeout=NETWORK_SECONDS,
        connect_timeout=NETWORK_SECONDS,
        pool_timeout=NETWORK_SECONDS,
        media_write_timeout=2 * NETWORK_SECONDS,
    )
