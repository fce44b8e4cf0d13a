"""`python -m deploy train`: train on AWS, compare with the model in service, keep the better.

Exit codes: 0 published and, unless that was not wanted, deployed; 1 kept, or could not be done, as
one sentence says; 2 wrongly asked for.
"""
# ruff: noqa: PLC0415 - boto3 and the SageMaker SDK take seconds to load

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from deploy.choices import FILE, options_of
from deploy.stack.options import Options
from deploy.stack.training import MACHINE
from deploy.terminal import NOT_DONE, console, failures_as_sentences, say
from deploy.training.job import Lesson, Place

ROOT = Path(__file__).parents[2]
CHAMPION = ROOT / "model" / "shipped"
CHALLENGER = Path("build") / "challenger"

Deploys = Annotated[bool, typer.Option(help="Deploy it once it is published.")]
Sender = Callable[["Place"], str]
"""Gives the name of the job to wait for, started there if it has to be."""


def train(  # noqa: PLR0913, PLR0917 - one per option
    closes: Annotated[
        Path,
        typer.Option(exists=True, file_okay=False, help="Folder of <TICKER>.csv files; uploaded."),
    ],
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Last day learnt from; leave some months of closes to compare on.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same network.")] = 0,
    epochs: Annotated[int, typer.Option(min=1, help="At most so many.")] = 8,
    machine: Annotated[str, typer.Option(help="Instance that trains.")] = MACHINE,
    image: Annotated[str, typer.Option(help="Image that trains (AWS's newest).")] = "",
    job: Annotated[str, typer.Option(help="Go on with this job instead of a new one.")] = "",
    champion: Annotated[
        Path, typer.Option(help="Published artifact; replaced by one that is not worse.")
    ] = CHAMPION,
    out: Annotated[Path, typer.Option(help="Folder for the artifact from AWS.")] = CHALLENGER,
    apply: Deploys = True,  # noqa: FBT002 - a flag
    choices: Annotated[
        Path | None,
        typer.Option("--choices", dir_okay=False, help=f"File of choices; {FILE} if it exists."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of the stack (fechamento).")] = None,
    region: Annotated[str | None, typer.Option(help="Region of AWS (sa-east-1).")] = None,
) -> None:
    """Train a challenger on AWS, and deploy it if it is not worse than the model in service.

    The closes and the code of this checkout are uploaded; the artifact comes back to --out. When
    interrupted, the job goes on at AWS: --job NAME follows it again.
    """
    if not (until or job):
        raise typer.BadParameter("--until, or --job with the name of a job, expected")
    with failures_as_sentences():
        options = options_of(choices, {"name": name, "region": region})
        lesson = None if job or not until else Lesson(closes, until.date(), seed, epochs)
        _learn(options, machine, _sender(lesson, image, job), out)
        _challenge(out, champion, closes)
    if apply:
        from deploy.commands import apply as deployed

        deployed(choices=choices, name=name, region=region, artifact=champion)


def _sender(lesson: Lesson | None, image: str, job: str) -> Sender:
    def sent(place: Place) -> str:
        from deploy.training.sending import send

        if lesson is None:
            return job
        with console().status("uploading closes and code"):
            return send(lesson, place, image)

    return sent


def _learn(options: Options, machine: str, send: Sender, out: Path) -> None:
    from deploy.aws.account import account
    from deploy.aws.clients import clients
    from deploy.aws.failures import spoken
    from deploy.settling import own_stack
    from deploy.training.following import TrainingJobs
    from deploy.training.learning import brought_home, place_of

    with spoken(options.region):
        reach = clients(options.region)
        stack = own_stack(account(reach, options.region, time.sleep), options.name)
        name = send(place_of(stack, options.name, options.region, machine))
        say(f"training as {name}; --job {name} goes on with it after an interruption")
        brought_home(TrainingJobs(reach.sagemaker, reach.s3, time.sleep, say), name, out)
    say(f"the artifact is in {out}")


def _challenge(challenger: Path, champion: Path, closes: Path) -> None:
    from deploy.training.learning import challenged

    with console().status("comparing"):
        verdict = challenged(challenger, champion, closes)
    say(verdict.told)
    if not verdict.published:
        raise typer.Exit(NOT_DONE)
