"""The SageMaker endpoint: serverless by default, machines that scale as the alternative.

Model and EndpointConfig have no names: both are replaced when something changes, and a fixed name
would collide with itself.  Only the endpoint has one, which differs by kind.
"""

from deploy.stack.building import PULLING, SERVING_IMAGE, image
from deploy.stack.cloudformation import Json, Resources, arn, att, ref, resource, sub
from deploy.stack.options import Instances, Options, Serverless, Serving
from deploy.stack.permissions import allow, anything, metrics_of, role, writing_logs
from deploy.stack.storage import ARTIFACTS, objects

VARIANT = "AllTraffic"
LOG_DAYS = 30
AWS_IMAGES = "763104351884"
"""Account that holds AWS's inference images in both regions of the price table, as
`sagemaker.image_uris.retrieve` gives it; other, newer regions have other accounts."""

PER_INSTANCE_A_MINUTE = 3_000
"""Invocations that one machine is to take before another one is started: far below the 2,000 a
second that the serving process answers on a laptop's core, as ml.t2 works in bursts.  Not measured
on AWS."""


def endpoint_role(options: Options) -> Resources:
    """What the serving container may do: fetch itself and its artifact, write logs and metrics."""
    return {
        "EndpointRole": role(
            "sagemaker",
            [
                allow(("s3:GetObject",), objects(f"{ARTIFACTS}*")),
                anything("ecr:GetAuthorizationToken"),
                allow(PULLING, _repository_arn(options)),
                writing_logs(arn("logs", f"log-group:{log_group(options)}")),
                metrics_of("AWS/SageMaker", "/aws/sagemaker/*"),
            ],
        )
    }


def endpoint(options: Options) -> Resources:
    """Log, model, configuration, endpoint and, for machines, their scaling."""
    found = {
        "EndpointLog": resource(
            "Logs::LogGroup", {"LogGroupName": log_group(options), "RetentionInDays": LOG_DAYS}
        ),
        "Model": resource("SageMaker::Model", _model(options)),
        "EndpointConfig": resource(
            "SageMaker::EndpointConfig", {"ProductionVariants": [_variant(options.endpoint)]}
        ),
        "Endpoint": resource("SageMaker::Endpoint", _endpoint(options), DependsOn=["EndpointLog"]),
    }
    return {**found, **_scaling(options)}


def log_group(options: Options) -> str:
    """Where SageMaker writes the container's output; it chooses the name."""
    return f"/aws/sagemaker/Endpoints/{options.endpoint_name}"


def _model(options: Options) -> Json:
    model: Json = {
        "ExecutionRoleArn": att("EndpointRole", "Arn"),
        "PrimaryContainer": {
            "Image": _image(options),
            "ModelDataUrl": sub("s3://${Bucket}/${ArtifactKey}"),
        },
    }
    if isinstance(options.endpoint, Instances):
        # The container asks nobody anything.  Serverless endpoints refuse the property.
        model["EnableNetworkIsolation"] = True
    return model


def _variant(kind: Serverless | Instances) -> Json:
    variant: Json = {"VariantName": VARIANT, "ModelName": att("Model", "ModelName")}
    if isinstance(kind, Serverless):
        sizes = {"MemorySizeInMB": kind.memory_mb, "MaxConcurrency": kind.most_at_once}
        return {**variant, "ServerlessConfig": sizes}
    return {
        **variant,
        "InstanceType": kind.type,
        "InitialInstanceCount": kind.least,
        "InitialVariantWeight": 1,
    }


def _endpoint(options: Options) -> Json:
    named = {
        "EndpointName": options.endpoint_name,
        "EndpointConfigName": att("EndpointConfig", "EndpointConfigName"),
    }
    if isinstance(options.endpoint, Serverless):
        return named
    # A new model keeps the machines that scaling has started meanwhile.
    return {**named, "RetainAllVariantProperties": True}


def _scaling(options: Options) -> Resources:
    if isinstance(options.endpoint, Serverless):
        return {}
    return {
        "ScalableTarget": resource(
            "ApplicationAutoScaling::ScalableTarget",
            {
                "ServiceNamespace": "sagemaker",
                "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
                "ResourceId": f"endpoint/{options.endpoint_name}/variant/{VARIANT}",
                "MinCapacity": options.endpoint.least,
                "MaxCapacity": options.endpoint.most,
            },
            DependsOn=["Endpoint"],
        ),
        "ScalingPolicy": resource(
            "ApplicationAutoScaling::ScalingPolicy", _scaling_policy(options)
        ),
    }


def _scaling_policy(options: Options) -> Json:
    return {
        "PolicyName": f"{options.endpoint_name}-invocations",
        "PolicyType": "TargetTrackingScaling",
        "ScalingTargetId": ref("ScalableTarget"),
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": PER_INSTANCE_A_MINUTE,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
            },
            "ScaleInCooldown": 600,
            "ScaleOutCooldown": 60,
        },
    }


def _image(options: Options) -> Json:
    if options.serving is Serving.CONTAINER:
        return image(SERVING_IMAGE)
    registry = f"{AWS_IMAGES}.dkr.ecr.${{AWS::Region}}.${{AWS::URLSuffix}}"
    return sub(f"{registry}/${{TensorflowImage}}")


def _repository_arn(options: Options) -> Json:
    if options.serving is Serving.CONTAINER:
        return att("ServingRepository", "Arn")
    repository = options.tensorflow_image.partition(":")[0]
    at = f"ecr:${{AWS::Region}}:{AWS_IMAGES}:repository/{repository}"
    return sub(f"arn:${{AWS::Partition}}:{at}")
