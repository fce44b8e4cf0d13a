"""The bot on ECS, for who has outgrown one machine."""

import re
from typing import Any

from bot.settings import Settings
from deploy.stack.options import Bot
from tests.deploy.stack.deployments import WEBHOOK, deployment, of_type, properties

ON_ECS = deployment(bot=Bot.ECS, tasks=3)
READ_BY_LIBPQ = {"PGUSER", "PGPASSWORD", "PGSSLMODE"}


def container() -> dict[str, Any]:
    """The one container of a task."""
    (found,) = properties(ON_ECS, "TaskDefinition")["ContainerDefinitions"]
    return dict(found)


def ingress(group: str) -> list[tuple[int, object]]:
    """Ports that a security group opens, and to whom."""
    rules = properties(ON_ECS, group)["SecurityGroupIngress"]
    return [
        (rule["FromPort"], rule.get("CidrIp") or rule["SourceSecurityGroupId"]) for rule in rules
    ]


def test_only_the_balancer_can_be_reached_from_outside() -> None:
    """Each part talks to its neighbour and to nobody else."""
    assert {group: ingress(group) for group in ("BalancerGroup", "BotGroup", "DatabaseGroup")} == {
        "BalancerGroup": [(443, "0.0.0.0/0")],
        "BotGroup": [(8080, {"Ref": "BalancerGroup"})],
        "DatabaseGroup": [(5432, {"Ref": "BotGroup"})],
    }


def test_the_database_is_private_encrypted_and_backed_up() -> None:
    """It holds who subscribed to what."""
    database = of_type(ON_ECS, "RDS::DBInstance")["Database"]
    wanted = {
        "DBInstanceClass": "db.t4g.micro",
        "PubliclyAccessible": False,
        "StorageEncrypted": True,
        "BackupRetentionPeriod": 7,
    }

    assert database["DeletionPolicy"] == "Snapshot"
    assert {name: database["Properties"][name] for name in wanted} == wanted


def test_the_database_password_is_made_by_aws_and_read_by_reference() -> None:
    """Nobody types it and no template shows it."""
    assert properties(ON_ECS, "Database")["MasterUserPassword"] == {
        "Fn::Sub": "{{resolve:secretsmanager:${DatabaseSecret}:SecretString:password}}"
    }


def test_telegram_comes_by_a_modern_tls_only() -> None:
    """Updates hold what people write."""
    listener = properties(ON_ECS, "Listener")

    assert listener["Protocol"] == "HTTPS"
    assert listener["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    assert listener["Certificates"] == [{"CertificateArn": {"Ref": "CertificateArn"}}]


def test_the_chosen_number_of_tasks_runs_on_arm() -> None:
    """The same work for a fifth less."""
    service = properties(ON_ECS, "Service")
    task = properties(ON_ECS, "TaskDefinition")

    assert service["DesiredCount"] == 3
    assert task["RuntimePlatform"]["CpuArchitecture"] == "ARM64"
    assert properties(ON_ECS, "BotBuild")["Environment"]["Type"] == "ARM_CONTAINER"


def test_a_failing_version_is_taken_back() -> None:
    """Without the breaker ECS would try it for ever."""
    deployed = properties(ON_ECS, "Service")["DeploymentConfiguration"]

    assert deployed["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}


def test_a_task_writes_to_its_volume_only() -> None:
    """A broken-in bot changes no program."""
    assert container()["ReadonlyRootFilesystem"] is True
    assert container()["MountPoints"] == [
        {"SourceVolume": "stores", "ContainerPath": "/var/lib/fechamento", "ReadOnly": False}
    ]


def test_the_environment_is_made_of_settings() -> None:
    """A name that the bot does not know is a setting that does not work."""
    pairs = [*container()["Environment"], *container()["Secrets"]]
    names = {pair["Name"] for pair in pairs} - READ_BY_LIBPQ

    assert {name.lower() for name in names} <= set(Settings.model_fields)


def test_secrets_are_handed_over_by_ecs() -> None:
    """They stand in no environment that somebody could look up in the console."""
    assert {pair["Name"] for pair in container()["Secrets"]} == {
        "PGPASSWORD",
        "PGUSER",
        "TELEGRAM_TOKEN",
        "TELEGRAM_WEBHOOK_SECRET",
    }
    assert not [
        pair for pair in container()["Environment"] if re.search("PASSW|TOKEN|SECRET", pair["Name"])
    ]


def test_telegram_posts_to_the_balancer_s_name() -> None:
    """The name is the operator's, who points it at the balancer."""
    environment = {pair["Name"]: pair["Value"] for pair in container()["Environment"]}

    assert WEBHOOK.host == "bot.example.org"
    assert environment["TELEGRAM_WEBHOOK_URL"] == {"Fn::Sub": "https://${WebhookHost}/telegram/bot"}
    assert environment["HTTP_PROXIES"] == "1"


def test_a_task_is_not_replaced_because_yahoo_is_away() -> None:
    """/saude is 503 then, and a new task would not mend it."""
    assert properties(ON_ECS, "Targets")["HealthCheckPath"] == "/"
