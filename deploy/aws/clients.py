"""The one place where boto3 clients are made.

Credentials, profile and addresses are boto3's business: it reads AWS_PROFILE, AWS_ENDPOINT_URL and
their like by itself, so the same code talks to AWS and to stand-ins on this machine.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from deploy.refusals import WrongRegion

if TYPE_CHECKING:  # the types of boto3's clients are installed for development only
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_codebuild import CodeBuildClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ecr import ECRClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_rds import RDSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sts import STSClient

_PATIENT = Config(connect_timeout=5, retries={"mode": "standard", "total_max_attempts": 5})
_ONCE = Config(connect_timeout=5, read_timeout=70, retries={"total_max_attempts": 1})
"""For invocations: a container may take 60 seconds, and whoever invokes tries again himself."""


@dataclass(frozen=True, slots=True)
class Clients:
    """One boto3 client per service."""

    cloudformation: "CloudFormationClient"
    cloudwatch: "CloudWatchClient"
    codebuild: "CodeBuildClient"
    ec2: "EC2Client"
    ecr: "ECRClient"
    logs: "CloudWatchLogsClient"
    rds: "RDSClient"
    runtime: "SageMakerRuntimeClient"
    s3: "S3Client"
    sagemaker: "SageMakerClient"
    secrets: "SecretsManagerClient"
    sts: "STSClient"


def clients(region: str) -> Clients:
    """Make the clients for a region; nothing is asked yet.

    Raises:
        WrongRegion: boto3 knows no region of this name.
        BotoCoreError: boto3's own settings make no sense.
    """
    session = boto3.Session(region_name=region)
    _refuse_unknown(session, region)
    return Clients(
        cloudformation=session.client("cloudformation", config=_PATIENT),
        cloudwatch=session.client("cloudwatch", config=_PATIENT),
        codebuild=session.client("codebuild", config=_PATIENT),
        ec2=session.client("ec2", config=_PATIENT),
        ecr=session.client("ecr", config=_PATIENT),
        logs=session.client("logs", config=_PATIENT),
        rds=session.client("rds", config=_PATIENT),
        runtime=session.client("sagemaker-runtime", config=_ONCE),
        s3=session.client("s3", config=_PATIENT),
        sagemaker=session.client("sagemaker", config=_PATIENT),
        secrets=session.client("secretsmanager", config=_PATIENT),
        sts=session.client("sts", config=_PATIENT),
    )


def _refuse_unknown(session: boto3.Session, region: str) -> None:
    known = {
        name
        for partition in session.get_available_partitions()
        for name in session.get_available_regions("sagemaker", partition)
    }
    if region not in known:
        near = sorted(name for name in known if name[:2] == region[:2]) or sorted(known)
        raise WrongRegion(f"there is no region {region}; there are {', '.join(near)}")
