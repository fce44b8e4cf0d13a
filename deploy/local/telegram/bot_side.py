"""The bot's side over HTTP: /bot<token>/<method> and /file/bot<token>/<path>.

Answers are Telegram's envelopes, with the HTTP status of their `error_code`; ordered faults
happen here.
"""

import re

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from deploy.local.telegram.calls import Call, read_call
from deploy.local.telegram.faults import Fault
from deploy.local.telegram.methods.table import perform
from deploy.local.telegram.refusals import Json, Refused
from deploy.local.telegram.service import Service

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}", re.ASCII)
_SAID_TOO = {"setwebhook": "Webhook was set", "deletewebhook": "Webhook was deleted"}
_GATEWAY_PAGE = (
    "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n"
    "<center><h1>{status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)


class ConnectionDropped(Exception):
    """Stands for a connection that ended, where there is no connection to end."""


class _NoAnswer(Response):
    """Ends the connection; servers that cannot be told to do so see an exception instead."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """End the connection and wait until it is gone."""
        del send  # nothing is answered
        abort = scope.get("extensions", {}).get("abort")
        if abort is None:
            raise ConnectionDropped
        abort()
        while (await receive())["type"] != "http.disconnect":
            pass


def routes(service: Service) -> list[Route]:
    """The routes of the bot's side."""

    async def method(request: Request) -> Response:
        try:
            _check_token(service, request.path_params["token"])
            return await _answered(service, request)
        except Refused as refused:
            return _json(refused.as_json(), refused.status)

    async def file(request: Request) -> Response:
        try:
            _check_token(service, request.path_params["token"])
        except Refused as refused:
            return _json(refused.as_json(), refused.status)
        stored = service.files.by_path.get(request.path_params["path"])
        if stored is None:
            return _json(Refused(404, "Not Found: file not found").as_json(), 404)
        return Response(stored.content, media_type="application/octet-stream")

    async def nothing(_: Request) -> Response:
        return _json(Refused(404, "Not Found").as_json(), 404)

    both = ["GET", "POST"]
    return [
        Route("/bot{token}/{method}", method, methods=both),
        Route("/file/bot{token}/{path:path}", file, methods=["GET"]),
        Route("/bot{rest:path}", nothing, methods=both),
    ]


def _check_token(service: Service, token: str) -> None:
    if not _TOKEN.fullmatch(token):
        raise Refused(404, "Not Found")
    if service.token is not None and token != service.token:
        raise Refused(401, "Unauthorized")


async def _answered(service: Service, request: Request) -> Response:
    call = await read_call(request, request.path_params["method"])
    fault = service.faults.next_for(call.method) or Fault()
    if fault.delay:
        await service.sleep(fault.delay)
    if fault.is_gateway:
        return _gateway_page(fault)
    if fault.status:
        raise fault.refusal()
    envelope = await _performed(service, call)
    return _NoAnswer() if fault.drop else envelope


async def _performed(service: Service, call: Call) -> Response:
    try:
        result = await perform(service, call)
    except Refused as refused:
        return _json(refused.as_json(), refused.status)
    said = {"description": _SAID_TOO[call.method]} if call.method in _SAID_TOO else {}
    return _json({"ok": True, "result": result} | said, 200)


def _gateway_page(fault: Fault) -> Response:
    refusal = fault.refusal()
    page = _GATEWAY_PAGE.format(status=f"{refusal.status} {refusal.description}")
    return Response(page, refusal.status, media_type="text/html")


def _json(envelope: Json, status: int) -> Response:
    return Response(orjson.dumps(envelope), status, media_type="application/json")
