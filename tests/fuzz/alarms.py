"""Fuzz targets about alarms: bodies posted to /sns, and what a genuine message may hold."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import strategies as st

from bot.domain.alarms import Text, read
from bot.domain.alarms.mail import Refusal
from bot.edges.sns import Certificates, Verifier
from bot.edges.sns.opening import SignedMail
from bot.wording.alarms import alarm_message, text_message
from bot.wording.markup import plain
from tests.edges.sns.signing import (
    CONFIRMATION,
    NOTIFICATION,
    TOPIC,
    URL,
    Aws,
    HandClock,
    make_signer,
)
from tests.fuzz.spoiling import spoilt, torn, values, written
from tests.fuzz.target import Attempt, Target
from tests.wording.alarm_scenes import SCENES

MOST_UNITS = 4_096
"""https://core.telegram.org/bots/api#sendmessage"""

_SIGNER = make_signer()
_GENUINE = [
    _SIGNER.envelope(fields, version)
    for fields in (NOTIFICATION, CONFIRMATION)
    for version in ("1", "2")
]
_ENVELOPES = spoilt(st.sampled_from(_GENUINE))
_BODIES = st.tuples(
    written(_ENVELOPES), st.none() | st.sampled_from(["text/plain; charset=UTF-8"]) | st.text()
)
_SCENES = [SCENES[name] for name in sorted(SCENES)]
_MESSAGES = st.tuples(
    st.one_of(
        written(spoilt(st.sampled_from(_SCENES))).map(lambda raw: raw.decode("utf-8", "replace")),
        st.sampled_from(_SCENES)
        .map(lambda scene: json.dumps(scene).encode())
        .flatmap(torn)
        .map(lambda raw: raw.decode("utf-8", "replace")),
        st.text(),
        values.map(json.dumps),
    ),
    st.none() | st.text(max_size=120),
)


@contextmanager
def _posting() -> Iterator[Attempt]:
    clock = HandClock()
    aws = Aws(**{URL: _SIGNER.pem})
    mail = SignedMail(Verifier([TOPIC], Certificates(aws.fetch, clock), clock))

    def post(case: tuple[bytes, str | None]) -> None:
        opened = runner.run(mail.open(*case))
        if not isinstance(opened, Refusal):  # nothing signed was changed, or it would not be open
            fields = json.loads(case[0])
            assert any(
                all(fields[name] == genuine[name] for name in genuine if name in _SIGNED)
                for genuine in _GENUINE
            )

    with asyncio.Runner() as runner:
        yield post


_SIGNED = frozenset({"Message", "MessageId", "Subject", "Timestamp", "Token", "TopicArn", "Type"})


@contextmanager
def _reading() -> Iterator[Attempt]:
    yield _read


def _read(case: tuple[str, str | None]) -> None:
    found = read(*case)
    told = text_message(found) if isinstance(found, Text) else alarm_message(found)
    assert len(plain(told).encode("utf-16-le")) <= 2 * MOST_UNITS


TARGETS = (
    Target("sns body", _BODIES, _posting, 150_000),
    Target("alarm reading", _MESSAGES, _reading, 90_000),
)
