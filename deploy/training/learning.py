"""From closes on this machine to a model that may take the champion's place, by way of AWS.

    send ─▶ follow ─▶ fetch ─▶ champion against challenger ─▶ published, or kept

The comparison is that of `python -m model export --challenger`, on closes that neither has seen.
"""

from dataclasses import dataclass
from pathlib import Path

from deploy.aws.stack_facts import Stack
from deploy.refusals import NothingThere
from deploy.training.following import TrainingJobs
from deploy.training.job import Place
from model.artifact import load
from model.challenge import decided, published, sentence
from model.closes import read_shares

ROLE = "TrainingRole"
"""Output of the stack: the role that a training job takes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the comparison came to.

    Attributes:
        published: whether the challenger has taken the champion's place.
        told: why, in one sentence with the figures.
    """

    published: bool
    told: str


def place_of(stack: Stack | None, name: str, region: str, machine: str) -> Place:
    """Where the stack lets jobs run.

    Raises:
        NothingThere: there is no stack, or it has no role for training.
    """
    if stack is None:
        raise NothingThere(f"there is no stack {name} in {region}; `apply` makes it")
    if missing := [key for key in ("Bucket", ROLE) if key not in stack.outputs]:
        raise NothingThere(f"the stack {name} has no {missing[0]}; `apply` brings it up to date")
    return Place(name, region, stack.outputs["Bucket"], stack.outputs[ROLE], machine)


def brought_home(jobs: TrainingJobs, job: str, out: Path) -> None:
    """Wait for the job and put its artifact into `out`.

    Raises:
        Refused: the job failed, or left nothing that can be unpacked.
        CannotBeDone: what it left is no artifact.
    """
    jobs.fetched(jobs.follow(job), out)


def challenged(challenger: Path, champion: Path, closes: Path) -> Verdict:
    """Let the challenger take the champion's place if it is not worse.

    Raises:
        CannotBeDone: they cannot be compared; the champion stays.
    """
    rivals = load(champion), load(challenger)
    decision = decided(*rivals, read_shares(closes))
    if decision.published:
        published(challenger, champion)
    return Verdict(decision.published, sentence(decision, *rivals))
