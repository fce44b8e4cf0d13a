"""Who is in a chat and with which rights, and what only members may do."""

from typing import Any

from deploy.local.telegram.calls import Call
from deploy.local.telegram.refusals import Json, Refused
from deploy.local.telegram.service import Service
from deploy.local.telegram.state.chats import Chat
from deploy.local.telegram.state.messages import Message, Person

_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_manage_tags",
    "can_send_welcome_messages",
)
_IN_CHANNELS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_react_to_messages",
    "can_edit_tag",
)
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")


def get_chat(service: Service, call: Call) -> Json:
    """getChat: the ChatFullInfo, as far as there is something to tell."""
    chat = service.chats.known(call.text("chat_id"))
    full: Json = {
        **service.chats.chat_json(chat),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*_GIFTS, "gifts_from_channels"), False),
    }
    if not (chat.is_private or chat.is_channel):
        full["permissions"] = dict.fromkeys(_PERMISSIONS, True)
    pinned = chat.messages.get(chat.pinned) if chat.pinned else None
    return full | ({"pinned_message": service.chats.message_json(pinned)} if pinned else {})


def get_chat_member(service: Service, call: Call) -> Json:
    """getChatMember: what somebody is in a chat."""
    chat = service.chats.writable(call.text("chat_id"))
    user_id = call.integer("user_id")
    bot = service.chats.bot
    inside = user_id in chat.members or chat.is_run_by(user_id)
    if not (inside or user_id in service.chats.people or user_id == bot.id):
        raise Refused.bad_request("user not found")
    return member(chat, bot if user_id == bot.id else service.chats.person(user_id), bot)


def get_chat_administrators(service: Service, call: Call) -> list[Json]:
    """getChatAdministrators: only groups have any."""
    chat = service.chats.writable(call.text("chat_id"))
    if chat.is_private:
        raise Refused.bad_request("there are no administrators in the private chat")
    bot = service.chats.bot
    owner = set() if chat.owner is None else {chat.owner}
    listed = [*sorted(owner), *sorted(chat.admins - owner)]
    people = [bot if each == bot.id else service.chats.person(each) for each in listed]
    return [member(chat, person, bot) for person in people]


def get_chat_member_count(service: Service, call: Call) -> int:
    """getChatMemberCount: those who wrote there or run it, and the bot."""
    chat = service.chats.writable(call.text("chat_id"))
    owner = set() if chat.owner is None else {chat.owner}
    return len(chat.members | chat.admins | owner | {service.chats.bot.id})


def leave_chat(service: Service, call: Call) -> bool:
    """leaveChat: groups only."""
    chat = service.chats.writable(call.text("chat_id"))
    if chat.is_private:
        raise Refused.bad_request("chat member status can't be changed in private chats")
    before = member(chat, service.chats.bot, service.chats.bot)
    chat.left = True
    announce(service, chat, service.chats.bot, before)
    return True


def pin_chat_message(service: Service, call: Call) -> bool:
    """pinChatMessage: in groups only a bot that runs them."""
    chat, message = _pinning(service, call)
    if message is None:
        raise Refused.bad_request("message to pin not found")
    chat.pinned = message.message_id
    return True


def unpin_chat_message(service: Service, call: Call) -> bool:
    """unpinChatMessage: the one named, or the newest."""
    chat, message = _pinning(service, call)
    if "message_id" in call.values and message is None:
        raise Refused.bad_request("message to unpin not found")
    if message is None or message.message_id == chat.pinned:
        chat.pinned = None
    return True


def unpin_all_chat_messages(service: Service, call: Call) -> bool:
    """unpinAllChatMessages: there is only ever one."""
    chat, _ = _pinning(service, call)
    chat.pinned = None
    return True


def set_message_reaction(service: Service, call: Call) -> bool:
    """setMessageReaction: checked, and shown to nobody."""
    chat = service.chats.writable(call.text("chat_id"))
    if call.integer("message_id") not in chat.messages:
        raise Refused.bad_request("message to react not found")
    reactions = call.parsed("reaction", "reaction JSON object") or []
    if not isinstance(reactions, list) or not all(map(_is_reaction, reactions)):
        raise Refused.bad_request("REACTION_INVALID")
    return True


def get_user_profile_photos(service: Service, call: Call) -> Json:
    """getUserProfilePhotos: nobody here has any."""
    user_id = call.integer("user_id")
    known = user_id == service.chats.bot.id or user_id in service.chats.people
    if not known and user_id not in service.chats.by_id:
        raise Refused.bad_request("user not found")
    return {"total_count": 0, "photos": []}


def member(chat: Chat, person: Person, bot: Person) -> Json:
    """The ChatMember that somebody is."""
    about: Json = {"user": person.as_json()}
    if person == bot and (chat.blocked or chat.left):
        banned = {"status": "kicked", "until_date": 0}
        return about | (banned if chat.blocked else {"status": "left"})
    if person.id == chat.owner:
        return about | {"status": "creator", "is_anonymous": False}
    if person.id in chat.admins:
        rights = dict.fromkeys((*_RIGHTS, *(_IN_CHANNELS if chat.is_channel else ())), True)
        status = {"status": "administrator", "can_be_edited": False, "is_anonymous": False}
        return about | status | rights
    inside = person == bot or person.id in chat.members
    return about | {"status": "member" if inside else "left"}


def announce(service: Service, chat: Chat, by: Person, before: Json) -> None:
    """Tell the bot that its own place in a chat has changed from `before`."""
    change: dict[str, Any] = {
        "chat": service.chats.chat_json(chat),
        "from": by.as_json(),
        "date": service.chats.now(),
        "old_chat_member": before,
        "new_chat_member": member(chat, service.chats.bot, service.chats.bot),
    }
    service.updates.add("my_chat_member", change)


def _pinning(service: Service, call: Call) -> tuple[Chat, Message | None]:
    chat = service.chats.writable(call.text("chat_id"))
    if not chat.is_private and service.chats.bot.id not in chat.admins:
        raise Refused.bad_request("not enough rights to manage pinned messages in the chat")
    return chat, chat.messages.get(call.integer("message_id"))


def _is_reaction(each: object) -> bool:
    return isinstance(each, dict) and each.get("type") in ("emoji", "custom_emoji")
