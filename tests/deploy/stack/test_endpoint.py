"""What cfn-lint cannot see of the endpoint."""

import pytest

from deploy.stack.options import Instances, Options, Serverless, Serving
from tests.deploy.stack.deployments import (
    INSTANCES,
    deployment,
    every_whole_deployment,
    named,
    of_type,
    properties,
)


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_an_endpoint_is_either_serverless_or_of_machines(options: Options) -> None:
    """Both together pass every check but SageMaker's."""
    (variant,) = properties(options, "EndpointConfig")["ProductionVariants"]

    assert ("ServerlessConfig" in variant) is isinstance(options.endpoint, Serverless)
    assert ("InstanceType" in variant) is isinstance(options.endpoint, Instances)


def test_a_serverless_endpoint_has_the_chosen_size() -> None:
    """Memory and concurrency are what it costs and what it bears."""
    options = deployment(endpoint=Serverless(memory_mb=3072, most_at_once=20))

    (variant,) = properties(options, "EndpointConfig")["ProductionVariants"]

    assert variant["ServerlessConfig"] == {"MemorySizeInMB": 3072, "MaxConcurrency": 20}


def test_machines_scale_between_the_chosen_numbers() -> None:
    """More callers bring more machines, and nights fewer."""
    options = deployment(endpoint=Instances("ml.m5.large", least=2, most=6))
    target = properties(options, "ScalableTarget")

    (variant,) = properties(options, "EndpointConfig")["ProductionVariants"]

    assert (variant["InstanceType"], variant["InitialInstanceCount"]) == ("ml.m5.large", 2)
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 6)
    assert target["ResourceId"] == "endpoint/fechamento-instances/variant/AllTraffic"


def test_a_serverless_endpoint_has_no_scaling_of_its_own() -> None:
    """AWS scales it; a scalable target would be refused."""
    assert not of_type(deployment(), "ApplicationAutoScaling::ScalableTarget")


def test_only_machines_are_cut_off_from_the_network() -> None:
    """The model needs nobody, but serverless endpoints refuse network isolation."""
    assert "EnableNetworkIsolation" not in properties(deployment(), "Model")
    assert properties(deployment(endpoint=INSTANCES), "Model")["EnableNetworkIsolation"] is True


def test_our_image_is_named_by_its_tag() -> None:
    """A tag is a hash, so a new image is a new tag and the model is replaced."""
    container = properties(deployment(), "Model")["PrimaryContainer"]

    assert container == {
        "Image": {"Fn::Sub": "${ServingRepository.RepositoryUri}:${ImageTag}"},
        "ModelDataUrl": {"Fn::Sub": "s3://${Bucket}/${ArtifactKey}"},
    }


def test_amazon_s_image_can_be_chosen() -> None:
    """Which tags exist changes with time, so the tag is a parameter."""
    container = properties(deployment(serving=Serving.TENSORFLOW), "Model")["PrimaryContainer"]

    assert container["Image"] == {
        "Fn::Sub": "763104351884.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/${TensorflowImage}"
    }


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_the_log_exists_before_the_endpoint_writes_it(options: Options) -> None:
    """SageMaker would make it otherwise, to be kept for ever, and the stack could not."""
    log = properties(options, "EndpointLog")

    assert log["LogGroupName"] == f"/aws/sagemaker/Endpoints/{options.endpoint_name}"
    assert of_type(options, "SageMaker::Endpoint")["Endpoint"]["DependsOn"] == ["EndpointLog"]


@pytest.mark.parametrize("options", every_whole_deployment(), ids=named)
def test_no_log_is_kept_for_ever(options: Options) -> None:
    """Logs without retention are paid for until somebody remembers them."""
    kept = [
        log["Properties"]["RetentionInDays"] for log in of_type(options, "Logs::LogGroup").values()
    ]

    assert kept
    assert all(1 <= days <= 90 for days in kept)
