"""The bot's machine on EC2, and what it does when it starts."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import Settings
from deploy.stack import metrics
from deploy.stack.machine import DATA_TAG
from deploy.stack.metrics import HELD, OWN
from tests.deploy.stack.deployments import SECRET, deployment, of_type, properties

HERE = Path(__file__).parents[3] / "deploy" / "stack" / "on_machine"
READ_BY_BOTO3_OR_SHELL = {"AWS_DEFAULT_REGION", "LOG_GROUP", "TOKEN_SECRET", "VOLUME"}


def user_data(**chosen: object) -> str:
    """The script that the machine runs first, with CloudFormation's names in place of values."""
    data = properties(deployment(**chosen), "LaunchTemplate")["LaunchTemplateData"]
    pieces = data["UserData"]["Fn::Base64"]["Fn::Join"][1]
    return "".join(piece if isinstance(piece, str) else piece["Fn::Sub"] for piece in pieces)


def sections() -> dict[str, str]:
    """The files that the first script writes, by name."""
    written = re.findall(r"cat > (\S+) <<'END'\n(.*?)END\n", user_data(), re.DOTALL)
    return {Path(name).name: content for name, content in written}


def test_nothing_listens_to_the_outside() -> None:
    """People come in by Session Manager, which the machine calls itself."""
    group = properties(deployment(), "BotGroup")

    assert group["SecurityGroupIngress"] == []
    assert [(rule["FromPort"], rule["ToPort"]) for rule in group["SecurityGroupEgress"]] == [
        (443, 443)
    ]
    assert "KeyName" not in properties(deployment(), "LaunchTemplate")["LaunchTemplateData"]


def test_the_metadata_service_wants_a_token() -> None:
    """A forged request from inside cannot read the machine's credentials."""
    launched = properties(deployment(), "LaunchTemplate")["LaunchTemplateData"]

    assert launched["MetadataOptions"] == {
        "HttpEndpoint": "enabled",
        "HttpTokens": "required",
        "HttpPutResponseHopLimit": 1,
    }


def test_every_disk_is_encrypted() -> None:
    """Subscriptions and forecasts are people's business."""
    launched = properties(deployment(), "LaunchTemplate")["LaunchTemplateData"]
    (root,) = launched["BlockDeviceMappings"]

    assert root["Ebs"]["Encrypted"] is True
    assert properties(deployment(), "DataVolume")["Encrypted"] is True


def test_the_data_is_copied_daily_and_at_the_end() -> None:
    """A lost volume costs a day at most; a removed stack leaves a last copy."""
    volume = of_type(deployment(), "EC2::Volume")["DataVolume"]
    details = properties(deployment(), "Snapshots")["PolicyDetails"]
    (schedule,) = details["Schedules"]
    tag = {"Key": DATA_TAG, "Value": "fechamento"}

    assert volume["DeletionPolicy"] == "Snapshot"
    assert volume["Properties"]["Tags"] == details["TargetTags"] == [tag]
    assert schedule["CreateRule"]["Interval"] == 24
    assert schedule["RetainRule"] == {"Count": 7}


def test_there_is_exactly_one_machine_and_the_old_one_goes_first() -> None:
    """Two bots on one token would steal each other's updates, and the volume is one machine's."""
    group = of_type(deployment(), "AutoScaling::AutoScalingGroup")["Machines"]

    assert (group["Properties"]["MinSize"], group["Properties"]["MaxSize"]) == ("1", "1")
    assert group["UpdatePolicy"]["AutoScalingRollingUpdate"]["MinInstancesInService"] == 0


def test_an_update_waits_for_the_new_machine_s_word() -> None:
    """A version that cannot start is taken back by CloudFormation."""
    group = of_type(deployment(), "AutoScaling::AutoScalingGroup")["Machines"]
    policy = group["UpdatePolicy"]["AutoScalingRollingUpdate"]

    assert group["CreationPolicy"] == {"ResourceSignal": {"Count": 1, "Timeout": "PT15M"}}
    assert (policy["WaitOnResourceSignals"], policy["PauseTime"]) == (True, "PT15M")
    assert "cfn-signal --exit-code $? " in user_data()
    assert "--resource Machines " in user_data()


def test_a_new_source_is_a_new_machine() -> None:
    """The key of the archive is in the first script, so the launch template changes with it."""
    assert "s3://${Bucket}/${SourceKey}" in user_data()


def test_the_newest_amazon_linux_is_looked_up_at_the_start() -> None:
    """Looked up by the stack, it would make every later update replace the machine."""
    launched = properties(deployment(), "LaunchTemplate")["LaunchTemplateData"]

    assert launched["ImageId"] == (
        "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    )


def test_the_first_script_is_short_enough() -> None:
    """EC2 takes 16 KB before it is encoded."""
    assert len(user_data().encode()) < 16_384 / 2


@pytest.mark.parametrize("script", ["install.sh", "start.sh"])
def test_scripts_are_bash(script: str) -> None:
    """A typing error would show on the machine only, ten minutes later."""
    checked = subprocess.run(
        [bash(), "-n", HERE / script], capture_output=True, text=True, check=False
    )

    assert (checked.stderr, checked.returncode) == ("", 0)


def test_the_first_script_is_bash() -> None:
    """It is written in Python, where no editor sees that it is one."""
    checked = subprocess.run(
        [bash(), "-n"], input=user_data(), capture_output=True, text=True, check=False
    )

    assert (checked.stderr, checked.returncode) == ("", 0)


def bash() -> str:
    """The shell of this machine."""
    found = shutil.which("bash")
    if found is None:
        pytest.skip("there is no bash here")
    return found


def test_the_environment_is_made_of_settings() -> None:
    """A name that the bot does not know is a setting that does not work."""
    names = {line.partition("=")[0] for line in sections()["environment"].splitlines()}

    assert {name.lower() for name in names} <= set(Settings.model_fields)


def test_the_machine_s_own_file_is_read_by_its_scripts() -> None:
    """What is written there and read nowhere would mislead."""
    names = {line.partition("=")[0] for line in sections()["machine"].splitlines()}
    scripts = (HERE / "install.sh").read_text() + (HERE / "start.sh").read_text()

    assert names == READ_BY_BOTO3_OR_SHELL
    assert all(re.search(rf"\b{name}\b", scripts) for name in names)


@pytest.mark.parametrize(("arn", "named"), [("", "${TokenSecret}"), (SECRET, "${TokenSecretArn}")])
def test_the_token_is_named_and_not_told(arn: str, named: str) -> None:
    """The machine reads it when the bot starts and keeps it in memory only."""
    script = user_data(token_secret_arn=arn)

    assert f"TOKEN_SECRET={named}\n" in script
    assert "TELEGRAM_TOKEN" not in script


def test_the_service_restarts_for_ever_and_may_write_its_data_only() -> None:
    """A crash is over in seconds, and a broken-in bot changes no program."""
    unit = (HERE / "fechamento.service").read_text().splitlines()
    wanted = [
        "StartLimitIntervalSec=0",
        "User=fechamento",
        "EnvironmentFile=/etc/fechamento/machine",
        "EnvironmentFile=/etc/fechamento/environment",
        "Restart=always",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        f"ReadWritePaths={HELD}",
    ]

    assert [line for line in unit if line in wanted] == wanted


def test_the_service_is_one_for_systemd() -> None:
    """A directive that systemd does not know is silently without effect."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd here")
    checked = subprocess.run(
        [analyze, "verify", "--recursive-errors=no", HERE / "fechamento.service"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Unknown" not in checked.stderr


def test_the_agent_writes_the_metrics_that_the_dashboard_draws() -> None:
    """Another dimension is another metric: the chart would be empty and the alarm quiet."""
    text = (HERE / "agent.json").read_text().replace("@BOT@", "fechamento").replace("@DATA@", HELD)
    agent = json.loads(text)
    collected = agent["metrics"]["metrics_collected"]
    disk, memory = metrics.machine_disk(deployment()), metrics.machine_memory(deployment())

    assert agent["metrics"]["namespace"] == OWN
    assert agent["agent"]["omit_hostname"] is True
    assert collected["disk"]["drop_device"] is True
    assert dict(disk.dimensions) == {"Bot": "fechamento", "fstype": "xfs", "path": HELD}
    assert dict(memory.dimensions) == collected["mem"]["append_dimensions"]
    assert collected["disk"]["resources"] == [HELD]
    assert (disk.name, memory.name) == ("disk_used_percent", "mem_used_percent")


def test_the_volume_is_formatted_as_the_metric_says() -> None:
    """The agent puts the file system into the metric's dimensions."""
    script = (HERE / "install.sh").read_text()

    assert "mkfs.xfs" in script
    assert f"DATA={HELD}\n" in script
