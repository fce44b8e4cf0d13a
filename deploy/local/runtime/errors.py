"""Refusals of the SageMaker Runtime route, in the shape that boto3 makes its exceptions from.

A JSON body, and the code in the header `x-amzn-ErrorType`; a ModelError also carries what the
container answered, at the top level of its body.
"""

import json
import re
from collections.abc import Mapping

REGION = "us-east-1"
ACCOUNT = "000000000000"
LOG_STREAM = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/sagemaker/Endpoints/local"

_NAMESPACE = "http://internal.amazon.com/coral/com.amazonaws.sagemaker.runtime/"
_SIGNATURE = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=[^/,\s]+/\d{8}/[a-z0-9-]+/(?P<service>[a-z0-9-]+)/aws4_request,"
    r" *SignedHeaders=[a-z0-9;-]+, *Signature=[0-9a-f]{64}"
)


class AwsError(Exception):
    """An answer of AWS other than 200.

    Attributes:
        status: HTTP status.
        header: value of the header that names the error.
        fields: the JSON body.
    """

    def __init__(self, status: int, code: str, fields: Mapping[str, object]) -> None:
        super().__init__(code)
        self.status = status
        self.header = f"{code}:{_NAMESPACE}"
        self.fields = fields


def refuse_unsigned(authorization: str) -> None:
    """Refuse what is not signed as boto3 signs; the signature itself cannot be checked here.

    Raises:
        AwsError: no signature, an incomplete one, or one for another service.
    """
    if not authorization:
        raise _forbidden("MissingAuthenticationTokenException", "Missing Authentication Token")
    signature = _SIGNATURE.fullmatch(authorization)
    if signature is None:
        raise _forbidden("IncompleteSignatureException", "Authorization header is incomplete")
    if signature["service"] != "sagemaker":
        message = "Credential should be scoped to correct service: 'sagemaker'."
        raise _forbidden("InvalidSignatureException", message)


def unknown_endpoint(name: str) -> AwsError:
    """There is no endpoint of this name."""
    message = f"Endpoint {name} of account {ACCOUNT} not found."
    return AwsError(400, "ValidationError", {"message": message})


def unknown_operation() -> AwsError:
    """The path or method is none of the API's."""
    return AwsError(404, "UnknownOperationException", {})


def model_error(status: int, answer: str) -> AwsError:
    """The container answered `answer` with `status`, or nothing in time (status 0)."""
    kind = "client" if 400 <= status < 500 else "server"  # noqa: PLR2004, HTTP's own ranges
    told = f"Received {kind} error ({status}) from primary with message {json.dumps(answer)}."
    fields = {
        "Message": told,
        "OriginalStatusCode": status,
        "OriginalMessage": answer,
        "LogStreamArn": LOG_STREAM,
    }
    return AwsError(424, "ModelError", fields)


def _forbidden(code: str, message: str) -> AwsError:
    return AwsError(403, code, {"message": message})
