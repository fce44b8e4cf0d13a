"""People, messages and what they hold, and how the Bot API and the chat page write them down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.local.telegram.formatting.marked import Marked
from deploy.local.telegram.formatting.rendering import as_html
from deploy.local.telegram.refusals import Json
from deploy.local.telegram.state.files import StoredFile


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes: a person or the bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "pt-br"
    is_bot: bool = False

    def as_json(self) -> Json:
        """The User of the Bot API."""
        fields: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        optional = {"last_name": self.last_name, "username": self.username}
        if not self.is_bot:
            optional["language_code"] = self.language_code
        return fields | {name: value for name, value in optional.items() if value}


ANONYMOUS = Person(1_087_968_824, "Group", username="GroupAnonymousBot", is_bot=True)
"""Whom Telegram names as the author when somebody who runs a group writes in its name."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of one chat, as it stands now.

    Attributes:
        message_id: counts up from 1 in each chat.
        date: seconds since 1970.
        words: the text, or the caption where there is a file.
        file: the photo or document shown.
        keyboard: the InlineKeyboardMarkup below it.
        reply_to: message_id of the message answered.
        thread: topic of a group.
        silent: sent with disable_notification.
        anonymous: written in the name of the group by one who runs it.
        edited_at: when it was last edited, in seconds since 1970.
        reworded: whether that changed more than its keyboard, so that people are told.
        extra: further fields of the Bot API's Message that need no meaning here.
    """

    chat_id: int
    message_id: int
    date: int
    sender: Person
    words: Marked = field(default_factory=Marked)
    file: StoredFile | None = None
    keyboard: Json | None = None
    reply_to: int | None = None
    thread: int | None = None
    silent: bool = False
    anonymous: bool = False
    edited_at: int | None = None
    reworded: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def says(self) -> tuple[Marked, StoredFile | None, Json | None]:
        """All that an edit can change."""
        return self.words, self.file, self.keyboard

    def as_json(self, chat: Json, replied: Json | None) -> Json:
        """The Message of the Bot API, in `chat`, answering `replied`."""
        fields: Json = {
            "message_id": self.message_id,
            **self._author(chat),
            "chat": chat,
            "date": self.date,
        }
        optional = {
            "edit_date": self.edited_at,
            "message_thread_id": self.thread,
            "is_topic_message": bool(self.thread and chat.get("is_forum")) or None,
            "reply_to_message": replied,
            "reply_markup": self.keyboard,
        }
        kept = {name: value for name, value in optional.items() if value is not None}
        return fields | kept | self._content() | dict(self.extra)

    def _author(self, chat: Json) -> Json:
        """Posts of a channel have no author but the channel."""
        if chat["type"] == "channel":
            return {"sender_chat": chat}
        if self.anonymous:
            return {"from": ANONYMOUS.as_json(), "sender_chat": chat}
        return {"from": self.sender.as_json()}

    def _content(self) -> Json:
        text, entities = ("caption", "caption_entities") if self.file else ("text", "entities")
        content = self.file.in_message() if self.file else {}
        if self.words.text:
            content[text] = self.words.text
        if self.words.entities:
            content[entities] = [entity.as_json() for entity in self.words.entities]
        return content

    def for_page(self) -> Json:
        """The message as people's side of the local chat shows it."""
        shown: Json = {
            "message_id": self.message_id,
            "date": self.date,
            "from": "bot" if self.sender.is_bot else "user",
            "sender": self.sender.first_name,
            ("caption" if self.file else "text"): self.words.text,
            "html": as_html(self.words),
            "entities": [entity.as_json() for entity in self.words.entities],
            "photo": None,
            "buttons": _buttons(self.keyboard),
            "edited": self.reworded,
            "silent": self.silent,
            "thread": self.thread,
            "reply_to": self.reply_to,
        }
        return shown | _attachment(self.file)


def _buttons(keyboard: Json | None) -> list[list[Json]]:
    rows = keyboard["inline_keyboard"] if keyboard else []
    return [[_button(button) for button in row] for row in rows]


def _button(button: Json) -> Json:
    if "callback_data" in button:
        return {"text": button["text"], "data": button["callback_data"]}
    return {"text": button["text"], "url": button.get("url", "")}


def _attachment(file: StoredFile | None) -> Json:
    if file is None:
        return {}
    address = f"/files/{file.unique_id}"
    if file.kind == "photo" and file.picture:
        return {"photo": address, "width": file.picture.width, "height": file.picture.height}
    return {"document": {"name": file.name, "url": address, "size": len(file.content)}}
