"""Where operators read and answer: sentences, questions, and failures without a traceback.

Nothing is printed as Rich markup, since AWS's words can hold anything.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.text import Text

from deploy.aws.stack_facts import Change
from deploy.plan import lines
from deploy.refusals import NotPermitted, Refused
from deploy.stack.options import OptionsRefused
from model.errors import CannotBeDone

QUESTION = "The bot's token, from @BotFather (it goes to Secrets Manager)"
INTERRUPTED = "interrupted; what AWS has begun goes on, and the same command continues it"
NOT_DONE, WRONGLY_ASKED = 1, 2


@contextmanager
def failures_as_sentences() -> Iterator[None]:
    """End with one sentence on standard error: exit code 1, or 2 for what was wrongly asked."""
    try:
        yield
    except OptionsRefused as error:
        _complain(*error.problems)
        raise typer.Exit(WRONGLY_ASKED) from error
    except (Refused, CannotBeDone) as error:
        _complain(str(error))
        raise typer.Exit(NOT_DONE) from error
    except KeyboardInterrupt as error:
        _complain(INTERRUPTED)
        raise typer.Exit(NOT_DONE) from error


def ask_token() -> str:
    """Ask for the token without showing it.

    Raises:
        NotPermitted: there is nobody to answer.
    """
    try:
        return str(typer.prompt(QUESTION, hide_input=True)).strip()
    except typer.Abort as error:
        raise NotPermitted("the bot needs a token, and none was given; run apply again") from error


def agreed(changes: Sequence[Change]) -> bool:
    """Whether these changes, which end what holds data, are wanted."""
    say("this ends what holds data:")
    say_all(lines(changes))
    return typer.confirm("Go on?")


def console() -> Console:
    """Where people read."""
    return Console(highlight=False)


def say(line: str) -> None:
    """Print one line as it is."""
    console().print(Text(line), soft_wrap=True)


def say_all(told: Sequence[str]) -> None:
    """Print each on a line of its own."""
    for line in told:
        say(line)


def _complain(*told: str) -> None:
    errors = Console(stderr=True, highlight=False)
    for line in told:
        errors.print(Text(line, style="red"), soft_wrap=True)
