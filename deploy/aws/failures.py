"""What boto3 raises, as one sentence each that says what to do.

AWS has dozens of codes for a handful of situations; the ones below are those that its services
document under "common errors".  A code that is not listed is told as AWS said it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from deploy.refusals import (
    AwsRefused,
    NameTaken,
    NoCredentials,
    NotPermitted,
    QuotaReached,
    Refused,
    WrongRegion,
)

_NOBODY = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
_NOT_ACCEPTED = frozenset({
    "AuthFailure", "ExpiredToken", "ExpiredTokenException", "IncompleteSignature",
    "InvalidAccessKeyId", "InvalidClientTokenId", "MissingAuthenticationToken", "RequestExpired",
    "SignatureDoesNotMatch", "UnrecognizedClientException",
})  # fmt: skip
_FORBIDDEN = frozenset({
    "403", "AccessDenied", "AccessDeniedException", "OptInRequired", "UnauthorizedOperation",
})  # fmt: skip
_TOO_MUCH = frozenset({
    "AccountLimitExceededException", "LimitExceeded", "LimitExceededException",
    "ResourceLimitExceeded", "ServiceQuotaExceededException", "TooManyBuckets",
})  # fmt: skip
_TAKEN = frozenset({"AlreadyExistsException", "BucketAlreadyExists", "BucketAlreadyOwnedByYou"})
_ACTION = re.compile(r"perform: (?P<action>[a-z0-9-]+:\w+)")


@contextmanager
def spoken(region: str) -> Iterator[None]:
    """Let nothing of boto3 out: what it raises inside leaves as a `Refused`."""
    try:
        yield
    except ClientError as error:
        raise answered(error, region) from error
    except BotoCoreError as error:
        raise unanswered(error, region) from error


def code_of(error: ClientError) -> str:
    """AWS's name of the error."""
    return error.response.get("Error", {}).get("Code", "")


def message_of(error: ClientError) -> str:
    """AWS's own sentence about it."""
    return error.response.get("Error", {}).get("Message", "")


def answered(error: ClientError, region: str) -> Refused:
    """The refusal that an answer of AWS amounts to."""
    code, message = code_of(error), message_of(error).rstrip(".")
    asked = f"{error.operation_name}: {message}"
    if code in _NOT_ACCEPTED:
        return NoCredentials(
            f"AWS does not accept these credentials in {region} ({code}); renew them, "
            "and see that the region is switched on for the account"
        )
    if code in _FORBIDDEN:
        found = _ACTION.search(message)
        wanted = found["action"] if found else error.operation_name
        return NotPermitted(f"these credentials lack the permission for {wanted} ({message})")
    if code in _TOO_MUCH:
        return QuotaReached(f"a quota of the account is reached in {region} ({asked})")
    if code in _TAKEN:
        return NameTaken(f"the name is taken ({asked})")
    return AwsRefused(f"AWS answered {code} to {asked}")


def unanswered(error: BotoCoreError, region: str) -> Refused:
    """The refusal that a failure before any answer amounts to."""
    if isinstance(error, _NOBODY):
        return NoCredentials(
            f"no AWS credentials are to be had ({str(error).rstrip('.')}); "
            "`aws configure` or AWS_PROFILE supplies them"
        )
    if isinstance(error, EndpointConnectionError | ConnectTimeoutError | NoRegionError):
        return WrongRegion(
            f"AWS does not answer for region {region} ({str(error).rstrip('.')}); "
            "see that its name is right and that there is a network"
        )
    return AwsRefused(f"AWS could not be asked: {str(error).rstrip('.')}")
