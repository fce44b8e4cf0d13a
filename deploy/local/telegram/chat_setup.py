"""PUT /chats/{id}: a chat is made as it is wanted, or changes as people change it.

Groups and channels have to be set up before anything happens in them.  A bot is in a channel only
as one of those who run it, so a channel that is set up has it among them.
"""

from deploy.local.telegram.methods.membership import announce, member
from deploy.local.telegram.orders import Order
from deploy.local.telegram.refusals import Json
from deploy.local.telegram.service import Service
from deploy.local.telegram.state import people
from deploy.local.telegram.state.chats import Chat

_MEMBERS = (
    *("type", "title", "username", "is_forum", "owner", "admins"),
    *("blocked", "started", "migrate_to", "from"),
)


def set_up(service: Service, chat_id: int, order: Order) -> Chat:
    """Make or change a chat; the bot hears of what concerns its own place there.

    Raises:
        Impossible: 400, what is wanted does not exist in Telegram either.
    """
    order.only(*_MEMBERS)
    known = service.chats.by_id.get(chat_id)
    chat = known or _new_chat(chat_id, order)
    before = _bot_in(service, chat)
    _describe(service, chat, order)
    service.chats.by_id[chat_id] = chat
    first_admin = min(chat.admins - {service.chats.bot.id}, default=max(chat_id, 1))
    by = order.person(service, first_admin)
    if order.has("blocked"):
        people.block(service, chat, by, blocked=order.flag("blocked"))
    elif known and _bot_in(service, chat) != before:
        announce(service, chat, by, before)
    if order.has("migrate_to"):
        people.migrate(service, chat, order.integer("migrate_to"), by)
    return chat


def _bot_in(service: Service, chat: Chat) -> Json:
    return member(chat, service.chats.bot, service.chats.bot)


def _new_chat(chat_id: int, order: Order) -> Chat:
    """A chat before anything happened; who says `blocked` sees the bot arrive in a group."""
    if chat_id > 0:
        return Chat(chat_id)
    title = f"Grupo {-chat_id}"
    return Chat(chat_id, kind="supergroup", title=title, left=order.has("blocked"))


def _describe(service: Service, chat: Chat, order: Order) -> None:
    if order.has("type"):
        kind = order.text("type")
        if kind not in (("private",) if chat.is_private else people.GROUP_KINDS):
            raise people.Impossible(400, f"type: {kind} does not fit the chat's id")
        chat.kind = kind
    chat.title = order.text("title") if order.has("title") else chat.title
    chat.username = order.text("username").lstrip("@") or chat.username
    chat.is_forum = order.flag("is_forum") if order.has("is_forum") else chat.is_forum
    chat.started = order.flag("started") if order.has("started") else chat.started
    chat.owner = order.integer("owner") if order.has("owner") else chat.owner
    if order.has("admins"):
        chat.admins = frozenset(order.integers("admins"))
    if chat.is_channel:
        chat.admins |= {service.chats.bot.id}
