"""The bucket that holds artifacts and source archives.

It stays when the stack is removed: what a model was trained into cannot be made again bit by bit.
Every key holds the hash of its content, so a key once written never changes its meaning.
"""

from deploy.stack.cloudformation import Json, Resources, att, ref, resource, sub
from deploy.stack.permissions import document, only_by_tls

ARTIFACTS = "artifacts/"
SOURCES = "sources/"
TRAINED = "trained/"
CLOSES = "closes/"
KEPT_DAYS = 90
"""How long versions that were overwritten or deleted can still be brought back."""


def storage() -> Resources:
    """The bucket and its policy."""
    return {
        "Bucket": resource(
            "S3::Bucket", _bucket(), DeletionPolicy="Retain", UpdateReplacePolicy="Retain"
        ),
        "BucketPolicy": resource(
            "S3::BucketPolicy",
            {
                "Bucket": ref("Bucket"),
                "PolicyDocument": document(
                    [only_by_tls([att("Bucket", "Arn"), objects("*")], "s3:*")]
                ),
            },
            # Goes and stays with the bucket, or a kept bucket would lose it.
            DeletionPolicy="Retain",
            UpdateReplacePolicy="Retain",
        ),
    }


def objects(pattern: str) -> Json:
    """The ARN of the bucket's objects whose keys match."""
    return sub(f"${{Bucket.Arn}}/{pattern}")


def _bucket() -> Json:
    return {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
            ]
        },
        "VersioningConfiguration": {"Status": "Enabled"},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "LifecycleConfiguration": {"Rules": [_forgetting()]},
    }


def _forgetting() -> Json:
    return {
        "Id": "forget-replaced-versions",
        "Status": "Enabled",
        "NoncurrentVersionExpiration": {"NoncurrentDays": KEPT_DAYS},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
