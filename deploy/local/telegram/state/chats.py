"""The chats, who is in them, what was said there, and who is looking.

    private chats (id > 0)   exist as soon as anybody uses them
    groups        (id < 0)   exist after they were set up; channels are among them

Everything lives in memory and is gone with the process.  Identifiers count up, so that the same
conversation gives the same identifiers each time.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from deploy.local.telegram.refusals import Json, Refused
from deploy.local.telegram.state.messages import Message, Person


@dataclass(slots=True)
class Chat:
    """One chat.

    Attributes:
        id: positive for private chats, negative for groups.
        kind: "private", "group", "supergroup" or "channel".
        title: of a group.
        username: under which a public group, or the person of a private chat, can be addressed.
        is_forum: whether a supergroup has topics.
        owner: who made the group and runs it as well; None when nobody has to know.
        admins: who runs the group, by user id; the bot's own id when it may pin and delete.
        members: who has written there.
        blocked: the person blocked the bot, or the group threw it out.
        started: whether the bot may write first; a person who never wrote may forbid it.
        left: the bot left the group by itself.
        migrated_to: the supergroup that this group became.
        messages: what stands there now, by message_id, oldest first.
        pinned: message_id of the pinned message.
    """

    id: int
    kind: str = "private"
    title: str = ""
    username: str = ""
    is_forum: bool = False
    owner: int | None = None
    admins: frozenset[int] = frozenset()
    members: set[int] = field(default_factory=set)
    blocked: bool = False
    started: bool = True
    left: bool = False
    migrated_to: int | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    last_id: int = 0
    pinned: int | None = None

    def __post_init__(self) -> None:
        if self.is_private:
            self.members.add(self.id)

    @property
    def is_private(self) -> bool:
        """Whether it is the chat of one person with the bot."""
        return self.kind == "private"

    @property
    def is_channel(self) -> bool:
        """Whether only those who run it post there."""
        return self.kind == "channel"

    def is_run_by(self, user_id: int) -> bool:
        """Whether somebody owns the group or is one of its administrators."""
        return user_id in self.admins or user_id == self.owner

    @property
    def away(self) -> str:
        """Why the bot cannot write there, in Telegram's words; empty when it can."""
        if self.is_private:
            if self.blocked:
                return "bot was blocked by the user"
            return "" if self.started else "bot can't initiate conversation with a user"
        if self.blocked:
            return f"bot was kicked from the {self.kind} chat"
        return f"bot is not a member of the {self.kind} chat" if self.left else ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a page wants to know at once."""

    kind: str
    content: Json


@dataclass(slots=True)
class Chats:
    """All chats.

    Attributes:
        clock: gives the time, aware.
        bot: who answers.
    """

    clock: Callable[[], datetime]
    bot: Person
    by_id: dict[int, Chat] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    _listeners: dict[int, set[asyncio.Queue[Event | None]]] = field(default_factory=dict)
    _closed: bool = False

    def now(self) -> int:
        """Seconds since 1970, by the injected clock."""
        return int(self.clock().timestamp())

    def open(self, chat_id: int) -> Chat | None:
        """The chat of that identifier; a private one comes into being, a group does not."""
        if chat_id > 0:
            return self.by_id.setdefault(chat_id, Chat(chat_id))
        return self.by_id.get(chat_id)

    def known(self, identifier: str) -> Chat:
        """The chat that the bot names, by number or by @username.

        Raises:
            Refused: 400, there is none.
        """
        if not identifier:
            raise Refused.bad_request("chat_id is empty")
        chat = self._named(identifier) if identifier.startswith("@") else self._numbered(identifier)
        if chat is None:
            raise Refused.bad_request("chat not found")
        return chat

    def writable(self, identifier: str) -> Chat:
        """The chat that the bot names, if it may write there.

        Raises:
            Refused: 400, there is none or it has moved; 403, the bot is not wanted there.
        """
        chat = self.known(identifier)
        if chat.migrated_to:
            moved = {"migrate_to_chat_id": chat.migrated_to}
            raise Refused.bad_request("group chat was upgraded to a supergroup chat", moved)
        if chat.away:
            raise Refused.forbidden(chat.away)
        return chat

    def _named(self, name: str) -> Chat | None:
        wanted = name[1:].lower()
        groups = (chat for chat in self.by_id.values() if not chat.is_private)
        return next((chat for chat in groups if chat.username.lower() == wanted), None)

    def _numbered(self, text: str) -> Chat | None:
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        return self.open(int(sign + digits)) if digits.isascii() and digits.isdecimal() else None

    def person(self, user_id: int) -> Person:
        """Somebody by identifier; who never gave a name has an invented one."""
        return self.people.get(user_id) or Person(user_id, f"Pessoa {user_id}")

    def post(self, message: Message) -> Message:
        """Put a message into its chat and tell those who look."""
        chat = self.by_id[message.chat_id]
        chat.last_id = max(chat.last_id, message.message_id)
        chat.messages[message.message_id] = message
        if self._listeners.get(chat.id):  # rendering takes longer than everything else
            self.tell(chat.id, "message", message.for_page())
        return message

    def delete(self, chat: Chat, message_id: int) -> None:
        """Take a message away."""
        del chat.messages[message_id]
        chat.pinned = None if chat.pinned == message_id else chat.pinned
        self.tell(chat.id, "deleted", {"message_id": message_id})

    def chat_json(self, chat: Chat) -> Json:
        """The Chat of the Bot API."""
        fields: Json = {"id": chat.id, "type": chat.kind}
        if chat.is_private:
            person = self.person(chat.id)
            names = {
                "first_name": person.first_name,
                "last_name": person.last_name,
                "username": person.username,
            }
        else:
            names = {"title": chat.title, "username": chat.username}
        forum = {"is_forum": True} if chat.is_forum else {}
        return fields | {name: value for name, value in names.items() if value} | forum

    def message_json(self, message: Message) -> Json:
        """The Message of the Bot API, with what it answers, one step deep."""
        chat = self.by_id[message.chat_id]
        about = self.chat_json(chat)
        replied = chat.messages.get(message.reply_to) if message.reply_to else None
        return message.as_json(about, replied.as_json(about, None) if replied else None)

    def tell(self, chat_id: int, kind: str, content: Json) -> None:
        """Tell those who look at one chat."""
        for listener in self._listeners.get(chat_id, ()):
            listener.put_nowait(Event(kind, content))

    def tell_all(self, kind: str, content: Json) -> None:
        """Tell those who look at any chat."""
        for chat_id in self._listeners:
            self.tell(chat_id, kind, content)

    @contextmanager
    def listening(self, chat_id: int) -> Iterator[asyncio.Queue[Event | None]]:
        """What happens in one chat from now on; None says that nothing will any more."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        if self._closed:
            queue.put_nowait(None)
        listeners = self._listeners.setdefault(chat_id, set())
        listeners.add(queue)
        try:
            yield queue
        finally:
            listeners.discard(queue)

    def close(self) -> None:
        """Let everybody who looks go home."""
        self._closed = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.put_nowait(None)
