"""People's side over HTTP: for the chat page, for tests and for scripts.

    POST /chats/{id}/messages    write or edit        GET /chats/{id}/messages   read, or wait
    POST /chats/{id}/callbacks   press a button       GET /callbacks/{id}        its answer
    PUT  /chats/{id}             set up, block, move  GET /chats/{id}/events     as it happens
    POST /inline                 ask inline           GET /inline/{id}           the results
    POST /chats/{id}/chosen      send one of them
    POST /faults                 order failures       GET /bot, /chats, /files/{id}

Bodies are JSON.  What cannot be done is answered with its status and {"error": "…"}.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.local.telegram import faults
from deploy.local.telegram.chat_setup import set_up
from deploy.local.telegram.choosing import choose
from deploy.local.telegram.event_stream import event_stream
from deploy.local.telegram.orders import read_order
from deploy.local.telegram.refusals import Json
from deploy.local.telegram.service import Service
from deploy.local.telegram.state import people
from deploy.local.telegram.state.chats import Chat

LONGEST_WAIT = 60.0
"""Seconds that GET /chats/{id}/messages waits at most."""

_PICTURE = "image/"
_WRITING = (
    *("text", "from", "reply_to", "thread", "edit"),
    *("photo", "anonymous", "forwarded"),
)

Handler = Callable[[Service, Request], Awaitable[Response]]


def routes(service: Service) -> list[Route]:
    """The routes of people's side."""

    def bound(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return await handler(service, request)
            except people.Impossible as impossible:
                return _json({"error": str(impossible)}, impossible.status)
            except faults.Malformed as malformed:
                return _json({"error": str(malformed)}, 400)

        return answer

    table: list[tuple[str, str, Handler]] = [
        ("GET", "/bot", _bot),
        ("GET", "/chats", _list_chats),
        ("PUT", "/chats/{chat_id}", _set_up),
        ("POST", "/chats/{chat_id}/messages", _write),
        ("GET", "/chats/{chat_id}/messages", _read),
        ("POST", "/chats/{chat_id}/callbacks", _press),
        ("POST", "/chats/{chat_id}/chosen", _choose),
        ("GET", "/chats/{chat_id}/events", _events),
        ("GET", "/callbacks/{identifier}", _callback),
        ("POST", "/inline", _ask_inline),
        ("GET", "/inline/{identifier}", _inline),
        ("GET", "/files/{unique_id}", _file),
        ("POST", "/faults", _order_fault),
        ("GET", "/faults", _list_faults),
        ("DELETE", "/faults", _clear_faults),
    ]
    return [Route(path, bound(handler), methods=[verb]) for verb, path, handler in table]


async def _bot(service: Service, request: Request) -> Response:
    chat_id = int(_number(request, "chat", 1))
    language = request.query_params.get("language", "pt")
    bot, profile = service.chats.bot, service.profile
    shown: Json = {
        "name": profile.text("name", language) or bot.first_name,
        "username": bot.username,
        "description": profile.text("description", language),
        "short_description": profile.text("short_description", language),
        "commands": profile.shown_commands(chat_id, language),
        "connected": service.is_connected,
    }
    return _json(shown)


async def _list_chats(service: Service, _: Request) -> Response:
    return _json([_chat(service, chat) for chat in service.chats.by_id.values()])


async def _set_up(service: Service, request: Request) -> Response:
    chat = set_up(service, _chat_id(request), await read_order(request))
    return _json(_chat(service, chat))


async def _write(service: Service, request: Request) -> Response:
    chat = people.chat_of(service, _chat_id(request))
    order = await read_order(request)
    order.only(*_WRITING)
    writing = people.Writing(
        text=order.text("text"),
        reply_to=order.optional_integer("reply_to"),
        thread=order.optional_integer("thread"),
        edit=order.optional_integer("edit"),
        photo=order.has("photo") and order.flag("photo"),
        anonymous=order.has("anonymous") and order.flag("anonymous"),
        forwarded=order.has("forwarded") and order.flag("forwarded"),
    )
    author = order.person(service, chat.id)
    message = people.write(service, chat, author, writing)
    return _json({"message_id": message.message_id})


async def _read(service: Service, request: Request) -> Response:
    chat = people.chat_of(service, _chat_id(request))
    after = _number(request, "after", 0)
    wait = min(_number(request, "wait", 0), LONGEST_WAIT)
    if wait > 0 and chat.last_id <= after:
        await _next_message(service, chat.id, wait)
    newer = [each for each in chat.messages.values() if each.message_id > after]
    return _json([message.for_page() for message in newer])


async def _next_message(service: Service, chat_id: int, seconds: float) -> None:
    with service.chats.listening(chat_id) as events, contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (event := await events.get()) and event.kind != "message":
                pass


async def _press(service: Service, request: Request) -> Response:
    chat = people.chat_of(service, _chat_id(request))
    order = await read_order(request)
    order.only("message_id", "data", "from")
    by = order.person(service, chat.id)
    message_id, data = order.integer("message_id"), order.text("data")
    return _json({"callback_id": people.press(service, chat, by, message_id, data)})


async def _callback(service: Service, request: Request) -> Response:
    identifier = request.path_params["identifier"]
    pressed = service.queries.pressed.get(identifier)
    if pressed is None:
        raise people.Impossible(404, f"there is no callback {identifier}")
    return _json(pressed.as_json(identifier))


async def _ask_inline(service: Service, request: Request) -> Response:
    order = await read_order(request)
    order.only("query", "offset", "from")
    by = order.person(service, 0)
    identifier = people.ask_inline(service, by, order.text("query"), order.text("offset"))
    return _json({"inline_query_id": identifier})


async def _inline(service: Service, request: Request) -> Response:
    identifier = request.path_params["identifier"]
    asked = service.queries.asked.get(identifier)
    if asked is None:
        raise people.Impossible(404, f"there is no inline query {identifier}")
    return _json({"answered": asked.answer is not None, "results": [], **(asked.answer or {})})


async def _choose(service: Service, request: Request) -> Response:
    chat = people.chat_of(service, _chat_id(request))
    order = await read_order(request)
    order.only("inline_query_id", "result_id", "from")
    author = order.person(service, chat.id)
    asked, result = order.text("inline_query_id"), order.text("result_id")
    return _json({"message_id": choose(service, chat, author, asked, result).message_id})


async def _events(service: Service, request: Request) -> Response:
    return event_stream(service.chats, people.chat_of(service, _chat_id(request)).id)


async def _file(service: Service, request: Request) -> Response:
    stored = service.files.by_unique_id.get(request.path_params["unique_id"])
    if stored is None:
        raise people.Impossible(404, "there is no such file")
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    if stored.media_type.startswith(_PICTURE) and stored.picture:
        return Response(stored.content, media_type=stored.media_type, headers=headers)
    # Whatever else was uploaded is never shown as a page of this origin.
    headers["Content-Disposition"] = "attachment"
    return Response(stored.content, media_type="application/octet-stream", headers=headers)


async def _order_fault(service: Service, request: Request) -> Response:
    order = await read_order(request)
    fault = faults.read_fault(order.document)
    service.faults.waiting.append(fault)
    return _json(faults.as_json(fault))


async def _list_faults(service: Service, _: Request) -> Response:
    return _json([faults.as_json(fault) for fault in service.faults.waiting])


async def _clear_faults(service: Service, _: Request) -> Response:
    service.faults.waiting.clear()
    return _json([])


def _chat(service: Service, chat: Chat) -> Json:
    state = {
        "admins": sorted(chat.admins),
        "blocked": chat.blocked,
        "migrated_to": chat.migrated_to,
        "last_message_id": chat.last_id,
    }
    return service.chats.chat_json(chat) | state


def _chat_id(request: Request) -> int:
    text = request.path_params["chat_id"]
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and int(digits)):
        raise people.Impossible(404, f"{text} is no chat id")
    return int(text)


def _number(request: Request, name: str, default: float) -> float:
    try:
        return float(request.query_params.get(name, default))
    except ValueError as error:
        raise people.Impossible(400, f"{name}: number expected") from error


def _json(content: object, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")
