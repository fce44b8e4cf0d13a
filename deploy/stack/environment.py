"""The bot's settings on AWS, and what its process may do there.

Names are those of `bot.settings`; a test holds them against it.  Secrets are not among them: they
are read from Secrets Manager when the process starts.
"""

from deploy.stack.cloudformation import (
    Json,
    Resources,
    arn,
    att,
    filled_in,
    ref,
    resource,
    sub,
)
from deploy.stack.metrics import OWN
from deploy.stack.options import Bot, Options
from deploy.stack.permissions import allow, anything, metrics_of

LOG_DAYS = 90


def token_secret(options: Options) -> Resources:
    """An empty secret for the bot token, unless one was named; its value is written by hand."""
    if options.bot is Bot.NONE or options.token_secret_arn:
        return {}
    properties = {"Description": f"Token of the Telegram bot {options.name}, from @BotFather"}
    return {"TokenSecret": resource("SecretsManager::Secret", properties)}


def token_arn(options: Options) -> Json:
    """The ARN of the secret that holds the token."""
    return ref("TokenSecretArn") if options.token_secret_arn else ref("TokenSecret")


def bot_log(options: Options) -> Resources:
    """The log of the bot."""
    named = {"LogGroupName": f"/{options.name}/bot", "RetentionInDays": LOG_DAYS}
    return {"BotLog": resource("Logs::LogGroup", named)}


def variables(options: Options) -> dict[str, str | Json]:
    """Settings of the bot, wherever it runs on AWS."""
    return {
        "AWS_REGION": ref("AWS::Region"),
        "SAGEMAKER_ENDPOINT": att("Endpoint", "EndpointName"),
        "TICKERS": ref("Tickers"),
        "DEFAULT_TICKER": ref("DefaultTicker"),
        "ADMIN_IDS": ref("AdminIds"),
        "ALARM_CHAT_IDS": ref("AlarmChats"),
        "ALARM_QUEUE_URL": ref("AlarmQueue"),
        "ALARM_TOPIC_ARNS": ref("Alarms"),
        "METRICS": "true",
        "METRICS_BOT": options.name,
    }


def statements(options: Options) -> list[Json]:
    """What the bot's process may do."""
    alarms = arn("cloudwatch", f"alarm:*-{options.name}-*")
    return [
        allow(("sagemaker:InvokeEndpoint",), arn("sagemaker", f"endpoint/{options.endpoint_name}")),
        allow(
            ("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"),
            att("AlarmQueue", "Arn"),
        ),
        allow(("sns:ConfirmSubscription",), ref("Alarms")),
        # The operators' silence button; a rule and the alarms that it mutes are both asked for.
        allow(("cloudwatch:PutAlarmMuteRule",), alarms, arn("cloudwatch", "alarm-mute-rule:*")),
        anything("cloudwatch:DescribeAlarms", "cloudwatch:GetMetricWidgetImage"),
        metrics_of(OWN),
    ]


def reading_token(options: Options) -> Json:
    """Allow the token to be read."""
    return allow(("secretsmanager:GetSecretValue",), token_arn(options))


def environment_file(options: Options) -> Json:
    """The variables as systemd's EnvironmentFile, one a line."""
    lines = [f"{name}={filled_in(value)}\n" for name, value in variables(options).items()]
    return sub("".join(lines))
