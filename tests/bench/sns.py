"""How fast messages of SNS are verified, and whether forged ones pass: `python -m tests.bench.sns`.

The key and the certificate are made here; the verifier is the bot's own, with a warm certificate.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.edges.sns import Certificates, MessageRefused, Verifier
from bot.edges.sns.envelope import LARGEST
from tests.bench.rows import Row
from tests.edges.sns.signing import (
    CONFIRMATION,
    NOTIFICATION,
    TOPIC,
    URL,
    Aws,
    HandClock,
    Signer,
    make_signer,
)

MESSAGES = 5_000
FORGED = 20_000
BAR = 1e3 / 1_500
"""Milliseconds: 1,500 verifications a second on one core."""

Envelope = dict[str, Any]
Forge = Callable[[Envelope, random.Random], bytes]

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789=/+ "


def rows() -> list[Row]:
    """Verifications a second, on one core; and what became of forged messages."""
    signer = make_signer()
    clock = HandClock()
    aws = Aws(**{URL: signer.pem})
    verifier = Verifier([TOPIC], Certificates(aws.fetch, clock), clock)
    return asyncio.run(_measured(verifier, signer, aws))


async def _measured(verifier: Verifier, signer: Signer, aws: Aws) -> list[Row]:
    alarm = NOTIFICATION | {"Message": json.dumps({"AlarmName": "a", "NewStateReason": "b" * 1500})}
    per_second = [
        await _per_second(verifier, signer.body(alarm, version)) for version in ("1", "2")
    ]
    outcome = await _attack(verifier, signer)
    return [
        Row(f"sns: verifications, {MESSAGES:,} of version 1", per_second[0], "/s"),
        Row(f"sns: verifications, {MESSAGES:,} of version 2", per_second[1], "/s"),
        Row("sns: one verification, mean of the slower", 1e3 / min(per_second), "ms", BAR),
        Row(f"sns: accepted, of {FORGED:,} forged messages", outcome.accepted, "", 0),
        Row("sns: crashes on them", outcome.crashed, "", 0),
        Row("sns: the same id, of genuine messages sent again", outcome.repeated, "%"),
        Row("sns: questions to AWS during all of it", len(aws.asked), "", 40),
    ]


async def _per_second(verifier: Verifier, body: bytes) -> float:
    await verifier.verify(body)  # fetches the certificate
    began = time.perf_counter()
    for _ in range(MESSAGES):
        await verifier.verify(body)
    return MESSAGES / (time.perf_counter() - began)


@dataclass(slots=True)
class _Outcome:
    accepted: int = 0
    crashed: int = 0
    ids: list[bool] = field(default_factory=list)

    @property
    def repeated(self) -> float:
        return 100 * sum(self.ids) / len(self.ids)


async def _attack(verifier: Verifier, signer: Signer) -> _Outcome:
    dice, outcome = random.Random(0), _Outcome()
    genuine = [
        signer.envelope(fields, version)
        for fields in (NOTIFICATION, CONFIRMATION)
        for version in ("1", "2")
    ]
    forges = _forges(signer)
    for number in range(FORGED):
        envelope = genuine[number % len(genuine)]
        await _try(verifier, forges[number // len(genuine) % len(forges)](envelope, dice), outcome)
    for envelope in genuine:
        body = json.dumps(dict(reversed(envelope.items()))).encode()
        message = await verifier.verify(body)
        outcome.ids.append(message.message_id == (await verifier.verify(body)).message_id)
    return outcome


async def _try(verifier: Verifier, body: bytes, outcome: _Outcome) -> None:
    try:
        await verifier.verify(body)
        outcome.accepted += 1
    except MessageRefused:
        pass
    except Exception:  # noqa: BLE001 - a crash of any kind is what is counted
        outcome.crashed += 1


def _forges(signer: Signer) -> list[Forge]:
    """Ways to forge; each gives a message that must be refused."""
    stranger = make_signer()
    old = signer.envelope(NOTIFICATION | {"Timestamp": "2026-11-23T13:59:59.000Z"})
    early = signer.envelope(NOTIFICATION | {"Timestamp": "2026-11-23T15:05:01.000Z"})
    return [
        *(_changing(name) for name in {**NOTIFICATION, **CONFIRMATION, **old}),
        *(_dropping(name) for name in ("Type", "MessageId", "Message", "Signature", "Timestamp")),
        lambda envelope, dice: _with(envelope, SigningCertURL=_foreign(dice)),
        lambda envelope, dice: _with(
            envelope,
            SigningCertURL=f"https://{TOPIC.host}/SimpleNotificationService-"
            f"{dice.getrandbits(128):032x}.pem",
        ),
        lambda envelope, _: _with(envelope, TopicArn=envelope["TopicArn"] + "-2"),
        lambda envelope, dice: _with(envelope, MessageId=_uuid(dice)),
        lambda envelope, _: _with(envelope, Signature=envelope["Signature"].rstrip("=")),
        lambda envelope, _: _with(envelope, Signature=envelope["Signature"] + "\n"),
        lambda envelope, _: _with(envelope, Signature=[envelope["Signature"]]),
        lambda envelope, _: json.dumps(envelope).encode()[:-1] + b', "Type": "Notification"}',
        lambda envelope, _: json.dumps(envelope).encode("utf-16"),
        lambda envelope, _: json.dumps(envelope).encode() + b" " * LARGEST,
        lambda envelope, dice: json.dumps(envelope).encode()[: -dice.randrange(1, 200)],
        lambda _, dice: _with(old, UnsubscribeURL=str(dice.random())),
        lambda _, dice: _with(early, UnsubscribeURL=str(dice.random())),
        lambda _, __: stranger.body(NOTIFICATION),
        lambda _, dice: dice.randbytes(dice.randrange(2_000)),
    ]


def _changing(name: str) -> Forge:
    def forge(envelope: Envelope, dice: random.Random) -> bytes:
        value = envelope.get(name, "x")
        at, letter = dice.randrange(len(value) + 1), dice.choice(_LETTERS)
        cut = dice.randrange(2) if value[at : at + 1] != letter else 0
        changed = envelope | {name: value[:at] + letter + value[at + cut :]}
        # A field that only the other kind of message has is not read; without it nothing is forged.
        return _with(changed) if name in envelope else _with(changed, Message="")

    return forge


def _dropping(name: str) -> Forge:
    return lambda envelope, _: json.dumps(
        {each: value for each, value in envelope.items() if each != name}
    ).encode()


def _with(envelope: Envelope, **fields: object) -> bytes:
    return json.dumps(envelope | fields).encode()


def _foreign(dice: random.Random) -> str:
    host = dice.choice(
        (
            "sns.s3.amazonaws.com",
            "sns.us-east-1.amazonaws.com",
            f"{TOPIC.host}.evil.example",
            f"{TOPIC.host}@evil.example",
            f"{TOPIC.host}:8443",
        )
    )
    return URL.replace(TOPIC.host, host)


def _uuid(dice: random.Random) -> str:
    digits = f"{dice.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


if __name__ == "__main__":
    for row in rows():
        sys.stdout.write(f"{row}\n")
