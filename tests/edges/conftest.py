"""The edge to SageMaker with its wire stubbed: for what it sends and for how it fails."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from botocore.stub import Stubber

from bot.edges.endpoint import SageMakerEndpoint, runtime_client


@pytest.fixture(scope="module")
def endpoint() -> Iterator[SageMakerEndpoint]:
    """The edge with a client that may not leave this process; made once, which takes a while."""
    with closing(runtime_client("sa-east-1", "http://127.0.0.1:9")) as client:
        yield SageMakerEndpoint(client, "itub4-lstm")


@pytest.fixture
def stubber(endpoint: SageMakerEndpoint) -> Iterator[Stubber]:
    """What the client is answered; every answer must be asked for."""
    with Stubber(endpoint.client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()
