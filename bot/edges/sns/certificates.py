"""Certificates that messages name: from the operator's folder, else from AWS; kept while running.

    SigningCertURL ──▶ kept? ──▶ folder? ──▶ failed just now? too many asked for? ──▶ AWS

Anybody may send us a message that names a certificate, so asking AWS is rationed: a failure is
remembered for a while, and names are looked up only so often.  Certificates that are kept are not
touched by that; while the ration is spent a message with a new one is to be sent again later.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from bot.edges.sns.refusal import MessageRefused
from bot.edges.sns.topics import Topic
from bot.edges.sns.x509_reading import SigningCertificate, read_certificate
from bot.ports.forecasting import Clock
from bot.single_flight import SingleFlight

Fetch = Callable[[str], Awaitable[bytes]]
"""Gets the file at a URL that was checked before; raises MessageRefused, to be tried again."""

KEPT = 32
"""Certificates held in memory; a region signs with one, and changes it about once a year."""

FAILURE_KEPT = timedelta(seconds=30)
"""How long a failure answers for the next message; SNS tries again after 20 s and after that."""

RATION, RATION_PERIOD = 30, timedelta(minutes=10)
"""Questions to AWS: enough to ask for one name after each failure, and for ten others."""

LARGEST_FILE = 64 * 1024
"""Bytes of a certificate that are read, from a folder or from AWS; they have about 2 KiB."""


class Certificates:
    """Finds the key for a message.

    Args:
        fetch: asks AWS.
        clock: judges validity and the rations.
        directory: pinned certificates under the names that AWS gives them; None for none.
    """

    def __init__(self, fetch: Fetch, clock: Clock, directory: Path | None = None) -> None:
        self._fetch = fetch
        self._clock = clock
        self._directory = directory
        self._kept: OrderedDict[str, SigningCertificate] = OrderedDict()
        self._failed: dict[str, datetime] = {}
        self._asked: deque[datetime] = deque(maxlen=RATION)
        self._finding: SingleFlight[SigningCertificate] = SingleFlight()

    async def key(self, url: str, topic: Topic) -> RSAPublicKey:
        """The key of the certificate at `url`, if it may sign for `topic` and holds now.

        Raises:
            MessageRefused: the address is not the topic's, the certificate is no good or cannot
                be had; with `retry` in the last case.
        """
        name = topic.certificate_name(url)
        certificate = self._kept.get(url)
        if certificate is None:
            certificate = await self._finding.ask(url, lambda: self._find(url, name, topic))
        return certificate.key_at(self._clock())

    async def _find(self, url: str, name: str, topic: Topic) -> SigningCertificate:
        pem = await asyncio.to_thread(self._pinned, name)
        if pem is None:
            pem = await self._asked_for(url)
        try:
            certificate = read_certificate(pem, topic.signers)
        except MessageRefused:
            self._failed[url] = self._clock()
            raise
        self._keep(url, certificate)
        return certificate

    def _pinned(self, name: str) -> bytes | None:
        """The file of that name, which is a plain one by now; None if there is none."""
        if self._directory is None:
            return None
        try:
            with (self._directory / name).open("rb") as file:
                return file.read(LARGEST_FILE)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise MessageRefused("pinned certificate cannot be read", retry=True) from error

    async def _asked_for(self, url: str) -> bytes:
        now = self._clock()
        self._spend(url, now)
        try:
            return await self._fetch(url)
        except MessageRefused:
            self._failed[url] = now
            raise

    def _spend(self, url: str, now: datetime) -> None:
        failed = {each: at for each, at in self._failed.items() if now - at < FAILURE_KEPT}
        self._failed = failed
        if url in failed:
            raise MessageRefused("certificate could not be had just now", retry=True)
        if len(self._asked) == RATION and now - self._asked[0] < RATION_PERIOD:
            raise MessageRefused("too many certificates asked for lately", retry=True)
        self._asked.append(now)

    def _keep(self, url: str, certificate: SigningCertificate) -> None:
        self._kept[url] = certificate
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
