"""An alarm reaches the queue, and the subscribers who were asked for."""

import pytest

from deploy.stack.notices import HOUR_LONG
from deploy.stack.options import Options
from tests.deploy.stack.deployments import (
    deployment,
    every_whole_deployment,
    named,
    of_type,
    properties,
)


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_subscriptions_use_protocols_that_exist(options: Options) -> None:
    """`httpss` passes every check, and the alarms go nowhere."""
    subscriptions = of_type(options, "SNS::Subscription").values()
    protocols = [one["Properties"]["Protocol"] for one in subscriptions]

    assert protocols in (["sqs"], ["sqs", "https", "email"])


def test_nobody_but_the_queue_is_subscribed_by_default() -> None:
    """E-mail and HTTPS are for who asked for them."""
    assert list(of_type(deployment(), "SNS::Subscription")) == ["QueueSubscription"]


def test_e_mail_gets_the_alarms_about_the_bot() -> None:
    """The bot cannot announce its own death."""
    options = deployment(alarm_email="operador@example.org")

    assert properties(options, "EmailSubscription") == {
        "TopicArn": {"Ref": "BotAlarms"},
        "Protocol": "email",
        "Endpoint": {"Ref": "AlarmEmail"},
    }


def test_only_our_topic_may_write_to_the_queue() -> None:
    """Whoever else could would write in the operators' chat."""
    writes, _ = properties(deployment(), "QueuePolicy")["PolicyDocument"]["Statement"]

    assert writes["Principal"] == {"Service": "sns.amazonaws.com"}
    assert writes["Action"] == "sqs:SendMessage"
    assert writes["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Ref": "Alarms"}}}


def test_only_alarms_of_this_account_may_publish() -> None:
    """A topic that takes anything is a way into the operators' chat."""
    publishes, _ = properties(deployment(), "TopicPolicy")["PolicyDocument"]["Statement"]

    assert publishes["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert publishes["Condition"]["StringEquals"] == {
        "aws:SourceAccount": {"Ref": "AWS::AccountId"}
    }


def test_messages_wait_two_weeks_encrypted_and_are_never_dropped() -> None:
    """A bot that was away over the holidays still tells what happened."""
    queue, lost = properties(deployment(), "AlarmQueue"), properties(deployment(), "LostAlarms")

    assert [one["MessageRetentionPeriod"] for one in (queue, lost)] == [1_209_600, 1_209_600]
    assert [one["SqsManagedSseEnabled"] for one in (queue, lost)] == [True, True]
    assert queue["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["LostAlarms", "Arn"]},
        "maxReceiveCount": 5,
    }


def test_an_https_subscriber_is_retried_for_most_of_an_hour() -> None:
    """By default SNS gives up after a minute; more than an hour it refuses."""
    policy = HOUR_LONG["healthyRetryPolicy"]
    at_once, least, most = (
        policy[f"num{name}Retries"] for name in ("NoDelay", "MinDelay", "MaxDelay")
    )
    between = policy["numRetries"] - at_once - least - most
    fixed = least * policy["minDelayTarget"] + most * policy["maxDelayTarget"]
    shortest = fixed + between * policy["minDelayTarget"]
    longest = fixed + between * policy["maxDelayTarget"]

    assert between >= 0
    assert 1_800 <= shortest <= longest <= 3_600


def test_what_an_https_subscriber_never_took_is_kept() -> None:
    """An alarm that could not be delivered is an alarm of its own."""
    options = deployment(https_subscriber="https://example.org/sns")

    assert properties(options, "HttpsSubscription")["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["LostAlarms", "Arn"]}
    }
