"""What waits for the bot's answer: pressed buttons and inline queries."""

from dataclasses import dataclass, field, replace

from deploy.local.telegram.refusals import Json, Refused

SECONDS = 60
"""How long the bot may take.  Telegram does not say; people report refusals from about then on."""

_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
# Telegram's identifiers are large numbers written as text.
_FIRST_ID = 4_000_000_000_000_000_001


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that somebody pressed.

    Attributes:
        chat_id: where.
        at: when, in seconds since 1970.
        answered: whether the bot has answered, with the other fields.
    """

    chat_id: int
    at: int
    answered: bool = False
    text: str = ""
    show_alert: bool = False
    url: str = ""

    def as_json(self, callback_id: str) -> Json:
        """What people's side sees of it."""
        return {
            "callback_id": callback_id,
            "answered": self.answered,
            "text": self.text,
            "show_alert": self.show_alert,
            "url": self.url,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """An inline query; `answer` is None until the bot answers.

    Attributes:
        at: when it was asked, in seconds since 1970.
        answer: `results`, `cache_time` in seconds, `is_personal`, and the `button` above them.
    """

    at: int
    answer: Json | None = None


@dataclass(slots=True)
class Queries:
    """All of them, by identifier."""

    pressed: dict[str, Pressed] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)

    def press(self, chat_id: int, now: int) -> str:
        """Note that a button was pressed; gives the query's identifier."""
        identifier = self._next()
        self.pressed[identifier] = Pressed(chat_id, now)
        return identifier

    def ask(self, now: int) -> str:
        """Note an inline query; gives its identifier."""
        identifier = self._next()
        self.asked[identifier] = Asked(now)
        return identifier

    def answer_press(self, identifier: str, now: int, answer: Pressed) -> Pressed:
        """Keep the bot's answer to a button; `answer` gives the text, alert and address.

        Raises:
            Refused: 400, unknown or too late.
        """
        pressed = self.pressed.get(identifier)
        if pressed is None or now - pressed.at > SECONDS:
            raise Refused.bad_request(_TOO_OLD)
        answered = replace(answer, chat_id=pressed.chat_id, at=pressed.at, answered=True)
        self.pressed[identifier] = answered
        return answered

    def answer_ask(self, identifier: str, now: int, answer: Json) -> None:
        """Keep the bot's answer to an inline query.

        Raises:
            Refused: 400, unknown or too late.
        """
        asked = self.asked.get(identifier)
        if asked is None or now - asked.at > SECONDS:
            raise Refused.bad_request(_TOO_OLD)
        self.asked[identifier] = replace(asked, answer=answer)

    def _next(self) -> str:
        return str(_FIRST_ID + len(self.pressed) + len(self.asked))
