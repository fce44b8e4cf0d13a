"""A signing certificate: whose it is, when it holds, and its key.

Its chain is not followed to a root: AWS serves the leaf alone.  What stands in for the chain is
where the leaf comes from: the operator's own folder, or the topic's own host over TLS, whose chain
and name are checked.  The name inside is checked too: it belongs to SNS or the leaf is refused.
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import NameOID

from bot.edges.sns.refusal import MessageRefused

SHORTEST_KEY = 2048
"""Bits of RSA that are believed; NIST SP 800-131A, and what all of SNS's certificates have."""

_UNREADABLE = (
    ValueError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
)


@dataclass(frozen=True, slots=True)
class SigningCertificate:
    """What is kept of a certificate."""

    key: RSAPublicKey
    begins: datetime
    ends: datetime

    def key_at(self, now: datetime) -> RSAPublicKey:
        """The key, while the certificate holds.

        Raises:
            MessageRefused: it does not hold yet, or no longer.
        """
        if not self.begins <= now <= self.ends:
            raise MessageRefused("certificate does not hold at this time")
        return self.key


def read_certificate(pem: bytes, signers: frozenset[str]) -> SigningCertificate:
    """Read a PEM file; of several certificates in it, the first.

    Raises:
        MessageRefused: unreadable, not issued to one of `signers`, or without a good RSA key.
    """
    try:
        found = x509.load_pem_x509_certificate(pem)
        names, key = _names(found), found.public_key()
    except _UNREADABLE as error:
        raise MessageRefused("certificate cannot be read") from error
    if names.isdisjoint(signers):
        raise MessageRefused("certificate was not issued to SNS")
    if not isinstance(key, RSAPublicKey) or key.key_size < SHORTEST_KEY:
        raise MessageRefused("certificate has no RSA key of 2048 bits")
    return SigningCertificate(key, found.not_valid_before_utc, found.not_valid_after_utc)


def _names(certificate: x509.Certificate) -> set[str]:
    """Host names that it was issued to; the common name counts only where there are no others."""
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return {str(name.value) for name in common}
    return set(extension.value.get_values_for_type(x509.DNSName))
