"""S3: uploads under keys that hold their hash, and the emptying of a bucket that is to go.

A key that exists holds what it says, so nothing is ever uploaded twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from deploy.aws.failures import code_of
from deploy.aws.stack_facts import STACK_TAG

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

_ABSENT = frozenset({"404", "NoSuchKey", "NoSuchBucket", "NotFound"})
_OWNERS = (STACK_TAG, "aws:cloudformation:stack-name")
"""Tags by which a bucket is known to be of a stack: ours, and the one that AWS always gives."""


@dataclass(frozen=True, slots=True)
class Buckets:
    """The buckets of the account."""

    client: "S3Client"

    def holds(self, bucket: str, key: str) -> bool:
        """Whether the object exists."""
        return self.told_about(bucket, key) is not None

    def told_about(self, bucket: str, key: str) -> Mapping[str, str] | None:
        """What was noted beside an object when it was uploaded; None when there is none."""
        try:
            return self.client.head_object(Bucket=bucket, Key=key)["Metadata"]
        except ClientError as error:
            if code_of(error) in _ABSENT:
                return None
            raise

    def upload(self, bucket: str, key: str, content: bytes, noted: Mapping[str, str]) -> None:
        """Put an object, with a checksum that S3 compares."""
        self.client.put_object(
            Bucket=bucket, Key=key, Body=content, ChecksumAlgorithm="SHA256", Metadata=dict(noted)
        )

    def of_stack(self, stack: str) -> list[str]:
        """Buckets that a stack of this name has made, those included that outlived it."""
        named = self.client.get_paginator("list_buckets").paginate(Prefix=f"{stack}-")
        names = [bucket["Name"] for page in named for bucket in page.get("Buckets", [])]
        return [name for name in names if stack in self._owners(name)]

    def count(self, bucket: str) -> int:
        """How many objects it holds, each version counted."""
        return sum(len(part) for part in self._versions(bucket))

    def remove(self, bucket: str) -> None:
        """Delete every version of every object, and then the bucket."""
        for part in self._versions(bucket):
            answer = self.client.delete_objects(
                Bucket=bucket, Delete={"Objects": part, "Quiet": True}
            )
            for error in answer.get("Errors", []):
                told = error.get("Code", "")
                raise ClientError(
                    {"Error": {"Code": told, "Message": error.get("Message", "")}}, "DeleteObjects"
                )
        self.client.delete_bucket(Bucket=bucket)

    def _versions(self, bucket: str) -> Iterator[list["ObjectIdentifierTypeDef"]]:
        """Up to 1,000 at a time, which is what one deletion takes."""
        for page in self.client.get_paginator("list_object_versions").paginate(Bucket=bucket):
            found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            if found:
                yield [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]

    def _owners(self, bucket: str) -> set[str]:
        try:
            tags = self.client.get_bucket_tagging(Bucket=bucket)["TagSet"]
        except ClientError as error:
            # Somebody else's bucket may forbid to look; ours never does.
            if code_of(error) in {"NoSuchTagSet", "NoSuchBucket", "AccessDenied"}:
                return set()
            raise
        return {tag["Value"] for tag in tags if tag["Key"] in _OWNERS}
