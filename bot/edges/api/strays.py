"""Requests that reach no route: wrong address, wrong method, parameters that cannot be read.

FastAPI finds them; these handlers turn what it raises into refusals of our own, so that none of its
English bodies is ever sent.
"""

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.edges.api.refusals import Refusal, Refused
from bot.wording import rest
from bot.wording.page import headings

PARAMETER = "papel"
"""The only one there is."""


def lost(_request: Request, error: HTTPException) -> None:
    """For an address that does not exist.

    Raises:
        Refused: always.
    """
    raise Refused(Refusal(404, rest.NO_SUCH_ADDRESS, page=headings.LOST)) from error


def wrong_way(request: Request, error: HTTPException) -> None:
    """For a method that the address does not answer.

    Raises:
        Refused: always.
    """
    allowed = (error.headers or {})["Allow"].split(", ")
    methods = sorted({*allowed, *(("HEAD",) if "GET" in allowed else ())})
    # The method as it was sent: a HEAD travels through the routes as a GET.
    sentence = rest.wrong_method(request.scope.get("asked_as", request.method), methods)
    raise Refused(Refusal(405, sentence, ((b"allow", ", ".join(methods).encode()),))) from error


def unreadable(_request: Request, error: RequestValidationError) -> None:
    """For parameters that do not have the form that the documentation asks for.

    Raises:
        Refused: always.
    """
    names = dict.fromkeys(str(found["loc"][-1]) for found in error.errors())
    raise Refused(Refusal(422, rest.wrong_parameters(names))) from error


def refuse_others(request: Request) -> None:
    """Refuse parameters beside one `papel`: a mistyped name must not give another share's forecast.

    Raises:
        Refused: there are some.
    """
    names = [name for name, _ in request.query_params.multi_items()]
    if names not in ([], [PARAMETER]):
        wrong = set(names) - {PARAMETER} or {PARAMETER}
        raise Refused(Refusal(422, rest.wrong_parameters(sorted(wrong))))
