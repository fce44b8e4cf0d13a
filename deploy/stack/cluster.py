"""The bot as containers behind a load balancer, for who has outgrown one machine.

    Telegram ──https──▶ Balancer ──http──▶ Service (Fargate, arm64) ──▶ Database (PostgreSQL)

Telegram posts updates to the balancer (webhook), so several tasks share the work; the database
holds the one lease of scheduler and sender.  The database password is made by Secrets Manager and
rotated by hand: one that RDS itself rotates every week would lock out every running task, which
read it when it started.
"""

import json

from deploy.stack.cloudformation import Json, Resources, att, ref, resource, sub
from deploy.stack.environment import bot_log
from deploy.stack.network import BLOCK, network, out_by_https, security_group, subnet_ids, tcp
from deploy.stack.options import Options
from deploy.stack.tasks import PORT, task_resources

ZONES = 2
DATABASE_CLASS = "db.t4g.micro"
DATABASE_GB = 20
BACKUP_DAYS = 7
DATABASE = "fechamento"
POSTGRESQL = 5432
HTTPS = 443
_PASSWORD = sub("{{resolve:secretsmanager:${DatabaseSecret}:SecretString:password}}")
"""Filled in by CloudFormation when it makes the database; never part of the template."""


def bot_cluster(options: Options) -> Resources:
    """Network, database, balancer, log and tasks."""
    return {
        **network(options, ZONES),
        **_groups(),
        **_database(),
        **_balancer(),
        **bot_log(options),
        **task_resources(options),
        "Service": _service(options),
    }


def _groups() -> Resources:
    to_database = tcp(POSTGRESQL, block=BLOCK, why="PostgreSQL in this network")
    return {
        "BalancerGroup": security_group(
            "Balancer: HTTPS in, bot out",
            [tcp(HTTPS, why="Telegram, the operators and callers of REST")],
            [tcp(PORT, block=BLOCK, why="the bot's tasks")],
        ),
        "BotGroup": security_group(
            "Bot: balancer in, HTTPS and database out",
            [tcp(PORT, group=ref("BalancerGroup"), why="the balancer")],
            [*out_by_https(), to_database],
        ),
        "DatabaseGroup": security_group(
            "Database: bot in, nothing out",
            [tcp(POSTGRESQL, group=ref("BotGroup"), why="the bot")],
            # An empty list would mean "anywhere"; nothing answers here.
            [tcp(HTTPS, block="127.0.0.1/32", why="nothing")],
        ),
    }


def _database() -> Resources:
    return {
        "DatabaseSecret": resource(
            "SecretsManager::Secret",
            {
                "Description": "User and password of the bot's database",
                "GenerateSecretString": {
                    "SecretStringTemplate": json.dumps({"username": DATABASE}),
                    "GenerateStringKey": "password",
                    "PasswordLength": 40,
                    "ExcludePunctuation": True,
                },
            },
        ),
        "DatabaseSubnets": resource(
            "RDS::DBSubnetGroup",
            {
                "DBSubnetGroupDescription": "Subnets of the bot's database",
                "SubnetIds": subnet_ids(ZONES),
            },
        ),
        "Database": resource(
            "RDS::DBInstance",
            {
                "Engine": "postgres",
                "DBInstanceClass": DATABASE_CLASS,
                "DBName": DATABASE,
                "AllocatedStorage": str(DATABASE_GB),
                "StorageType": "gp3",
                "StorageEncrypted": True,
                "PubliclyAccessible": False,
                "BackupRetentionPeriod": BACKUP_DAYS,
                "CopyTagsToSnapshot": True,
                "MasterUsername": DATABASE,
                "MasterUserPassword": _PASSWORD,
                "DBSubnetGroupName": ref("DatabaseSubnets"),
                "VPCSecurityGroups": [att("DatabaseGroup", "GroupId")],
                "AutoMinorVersionUpgrade": True,
            },
            DeletionPolicy="Snapshot",
            UpdateReplacePolicy="Snapshot",
        ),
    }


def _balancer() -> Resources:
    return {
        "Balancer": resource(
            "ElasticLoadBalancingV2::LoadBalancer",
            {
                "Type": "application",
                "Scheme": "internet-facing",
                "Subnets": subnet_ids(ZONES),
                "SecurityGroups": [att("BalancerGroup", "GroupId")],
                "LoadBalancerAttributes": [
                    {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}
                ],
            },
            DependsOn=["GatewayAttachment"],
        ),
        "Targets": resource("ElasticLoadBalancingV2::TargetGroup", _targets()),
        "Listener": resource(
            "ElasticLoadBalancingV2::Listener",
            {
                "LoadBalancerArn": ref("Balancer"),
                "Port": HTTPS,
                "Protocol": "HTTPS",
                "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
                "Certificates": [{"CertificateArn": ref("CertificateArn")}],
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": ref("Targets")}],
            },
        ),
    }


def _targets() -> Json:
    return {
        "VpcId": ref("Network"),
        "TargetType": "ip",
        "Protocol": "HTTP",
        "Port": PORT,
        # Not /saude, which is 503 while Yahoo is away: a new task would not mend that.
        "HealthCheckPath": "/",
        "HealthCheckIntervalSeconds": 30,
        "HealthyThresholdCount": 2,
        "TargetGroupAttributes": [
            {"Key": "deregistration_delay.timeout_seconds", "Value": "30"},
        ],
    }


def _service(options: Options) -> Json:
    return resource(
        "ECS::Service",
        {
            "Cluster": ref("Cluster"),
            "LaunchType": "FARGATE",
            "DesiredCount": options.tasks,
            "TaskDefinition": ref("TaskDefinition"),
            "HealthCheckGracePeriodSeconds": 120,
            "DeploymentConfiguration": {
                "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
                "MinimumHealthyPercent": 100,
                "MaximumPercent": 200,
            },
            "NetworkConfiguration": {
                "AwsvpcConfiguration": {
                    "AssignPublicIp": "ENABLED",  # instead of a NAT gateway
                    "SecurityGroups": [att("BotGroup", "GroupId")],
                    "Subnets": subnet_ids(ZONES),
                }
            },
            "LoadBalancers": [
                {"ContainerName": "bot", "ContainerPort": PORT, "TargetGroupArn": ref("Targets")}
            ],
        },
        DependsOn=["Listener", "RouteOut", "QueueSubscription"],
    )
