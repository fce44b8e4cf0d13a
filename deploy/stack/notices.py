"""The way of an alarm out of CloudWatch.

    alarm ──▶ Alarms ──▶ AlarmQueue ──▶ bot ──▶ Telegram       (after five attempts: LostAlarms)
         │       └────▶ https subscriber, for an hour          (then: LostAlarms)
         └─▶ BotAlarms ──▶ e-mail

An alarm about the bot goes to both topics: the bot cannot announce its own death.  The topics are
not encrypted with the key `alias/aws/sns`: CloudWatch may not use that key, so its alarms would be
lost (source: CloudWatch User Guide, "Troubleshooting alarms"), and a key of one's own costs more
than the queue; an alarm holds no secret.
"""

from deploy.stack.cloudformation import Json, Resources, arn, att, ref, resource
from deploy.stack.options import Options
from deploy.stack.permissions import document, only_by_tls

KEPT_SECONDS = 14 * 86_400
"""The longest that SQS keeps a message."""

ATTEMPTS = 5
SECONDS_TO_STORE = 120
"""How long the bot has to store a message before another reader may take it."""

HOUR_LONG: Json = {
    "healthyRetryPolicy": {
        "minDelayTarget": 20,
        "maxDelayTarget": 300,
        "numRetries": 14,
        "numNoDelayRetries": 1,
        "numMinDelayRetries": 2,
        "numMaxDelayRetries": 6,
        "backoffFunction": "exponential",
    }
}
"""SNS gives up on an https subscriber after a minute by default; its limit is an hour."""


def notices(options: Options) -> Resources:
    """Topics, queues, who may write to them, and the subscribers."""
    return {
        "Alarms": _topic(f"{options.name}: alarmes"),
        "BotAlarms": _topic(f"{options.name}: alarmes do próprio bot"),
        "TopicPolicy": resource("SNS::TopicPolicy", _topic_policy(options)),
        "LostAlarms": _queue({}),
        "AlarmQueue": _queue(
            {
                "VisibilityTimeout": SECONDS_TO_STORE,
                "ReceiveMessageWaitTimeSeconds": 20,
                "RedrivePolicy": {
                    "deadLetterTargetArn": att("LostAlarms", "Arn"),
                    "maxReceiveCount": ATTEMPTS,
                },
            }
        ),
        "QueuePolicy": resource("SQS::QueuePolicy", _queue_policy()),
        **_subscribers(options),
    }


def _topic(title: str) -> Json:
    return resource("SNS::Topic", {"DisplayName": title, "SignatureVersion": "2"})


def _queue(properties: Json) -> Json:
    kept = {"MessageRetentionPeriod": KEPT_SECONDS, "SqsManagedSseEnabled": True}
    return resource("SQS::Queue", {**kept, **properties})


def _topic_policy(options: Options) -> Json:
    topics = [ref("Alarms"), ref("BotAlarms")]
    alarms_publish = {
        "Sid": "AlarmsPublish",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topics,
        "Condition": {
            "ArnLike": {"aws:SourceArn": arn("cloudwatch", "alarm:*")},
            "StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")},
        },
    }
    publish = [alarms_publish, *([_training_publishes()] if options.retrain else [])]
    return {
        "Topics": topics,
        "PolicyDocument": document([*publish, only_by_tls(topics, "sns:Publish")]),
    }


def _training_publishes() -> Json:
    return {
        "Sid": "TrainingPublishes",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": ref("Alarms"),
        "Condition": {"ArnEquals": {"aws:SourceArn": att("TrainingEnded", "Arn")}},
    }


def _queue_policy() -> Json:
    queues = [att("AlarmQueue", "Arn"), att("LostAlarms", "Arn")]
    topic_sends = {
        "Sid": "TopicSends",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queues,
        "Condition": {"ArnEquals": {"aws:SourceArn": ref("Alarms")}},
    }
    return {
        "Queues": [ref("AlarmQueue"), ref("LostAlarms")],
        "PolicyDocument": document([topic_sends, only_by_tls(queues, "sqs:*")]),
    }


def _subscribers(options: Options) -> Resources:
    lost = {"RedrivePolicy": {"deadLetterTargetArn": att("LostAlarms", "Arn")}}
    found = {"QueueSubscription": _subscribed("Alarms", "sqs", att("AlarmQueue", "Arn"), lost)}
    if options.https_subscriber:
        retried = {**lost, "DeliveryPolicy": HOUR_LONG}
        found["HttpsSubscription"] = _subscribed("Alarms", "https", ref("HttpsSubscriber"), retried)
    if options.alarm_email:
        found["EmailSubscription"] = _subscribed("BotAlarms", "email", ref("AlarmEmail"), {})
    return found


def _subscribed(topic: str, protocol: str, endpoint: Json, more: Json) -> Json:
    properties = {"TopicArn": ref(topic), "Protocol": protocol, "Endpoint": endpoint, **more}
    return resource("SNS::Subscription", properties, DependsOn=["QueuePolicy"])
