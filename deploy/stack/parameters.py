"""The stack's parameters: what changes from one deployment to the next, and who the people are.

Everything that shapes the stack is decided in Python; a parameter only carries a value, so that a
new model or a new operator shows up in a change set as just that.
"""

from dataclasses import dataclass

from deploy.stack.cloudformation import Json
from deploy.stack.options import Options


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: what it means, and the value of this deployment."""

    description: str
    value: str


def known(options: Options) -> dict[str, Parameter]:
    """Every parameter that a template may refer to."""
    uploads, webhook = options.uploads, options.webhook
    return {
        "ArtifactKey": Parameter("S3 key of the model.tar.gz", uploads.artifact_key),
        "ArtifactSha256": Parameter("SHA-256 of the model.tar.gz", uploads.artifact_sha256),
        "SourceKey": Parameter("S3 key of the zip of the source", uploads.source_key),
        "ImageTag": Parameter("Tag of our images in ECR", uploads.image_tag),
        "TensorflowImage": Parameter("AWS's inference image", options.tensorflow_image),
        "TokenSecretArn": Parameter("Secret of the bot token", options.token_secret_arn),
        "AlarmEmail": Parameter("Gets alarms about the bot", options.alarm_email),
        "HttpsSubscriber": Parameter("Gets alarms by HTTPS", options.https_subscriber),
        "Tickers": Parameter("Shares served; empty: all", ",".join(options.tickers)),
        "DefaultTicker": Parameter("Share of /hoje without a name", options.default_ticker),
        "AdminIds": Parameter("Operators' Telegram ids", ",".join(map(str, options.admin_ids))),
        "AlarmChats": Parameter("Operators' Telegram chats", ",".join(options.alarm_chats)),
        "WebhookHost": Parameter("Name of the balancer", webhook.host if webhook else ""),
        "CertificateArn": Parameter(
            "Its ACM certificate", webhook.certificate_arn if webhook else ""
        ),
    }


def used(options: Options, pieces: object) -> dict[str, Parameter]:
    """The parameters that occur in these pieces of a template."""
    names = set(_referred(pieces))
    return {name: found for name, found in known(options).items() if name in names}


def declared(parameters: dict[str, Parameter]) -> Json:
    """The template's section."""
    return {
        name: {"Type": "String", "Description": parameter.description}
        for name, parameter in parameters.items()
    }


def _referred(piece: object) -> list[str]:
    match piece:
        case {"Ref": str(name)}:
            return [name]
        case dict():
            return [name for value in piece.values() for name in _referred(value)]
        case list():
            return [name for value in piece for name in _referred(value)]
        case str():
            return [part.partition("}")[0] for part in piece.split("${")[1:]]
    return []
