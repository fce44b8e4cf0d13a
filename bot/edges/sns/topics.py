"""A topic that we listen to, and what its region says about who may sign for it.

    arn:aws:sns:sa-east-1:111122223333:alarms ──▶ sns.sa-east-1.amazonaws.com, and no other host

The host is derived from the *configured* ARN and compared as a whole.  Patterns over hosts are how
others were fooled: `sns.<anything>.amazonaws.com` also matches a storage bucket named "sns".
"""

import re
from dataclasses import dataclass

from bot.edges.sns.refusal import MessageRefused

_ARN = re.compile(
    r"arn:(?P<partition>aws|aws-cn|aws-us-gov):sns:(?P<region>[a-z]{2}(?:-[a-z]+)+-[0-9]+)"
    r":[0-9]{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?"
)

_SUFFIXES = {
    "aws": "amazonaws.com",
    "aws-cn": "amazonaws.com.cn",
    "aws-us-gov": "amazonaws.com",
}
"""Domain of a partition's endpoints; AWS General Reference, "Amazon SNS endpoints and quotas"."""

_CERTIFICATE = re.compile(r"/(SimpleNotificationService-[0-9a-f]{8,64}\.pem)")
"""All certificates seen have 32 digits; AWS promises no number."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of SNS.

    Attributes:
        arn: as AWS writes it; also what messages are compared with.
        partition: `aws`, `aws-cn` or `aws-us-gov`.
        region: such as `sa-east-1`.
    """

    arn: str
    partition: str
    region: str

    @classmethod
    def parse(cls, arn: str) -> "Topic":
        """Read an ARN from the settings.

        Raises:
            ValueError: it is no ARN of a topic in one of the three partitions.
        """
        found = _ARN.fullmatch(arn)
        if not found:
            raise ValueError(f"not the ARN of an SNS topic: {arn!r}")
        return cls(arn, found["partition"], found["region"])

    @property
    def host(self) -> str:
        """The one host that keeps the certificates of this topic's signer."""
        return f"sns.{self.region}.{_SUFFIXES[self.partition]}"

    @property
    def signers(self) -> frozenset[str]:
        """Names that the signer's certificate may be issued to.

        Source: aws-sdk-java-v2, sns-message-manager, which expects `sns.amazonaws.com`,
        `sns-signing.<region>` in regions one has to opt into, `sns-<region>` in China and
        GovCloud (both of its regions sign as the western one), and certificates themselves:
        opt-in regions add `sns.<region>`.
        """
        suffix = _SUFFIXES[self.partition]
        region = "us-gov-west-1" if self.partition == "aws-us-gov" else self.region
        owners = ("sns", f"sns-{region}", f"sns-signing.{self.region}", f"sns.{self.region}")
        return frozenset(f"{owner}.{suffix}" for owner in owners)

    def certificate_name(self, url: str) -> str:
        """The file name in a SigningCertURL, which is safe to use as a name of a file.

        Raises:
            MessageRefused: the URL is anything but https, this topic's host and a certificate's
                path: no port, user, query, fragment, escape or capital letter in the host.
        """
        path = url.removeprefix(f"https://{self.host}")
        found = _CERTIFICATE.fullmatch(path)
        if path == url or not found:
            raise MessageRefused("certificate address is not the topic's own")
        return found[1]
