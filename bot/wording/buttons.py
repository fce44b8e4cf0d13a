"""Buttons under a forecast: what they say, what they ask for, what is answered when pressed.

A button leads from one horizon to the other or asks for the same one again.  Answers to a button
are plain text, at most 200 characters (Bot API, answerCallbackQuery).
"""

from enum import Enum

REFRESH = "Atualizar"
REFRESHED = "Atualizado."
UNCHANGED = "Nada mudou desde então."
TOO_OLD = "Este botão é de uma mensagem antiga e já não funciona. Peça de novo com /hoje."

CHART_ASKED = "grafico"
"""What the button under a day's message carries before its share: its chart is sent below."""


class Horizon(Enum):
    """How far a forecast looks; the value is the command that asks for it."""

    TODAY = "hoje"
    COMING = "proximos"

    @property
    def other(self) -> "Horizon":
        """The horizon that the button beside `Atualizar` leads to."""
        return Horizon.COMING if self is Horizon.TODAY else Horizon.TODAY


def label(horizon: Horizon) -> str:
    """What the button that leads to `horizon` says."""
    return "Hoje" if horizon is Horizon.TODAY else "Próximos 5 pregões"
