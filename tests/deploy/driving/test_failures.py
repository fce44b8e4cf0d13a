"""What boto3 raises, in one sentence each."""

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ProfileNotFound,
    ReadTimeoutError,
)

from deploy.aws.clients import clients
from deploy.aws.failures import spoken
from deploy.refusals import (
    AwsRefused,
    NameTaken,
    NoCredentials,
    NotPermitted,
    QuotaReached,
    Refused,
    WrongRegion,
)

URL = "https://sts.sa-east-1.amazonaws.com/"


def said(error: Exception) -> Refused:
    """What an operator reads."""
    with pytest.raises(Refused) as raised, spoken("sa-east-1"):
        raise error
    return raised.value


def answer(code: str, message: str) -> ClientError:
    """An answer of AWS."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "DoIt")


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (
            NoCredentialsError(),
            NoCredentials,
            "no AWS credentials are to be had (Unable to locate credentials); "
            "`aws configure` or AWS_PROFILE supplies them",
        ),
        (
            ProfileNotFound(profile="x"),
            NoCredentials,
            "no AWS credentials are to be had (The config profile (x) could not be found); "
            "`aws configure` or AWS_PROFILE supplies them",
        ),
        (
            EndpointConnectionError(endpoint_url=URL),
            WrongRegion,
            "AWS does not answer for region sa-east-1 "
            f'(Could not connect to the endpoint URL: "{URL}"); '
            "see that its name is right and that there is a network",
        ),
        (
            ConnectTimeoutError(endpoint_url=URL),
            WrongRegion,
            "AWS does not answer for region sa-east-1 "
            f'(Connect timeout on endpoint URL: "{URL}"); '
            "see that its name is right and that there is a network",
        ),
        (
            ReadTimeoutError(endpoint_url=URL),
            AwsRefused,
            f'AWS could not be asked: Read timeout on endpoint URL: "{URL}"',
        ),
    ],
)
def test_what_got_no_answer_is_one_sentence(
    error: BotoCoreError, kind: type, sentence: str
) -> None:
    """Each says what to look at."""
    found = said(error)

    assert (type(found), str(found)) == (kind, sentence)


@pytest.mark.parametrize(
    ("code", "message", "kind", "sentence"),
    [
        (
            "ExpiredToken",
            "The security token included in the request is expired",
            NoCredentials,
            "AWS does not accept these credentials in sa-east-1 (ExpiredToken); renew them, "
            "and see that the region is switched on for the account",
        ),
        (
            "AccessDenied",
            "User: arn:aws:iam::1:user/a is not authorized to perform: "
            "sagemaker:CreateModel on resource: x.",
            NotPermitted,
            "these credentials lack the permission for sagemaker:CreateModel "
            "(User: arn:aws:iam::1:user/a is not authorized to perform: "
            "sagemaker:CreateModel on resource: x)",
        ),
        (
            "403",
            "Forbidden",
            NotPermitted,
            "these credentials lack the permission for DoIt (Forbidden)",
        ),
        (
            "ServiceQuotaExceededException",
            "No more.",
            QuotaReached,
            "a quota of the account is reached in sa-east-1 (DoIt: No more)",
        ),
        ("BucketAlreadyExists", "Taken.", NameTaken, "the name is taken (DoIt: Taken)"),
        ("Throttling", "Slow down", AwsRefused, "AWS answered Throttling to DoIt: Slow down"),
    ],
)
def test_what_aws_answered_is_one_sentence(
    code: str, message: str, kind: type, sentence: str
) -> None:
    """By the code, since messages change."""
    found = said(answer(code, message))

    assert (type(found), str(found)) == (kind, sentence)


@pytest.mark.parametrize(
    ("region", "near"),
    [("sa-east-9", "sa-east-1"), ("zz-mars-1", "af-south-1, ap-east-1")],
)
def test_a_region_that_does_not_exist_is_refused_without_asking(region: str, near: str) -> None:
    """boto3 would look for its address for a minute; those that begin alike are offered."""
    with pytest.raises(WrongRegion) as raised:
        clients(region)

    assert str(raised.value).startswith(f"there is no region {region}; there are {near}")
