"""One account in one region: every service that a deployment touches, behind one door."""

from collections.abc import Callable
from dataclasses import dataclass

from deploy.aws.buckets import Buckets
from deploy.aws.change_sets import ChangeSets
from deploy.aws.clients import Clients
from deploy.aws.endpoints import Endpoints
from deploy.aws.images import Images
from deploy.aws.log_groups import LogGroups
from deploy.aws.secrets import Secrets
from deploy.aws.snapshots import Snapshots
from deploy.aws.stacks import Stacks


@dataclass(frozen=True, slots=True)
class Account:
    """What boto3's credentials open.

    Attributes:
        id: twelve digits.
    """

    id: str
    region: str
    stacks: Stacks
    change_sets: ChangeSets
    buckets: Buckets
    images: Images
    endpoints: Endpoints
    log_groups: LogGroups
    secrets: Secrets
    snapshots: Snapshots


def account(clients: Clients, region: str, wait: Callable[[float], None]) -> Account:
    """Ask AWS whose credentials these are; it fails here if it fails at all.

    Args:
        clients: of that region.
        region: as sa-east-1.
        wait: lets so many seconds pass.

    Raises:
        ClientError: AWS does not accept the credentials.
        BotoCoreError: there are none, or there is no way to AWS.
    """
    return Account(
        id=clients.sts.get_caller_identity()["Account"],
        region=region,
        stacks=Stacks(clients.cloudformation, wait),
        change_sets=ChangeSets(clients.cloudformation, wait),
        buckets=Buckets(clients.s3),
        images=Images(clients.ecr, clients.codebuild, wait),
        endpoints=Endpoints(clients.sagemaker, clients.runtime, clients.cloudwatch, wait),
        log_groups=LogGroups(clients.logs),
        secrets=Secrets(clients.secrets),
        snapshots=Snapshots(clients.ec2, clients.rds),
    )
