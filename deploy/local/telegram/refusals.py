"""How Telegram says no: a status, a sentence, and sometimes a parameter to act on.

The sentences are part of the protocol, because client libraries map them to their exceptions.
They were taken from the open-source server behind api.telegram.org (tdlib/telegram-bot-api).
"""

from typing import Any, Self

Json = dict[str, Any]
"""One JSON object of the Bot API, with the field names that Telegram documents."""


class Refused(Exception):
    """A call that is answered with `"ok": false`.

    Attributes:
        status: HTTP status and `error_code` at once.
        description: the whole sentence, e.g. "Bad Request: chat not found".
        parameters: `retry_after` in seconds or `migrate_to_chat_id`, when there is one.
    """

    def __init__(self, status: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters or {}

    @classmethod
    def bad_request(cls, reason: str, parameters: Json | None = None) -> Self:
        """400, the usual refusal."""
        return cls(400, f"Bad Request: {reason}", parameters)

    @classmethod
    def unparsable(cls, reason: str) -> Self:
        """400 for text whose formatting cannot be read."""
        return cls.bad_request(f"can't parse entities: {reason}")

    @classmethod
    def forbidden(cls, reason: str) -> Self:
        """403: the bot may not write there, and retrying will not change it."""
        return cls(403, f"Forbidden: {reason}")

    @classmethod
    def conflict(cls, reason: str) -> Self:
        """409: two receivers of updates at once."""
        return cls(409, f"Conflict: {reason}")

    @classmethod
    def too_many(cls, seconds: int) -> Self:
        """429: come back after so many seconds."""
        return cls(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})

    def as_json(self) -> Json:
        """The envelope that goes over the wire."""
        envelope: Json = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        return envelope | ({"parameters": self.parameters} if self.parameters else {})
