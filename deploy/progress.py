"""What an operator sees while something is under way: a line for each step and each event.

AWS's words can hold anything, square brackets included, so nothing is printed as Rich markup.
"""

from typing import Protocol

from rich.console import Console
from rich.text import Text

from deploy.aws.stack_facts import Event

_COLOURS = {"COMPLETE": "green", "IN_PROGRESS": "dim", "FAILED": "red", "ROLLBACK": "yellow"}


class Progress(Protocol):
    """Gets told what happens, as it happens."""

    def step(self, sentence: str) -> None:
        """Something of ours begins or is done."""

    def event(self, event: Event) -> None:
        """Something has happened to the stack."""


class Terminal:
    """Prints a line for each."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def step(self, sentence: str) -> None:
        """Print the sentence."""
        self._console.print(Text(sentence), soft_wrap=True)

    def event(self, event: Event) -> None:
        """Print time (UTC), resource, state and, if there is one, the reason."""
        line = Text(f"  {event.at:%H:%M:%S}  {event.logical_id:24}  ")
        line.append(event.status.replace("_", " ").lower(), style=_colour(event.status))
        if event.reason:
            line.append(f"  {event.reason}")
        self._console.print(line, soft_wrap=True)


def _colour(status: str) -> str:
    """The last word that has a colour, so that a ROLLBACK that is COMPLETE is no success."""
    if "ROLLBACK" in status:
        return _COLOURS["ROLLBACK"]
    return next((colour for word, colour in _COLOURS.items() if status.endswith(word)), "")
