"""What the documentation says of a route's answers: every status it may have, and its headers."""

from typing import Any

from bot.edges.api.documents import Erro
from bot.wording import rest

Documented = dict[int | str, dict[str, Any]]

_CACHED = {
    "ETag": {"description": rest.ETAG, "schema": {"type": "string"}},
    "Cache-Control": {"description": rest.CACHE, "schema": {"type": "string"}},
}
_RETRY = {"Retry-After": {"description": rest.RETRY, "schema": {"type": "integer"}}}
_HEADERS = {304: _CACHED, 429: _RETRY, 503: _RETRY}


def answers(document: type, *others: int) -> Documented:
    """The statuses of a route that answers `document` when all is well."""
    found: Documented = {200: {"model": document, "description": rest.ANSWERS[200]}}
    if 304 in others:  # noqa: PLR2004, HTTP's number for "not modified"
        found[200]["headers"] = _CACHED
    return found | {status: _other(status) for status in others}


def _other(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {"description": rest.ANSWERS[status]}
    if status != 304:  # noqa: PLR2004, which has no body
        told["model"] = Erro
    if status in _HEADERS:
        told["headers"] = _HEADERS[status]
    return told
