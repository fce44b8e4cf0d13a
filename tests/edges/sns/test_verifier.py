"""Which messages are believed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.edges.sns import (
    Certificates,
    MessageRefused,
    Notification,
    SubscriptionConfirmation,
    Topic,
    UnsubscribeConfirmation,
    Verifier,
)
from bot.edges.sns.envelope import LARGEST
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

MOMENT = datetime(2026, 11, 23, 14, 59, 30, 120_000, tzinfo=UTC)
WITHOUT_SUBJECT = {name: value for name, value in NOTIFICATION.items() if name != "Subject"}

same_verifier = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


async def reason(verifier: Verifier, body: bytes, content_type: str | None = None) -> str:
    """Why a body is refused."""
    with pytest.raises(MessageRefused) as caught:
        await verifier.verify(body, content_type)
    return caught.value.reason


def changed(envelope: dict[str, Any], **fields: Any) -> bytes:
    """The message with some fields replaced."""
    return json.dumps(envelope | fields).encode()


@pytest.mark.parametrize("version", ["1", "2"])
async def test_a_signed_notification_is_read(
    verifier: Verifier, signer: Signer, version: str
) -> None:
    """AWS signs with SHA-1 unless the topic asks for SHA-256; both are in use."""
    assert await verifier.verify(signer.body(NOTIFICATION, version)) == Notification(
        message_id="5b6cc2f7-9a3f-5d0c-8a64-9f0f5d1f3c11",
        topic=TOPIC.arn,
        subject='ALARM: "latência" in South America',
        text="primeira linha\nsegunda linha",
        moment=MOMENT,
    )


async def test_a_notification_without_subject_is_signed_without_it(
    verifier: Verifier, signer: Signer
) -> None:
    """The signed text leaves the subject out only when the message does."""
    message = await verifier.verify(signer.body(WITHOUT_SUBJECT))

    assert isinstance(message, Notification)
    assert message.subject is None


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("kind", [SubscriptionConfirmation, UnsubscribeConfirmation])
async def test_a_signed_confirmation_gives_its_token(
    verifier: Verifier,
    signer: Signer,
    kind: type[SubscriptionConfirmation | UnsubscribeConfirmation],
    version: str,
) -> None:
    """Token and topic are all that confirming by the API takes; the URL is not even kept."""
    body = signer.body(CONFIRMATION | {"Type": kind.__name__}, version)

    assert await verifier.verify(body) == kind(
        message_id="0c1d3f66-7f0a-4d0b-9a52-7f6f1f4e2d33",
        topic=TOPIC.arn,
        token="2336412f37fb687f",
        moment=MOMENT,
    )


async def test_a_message_sent_again_is_genuine_again_under_its_id(
    verifier: Verifier, signer: Signer
) -> None:
    """SNS delivers at least once; whoever stores messages drops known ids."""
    body = signer.body(NOTIFICATION)

    assert await verifier.verify(body) == await verifier.verify(body)


async def test_the_order_of_keys_and_unknown_keys_mean_nothing(
    verifier: Verifier, signer: Signer
) -> None:
    """Order has no meaning in JSON, and AWS may add fields; the signature covers values."""
    envelope = signer.envelope(NOTIFICATION)
    attributes = {"nível": {"Type": "String", "Value": "1"}}
    shuffled = dict(reversed(envelope.items())) | {"MessageAttributes": attributes, "New": 1.5}

    assert await verifier.verify(json.dumps(shuffled).encode()) == await verifier.verify(
        json.dumps(envelope).encode()
    )


async def test_the_content_type_of_sns_is_accepted(verifier: Verifier, signer: Signer) -> None:
    """SNS says text although it sends JSON; a subscription may ask for another type."""
    body = signer.body(NOTIFICATION)
    types = (
        "text/plain; charset=UTF-8",
        'application/json; charset="utf-8"',
        "text/plain",
        "",
        None,
    )
    read = [await verifier.verify(body, content_type) for content_type in types]

    assert read == [await verifier.verify(body)] * 5


async def test_another_charset_is_refused(verifier: Verifier, signer: Signer) -> None:
    """Bytes that are declared as something else must not be read as UTF-8."""
    body = signer.body(NOTIFICATION)

    assert (
        await reason(verifier, body, "text/plain; charset=ISO-8859-1")
        == "body is not declared as UTF-8"
    )


# The last letter before the padding has bits that decoding drops: the next one reads the same.
NOT_CANONICAL = "Signature is not canonical base64"
CHANGES: list[tuple[str, Callable[[str], Any], str]] = [
    ("Type", lambda _: "SubscriptionConfirmation", "SubscribeURL is missing"),
    ("Type", lambda _: "notification", "type is none of the three that SNS sends"),
    ("MessageId", lambda text: f"0{text[1:]}", "signature does not fit"),
    ("MessageId", str.upper, "MessageId is malformed"),
    ("MessageId", lambda text: text + "\n", "MessageId is malformed"),
    ("TopicArn", lambda text: text + "2", "topic is none of ours"),
    ("TopicArn", str.upper, "topic is none of ours"),
    ("Subject", lambda text: text + " ", "signature does not fit"),
    ("Subject", lambda text: text + "\nMessageId", "Subject is malformed"),
    ("Message", lambda text: text + " ", "signature does not fit"),
    ("Message", lambda text: text.replace("\n", "\r\n"), "signature does not fit"),
    ("Timestamp", lambda _: "2026-11-23T14:59:30.121Z", "signature does not fit"),
    ("Timestamp", lambda _: "2026-11-23T14:59:30.120+00:00", "Timestamp is malformed"),
    ("Timestamp", lambda _: "2026-13-23T14:59:30.120Z", "Timestamp is no moment"),
    ("Timestamp", lambda _: "２026-11-23T14:59:30.120Z", "Timestamp is malformed"),
    ("SignatureVersion", lambda _: "1", "signature does not fit"),
    ("SignatureVersion", lambda _: "3", "SignatureVersion is neither 1 nor 2"),
    ("SignatureVersion", lambda _: "02", "SignatureVersion is neither 1 nor 2"),
    (
        "Signature",
        lambda text: ("B" if text[0] == "A" else "A") + text[1:],
        "signature does not fit",
    ),
    ("Signature", lambda text: "AAAA" + text, "signature does not fit"),
    ("Signature", lambda text: text[:4] + "\n" + text[4:], "Signature is not base64"),
    ("Signature", lambda text: text + " ", "Signature is not base64"),
    ("Signature", lambda text: text.replace("==", ""), "Signature is not base64"),
    ("Signature", lambda text: f"{text[:-3]}{chr(ord(text[-3]) + 1)}==", NOT_CANONICAL),
    ("Signature", lambda text: text[:-1] + "é", "Signature is not base64"),
    ("Signature", lambda _: "", "signature does not fit"),
]


@pytest.mark.parametrize(("name", "change", "why"), CHANGES)
async def test_a_changed_field_is_refused(
    verifier: Verifier, signer: Signer, name: str, change: Callable[[str], Any], why: str
) -> None:
    """Whoever changes anything that AWS signed, or spells it in another way, is not believed."""
    envelope = signer.envelope(NOTIFICATION)

    assert await reason(verifier, changed(envelope, **{name: change(envelope[name])})) == why


@pytest.mark.parametrize("name", ["Token", "SubscribeURL", "Message", "MessageId", "Timestamp"])
async def test_a_changed_confirmation_is_refused(
    verifier: Verifier, signer: Signer, name: str
) -> None:
    """A stranger's token would subscribe us to what the stranger likes."""
    envelope = signer.envelope(CONFIRMATION)
    digit = "1" if envelope[name][0] != "1" else "2"
    value = envelope[name][:-2] + digit + envelope[name][-1]

    assert await reason(verifier, changed(envelope, **{name: value})) == "signature does not fit"


@pytest.mark.parametrize(
    "name",
    [*sorted(NOTIFICATION), "Signature", "SignatureVersion", "SigningCertURL"],
)
@pytest.mark.parametrize("value", [None, 1, True, ["a"], {"a": "b"}])
async def test_a_field_that_is_no_string_is_refused(
    verifier: Verifier, signer: Signer, name: str, value: object
) -> None:
    """A list that looks equal to a string has fooled others."""
    body = changed(signer.envelope(NOTIFICATION), **{name: value})

    assert await reason(verifier, body) == "a field that must be a string is none"


@pytest.mark.parametrize("fields", [WITHOUT_SUBJECT, CONFIRMATION])
async def test_no_field_may_be_missing(
    verifier: Verifier, signer: Signer, fields: dict[str, str]
) -> None:
    """Half a message is no message, whatever half is there."""
    envelope = signer.envelope(fields)
    for name in envelope:
        rest = {each: value for each, value in envelope.items() if each != name}
        with pytest.raises(MessageRefused):
            await verifier.verify(json.dumps(rest).encode())


async def test_a_signed_text_cannot_be_cut_into_another_message(
    verifier: Verifier, signer: Signer
) -> None:
    """One signature would fit two messages if a subject had lines: a replay under a new id."""
    new_id = "ffffffff-9a3f-5d0c-8a64-9f0f5d1f3c11"
    tricky = WITHOUT_SUBJECT | {"Message": f"oi\nMessageId\n{new_id}\nSubject\ntchau"}
    old_id = tricky["MessageId"]
    genuine = signer.envelope(tricky)
    cut = genuine | {
        "Message": "oi",
        "MessageId": new_id,
        "Subject": f"tchau\nMessageId\n{old_id}",
    }

    assert isinstance(await verifier.verify(json.dumps(genuine).encode()), Notification)
    assert await reason(verifier, json.dumps(cut).encode()) == "Subject is malformed"


BAD_BODIES = [
    (b"", "body is not strict JSON"),
    (b"[]", "body is no JSON object"),
    (b'"Notification"', "body is no JSON object"),
    (b"null", "body is no JSON object"),
    (b"{} {}", "body is not strict JSON"),
    (b'\xef\xbb\xbf{"Type": "Notification"}', "body is not strict JSON"),
    (b'{"Type": "\xff"}', "body is not strict JSON"),
    (b'{"Type": "a\nb"}', "body is not strict JSON"),
    (b'{"Type": "a", "Type": "a"}', "body is not strict JSON"),
    (b'{"x": {"a": 1, "a": 2}}', "body is not strict JSON"),
    (b'{"x": NaN}', "body is not strict JSON"),
    (b'{"x": -Infinity}', "body is not strict JSON"),
    (b'{"x": ' + b"1" * 5000 + b"}", "body is not strict JSON"),
    (b'{"x": ' + b"[" * 3 + b"]" * 3 + b"}", "body is nested too deeply"),
    (b'{"x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "body is not strict JSON"),
    (b'{"Type": "\\ud800"}', "a field holds half of a surrogate pair"),
    (b'{"TopicArn": "arn:aws:sns:sa-east-1:111122223333:others"}', "topic is none of ours"),
    (b"{}", "topic is none of ours"),
    (b" " * (LARGEST + 1), f"body is larger than {LARGEST} bytes"),
]


@pytest.mark.parametrize(("body", "why"), BAD_BODIES, ids=range(len(BAD_BODIES)))
async def test_a_body_that_is_not_sns_s_is_refused(
    verifier: Verifier, body: bytes, why: str
) -> None:
    """Anybody can post anything; nothing of it may crash or cost more than reading it."""
    assert await reason(verifier, body) == why


async def test_a_repeated_key_is_refused_even_if_one_of_the_two_is_genuine(
    verifier: Verifier, signer: Signer
) -> None:
    """Two readers could see two messages."""
    body = signer.body(NOTIFICATION)

    assert await reason(verifier, body[:-1] + b', "Message": "x"}') == "body is not strict JSON"


@same_verifier
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
async def test_no_bytes_crash_the_verifier(verifier: Verifier, body: bytes) -> None:
    """Refusing is the only thing that may happen to noise."""
    assert await reason(verifier, body) != ""


@same_verifier
@given(st.data())
async def test_no_change_of_the_bytes_passes(
    verifier: Verifier, signer: Signer, data: st.DataObject
) -> None:
    """Whatever a byte is turned into, the message is refused or still says the same."""
    body = signer.body(NOTIFICATION)
    at = data.draw(st.integers(0, len(body) - 1))
    mutated = body[:at] + data.draw(st.binary(min_size=1, max_size=3)) + body[at + 1 :]
    try:
        message = await verifier.verify(mutated)
    except MessageRefused:
        return

    assert message == await verifier.verify(body)


@same_verifier
@given(st.text(max_size=50), st.text(max_size=50).filter(lambda text: not {"\r", "\n"} & {*text}))
async def test_every_text_that_is_signed_is_read_as_it_was_written(
    verifier: Verifier, signer: Signer, text: str, subject: str
) -> None:
    """Alarms come in all languages, with quotes, emoji and line breaks."""
    message = await verifier.verify(
        signer.body(NOTIFICATION | {"Message": text, "Subject": subject})
    )

    assert isinstance(message, Notification)
    assert (message.text, message.subject) == (text, subject)


@pytest.mark.parametrize(
    ("age", "why"),
    [
        (timedelta(hours=1), None),
        (timedelta(hours=1, milliseconds=1), "message is too old"),
        (-timedelta(minutes=5), None),
        (-timedelta(minutes=5, milliseconds=1), "message comes from the future"),
    ],
)
async def test_an_old_message_is_refused_and_so_is_one_of_the_future(
    verifier: Verifier, signer: Signer, clock: HandClock, age: timedelta, why: str | None
) -> None:
    """A message that was overheard once cannot be played again for ever."""
    clock.now = MOMENT + age
    body = signer.body(NOTIFICATION)
    if why is None:
        assert isinstance(await verifier.verify(body), Notification)
    else:
        assert await reason(verifier, body) == why


async def test_a_queue_s_messages_may_be_days_old_but_not_of_the_future(
    aws: Aws, signer: Signer, clock: HandClock
) -> None:
    """A queue keeps alarms while the bot is down; its policy says who may write to it."""
    verifier = Verifier([TOPIC], Certificates(aws.fetch, clock), clock, oldest=None)
    clock.now = MOMENT + timedelta(days=4)
    message = await verifier.verify(signer.body(NOTIFICATION))
    clock.now = MOMENT - timedelta(hours=1)

    assert isinstance(message, Notification)
    assert await reason(verifier, signer.body(NOTIFICATION)) == "message comes from the future"


async def test_another_key_s_signature_is_refused(verifier: Verifier) -> None:
    """Anybody can make a key; only the certificate on AWS's host counts."""
    assert await reason(verifier, make_signer().body(NOTIFICATION)) == "signature does not fit"


async def test_a_stranger_s_topic_costs_no_question_to_aws(
    verifier: Verifier, signer: Signer, aws: Aws
) -> None:
    """AWS signs everybody's messages; ours are those of our topics, which is asked first."""
    stranger = NOTIFICATION | {"TopicArn": "arn:aws:sns:sa-east-1:999999999999:alarms"}
    why = await reason(verifier, signer.body(stranger))

    assert (why, aws.asked) == ("topic is none of ours", [])


async def test_without_topics_nothing_passes(aws: Aws, signer: Signer, clock: HandClock) -> None:
    """The route is open on every machine; with no topic configured it lets nothing in."""
    verifier = Verifier([], Certificates(aws.fetch, clock), clock)

    assert await reason(verifier, signer.body(NOTIFICATION)) == "topic is none of ours"


async def test_each_topic_is_bound_to_its_own_region(
    aws: Aws, signer: Signer, clock: HandClock
) -> None:
    """A certificate of one region does not speak for a topic of another."""
    other = Topic.parse("arn:aws:sns:us-east-1:111122223333:alarms")
    verifier = Verifier([TOPIC, other], Certificates(aws.fetch, clock), clock)
    body = signer.body(NOTIFICATION | {"TopicArn": other.arn})

    assert await reason(verifier, body) == "certificate address is not the topic's own"
    assert isinstance(await verifier.verify(signer.body(NOTIFICATION)), Notification)
    assert aws.asked == [URL]
