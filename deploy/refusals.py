"""What ends a command of `python -m deploy` with one sentence and exit code 1.

    Refused
    ├── NoCredentials      AWS does not know who asks
    ├── WrongRegion        there is no such region, or it does not answer
    ├── NotPermitted       whoever asks may not do this
    ├── NameTaken          something of this name exists that is not ours
    ├── QuotaReached       the account may not have more of it
    ├── NothingThere       there is no stack to look at
    ├── StackFailed        CloudFormation gave up; its first reason
    ├── BuildFailed        CodeBuild made no image
    ├── TrainingFailed     the training job ended without an artifact (`deploy.training.following`)
    ├── ModelDisagrees     the endpoint answers something else than this machine
    ├── SourceMissing      not started from a checkout of this repository
    └── AwsRefused         anything else that AWS answered

`deploy.aws.failures` turns what boto3 raises into these.
"""


class Refused(Exception):
    """Base of the errors that say in one sentence what was wrong."""


class NoCredentials(Refused):
    """There are no credentials, or AWS does not accept them."""


class WrongRegion(Refused):
    """No region of this name, or none that can be reached."""


class NotPermitted(Refused):
    """The credentials are good but not for this."""


class NameTaken(Refused):
    """A resource of the name exists and was not made by this program."""


class QuotaReached(Refused):
    """A quota of the account does not allow it."""


class NothingThere(Refused):
    """There is no stack of this name."""


class StackFailed(Refused):
    """CloudFormation could not do it and has undone what it had begun."""


class BuildFailed(Refused):
    """The images could not be built."""


class ModelDisagrees(Refused):
    """The deployed model does not answer what the artifact answers here, or not at all."""


class SourceMissing(Refused):
    """The files that would be uploaded are not there."""


class AwsRefused(Refused):
    """An answer of AWS that has no class of its own here."""
