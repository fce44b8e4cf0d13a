"""The bucket keeps artifacts safely and for long."""

from deploy.stack.template import template
from tests.deploy.stack.deployments import deployment, of_type, properties


def test_the_bucket_is_closed_encrypted_and_versioned() -> None:
    """A model that somebody else could replace would forecast what they like."""
    bucket = properties(deployment(), "Bucket")

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"] == [
        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    ]
    assert "BucketName" not in bucket


def test_the_bucket_and_its_policy_outlive_the_stack() -> None:
    """A model cannot be trained again bit by bit; a kept bucket keeps its rules."""
    resources = template(deployment())["Resources"]

    assert [resources[name]["DeletionPolicy"] for name in ("Bucket", "BucketPolicy")] == [
        "Retain",
        "Retain",
    ]


def test_whoever_comes_without_tls_is_refused() -> None:
    """Nothing of ours travels in the clear, whoever asks."""
    (statement,) = properties(deployment(), "BucketPolicy")["PolicyDocument"]["Statement"]

    assert statement == {
        "Sid": "OnlyByTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [{"Fn::GetAtt": ["Bucket", "Arn"]}, {"Fn::Sub": "${Bucket.Arn}/*"}],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_five_images_are_kept_and_every_push_is_scanned() -> None:
    """Old images cost money; known holes in new ones should be known."""
    repository = properties(deployment(), "ServingRepository")

    assert len(of_type(deployment(), "ECR::Repository")) == 1
    assert repository["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert repository["ImageTagMutability"] == "IMMUTABLE"
    assert '"countNumber": 5' in repository["LifecyclePolicy"]["LifecyclePolicyText"]
