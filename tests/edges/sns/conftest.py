"""A listener to one topic, with a stand-in for AWS behind it."""

import pytest

from bot.edges.sns import Certificates, Verifier
from tests.edges.sns.signing import TOPIC, URL, Aws, HandClock, Signer, make_signer


@pytest.fixture(scope="session")
def signer() -> Signer:
    """The key that AWS signs with; making one takes a while."""
    return make_signer()


@pytest.fixture
def aws(signer: Signer) -> Aws:
    """Serves the signer's certificate."""
    return Aws(**{URL: signer.pem})


@pytest.fixture
def clock() -> HandClock:
    """Shows half a minute after the messages were signed."""
    return HandClock()


@pytest.fixture
def verifier(aws: Aws, clock: HandClock) -> Verifier:
    """Listens to the topic as over HTTPS."""
    return Verifier([TOPIC], Certificates(aws.fetch, clock), clock)
