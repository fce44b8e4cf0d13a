"""The JSON bodies of people's side, read strictly: what is unknown or of another type is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from deploy.local.telegram.service import Service
from deploy.local.telegram.state.messages import Person
from deploy.local.telegram.state.people import Impossible

_NAMES = ("first_name", "last_name", "username", "language_code")


@dataclass(frozen=True, slots=True)
class Order:
    """One JSON object; every reader raises `Impossible` 400 for what does not fit."""

    document: Mapping[str, Any]

    def only(self, *names: str) -> None:
        """Refuse members that mean nothing, which are typing errors as a rule."""
        if unknown := sorted(self.document.keys() - set(names)):
            raise Impossible(400, f"unknown: {', '.join(unknown)}")

    def has(self, name: str) -> bool:
        """Whether a member is there, and not null."""
        return self.document.get(name) is not None

    def text(self, name: str) -> str:
        """A text; empty when it is missing."""
        return self._checked(name, str, "text") if self.has(name) else ""

    def flag(self, name: str) -> bool:
        """True or false."""
        return bool(self._checked(name, bool, "true or false"))

    def integer(self, name: str) -> int:
        """A whole number."""
        return int(self._checked(name, int, "whole number"))

    def optional_integer(self, name: str) -> int | None:
        """A whole number, if it is there."""
        return self.integer(name) if self.has(name) else None

    def integers(self, name: str) -> list[int]:
        """A list of whole numbers."""
        listed = self._checked(name, list, "list of whole numbers")
        return [Order({name: each}).integer(name) for each in listed]

    def person(self, service: Service, otherwise: int) -> Person:
        """Who acts: `from`, with the names known from before; in a private chat its own person.

        Args:
            service: remembers names.
            otherwise: who it is when `from` is missing; a group's negative id is nobody.
        """
        about = Order(self._checked("from", dict, "object") if self.has("from") else {})
        about.only("id", *_NAMES)
        user_id = about.integer("id") if about.has("id") else otherwise
        if user_id <= 0:
            raise Impossible(400, "from: positive id expected")
        known = service.chats.person(user_id)
        given = {name: about.text(name) for name in _NAMES if about.has(name)}
        names = {name: getattr(known, name) for name in _NAMES} | given
        return Person(user_id, **names)

    def _checked(self, name: str, kind: type, what: str) -> Any:
        value = self.document.get(name)
        if type(value) is not kind:
            raise Impossible(400, f"{name}: {what} expected")
        return value


async def read_order(request: Request) -> Order:
    """Read a request's body.

    Raises:
        Impossible: 400, it is no JSON object.
    """
    try:
        document = orjson.loads(await request.body() or b"{}")
    except orjson.JSONDecodeError as error:
        raise Impossible(400, "the body is not valid JSON") from error
    if not isinstance(document, dict):
        raise Impossible(400, "the body is no JSON object")
    return Order(document)
