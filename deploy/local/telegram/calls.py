"""One call of the bot: its parameters as Telegram reads them, whatever way they came.

    GET query, urlencoded form, multipart form, JSON  ──read_call()──▶  Call

As in Telegram every value is text first: JSON numbers, booleans and objects are written back to
text, so `{"chat_id": 5}` and `chat_id=5` are one thing, and unknown parameters do no harm.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message

from deploy.local.telegram.refusals import Refused
from deploy.local.telegram.state.files import MOST_BYTES, Upload

_INTEGER = re.compile(r"\s*([+-]?\d{1,18})", re.ASCII)
_TRUE = frozenset({"true", "yes", "1"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_ROOM_FOR_FIELDS = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """A method and what it was called with.

    Attributes:
        method: in lower case.
        values: parameters as text.
        uploads: files by the name of their part.
    """

    method: str
    values: Mapping[str, str] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A parameter; empty when it is missing, which Telegram does not tell apart."""
        return self.values.get(name, "")

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; what does not begin with one is zero, as in Telegram."""
        if name not in self.values:
            return default
        found = _INTEGER.match(self.values[name])
        return int(found.group(1)) if found else 0

    def flag(self, name: str) -> bool:
        """Whether a parameter says true, yes or 1."""
        return self.text(name).strip().lower() in _TRUE

    def parsed(self, name: str, what: str) -> Any:
        """A parameter that holds JSON; None when it is missing.

        Args:
            name: of the parameter.
            what: what it should hold, for the refusal: "reply keyboard markup JSON object".

        Raises:
            Refused: 400, it is not JSON.
        """
        if not self.text(name).strip():
            return None
        try:
            return orjson.loads(self.text(name))
        except orjson.JSONDecodeError as error:
            raise Refused.bad_request(f"can't parse {what}") from error

    def message_ids(self) -> list[int]:
        """The parameter of that name, at least one.

        Raises:
            Refused: 400, missing, or no list of whole numbers.
        """
        listed = self.parsed("message_ids", "message identifiers JSON object")
        if not isinstance(listed, list) or not listed:
            raise Refused.bad_request("message identifiers are not specified")
        if not all(isinstance(each, int) for each in listed):
            raise Refused.bad_request("message identifier must be a Number")
        return listed


def as_values(document: Mapping[str, object]) -> dict[str, str]:
    """Write the members of a JSON object as the text that a form would hold."""
    return {name: _as_text(value) for name, value in document.items() if value is not None}


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


async def read_call(request: Request, method: str) -> Call:
    """Read a request's parameters from its address and its body.

    Raises:
        Refused: 400, the body cannot be read; 413, it is too large.
    """
    values = dict(request.query_params)
    _check_length(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return Call(method.lower(), values | _from_json(await request.body()))
    if kind not in _FORMS:
        return Call(method.lower(), values)
    try:
        form = await request.form(max_part_size=_ROOM_FOR_FIELDS)
    except (HTTPException, MultiPartException) as error:
        raise Refused.bad_request("can't parse the form in the request body") from error
    parts = form.multi_items()
    values |= {name: value for name, value in parts if isinstance(value, str)}
    uploads = {
        name: Upload(value.filename or name, value.content_type or "", await value.read())
        for name, value in parts
        if isinstance(value, UploadFile)
    }
    await form.close()
    return Call(method.lower(), values, uploads)


async def read_reply(body: bytes, content_type: str) -> Call:
    """Read the call that a webhook's answer holds; one without a method when it holds none.

    Raises:
        Refused: 400, the answer cannot be read.
    """
    headers = [(b"content-type", content_type.encode("latin-1"))]
    scope = {"type": "http", "method": "POST", "headers": headers, "query_string": b""}

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    call = await read_call(Request(scope, receive), "")
    return replace(call, method=call.text("method").lower())


def _check_length(request: Request) -> None:
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MOST_BYTES + _ROOM_FOR_FIELDS:
        raise Refused(413, "Request Entity Too Large")


def _from_json(body: bytes) -> dict[str, str]:
    if not body.strip():
        return {}
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused.bad_request("can't parse request body: it is not valid JSON") from error
    if not isinstance(document, dict):
        raise Refused.bad_request("can't parse request body: JSON object expected")
    return as_values(document)
