"""The commands of `python -m deploy`: plan, apply, look at, remove and train.

What is deployed is said by deployment.toml in the working directory and by flags, which go before
it.  Exit codes: 0 done, 1 could not be done (the reason is one sentence), 2 wrongly asked for.
"""
# ruff: noqa: PLC0415 - each command loads only what it needs: boto3 takes a while

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.choices import FILE, options_of
from deploy.refusals import Refused
from deploy.stack.options import Options
from deploy.terminal import agreed, ask_token, console, failures_as_sentences, say, say_all
from deploy.training.command import train

if TYPE_CHECKING:
    from deploy.aws.account import Account

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help=__doc__,
    pretty_exceptions_show_locals=False,  # a local may be the token
)

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "model" / "shipped"

Choices = Annotated[
    Path | None,
    typer.Option("--choices", dir_okay=False, help=f"File of choices; {FILE} if it exists."),
]
Name = Annotated[str | None, typer.Option(help="Name of the stack (fechamento).")]
Region = Annotated[str | None, typer.Option(help="Region of AWS (sa-east-1).")]
Instance = Annotated[
    str | None, typer.Option(help="Endpoint on machines that scale, as ml.t2.medium.")
]
ServingKind = Annotated[
    str | None, typer.Option("--serving", help="container (built by CodeBuild) or tensorflow.")
]
BotKind = Annotated[str | None, typer.Option("--bot", help="ec2, ecs or none.")]
Email = Annotated[
    str | None, typer.Option("--alarm-email", help="Gets the alarms about the bot itself.")
]
ArtifactFolder = Annotated[Path, typer.Option("--artifact", help="Folder of the artifact.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
def plan(  # noqa: PLR0913, PLR0917 - one per option
    choices: Choices = None,
    name: Name = None,
    region: Region = None,
    instance: Instance = None,
    serving: ServingKind = None,
    bot: BotKind = None,
    alarm_email: Email = None,
    artifact: ArtifactFolder = SHIPPED,
) -> None:
    """Show what apply would add, change, replace and remove, and what it costs a month."""
    with failures_as_sentences():
        options = options_of(choices, _flags(name, region, instance, serving, bot, alarm_email))
        _plan(options, artifact)


@app.command()
def apply(  # noqa: PLR0913, PLR0917 - one per option
    choices: Choices = None,
    name: Name = None,
    region: Region = None,
    instance: Instance = None,
    serving: ServingKind = None,
    bot: BotKind = None,
    alarm_email: Email = None,
    artifact: ArtifactFolder = SHIPPED,
    *,
    yes: Yes = False,
) -> None:
    """Deploy, and compare the endpoint's forecast with this machine's.

    Asks only before something that holds data is replaced or removed, and for the bot's token when
    there is none yet.
    """
    with failures_as_sentences():
        options = options_of(choices, _flags(name, region, instance, serving, bot, alarm_email))
        _apply(options, artifact, yes=yes)


@app.command()
def status(choices: Choices = None, name: Name = None, region: Region = None) -> None:
    """Show endpoint, alarms, last deploy, and what the cost depends on."""
    with failures_as_sentences():
        _status(options_of(choices, {"name": name, "region": region}))


@app.command()
def destroy(
    choices: Choices = None,
    name: Name = None,
    region: Region = None,
    *,
    with_data: Annotated[
        bool, typer.Option("--with-data", help="Also the bucket and the snapshots.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Remove everything that apply has made; bucket and snapshots stay, unless asked for."""
    with failures_as_sentences():
        _destroy(
            options_of(choices, {"name": name, "region": region}), with_data=with_data, yes=yes
        )


app.command()(train)


def _plan(options: Options, artifact: Path) -> None:
    from deploy.artifacts import archives
    from deploy.estimate import estimate
    from deploy.plan import headline, lines
    from deploy.planning import planned
    from deploy.prices import Usage
    from deploy.progress import Terminal

    with _open(options.region) as account:
        packed = archives(artifact, options.serving, ROOT)
        wanted = replace(options, uploads=packed.uploads)
        found = planned(account, wanted, Terminal(console()), _now)
    where = f"{options.name} in {options.region} (account {account.id})"
    say(f"{where}: {headline(found.changes) if found.changes else 'nothing to change'}")
    say_all([*lines(found.changes), "", *estimate(options, Usage())])


def _apply(options: Options, artifact: Path, *, yes: bool) -> None:
    from deploy.applying import Asked, Deployment
    from deploy.progress import Terminal

    asked = Asked(ask_token, lambda changes: yes or agreed(changes))
    with _open(options.region) as account:
        deployment = Deployment(account, options, Terminal(console()), asked, _now)
        applied = deployment.apply(artifact, ROOT)
    say("deployed" if applied.changed else "nothing to change")
    say(f"the endpoint answers as this machine does, {applied.apart:.1e} apart at most")
    say(f"dashboard: {applied.outputs.get('DashboardUrl', 'none')}")


def _status(options: Options) -> None:
    from deploy.standing import lines, standing

    with _open(options.region) as account:
        say_all(lines(standing(account, options.name, _now())))


def _destroy(options: Options, *, with_data: bool, yes: bool) -> None:
    from deploy.destroying import Removal, told
    from deploy.progress import Terminal

    with _open(options.region) as account:
        what = "and all its data " if with_data else ""
        if not yes and not typer.confirm(
            f"Remove {options.name} {what}from {options.region} (account {account.id})?"
        ):
            raise Refused("nothing was removed")
        removal = Removal(account, options.name, Terminal(console()))
        say_all(told(removal.destroy(with_data=with_data)))


def _flags(  # noqa: PLR0913, PLR0917 - one per option
    name: str | None,
    region: str | None,
    instance: str | None,
    serving: str | None,
    bot: str | None,
    alarm_email: str | None,
) -> dict[str, object]:
    return {
        "name": name,
        "region": region,
        "instance": instance,
        "serving": serving,
        "bot": bot,
        "alarm_email": alarm_email,
    }


@contextmanager
def _open(region: str) -> "Iterator[Account]":
    """The account that boto3's settings open; whatever AWS refuses inside is one sentence."""
    from deploy.aws.account import account
    from deploy.aws.clients import clients
    from deploy.aws.failures import spoken

    with spoken(region):
        yield account(clients(region), region, time.sleep)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - every other place is given the time
