"""From a kept answer to the response: 304 for those who have it already, and how long it lasts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from fastapi import Request, Response

from bot.edges.api.kept_answers import Answer

JSON = "application/json"
NO_MORE: Mapping[str, str] = MappingProxyType({})


def reply(  # noqa: PLR0913, each of them is a part of the answer
    request: Request,
    answer: Answer,
    now: datetime,
    media_type: str = JSON,
    more: Mapping[str, str] = NO_MORE,
    *,
    shared: bool = True,
) -> Response:
    """The answer, or 304 when the caller has it.

    Args:
        request: may carry `If-None-Match`.
        answer: what is answered.
        now: for how long the answer may still be kept, aware.
        media_type: of the body.
        more: headers of this kind of answer.
        shared: whether caches of many users may keep it; not what a key opened.
    """
    seconds = max((answer.until - now) // timedelta(seconds=1), 0)
    headers = {
        "etag": answer.etag,
        "cache-control": f"{'public' if shared else 'private'}, max-age={seconds}",
        **more,
    }
    if has_already(request.headers.getlist("if-none-match"), answer.etag):
        return Response(None, 304, headers)
    return Response(answer.body, 200, headers, media_type)


def has_already(if_none_match: Sequence[str], etag: str) -> bool:
    """Whether the validators that a caller sent, line by line, name the answer.

    RFC 9110, 13.1.2; several lines are one list (5.3).
    """
    named = [one.strip().removeprefix("W/") for one in ",".join(if_none_match).split(",")]
    return etag in named or named == ["*"]
