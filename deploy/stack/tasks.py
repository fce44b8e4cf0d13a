"""What a task of the bot is on ECS: image, settings, secrets, what it may do.

libpq reads user and password of the database from PGUSER and PGPASSWORD, so that DATABASE_URL
holds no secret (source: PostgreSQL documentation, "Environment Variables").
"""

from deploy.stack.building import BOT_IMAGE, PULLING, image
from deploy.stack.cloudformation import Json, Resources, arn, att, ref, resource, sub
from deploy.stack.environment import reading_token, statements, token_arn, variables
from deploy.stack.options import Options
from deploy.stack.permissions import allow, anything, from_this_account, role, writing_logs

PORT = 8080
CPU, MEMORY_MB = 512, 1024
_STORES = "/var/lib/fechamento"


def task_resources(options: Options) -> Resources:
    """Cluster, webhook secret, roles and the task definition."""
    return {
        "Cluster": resource("ECS::Cluster", {}),
        "WebhookSecret": resource("SecretsManager::Secret", _webhook_secret()),
        "StartRole": role("ecs-tasks", _start_statements(options), from_this_account()),
        "BotRole": role("ecs-tasks", statements(options), from_this_account()),
        "TaskDefinition": resource("ECS::TaskDefinition", _task(options)),
    }


def _webhook_secret() -> Json:
    return {
        "Description": "Proves that Telegram posts: X-Telegram-Bot-Api-Secret-Token",
        "GenerateSecretString": {"PasswordLength": 48, "ExcludePunctuation": True},
    }


def _start_statements(options: Options) -> list[Json]:
    """What ECS does before the bot runs: pull, open the log, read the secrets."""
    return [
        anything("ecr:GetAuthorizationToken"),
        allow(PULLING, att(f"{BOT_IMAGE.word}Repository", "Arn")),
        writing_logs(arn("logs", "log-group:${BotLog}")),
        reading_token(options),
        allow(("secretsmanager:GetSecretValue",), ref("WebhookSecret"), ref("DatabaseSecret")),
    ]


def _task(options: Options) -> Json:
    return {
        "Family": f"{options.name}-bot",
        "RequiresCompatibilities": ["FARGATE"],
        "NetworkMode": "awsvpc",
        "RuntimePlatform": {"CpuArchitecture": "ARM64", "OperatingSystemFamily": "LINUX"},
        "Cpu": str(CPU),
        "Memory": str(MEMORY_MB),
        "ExecutionRoleArn": att("StartRole", "Arn"),
        "TaskRoleArn": att("BotRole", "Arn"),
        "Volumes": [{"Name": "stores"}],
        "ContainerDefinitions": [_container(options)],
    }


def _container(options: Options) -> Json:
    return {
        "Name": "bot",
        "Image": image(BOT_IMAGE),
        "Essential": True,
        "ReadonlyRootFilesystem": True,
        "StopTimeout": 30,
        "PortMappings": [{"ContainerPort": PORT, "Protocol": "tcp"}],
        "MountPoints": [{"SourceVolume": "stores", "ContainerPath": _STORES, "ReadOnly": False}],
        "Environment": [
            {"Name": name, "Value": value}
            for name, value in {**variables(options), **_here()}.items()
        ],
        "Secrets": _secrets(options),
        "LogConfiguration": {
            "LogDriver": "awslogs",
            "Options": {
                "awslogs-group": ref("BotLog"),
                "awslogs-region": ref("AWS::Region"),
                "awslogs-stream-prefix": "bot",
            },
        },
    }


def _here() -> dict[str, str | Json]:
    """Settings that differ from those of a machine."""
    host, port = att("Database", "Endpoint.Address"), att("Database", "Endpoint.Port")
    return {
        "DATA_DIR": _STORES,
        "DATABASE_URL": {"Fn::Join": ["", ["postgresql://", host, ":", port, "/fechamento"]]},
        "PGSSLMODE": "require",
        "HTTP_HOST": "0.0.0.0",  # noqa: S104, the load balancer comes from outside the task
        "HTTP_PORT": str(PORT),
        "HTTP_PROXIES": "1",
        "TELEGRAM_WEBHOOK_URL": sub("https://${WebhookHost}/telegram/bot"),
    }


def _secrets(options: Options) -> list[Json]:
    found = {
        "TELEGRAM_TOKEN": token_arn(options),
        "TELEGRAM_WEBHOOK_SECRET": ref("WebhookSecret"),
        "PGUSER": sub("${DatabaseSecret}:username::"),
        "PGPASSWORD": sub("${DatabaseSecret}:password::"),
    }
    return [{"Name": name, "ValueFrom": value} for name, value in found.items()]
