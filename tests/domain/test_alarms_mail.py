"""What comes out of the queue: envelopes of SNS, bare bodies, and what was never meant for us."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alarms.mail import Arrived, Confirmation, Farewell, Refusal, from_queue
from tests.alarm_guard import NOW, TOPIC, body, later

NUMBER = "5b6cc2f7-9a3f-5d0c-8a64-9f0f5d1f3c11"
QUEUES = "0c1d3f66-7f0a-4d0b-9a52-7f6f1f4e2d33"
OURS = frozenset({TOPIC})


def envelope(**fields: Any) -> str:
    """As SNS puts it into a queue."""
    usual = {
        "Type": "Notification",
        "MessageId": NUMBER,
        "TopicArn": TOPIC,
        "Subject": "ALARM: cpu",
        "Message": body("cpu"),
        "Timestamp": "2026-07-29T14:43:00.120Z",
        "Signature": "not looked at",
    }
    return json.dumps(usual | fields)


def test_an_envelope_is_opened() -> None:
    """Number, subject, text and moment are SNS's."""
    moment = datetime(2026, 7, 29, 14, 43, 0, 120_000, tzinfo=UTC)
    opened = Arrived(NUMBER, "ALARM: cpu", body("cpu"), moment)

    assert from_queue(envelope(), QUEUES, OURS) == opened
    assert from_queue(envelope(), QUEUES, frozenset()) == opened


def test_an_event_that_was_made_for_lambda_is_opened_too() -> None:
    """Some pass on what their function got."""
    event = json.dumps({"Records": [{"EventSource": "aws:sns", "Sns": json.loads(envelope())}]})

    assert from_queue(event, QUEUES, OURS) == from_queue(envelope(), QUEUES, OURS)


def test_another_topic_is_refused_where_topics_are_named() -> None:
    """Somebody may have been let write into the queue by mistake."""
    strange = envelope(TopicArn=TOPIC.replace("alarms", "other"))

    assert from_queue(strange, QUEUES, OURS) == Refusal("topic is none of ours")
    assert isinstance(from_queue(strange, QUEUES, frozenset()), Arrived)


def test_subscriptions_of_another_account_are_recognised() -> None:
    """SNS asks before it delivers into an account that is not its own."""
    asks = envelope(Type="SubscriptionConfirmation", Token="abc")
    leaves = envelope(Type="UnsubscribeConfirmation", Token="abc")
    moment = datetime(2026, 7, 29, 14, 43, 0, 120_000, tzinfo=UTC)

    assert from_queue(asks, QUEUES, OURS) == Confirmation(NUMBER, TOPIC, "abc", moment)
    assert from_queue(leaves, QUEUES, OURS) == Farewell(NUMBER, TOPIC, moment)


def test_raw_delivery_has_no_envelope() -> None:
    """The body is what was published."""
    found = from_queue(body("cpu"), QUEUES, OURS)

    assert isinstance(found, Arrived)
    assert (found.subject, found.text, found.moment) == (None, body("cpu"), None)


def test_a_raw_alarm_is_known_by_its_text_and_a_raw_text_by_the_queue() -> None:
    """The same change twice is one; two people may well write the same words."""
    alarms = [from_queue(text, QUEUES, OURS) for text in (body("cpu"), body("cpu", since=NOW))]
    other = from_queue(body("cpu", since=later(seconds=1)), QUEUES, OURS)
    texts = [from_queue("teste", number, OURS) for number in (QUEUES, NUMBER)]
    numbers = [each.message_id for each in (*alarms, other, *texts) if isinstance(each, Arrived)]

    assert numbers[0] == numbers[1] != numbers[2]
    assert numbers[3:] == [QUEUES, NUMBER]


@pytest.mark.parametrize(
    "fields",
    [{"Type": "Other"}, {"TopicArn": 7}, {"TopicArn": None}, {"Message": {"a": 1}}, {"Type": None}],
)
def test_what_is_no_envelope_is_read_as_it_stands(fields: dict[str, Any]) -> None:
    """Something was published; somebody reads it."""
    text = envelope(**fields)

    assert from_queue(text, QUEUES, OURS) == Arrived(QUEUES, None, text)


def test_a_number_of_any_form_becomes_a_short_name() -> None:
    """It is carried by buttons, which hold 64 bytes."""
    found = from_queue(envelope(MessageId="x" * 500), QUEUES, OURS)
    none = from_queue(envelope(MessageId=None), QUEUES, OURS)

    assert isinstance(found, Arrived)
    assert len(found.message_id) == 32
    assert isinstance(none, Arrived)
    assert none.message_id == QUEUES


@given(st.text() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps), st.text())
def test_whatever_it_is_it_is_something(text: str, number: str) -> None:
    """A message that broke the reader would come out of the queue for ever."""
    found = from_queue(text, number, OURS)

    assert isinstance(found, Arrived)
    assert 1 <= len(found.message_id) <= 36
