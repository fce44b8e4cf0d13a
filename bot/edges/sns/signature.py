r"""What AWS signs, and whether it did.

    "Message\nOi\nMessageId\n…\nTimestamp\n…\nTopicArn\n…\nType\nNotification\n"  ◀─RSA─ Signature

Source: Amazon SNS Developer Guide, "Verifying the signatures of Amazon SNS messages": PKCS #1 v1.5
with SHA-1 (SignatureVersion 1) or SHA-256 (2) over names and values, one a line, sorted by name.
"""

import base64
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm

from bot.edges.sns.refusal import MessageRefused

_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")

_HASHES: Mapping[str, type[HashAlgorithm]] = {
    # A forger needs a second message for a given hash; what is broken in SHA-1 is choosing both.
    "1": SHA1,
    "2": SHA256,
}


def signed_text(fields: Mapping[str, str]) -> bytes:
    """The text that the signature is about; `Subject` only if the message has one."""
    names = _NOTIFICATION if fields["Type"] == "Notification" else _CONFIRMATION
    return "".join(f"{name}\n{fields[name]}\n" for name in names if name in fields).encode()


def check_signature(fields: Mapping[str, str], key: RSAPublicKey) -> None:
    """Let a message pass whose every signed field is as AWS signed it.

    Args:
        fields: of a well-formed message, with `Signature` and `SignatureVersion`.
        key: of the certificate that the message names.

    Raises:
        MessageRefused: unknown version, signature not in canonical base64, or not AWS's.
    """
    algorithm = _HASHES.get(fields.get("SignatureVersion", ""))
    if algorithm is None:
        raise MessageRefused("SignatureVersion is neither 1 nor 2")
    signature = _decoded(fields.get("Signature", ""))
    try:
        key.verify(signature, signed_text(fields), PKCS1v15(), algorithm())
    except InvalidSignature as error:
        raise MessageRefused("signature does not fit") from error


def _decoded(text: str) -> bytes:
    """Strict base64: only the spelling that an encoder gives, so that none has a second one."""
    try:
        signature = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise MessageRefused("Signature is not base64") from error
    if base64.b64encode(signature).decode("ascii") != text:
        raise MessageRefused("Signature is not canonical base64")
    return signature
