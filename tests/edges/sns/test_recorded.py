"""Messages that AWS really signed, where `../shared/payloads` lies beside the project."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.edges.sns import Certificates, Message, MessageRefused, Topic, Verifier
from tests.edges.sns.signing import Aws, HandClock

RECORDED = Path(__file__).parents[3].parent / "shared" / "payloads" / "sns" / "signed"
FILES = sorted(RECORDED.glob("*.json"))

pytestmark = pytest.mark.skipif(not FILES, reason="no recorded messages in ../shared/payloads")


def read(path: Path) -> dict[str, Any]:
    """The envelope in a file."""
    envelope: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return envelope


async def verified(envelope: dict[str, Any], topic: str, at: str) -> Message:
    """Verify as a host with no way out would have done at that time."""
    clock = HandClock(datetime.fromisoformat(at))
    certificates = Certificates(Aws().fetch, clock, RECORDED / "certs")
    verifier = Verifier([Topic.parse(topic)], certificates, clock)
    return await verifier.verify(json.dumps(envelope).encode())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_a_message_that_aws_signed_is_genuine(path: Path) -> None:
    """The rules were written from AWS's page; these are AWS's own signatures."""
    envelope = read(path)
    message = await verified(envelope, envelope["TopicArn"], envelope["Timestamp"])

    assert (type(message).__name__, message.message_id, message.topic) == (
        envelope["Type"],
        envelope["MessageId"],
        envelope["TopicArn"],
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_no_field_of_it_can_be_changed(path: Path) -> None:
    """Only `UnsubscribeURL` is neither signed by AWS nor read by us."""
    envelope = read(path)
    for name in envelope.keys() - {"UnsubscribeURL"}:
        value = envelope[name]
        for other in (value + "x", value[1:], "1" + value[1:], value.swapcase(), "", None):
            if other != value:
                with pytest.raises(MessageRefused):
                    await verified(
                        envelope | {name: other}, envelope["TopicArn"], envelope["Timestamp"]
                    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_it_is_too_old_today(path: Path) -> None:
    """Published messages can be had by anybody."""
    envelope = read(path)
    with pytest.raises(MessageRefused, match="too old"):
        await verified(envelope, envelope["TopicArn"], "2026-11-23T15:00:00Z")
