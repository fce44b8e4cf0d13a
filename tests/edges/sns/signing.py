"""Stands in for AWS's side of SNS: a key, a certificate for it, and messages signed with it.

The text to sign is written out here once more, from AWS's page and not from the code under test.
"""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from bot.edges.sns import MessageRefused, Topic

TOPIC = Topic.parse("arn:aws:sns:sa-east-1:111122223333:fechamento-alarms")
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NAME = "SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"
URL = f"https://sns.sa-east-1.amazonaws.com/{NAME}"

NOTIFICATION = {
    "Type": "Notification",
    "MessageId": "5b6cc2f7-9a3f-5d0c-8a64-9f0f5d1f3c11",
    "TopicArn": TOPIC.arn,
    "Subject": 'ALARM: "latência" in South America',
    "Message": "primeira linha\nsegunda linha",
    "Timestamp": "2026-11-23T14:59:30.120Z",
}
CONFIRMATION = {
    "Type": "SubscriptionConfirmation",
    "MessageId": "0c1d3f66-7f0a-4d0b-9a52-7f6f1f4e2d33",
    "Token": "2336412f37fb687f",
    "TopicArn": TOPIC.arn,
    "Message": "You have chosen to subscribe to the topic.\nTo confirm, visit the SubscribeURL.",
    "SubscribeURL": "https://sns.sa-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336",
    "Timestamp": "2026-11-23T14:59:30.120Z",
}


@dataclass(frozen=True, slots=True)
class Signer:
    """A key and the certificate that names it."""

    key: rsa.RSAPrivateKey
    pem: bytes

    def envelope(self, fields: dict[str, str], version: str = "2") -> dict[str, str]:
        """The whole message, as SNS would send it."""
        algorithm = hashes.SHA1() if version == "1" else hashes.SHA256()  # noqa: S303 - version 1 is SHA-1
        signature = self.key.sign(to_sign(fields), padding.PKCS1v15(), algorithm)
        return fields | {
            "SignatureVersion": version,
            "Signature": base64.b64encode(signature).decode(),
            "SigningCertURL": URL,
        }

    def body(self, fields: dict[str, str], version: str = "2") -> bytes:
        """The same as bytes."""
        return json.dumps(self.envelope(fields, version)).encode()


def to_sign(fields: dict[str, str]) -> bytes:
    """AWS's page, word by word."""
    order = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    if fields["Type"] != "Notification":
        order = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    lines = [line for name in order if name in fields for line in (name, fields[name])]
    return ("\n".join(lines) + "\n").encode()


def url_of(number: int) -> str:
    """The address of one of many certificates."""
    return f"https://{TOPIC.host}/SimpleNotificationService-{number:032x}.pem"


def make_signer(
    common_name: str = "sns.amazonaws.com",
    *,
    alternative: str | None = None,
    bits: int = 2048,
    begins: datetime = NOW - timedelta(days=30),
    ends: datetime = NOW + timedelta(days=30),
) -> Signer:
    """A new key with a certificate signed by itself; `alternative` is a name in the extension."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    builder = _builder(key, common_name).not_valid_before(begins).not_valid_after(ends)
    if alternative:
        names = x509.SubjectAlternativeName([x509.DNSName(alternative)])
        builder = builder.add_extension(names, critical=False)
    return Signer(key, builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))


def other_certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """One of SNS's name whose key is not RSA."""
    builder = _builder(key, "sns.amazonaws.com")
    builder = builder.not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    return builder.sign(key, hashes.SHA256())


def _builder(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, common_name: str
) -> x509.CertificateBuilder:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = x509.CertificateBuilder(name, name, key.public_key())
    return builder.serial_number(x509.random_serial_number())


class Aws:
    """Answers for certificates and remembers what was asked."""

    def __init__(self, **files: bytes) -> None:
        self.files = dict(files)
        self.asked: list[str] = []

    async def fetch(self, url: str) -> bytes:
        """The file at `url`.

        Raises:
            MessageRefused: there is none.
        """
        self.asked.append(url)
        if url not in self.files:
            raise MessageRefused("certificate answered 404", retry=True)
        return self.files[url]


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The moment it shows."""
        return self.now
