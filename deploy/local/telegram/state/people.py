"""What people do: write, edit, press buttons, block the bot, set groups up.

Each act changes a chat and becomes an update for the bot, as Telegram would send it.
"""

import base64
from dataclasses import dataclass, replace

from deploy.local.telegram.formatting.marked import Marked
from deploy.local.telegram.formatting.settling import settled
from deploy.local.telegram.methods.membership import announce, member
from deploy.local.telegram.refusals import Json
from deploy.local.telegram.service import Service
from deploy.local.telegram.state.chats import Chat
from deploy.local.telegram.state.files import StoredFile, Upload
from deploy.local.telegram.state.messages import Message, Person

GROUP_KINDS = ("group", "supergroup", "channel")

# What people send as a photo: one grey pixel, since nobody looks at it here.
_PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)


class Impossible(Exception):
    """Something that nobody can do in Telegram either.

    Attributes:
        status: the HTTP status that fits.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody writes.

    Attributes:
        text: of any length: people's own apps would split it, this one does not.
        reply_to: message_id of the message answered.
        thread: topic of a forum, or the first message of a chain of replies elsewhere.
        edit: message_id of the own message that becomes this.
        photo: a picture with the text as its caption.
        anonymous: in the name of the group, by one who runs it.
        forwarded: from somebody who hides who they are.
    """

    text: str
    reply_to: int | None = None
    thread: int | None = None
    edit: int | None = None
    photo: bool = False
    anonymous: bool = False
    forwarded: bool = False


def chat_of(service: Service, chat_id: int) -> Chat:
    """The chat that somebody acts in.

    Raises:
        Impossible: 404, a group that was not set up.
    """
    chat = service.chats.open(chat_id)
    if chat is None:
        raise Impossible(
            404, f"group {chat_id} does not exist: set it up with PUT /chats/{chat_id}"
        )
    return chat


def write(service: Service, chat: Chat, author: Person, writing: Writing) -> Message:
    """Write or edit a message; the bot hears of it unless it is away.

    Raises:
        Impossible: 400, nothing is said, or a message that is meant is not there; 403, only those
            who run the chat may; 409, the chat is closed to the bot or has moved.
    """
    words = settled(Marked(writing.text))
    if not (words.text or writing.photo):
        raise Impossible(400, "text: nothing is said")
    _check_rights(chat, author, writing)
    if chat.migrated_to:
        raise Impossible(409, f"the group has become {chat.migrated_to}")
    if chat.is_private and chat.blocked:
        raise Impossible(409, "this person has blocked the bot")
    service.chats.people[author.id] = author
    chat.members.add(author.id)
    chat.started = True
    kind, message = _written(service, chat, author, words, writing)
    put(service, chat, kind, message)
    return message


def put(service: Service, chat: Chat, kind: str, message: Message) -> None:
    """Put what somebody wrote into its chat; the bot hears of it unless it is away."""
    service.chats.post(message)
    if not chat.away:
        kind = kind.replace("message", "channel_post") if chat.is_channel else kind
        service.updates.add(kind, service.chats.message_json(message))


def press(service: Service, chat: Chat, by: Person, message_id: int, data: str) -> str:
    """Press a button; gives the callback query's identifier.

    Raises:
        Impossible: 400, there is no such button; 409, the chat is closed to the bot.
    """
    message = chat.messages.get(message_id)
    if message is None or data not in _callbacks(message):
        raise Impossible(400, f"message {message_id} has no button with this data")
    if chat.away:
        raise Impossible(409, f"the bot cannot hear it: {chat.away}")
    chats = service.chats
    chats.people[by.id] = by
    chat.members.add(by.id)
    identifier = service.queries.press(chat.id, chats.now())
    query: Json = {
        "id": identifier,
        "from": by.as_json(),
        "message": chats.message_json(message),
        "chat_instance": str(-(2**62) - chat.id),
        "data": data,
    }
    service.updates.add("callback_query", query)
    return identifier


def ask_inline(service: Service, by: Person, query: str, offset: str) -> str:
    """Type "@bot something" anywhere; gives the inline query's identifier."""
    service.chats.people[by.id] = by
    identifier = service.queries.ask(service.chats.now())
    asked = {"id": identifier, "from": by.as_json(), "query": query, "offset": offset}
    service.updates.add("inline_query", asked | {"chat_type": "sender"})
    return identifier


def block(service: Service, chat: Chat, by: Person, *, blocked: bool) -> None:
    """Block the bot or let it in again; in a group that is throwing it out or adding it."""
    if blocked == chat.blocked and not chat.left:
        return
    bot = service.chats.bot
    before = member(chat, bot, bot)
    chat.blocked, chat.left = blocked, False
    announce(service, chat, by, before)
    if not (blocked or chat.is_private or chat.is_channel):
        _note(service, chat, by, {"new_chat_members": [bot.as_json()]})


def migrate(service: Service, chat: Chat, new_id: int, by: Person) -> None:
    """Turn a group into the supergroup `new_id`; both say so in a service message.

    Raises:
        Impossible: 400, that identifier is no group's, or taken.
    """
    if new_id >= 0 or new_id in service.chats.by_id:
        raise Impossible(400, f"migrate_to: {new_id} is no free group id")
    moved = replace(
        chat, id=new_id, kind="supergroup", messages={}, last_id=0, pinned=None, migrated_to=None
    )
    service.chats.by_id[new_id] = moved
    chat.migrated_to = new_id
    for place, extra in (
        (chat, {"migrate_to_chat_id": new_id}),
        (moved, {"migrate_from_chat_id": chat.id}),
    ):
        _note(service, place, by, extra)


def _note(service: Service, chat: Chat, by: Person, extra: Json) -> None:
    """A service message: what somebody did to a group, said by Telegram in their name."""
    message = Message(chat.id, chat.last_id + 1, service.chats.now(), by, extra=extra)
    service.chats.post(message)
    service.updates.add("message", service.chats.message_json(message))


def _check_rights(chat: Chat, author: Person, writing: Writing) -> None:
    if (chat.is_channel or writing.anonymous) and not chat.is_run_by(author.id):
        raise Impossible(403, f"{author.id} does not run this chat")
    if writing.anonymous and (chat.is_private or chat.is_channel):
        raise Impossible(400, "anonymous: only in groups")


def _written(
    service: Service, chat: Chat, author: Person, words: Marked, writing: Writing
) -> tuple[str, Message]:
    now = service.chats.now()
    if writing.edit is not None:
        old = chat.messages.get(writing.edit)
        if old is None or old.sender.id != author.id:
            raise Impossible(400, f"edit: {writing.edit} is no message of this person")
        return "edited_message", replace(old, words=words, edited_at=now, reworded=True)
    if writing.reply_to is not None and writing.reply_to not in chat.messages:
        raise Impossible(400, f"reply_to: there is no message {writing.reply_to}")
    if writing.thread is not None and chat.kind != "supergroup":
        raise Impossible(400, "thread: only supergroups have topics")
    origin = {"type": "hidden_user", "sender_user_name": "Alguém", "date": now}
    message = Message(
        chat_id=chat.id,
        message_id=chat.last_id + 1,
        date=now,
        sender=author,
        words=words,
        reply_to=writing.reply_to,
        thread=writing.thread,
        file=_photo(service) if writing.photo else None,
        anonymous=writing.anonymous,
        extra={"forward_origin": origin} if writing.forwarded else {},
    )
    return "message", message


def _photo(service: Service) -> StoredFile:
    return service.files.add("photo", Upload("foto.png", "image/png", _PHOTO))


def _callbacks(message: Message) -> list[str]:
    rows = message.keyboard["inline_keyboard"] if message.keyboard else []
    return [button.get("callback_data", "") for row in rows for button in row]
