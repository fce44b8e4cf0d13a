"""boto3 without credentials of anybody, and without a way out of this machine."""

from collections.abc import Iterator

import pytest

from tests.moto_server import aws_here


@pytest.fixture
def invented_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are signed, with keys that open nothing."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """SNS and SQS of moto."""
    with pytest.MonkeyPatch.context() as environment, aws_here(environment) as address:
        yield address
