"""What ends a command of `python -m model` with one sentence and exit code 1.

CannotBeDone
├── ClosesUnreadable   no files of closes, or one that is not
├── TooFewCloses       nothing to learn from, or to validate on
├── RunMissing         no finished training run where one was expected
├── Disagreement       exported graphs do not answer what the network answers
├── ArtifactMissing    no artifact, or a file of it is not there
├── ArtifactCorrupted  an artifact that is not what its card vouches for
├── NothingToScore     no forecast has all its sessions inside the span
└── FiguresUnreadable  a file of figures that is not what the card needs (`card_rivals`)
"""


class CannotBeDone(Exception):
    """Base of the errors that say in one sentence what was wrong."""


class ClosesUnreadable(CannotBeDone):
    """A file or folder of closes that cannot be used; says which one and why."""


class TooFewCloses(CannotBeDone):
    """There is nothing to train on, or nothing to validate on, before the date."""


class RunMissing(CannotBeDone):
    """The directory holds no finished training run."""


class Disagreement(CannotBeDone):
    """The exported graphs do not answer what the trained network answers."""


class ArtifactMissing(CannotBeDone):
    """There is no artifact where one was expected."""


class ArtifactCorrupted(CannotBeDone):
    """The artifact is incomplete, or not what its card vouches for."""


class NothingToScore(CannotBeDone):
    """No share has sixty closes before the span and six sessions inside it."""
