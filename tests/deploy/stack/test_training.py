"""Training on AWS by itself: off unless asked for, and with no right to publish."""

import json
from pathlib import Path

import pytest

from deploy.stack.options import Options
from deploy.stack.training import job_prefix
from tests.deploy.stack.deployments import deployment, of_type, properties

ROOT = Path(__file__).parents[3]
MONTHLY = deployment(retrain=True)


def test_nothing_trains_unless_asked_for() -> None:
    """A job costs money and asks for somebody's judgement afterwards."""
    assert not of_type(deployment(), "Scheduler::Schedule")
    assert not of_type(deployment(), "Events::Rule")


def test_the_first_of_the_month_is_the_first_in_sao_paulo() -> None:
    """At six in the morning the last session of the month before is settled."""
    schedule = properties(MONTHLY, "Retrain")

    assert schedule["ScheduleExpression"] == "cron(0 6 1 * ? *)"
    assert schedule["ScheduleExpressionTimezone"] == "America/Sao_Paulo"


def test_the_job_runs_the_script_of_the_uploaded_source() -> None:
    """The same script as a job that somebody starts, from the code that is deployed."""
    job = json.loads(properties(MONTHLY, "Retrain")["Target"]["Input"]["Fn::Sub"])
    (script,) = job["AlgorithmSpecification"]["ContainerArguments"]
    channels = {
        channel["ChannelName"]: channel["DataSource"]["S3DataSource"]["S3Uri"]
        for channel in job["InputDataConfig"]
    }

    assert channels == {
        "source": "s3://${Bucket}/${SourceKey}",
        "closes": "s3://${Bucket}/closes/",
    }
    assert script.endswith(" && bash deploy/training/train.sh")
    assert (ROOT / "deploy/training/train.sh").is_file()


@pytest.mark.parametrize("name", ["fechamento", "f" * 32, "abcdefghijklmnopqrstuvwxy-zabcd"])
def test_a_job_s_name_fits(name: str) -> None:
    """SageMaker takes 63 letters; the id of an invocation may be as long as a UUID."""
    prefix = job_prefix(Options(name=name))

    assert len(f"{prefix}-{'0' * 36}") <= 63
    assert not prefix.endswith("-")


def test_operators_are_told_when_a_job_has_ended() -> None:
    """A challenger that nobody compares is of no use."""
    rule = properties(MONTHLY, "TrainingEnded")
    transformed = rule["Targets"][0]["InputTransformer"]
    publishes = properties(MONTHLY, "TopicPolicy")["PolicyDocument"]["Statement"][1]

    assert rule["EventPattern"]["detail"]["TrainingJobStatus"] == ["Completed", "Failed", "Stopped"]
    assert json.loads(transformed["InputTemplate"]).startswith("O treino <job> terminou: <state>.")
    assert publishes["Principal"] == {"Service": "events.amazonaws.com"}


def test_a_job_that_could_not_start_rings() -> None:
    """It lands where lost alarms land, which an alarm watches."""
    target = properties(MONTHLY, "Retrain")["Target"]

    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["LostAlarms", "Arn"]}}
