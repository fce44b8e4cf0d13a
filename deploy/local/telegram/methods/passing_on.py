"""The methods that send again what stands somewhere already: copies and forwards."""

from deploy.local.telegram.calls import Call
from deploy.local.telegram.methods.sending import sent, target_of
from deploy.local.telegram.methods.wordings import caption_of
from deploy.local.telegram.refusals import Json, Refused
from deploy.local.telegram.service import Service
from deploy.local.telegram.state.messages import Message


def copy_message(service: Service, call: Call) -> Json:
    """copyMessage: the same content, as if the bot had written it."""
    original = _original(service, call, call.integer("message_id"), "copy")
    words = original.words
    if original.file and "caption" in call.values:
        words = caption_of(call)
    message = sent(service, target_of(service, call), words, original.file)
    return {"message_id": message["message_id"]}


def copy_messages(service: Service, call: Call) -> list[Json]:
    """copyMessages: those that are there, in order."""
    return [copy_message(service, single) for single in _each(service, call, "copy")]


def forward_message(service: Service, call: Call) -> Json:
    """forwardMessage: the same content, saying whose it was."""
    original = _original(service, call, call.integer("message_id"), "forward")
    origin = {
        "type": "user",
        "sender_user": original.sender.as_json(),
        "date": original.date,
    }
    first = original.extra.get("forward_origin", origin)
    extra = {"forward_origin": first}
    return sent(service, target_of(service, call), original.words, original.file, extra)


def forward_messages(service: Service, call: Call) -> list[Json]:
    """forwardMessages: those that are there, in order."""
    forwarded = [forward_message(service, single) for single in _each(service, call, "forward")]
    return [{"message_id": message["message_id"]} for message in forwarded]


def _each(service: Service, call: Call, verb: str) -> list[Call]:
    listed = call.message_ids()
    chat = service.chats.known(call.text("from_chat_id"))
    found = [each for each in listed if each in chat.messages]
    if not found:
        raise Refused.bad_request(f"there are no messages to {verb}")
    return [Call(call.method, {**call.values, "message_id": str(each)}) for each in found]


def _original(service: Service, call: Call, message_id: int, verb: str) -> Message:
    source = service.chats.known(call.text("from_chat_id"))
    message = source.messages.get(message_id)
    if message is None:
        raise Refused.bad_request(f"message to {verb} not found")
    if not (message.words.text or message.file):
        done = {"copy": "copied", "forward": "forwarded"}[verb]
        raise Refused.bad_request(f"message can't be {done}")
    return message
