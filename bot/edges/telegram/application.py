"""The python-telegram-bot application: which handler answers what, and how it speaks to Telegram.

The same application runs against Telegram and against the local chat; only the address differs.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from telegram import BotCommand, LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import (
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
from bot.edges.telegram.parts import NEW, Built, Part
from bot.edges.telegram.retries import PatientCalls
from bot.edges.telegram.turns import Turns
from bot.edges.telegram.unanswered import told_at_once
from bot.edges.telegram.unexpected import Unexpected
from bot.edges.telegram.waiting_room import AT_ONCE, WaitingRoom
from bot.edges.telegram.watchdog import HeardRequest
from bot.wording import about

log = logging.getLogger(__name__)

POLL_SECONDS = 30
"""How long Telegram may hold a question for updates open."""
NETWORK_SECONDS = 10
"""How long any other call may take; uploading a chart over a poor line fits in it."""

ALLOWED_UPDATES: Sequence[str] = (
    Update.MESSAGE,
    Update.CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.MY_CHAT_MEMBER,
)
"""What Telegram is asked to tell, by polling and by webhook alike."""


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach Telegram.

    Attributes:
        token: of the bot; never shown.
        api_url: of the Bot API server, without a slash at the end.
        calls: tries failed calls again.
        request: carries the calls, for tests; HTTP when None.
        heard: told of each poll that was answered.
    """

    token: str = field(repr=False)
    api_url: str
    calls: PatientCalls
    request: BaseRequest | None = None
    heard: Callable[[], object] = bool


def application(
    connection: Connection,
    commands: Commands,
    unexpected: Unexpected,
    parts: Sequence[Part] = (),
    room: WaitingRoom | None = None,
) -> Built:
    """Build the application with all its handlers; nothing is called yet.

    Args:
        connection: how to reach Telegram.
        commands: what everybody can ask, and what is said to whatever no part answers.
        unexpected: reports what nobody foresaw.
        parts: asked before `commands`, in their order.
        room: where updates wait; one of the usual size when None.
    """
    room = room or WaitingRoom()
    polls = connection.request or _http(pool=1, read=POLL_SECONDS + NETWORK_SECONDS)
    builder = (
        ApplicationBuilder()
        .token(connection.token)
        .base_url(f"{connection.api_url}/bot")
        .base_file_url(f"{connection.api_url}/file/bot")
        .defaults(_defaults())
        .rate_limiter(connection.calls)
        .update_queue(room)
        .concurrent_updates(Turns(room))
        .request(connection.request or _http(pool=2 * AT_ONCE, read=NETWORK_SECONDS))
        .get_updates_request(HeardRequest(polls, connection.heard))
        .post_init(introduce)
    )
    built: Built = builder.build()
    room.turned_away = told_at_once(built)
    logging.getLogger("telegram.ext").addFilter(_not_a_refused_token)
    logging.getLogger("telegram.ext.Updater").addFilter(_in_one_line)
    register(built, commands, parts)
    built.add_error_handler(unexpected.report)
    return built


def register(built: Built, commands: Commands, parts: Sequence[Part] = ()) -> None:
    """Tell the application which method answers what; the first that fits does."""
    for part in parts:
        part.register(built)
    for names, method in (
        (["hoje"], commands.hoje),
        (["proximos"], commands.proximos),
        (["ajuda", "help"], commands.ajuda),
        (["sobre"], commands.sobre),
        (["start"], commands.start),
    ):
        built.add_handler(CommandHandler(names, method, filters=NEW))
    # What comes by way of the bot itself is a forecast that somebody chose inline.
    typed = NEW & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL & ~filters.VIA_BOT
    built.add_handler(MessageHandler(typed & filters.COMMAND, commands.unknown))
    built.add_handler(MessageHandler(typed, commands.text))
    built.add_handler(CallbackQueryHandler(commands.pressed))


async def introduce(built: Built) -> None:
    """Give Telegram the command menu and descriptions; the bot works without them too."""
    menu = menu_of(built, about.COMMANDS)
    try:
        for language in (None, "pt"):
            await built.bot.set_my_commands(menu, language_code=language)
        await built.bot.set_my_description(about.DESCRIPTION)
        await built.bot.set_my_short_description(about.SHORT_DESCRIPTION)
    except TelegramError as error:
        log.warning("command menu not set", extra={"error": repr(error)})


def menu_of(built: Built, commands: Iterable[about.Command]) -> list[BotCommand]:
    """Those of `commands` that are answered, as Telegram takes them."""
    answered = answered_commands(built)
    return [BotCommand(each.name, each.description) for each in commands if each.name in answered]


def answered_commands(built: Built) -> frozenset[str]:
    """The commands that some handler answers."""
    handlers = (handler for group in built.handlers.values() for handler in group)
    found = (each.commands for each in handlers if isinstance(each, CommandHandler))
    return frozenset().union(*found)


def _not_a_refused_token(record: logging.LogRecord) -> bool:
    """Leaves a refused token to whoever starts the bot, who says it in one sentence."""
    return not (record.exc_info and isinstance(record.exc_info[1], InvalidToken))


def _in_one_line(record: logging.LogRecord) -> bool:
    """Leaves out the traceback when the last poll fails, as on a line that is down."""
    if record.exc_info and isinstance(record.exc_info[1], NetworkError):
        record.msg, record.args = "last poll failed: %r", (record.exc_info[1],)
        record.exc_info = None
    return True


def _defaults() -> Defaults:
    return Defaults(
        tzinfo=SAO_PAULO,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        # Whoever takes a question back while it is being answered still gets the answer.
        allow_sending_without_reply=True,
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
