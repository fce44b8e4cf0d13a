"""Secrets Manager: whether a secret holds anything, and the writing of its first value.

A value is never read here.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of a region."""

    client: "SecretsManagerClient"

    def empty(self, arn: str) -> bool:
        """Whether the secret has no value yet."""
        return not self.client.describe_secret(SecretId=arn).get("VersionIdsToStages")

    def fill(self, arn: str, value: str) -> None:
        """Write the value."""
        self.client.put_secret_value(SecretId=arn, SecretString=value)
