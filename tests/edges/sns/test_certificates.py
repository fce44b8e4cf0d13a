"""Where certificates come from, which are believed, and how seldom AWS is asked."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from bot.edges.sns import Certificates, MessageRefused
from bot.edges.sns.certificates import FAILURE_KEPT, KEPT, LARGEST_FILE, RATION, RATION_PERIOD
from tests.edges.sns.signing import (
    NAME,
    NOW,
    TOPIC,
    URL,
    Aws,
    HandClock,
    Signer,
    make_signer,
    other_certificate,
    url_of,
)


@pytest.fixture
def certificates(aws: Aws, clock: HandClock) -> Certificates:
    """Asks the stand-in, and has no folder."""
    return Certificates(aws.fetch, clock)


async def refusal(certificates: Certificates, url: str = URL) -> tuple[str, bool]:
    """Why there is no key, and whether trying again makes sense."""
    with pytest.raises(MessageRefused) as caught:
        await certificates.key(url, TOPIC)
    return caught.value.reason, caught.value.retry


async def test_a_certificate_is_fetched_once(
    certificates: Certificates, aws: Aws, signer: Signer
) -> None:
    """A storm of alarms must not become a storm of questions."""
    keys = [await certificates.key(URL, TOPIC) for _ in range(3)]

    assert keys == [signer.key.public_key()] * 3
    assert aws.asked == [URL]


async def test_messages_that_come_together_wait_for_one_answer(
    certificates: Certificates, aws: Aws
) -> None:
    """The first storm finds nothing kept yet."""
    await asyncio.gather(*(certificates.key(URL, TOPIC) for _ in range(20)))

    assert aws.asked == [URL]


async def test_a_pinned_certificate_is_taken_from_the_folder(
    tmp_path: Path, aws: Aws, clock: HandClock, signer: Signer
) -> None:
    """A host with no way out verifies all the same."""
    (tmp_path / NAME).write_bytes(signer.pem)
    key = await Certificates(aws.fetch, clock, tmp_path).key(URL, TOPIC)

    assert (key, aws.asked) == (signer.key.public_key(), [])


async def test_what_the_folder_lacks_is_asked_of_aws(
    tmp_path: Path, aws: Aws, clock: HandClock, signer: Signer
) -> None:
    """A folder may also be no more than a head start; it may even be missing."""
    folders = (tmp_path, tmp_path / "missing")
    keys = [await Certificates(aws.fetch, clock, each).key(URL, TOPIC) for each in folders]

    assert (keys, aws.asked) == ([signer.key.public_key()] * 2, [URL, URL])


async def test_nothing_outside_the_folder_is_read(
    tmp_path: Path, aws: Aws, clock: HandClock, signer: Signer
) -> None:
    """The name comes from a message that nobody has vouched for yet."""
    folder = tmp_path / "pinned"
    folder.mkdir()
    (tmp_path / NAME).write_bytes(signer.pem)
    certificates = Certificates(aws.fetch, clock, folder)
    url = f"https://{TOPIC.host}/../{NAME}"

    assert await refusal(certificates, url) == ("certificate address is not the topic's own", False)


async def test_a_pinned_file_that_cannot_be_read_is_told_and_may_be_mended(
    tmp_path: Path, aws: Aws, clock: HandClock
) -> None:
    """The operator meant something by it; SNS is asked to send the message again."""
    (tmp_path / NAME).mkdir()

    assert await refusal(Certificates(aws.fetch, clock, tmp_path)) == (
        "pinned certificate cannot be read",
        True,
    )


@pytest.mark.parametrize("seconds", [-1, 1])
async def test_a_certificate_holds_between_its_two_dates(
    seconds: int, certificates: Certificates, aws: Aws, clock: HandClock
) -> None:
    """Also one that was good when it was fetched, years ago."""
    aws.files[URL] = make_signer(begins=NOW, ends=NOW + timedelta(days=1)).pem
    await certificates.key(URL, TOPIC)
    clock.now = NOW + (timedelta(days=1, seconds=1) if seconds > 0 else timedelta(seconds=-1))

    assert await refusal(certificates) == ("certificate does not hold at this time", False)


def elliptic() -> bytes:
    """SNS's name on a key that is not RSA."""
    key = ec.generate_private_key(ec.SECP256R1())
    return other_certificate(key).public_bytes(Encoding.PEM)


BROKEN = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
UNREADABLE = "certificate cannot be read"
STRANGER = "certificate was not issued to SNS"
WEAK = "certificate has no RSA key of 2048 bits"
BAD_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", UNREADABLE),
    "page": (lambda: b"<html>not found</html>", UNREADABLE),
    "broken": (lambda: BROKEN, UNREADABLE),
    "stranger": (lambda: make_signer("evil.example").pem, STRANGER),
    "lookalike": (lambda: make_signer("sns.amazonaws.com.evil").pem, STRANGER),
    "region": (lambda: make_signer("sns-signing.us-east-1.amazonaws.com").pem, STRANGER),
    "other name": (lambda: make_signer(alternative="evil.example").pem, STRANGER),
    "short key": (lambda: make_signer(bits=1024).pem, WEAK),
    "other key": (elliptic, WEAK),
}


@pytest.mark.parametrize("kind", BAD_FILES)
async def test_a_file_that_is_no_certificate_of_sns_is_refused(
    kind: str, certificates: Certificates, aws: Aws
) -> None:
    """TLS vouches for the host; what the host gives must still be what was asked for."""
    make, why = BAD_FILES[kind]
    aws.files[URL] = make()

    assert await refusal(certificates) == (why, False)


@pytest.mark.parametrize(
    "signer_of",
    [
        {"alternative": "sns.amazonaws.com"},
        {"common_name": "sns-signing.sa-east-1.amazonaws.com"},
        {"common_name": "x", "alternative": "sns.sa-east-1.amazonaws.com"},
    ],
)
async def test_the_name_may_stand_in_the_subject_or_in_the_extension(
    signer_of: dict[str, str], certificates: Certificates, aws: Aws
) -> None:
    """Where it stands differs by region and by year."""
    owner = make_signer(**signer_of)  # type: ignore[arg-type] # the cases name only strings
    aws.files[URL] = owner.pem

    assert await certificates.key(URL, TOPIC) == owner.key.public_key()


async def test_a_failure_is_remembered_for_a_while(
    certificates: Certificates, aws: Aws, clock: HandClock, signer: Signer
) -> None:
    """Forged messages must not make us hammer AWS; genuine ones come again after it."""
    aws.files.clear()
    first = await refusal(certificates)
    aws.files[URL] = signer.pem
    clock.now += FAILURE_KEPT - timedelta(milliseconds=1)
    second = await refusal(certificates)
    clock.now += timedelta(milliseconds=1)
    key = await certificates.key(URL, TOPIC)

    assert (first, second, key, len(aws.asked)) == (
        ("certificate answered 404", True),
        ("certificate could not be had just now", True),
        signer.key.public_key(),
        2,
    )


async def test_a_useless_file_is_remembered_too(certificates: Certificates, aws: Aws) -> None:
    """Each look at it would be another question to AWS."""
    aws.files[URL] = b"<html>"
    await refusal(certificates)

    assert await refusal(certificates) == ("certificate could not be had just now", True)
    assert aws.asked == [URL]


async def test_only_so_many_unknown_names_are_looked_up(
    certificates: Certificates, aws: Aws, clock: HandClock, signer: Signer
) -> None:
    """Names can be invented without end; the ration comes back with time."""
    reasons = [await refusal(certificates, url_of(number)) for number in range(RATION + 5)]
    asked = len(aws.asked)
    clock.now += RATION_PERIOD

    assert reasons[RATION:] == [("too many certificates asked for lately", True)] * 5
    assert asked == RATION
    assert await certificates.key(URL, TOPIC) == signer.key.public_key()


async def test_known_certificates_work_while_the_ration_is_spent(
    certificates: Certificates, signer: Signer
) -> None:
    """A flood of forged messages must not silence the alarms."""
    await certificates.key(URL, TOPIC)
    for number in range(RATION):
        await refusal(certificates, url_of(number))

    assert await certificates.key(URL, TOPIC) == signer.key.public_key()


async def test_only_so_many_certificates_are_kept(
    certificates: Certificates, aws: Aws, clock: HandClock, signer: Signer
) -> None:
    """Memory is bounded whatever AWS publishes; the oldest is asked for again."""
    for number in range(KEPT + 1):
        aws.files[url_of(number)] = signer.pem
        await certificates.key(url_of(number), TOPIC)
        clock.now += RATION_PERIOD / RATION
    before = len(aws.asked)
    for number in (KEPT, 1, 0):
        await certificates.key(url_of(number), TOPIC)

    assert aws.asked[before:] == [url_of(0)]


async def test_a_huge_pinned_file_is_not_read_to_its_end(
    tmp_path: Path, aws: Aws, clock: HandClock, signer: Signer
) -> None:
    """A wrong file in the folder must not fill the memory."""
    (tmp_path / NAME).write_bytes(b"\n" * LARGEST_FILE + signer.pem)
    certificates = Certificates(aws.fetch, clock, tmp_path)

    assert await refusal(certificates) == ("certificate cannot be read", False)
