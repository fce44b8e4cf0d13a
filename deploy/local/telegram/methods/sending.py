"""The methods that put a new message into a chat."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.local.telegram.calls import Call, as_values
from deploy.local.telegram.formatting.marked import Marked
from deploy.local.telegram.limits import MESSAGE
from deploy.local.telegram.methods.keyboards import inline_keyboard
from deploy.local.telegram.methods.wordings import caption_of, text_of
from deploy.local.telegram.refusals import Json, Refused
from deploy.local.telegram.service import Service
from deploy.local.telegram.state.chats import Chat
from deploy.local.telegram.state.files import StoredFile
from deploy.local.telegram.state.messages import Message

FEWEST_IN_ALBUM = 2
MOST_IN_ALBUM = 10
"""https://core.telegram.org/bots/api#sendmediagroup"""

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
ACTION_SECONDS = 5
"""How long people see it, https://core.telegram.org/bots/api#sendchataction."""

_ATTACHED = "attach://"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes and how.

    Attributes:
        chat: it may be written to.
        thread: topic of a forum.
        reply_to: message_id of the message answered.
        silent: without a sound.
        keyboard: the InlineKeyboardMarkup below it.
        extra: further fields of the message.
    """

    chat: Chat
    thread: int | None
    reply_to: int | None
    silent: bool
    keyboard: Json | None
    extra: Mapping[str, Any]


def send_message(service: Service, call: Call) -> Json:
    """sendMessage: text with an optional keyboard."""
    words = text_of(call)
    target = target_of(service, call)
    preview = call.parsed("link_preview_options", "link preview options JSON object")
    if call.flag("disable_web_page_preview"):
        preview = {"is_disabled": True}
    extra = {"link_preview_options": preview} if isinstance(preview, dict) else {}
    return sent(service, target, words, None, extra)


def send_photo(service: Service, call: Call) -> Json:
    """sendPhoto: an upload, or one sent before."""
    return _send_file(service, call, "photo")


def send_document(service: Service, call: Call) -> Json:
    """sendDocument: any file."""
    return _send_file(service, call, "document")


def send_media_group(service: Service, call: Call) -> list[Json]:
    """sendMediaGroup: two to ten photos, or as many documents."""
    items = call.parsed("media", "media JSON object")
    if not isinstance(items, list):
        raise Refused.bad_request("expected an Array of InputMedia")
    if not FEWEST_IN_ALBUM <= len(items) <= MOST_IN_ALBUM:
        size = "few" if len(items) < FEWEST_IN_ALBUM else "many"
        raise Refused.bad_request(f"too {size} messages to send as an album")
    media = [input_media(service, call, item) for item in items]
    if len({file.kind for file, _, _ in media}) > 1:
        raise Refused.bad_request("document can't be mixed with other media types")
    target = target_of(service, call)
    service.limiter.take(target.chat.id, MESSAGE * len(media))
    group = {"media_group_id": str(service.chats.now() * 1000 + target.chat.last_id)}
    return [_posted(service, target, words, file, group | extra) for file, words, extra in media]


def input_media(service: Service, call: Call, item: object) -> tuple[StoredFile, Marked, Json]:
    """An InputMedia of `call`: its file, its caption and further fields of the message.

    Raises:
        Refused: 400, it cannot be read or is of a kind that is not offered here.
    """
    if not isinstance(item, dict):
        raise Refused.bad_request("can't parse InputMedia: expected an Object")
    if item.get("type") not in ("photo", "document"):
        raise Refused.bad_request("can't parse InputMedia: type must be photo or document")
    single = Call(call.method, as_values(item), call.uploads)
    return file_of(service, single, item["type"], "media"), caption_of(single), _looks(single)


def file_of(service: Service, call: Call, kind: str, name: str = "") -> StoredFile:
    """The file that a call brings or names in its parameter `name` (usually like its kind).

    Raises:
        Refused: 400, missing, unknown, or no picture.
    """
    reference = call.text(name or kind)
    part = reference.removeprefix(_ATTACHED)
    upload = call.uploads.get(part if reference.startswith(_ATTACHED) else name or kind)
    if upload and (not reference or reference.startswith(_ATTACHED)):
        return service.files.add(kind, upload)
    if not reference or reference.startswith(_ATTACHED):
        raise Refused.bad_request(f"there is no {kind} in the request")
    return service.files.again(kind, reference)


def send_chat_action(service: Service, call: Call) -> bool:
    """sendChatAction: "writing…" for five seconds."""
    action = call.text("action").lower()
    if action not in ACTIONS:
        raise Refused.bad_request("wrong parameter action in request")
    chat = service.chats.writable(call.text("chat_id"))
    service.chats.tell(chat.id, "typing", {"action": action, "seconds": ACTION_SECONDS})
    return True


def _send_file(service: Service, call: Call, kind: str) -> Json:
    file = file_of(service, call, kind)
    words = caption_of(call)
    return sent(service, target_of(service, call), words, file, _looks(call))


def _looks(call: Call) -> Json:
    above = {"show_caption_above_media": True} if call.flag("show_caption_above_media") else {}
    return above | ({"has_media_spoiler": True} if call.flag("has_spoiler") else {})


def target_of(service: Service, call: Call) -> Target:
    """Where a call wants its message.

    Raises:
        Refused: 400 or 403, it cannot go there.
    """
    keyboard = inline_keyboard(call)
    chat = service.chats.writable(call.text("chat_id"))
    thread = call.integer("message_thread_id") or None
    if thread and not chat.is_forum:
        raise Refused.bad_request("message thread not found")
    return Target(
        chat=chat,
        thread=thread,
        reply_to=_reply_to(call, chat),
        silent=call.flag("disable_notification"),
        keyboard=keyboard,
        extra={"has_protected_content": True} if call.flag("protect_content") else {},
    )


def _reply_to(call: Call, chat: Chat) -> int | None:
    described = call.parsed("reply_parameters", "reply parameters JSON object")
    if isinstance(described, dict):
        wanted = described.get("message_id")
        if not isinstance(wanted, int):
            raise Refused.bad_request("can't parse reply parameters: message_id must be a Number")
        optional = bool(described.get("allow_sending_without_reply"))
    else:
        wanted = call.integer("reply_to_message_id")
        optional = call.flag("allow_sending_without_reply")
    if not wanted or wanted in chat.messages:
        return wanted or None
    if not optional:
        raise Refused.bad_request("message to be replied not found")
    return None


def sent(
    service: Service,
    target: Target,
    words: Marked,
    file: StoredFile | None,
    extra: Json | None = None,
) -> Json:
    """Send one message, if the limits allow it; gives it as the Bot API writes it."""
    service.limiter.take(target.chat.id, MESSAGE)
    return _posted(service, target, words, file, extra or {})


def _posted(
    service: Service, target: Target, words: Marked, file: StoredFile | None, extra: Json
) -> Json:
    chats = service.chats
    message = Message(
        chat_id=target.chat.id,
        message_id=target.chat.last_id + 1,
        date=chats.now(),
        sender=chats.bot,
        words=words,
        file=file,
        keyboard=target.keyboard,
        reply_to=target.reply_to,
        thread=target.thread,
        silent=target.silent,
        extra={**target.extra, **extra},
    )
    return chats.message_json(chats.post(message))
