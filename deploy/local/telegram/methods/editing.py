"""The methods that change or take away a message, and what may not be changed."""

from dataclasses import replace
from typing import Any

from deploy.local.telegram.calls import Call
from deploy.local.telegram.limits import EDIT
from deploy.local.telegram.methods.keyboards import inline_keyboard, is_for_people
from deploy.local.telegram.methods.sending import input_media
from deploy.local.telegram.methods.wordings import caption_of, text_of
from deploy.local.telegram.refusals import Json, Refused
from deploy.local.telegram.service import Service
from deploy.local.telegram.state.chats import Chat
from deploy.local.telegram.state.messages import Message

DELETABLE_SECONDS = 48 * 3600
"""https://core.telegram.org/bots/api#deletemessage"""

MOST_AT_ONCE = 100
"""https://core.telegram.org/bots/api#deletemessages"""

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def edit_message_text(service: Service, call: Call) -> Json:
    """editMessageText: only where there is text."""
    words = text_of(call)
    message = _editable(service, call)
    if message.file:
        raise Refused.bad_request("there is no text in the message to edit")
    return _edited(service, message, words=words, keyboard=_keyboard(call))


def edit_message_caption(service: Service, call: Call) -> Json:
    """editMessageCaption: only where there is a file; an empty one takes it away."""
    words = caption_of(call)
    message = _editable(service, call)
    if not message.file:
        raise Refused.bad_request("there is no caption in the message to edit")
    return _edited(service, message, words=words, keyboard=_keyboard(call))


def edit_message_media(service: Service, call: Call) -> Json:
    """editMessageMedia: another file with another caption."""
    item = call.parsed("media", "InputMedia JSON object")
    file, words, looks = input_media(service, call, item)
    message = _editable(service, call)
    extra = {**message.extra, **looks}
    return _edited(service, message, words=words, file=file, keyboard=_keyboard(call), extra=extra)


def edit_message_reply_markup(service: Service, call: Call) -> Json:
    """editMessageReplyMarkup: other buttons, or none."""
    message = _editable(service, call)
    return _edited(service, message, keyboard=_keyboard(call))


def delete_message(service: Service, call: Call) -> bool:
    """deleteMessage: within two days; in groups only its own, unless it runs the group."""
    chat = service.chats.writable(call.text("chat_id"))
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise Refused.bad_request("message to delete not found")
    _check_deletable(service, chat, message)
    service.chats.delete(chat, message.message_id)
    return True


def delete_messages(service: Service, call: Call) -> bool:
    """deleteMessages: those that are not there are passed over."""
    listed = call.message_ids()
    if len(listed) > MOST_AT_ONCE:
        raise Refused.bad_request("too many message identifiers specified")
    chat = service.chats.writable(call.text("chat_id"))
    messages = [chat.messages[each] for each in listed if each in chat.messages]
    for message in messages:
        _check_deletable(service, chat, message)
    for message in messages:
        service.chats.delete(chat, message.message_id)
    return True


def _check_deletable(service: Service, chat: Chat, message: Message) -> None:
    bot = service.chats.bot
    if not (chat.is_private or message.sender == bot or bot.id in chat.admins):
        raise Refused.bad_request("message can't be deleted")
    if service.chats.now() - message.date > DELETABLE_SECONDS:
        raise Refused.bad_request("message can't be deleted for everyone")


def _editable(service: Service, call: Call) -> Message:
    if call.text("inline_message_id"):
        raise Refused.bad_request("MESSAGE_ID_INVALID")
    chat = service.chats.writable(call.text("chat_id"))
    if "message_id" not in call.values:
        raise Refused.bad_request("message identifier is not specified")
    message = chat.messages.get(call.integer("message_id"))
    if message is None:
        raise Refused.bad_request("message to edit not found")
    if message.sender != service.chats.bot or "forward_origin" in message.extra:
        raise Refused.bad_request("message can't be edited")
    return message


def _keyboard(call: Call) -> Json | None:
    if is_for_people(call):
        raise Refused.bad_request("inline keyboard expected")
    return inline_keyboard(call)


def _edited(service: Service, message: Message, **changes: Any) -> Json:
    changed = replace(message, **changes)
    if changed.says == message.says:
        raise Refused.bad_request(_NOT_MODIFIED)
    service.limiter.take(message.chat_id, EDIT)
    chats = service.chats
    reworded = message.reworded or changed.says[:2] != message.says[:2]
    return chats.message_json(
        chats.post(replace(changed, edited_at=chats.now(), reworded=reworded))
    )
