"""The methods by which a bot introduces itself: who it is, its commands, names and menu."""

import re

import orjson

from deploy.local.telegram.calls import Call
from deploy.local.telegram.refusals import Json, Refused
from deploy.local.telegram.service import Service
from deploy.local.telegram.state.profile import DEFAULT_SCOPE

MOST_COMMANDS = 100
MOST_IN_DESCRIPTION = 256
"""https://core.telegram.org/bots/api#botcommand"""

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LONGEST = {"name": 64, "description": 512, "short_description": 120}
_WIDE_SCOPES = (
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
)
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")
_MENU_BUTTONS = ("commands", "web_app", "default")
# ISO 639-1, as registered by the Library of Congress.
_LANGUAGES = frozenset(
    re.findall(
        "[a-z]+",
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu "
        "cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi "
        "ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks "
        "ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl "
        "nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl "
        "sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve "
        "vi vo wa wo xh yi yo za zh zu",
    )
)


def get_me(service: Service, _call: Call) -> Json:
    """getMe: the bot reads everything in groups (privacy mode off) and takes inline queries."""
    rights: Json = {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_guest_queries": False,
    }
    name = service.profile.text("name", "")
    me = service.chats.bot.as_json()
    return me | ({"first_name": name} if name else {}) | rights


def set_my_commands(service: Service, call: Call) -> bool:
    """setMyCommands: for a scope and a language; an empty list is as good as deleting them."""
    commands = call.parsed("commands", "commands JSON object")
    if not isinstance(commands, list):
        raise Refused.bad_request("expected an Array of BotCommand")
    if len(commands) > MOST_COMMANDS:
        raise Refused.bad_request("BOT_COMMANDS_TOO_MUCH")
    place = _place(service, call)
    service.profile.commands[place] = [_command(each) for each in commands]
    service.chats.tell_all("commands", {})
    return True


def get_my_commands(service: Service, call: Call) -> list[Json]:
    """getMyCommands: exactly those of the scope and language, nothing wider."""
    return service.profile.commands.get(_place(service, call), [])


def delete_my_commands(service: Service, call: Call) -> bool:
    """deleteMyCommands: of the scope and language."""
    service.profile.commands.pop(_place(service, call), None)
    service.chats.tell_all("commands", {})
    return True


def set_my_name(service: Service, call: Call) -> bool:
    """setMyName: an empty one gives the account's back."""
    return _set_text(service, call, "name")


def get_my_name(service: Service, call: Call) -> Json:
    """getMyName: its account's name where none was set."""
    name = service.profile.text("name", _language(call))
    return {"name": name or service.chats.bot.first_name}


def set_my_description(service: Service, call: Call) -> bool:
    """setMyDescription: what people read before they start the bot."""
    return _set_text(service, call, "description")


def get_my_description(service: Service, call: Call) -> Json:
    """getMyDescription: in the language, or for everybody."""
    return {"description": service.profile.text("description", _language(call))}


def set_my_short_description(service: Service, call: Call) -> bool:
    """setMyShortDescription: what people read on its page."""
    return _set_text(service, call, "short_description")


def get_my_short_description(service: Service, call: Call) -> Json:
    """getMyShortDescription: in the language, or for everybody."""
    return {"short_description": service.profile.text("short_description", _language(call))}


def set_chat_menu_button(service: Service, call: Call) -> bool:
    """setChatMenuButton, of one private chat or of all."""
    button = call.parsed("menu_button", "MenuButton JSON object") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in _MENU_BUTTONS:
        raise Refused.bad_request("MenuButton has unsupported type")
    service.profile.menu_buttons[call.integer("chat_id")] = button
    return True


def get_chat_menu_button(service: Service, call: Call) -> Json:
    """getChatMenuButton: of the chat, or of all."""
    buttons = service.profile.menu_buttons
    return buttons.get(call.integer("chat_id")) or buttons.get(0) or {"type": "commands"}


def _command(each: object) -> Json:
    if not isinstance(each, dict):
        raise Refused.bad_request("can't parse BotCommand: expected an Object")
    command, description = each.get("command"), each.get("description")
    if not isinstance(command, str) or not _COMMAND.fullmatch(command.removeprefix("/")):
        raise Refused.bad_request("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not 0 < len(description) <= MOST_IN_DESCRIPTION:
        raise Refused.bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command.removeprefix("/"), "description": description}


def _place(service: Service, call: Call) -> tuple[str, str]:
    scope = call.parsed("scope", "BotCommandScope JSON object")
    if scope is None:
        return DEFAULT_SCOPE, _language(call)
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in _WIDE_SCOPES:
        kept: Json = {"type": kind}
    elif kind in _CHAT_SCOPES:
        chat = service.chats.known(str(scope.get("chat_id", "")))
        kept = {"type": kind, "chat_id": chat.id}
        if kind == "chat_member":
            kept["user_id"] = str(scope.get("user_id"))
    else:
        raise Refused.bad_request("can't parse BotCommandScope: unsupported type specified")
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode(), _language(call)


def _language(call: Call) -> str:
    code = call.text("language_code")
    if code and code not in _LANGUAGES:
        raise Refused.bad_request("invalid language code specified")
    return code


def _set_text(service: Service, call: Call, kind: str) -> bool:
    text = call.text(kind)
    if len(text) > _LONGEST[kind]:
        raise Refused.bad_request(f"bot {kind.replace('_', ' ')} is too long")
    service.profile.texts[kind, _language(call)] = text
    service.chats.tell_all("commands", {})
    return True
