"""The template as a whole."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from deploy.stack.cloudformation import filled_in
from deploy.stack.options import Bot, Options, OptionsRefused, Serving, Stage, Uploads
from deploy.stack.template import MOST_BYTES, base_of, parameters, template, text
from tests.deploy.stack.deployments import (
    INSTANCES,
    SECRET,
    SERVERLESS,
    UPLOADS,
    deployment,
    deployments_with_every_part,
    every_deployment,
    every_whole_deployment,
    named,
)


def linted(*files: Path) -> subprocess.CompletedProcess[str]:
    """What cfn-lint says of these templates."""
    program = Path(sys.executable).with_name("cfn-lint")
    asked: list[str | Path] = [program, "--regions", "sa-east-1", "us-east-1", "--", *files]
    return subprocess.run(asked, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_cfn_lint_finds_nothing_in_any_part_of_any_deployment(tmp_path: Path) -> None:
    """A misspelt property would only be refused by AWS, halfway through a deployment."""
    files = []
    for options in deployments_with_every_part():
        files.append(tmp_path / f"{named(options)}.json")
        files[-1].write_text(text(options), encoding="utf-8")

    found = linted(*files)

    assert len(files) > 1
    assert (found.stdout, found.stderr, found.returncode) == ("", "", 0)


@pytest.mark.slow
def test_cfn_lint_does_find_a_misspelt_property(tmp_path: Path) -> None:
    """A check that cannot fail checks nothing."""
    wrong = template(deployment())
    wrong["Resources"]["AlarmQueue"]["Properties"]["VisibilityTimeOut"] = 30
    (tmp_path / "wrong.json").write_text(json.dumps(wrong))

    assert "VisibilityTimeOut" in linted(tmp_path / "wrong.json").stdout


@pytest.mark.parametrize("options", every_deployment(), ids=named)
def test_parts_name_only_parts_that_are_there_and_in_no_circle(options: Options) -> None:
    """Each part is linted in the company of some others; here it is in that of all it may have."""
    whole = template(options)
    needed = {name: names(part) for name, part in whole["Resources"].items()}
    told = names(whole["Outputs"]).union(*needed.values())

    assert told - whole["Resources"].keys() == whole["Parameters"].keys()
    assert set(TopologicalSorter(needed).static_order()) >= needed.keys()


def names(part: Any) -> set[str]:
    """What a part refers to by Ref, Fn::GetAtt, Fn::Sub and DependsOn, but for AWS's own."""
    match part:
        case {"Ref": str(name)}:
            found = {name}
        case {"Fn::GetAtt": [str(name), str()]}:
            found = {name}
        case {"Fn::Sub": str(written)}:
            found = set(re.findall(r"\$\{([\w:]+)", written))
        case dict():
            found = set(part.get("DependsOn", ())).union(*map(names, part.values()))
        case list():
            found = set[str]().union(*map(names, part))
        case _:
            found = set[str]()
    return {name for name in found if not name.startswith("AWS::")}


@pytest.mark.parametrize("options", every_deployment(), ids=named)
def test_the_template_fits_into_one_call(options: Options) -> None:
    """A longer one would have to be in a bucket, which the first deployment does not have yet."""
    assert len(text(options).encode()) <= MOST_BYTES


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_the_second_stage_only_adds(options: Options) -> None:
    """What was uploaded between the stages lies in resources that must not be replaced."""
    base, full = template(base_of(options))["Resources"], template(options)["Resources"]

    assert {name: full.get(name) for name in base} == base


@pytest.mark.parametrize("options", every_deployment(), ids=named)
def test_parameters_have_values_for_exactly_what_is_declared(options: Options) -> None:
    """CloudFormation refuses a parameter too many as well as one too few."""
    assert parameters(options).keys() == template(options)["Parameters"].keys()


def test_the_same_choices_give_the_same_text() -> None:
    """Applying twice must change nothing."""
    assert text(deployment()) == text(deployment())


def test_a_new_artifact_is_a_new_parameter_and_nothing_else() -> None:
    """So a new model shows up in the plan as a new model."""
    before = deployment()
    after = replace(before, uploads=replace(UPLOADS, artifact_key="artifacts/d/model.tar.gz"))

    assert text(before) == text(after)
    assert parameters(after) == parameters(before) | {"ArtifactKey": "artifacts/d/model.tar.gz"}


@pytest.mark.parametrize(
    ("chosen", "missing"),
    [
        ({}, ["artifact_key", "artifact_sha256", "source_key", "image_tag"]),
        (
            {"serving": Serving.TENSORFLOW, "bot": Bot.NONE},
            ["artifact_key", "artifact_sha256"],
        ),
        (
            {"serving": Serving.TENSORFLOW},
            ["artifact_key", "artifact_sha256", "source_key"],
        ),
        (
            {"serving": Serving.TENSORFLOW, "bot": Bot.NONE, "retrain": True},
            ["artifact_key", "artifact_sha256", "source_key"],
        ),
    ],
)
def test_the_full_stage_waits_for_its_uploads(chosen: dict[str, Any], missing: list[str]) -> None:
    """A model without its file in the bucket fails after minutes, and takes the stack down."""
    options = deployment(**chosen, uploads=Uploads())
    with pytest.raises(OptionsRefused) as refused:
        template(options)

    assert refused.value.problems == [
        f"uploads.{name}: empty, and the full stack needs it" for name in missing
    ]


def test_the_first_stage_needs_no_uploads() -> None:
    """It makes the place to upload to."""
    resources = template(Options(stage=Stage.BASE))["Resources"]

    assert list(resources) == [
        "Bucket",
        "BucketPolicy",
        "BuildLog",
        "BuildRole",
        "ServingRepository",
        "ServingBuild",
        "EndpointRole",
        "TrainingRole",
        "TokenSecret",
    ]


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_model_and_configuration_have_no_names(options: Options) -> None:
    """Both are replaced by every change; a fixed name collides with itself."""
    resources = template(options)["Resources"]

    assert "ModelName" not in resources["Model"]["Properties"]
    assert "EndpointConfigName" not in resources["EndpointConfig"]["Properties"]
    assert resources["Endpoint"]["Properties"]["EndpointName"] == options.endpoint_name


def test_a_secret_is_named_but_never_told() -> None:
    """Templates can be read by whoever may look at the stack."""
    told = {**template(deployment(token_secret_arn=SECRET)), **parameters(deployment())}

    assert not re.search(r"\d{6,}:[\w-]{30,}", json.dumps(told))
    assert "SecretString" not in template(deployment())["Resources"]["TokenSecret"]["Properties"]


def test_a_secret_of_one_s_own_is_used_instead_of_a_new_one() -> None:
    """An operator may keep the token where other secrets are kept."""
    options = deployment(token_secret_arn=SECRET)

    assert "TokenSecret" not in template(options)["Resources"]
    assert parameters(options)["TokenSecretArn"] == SECRET
    assert template(options)["Outputs"]["TokenSecret"] == {"Value": {"Ref": "TokenSecretArn"}}


def test_outputs_name_what_the_next_steps_need() -> None:
    """Uploading, building, invoking and watching all begin with these."""
    assert list(template(deployment())["Outputs"]) == [
        "Bucket",
        "TrainingRole",
        "ServingRepository",
        "ServingBuild",
        "TokenSecret",
        "EndpointName",
        "ArtifactSha256",
        "QueueUrl",
        "LostAlarmsUrl",
        "AlarmTopic",
        "BotAlarmTopic",
        "DashboardUrl",
    ]


def test_nothing_is_built_for_amazon_s_own_image() -> None:
    """`--serving tensorflow` is for who wants no build at all."""
    types = {
        resource["Type"]
        for resource in template(deployment(serving=Serving.TENSORFLOW))["Resources"].values()
    }

    assert not types & {"AWS::ECR::Repository", "AWS::CodeBuild::Project"}


@pytest.mark.parametrize("kind", [SERVERLESS, INSTANCES])
def test_without_a_bot_nothing_of_a_bot_is_described(kind: object) -> None:
    """Only the endpoint, and the alarms' way to whoever reads the queue."""
    resources = template(deployment(endpoint=kind, bot=Bot.NONE))["Resources"]

    assert not [name for name in resources if "Bot" in name and name != "BotAlarms"]
    assert not [name for name in resources if name.startswith(("Network", "Machines", "Token"))]


def test_only_text_and_references_can_stand_inside_a_text() -> None:
    """Anything else would end up in a dashboard as Python prints it."""
    with pytest.raises(ValueError, match="cannot stand inside a text"):
        filled_in({"Fn::Join": ["", ["a", "b"]]})
