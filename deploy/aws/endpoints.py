"""The deployed endpoint: its state, its invocations, and the alarms around it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from deploy.aws.failures import code_of

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

VARIANT = "AllTraffic"
PAUSES_SECONDS = (2.0, 5.0, 10.0, 20.0)
"""Between invocations of an endpoint that is not awake yet; a cold start takes seconds."""

_A_DAY = 86_400
_ALARMS_A_CALL = 100

_NOT_YET = frozenset({
    "InternalDependencyException", "InternalFailure", "ModelNotReadyException",
    "ServiceUnavailable", "ThrottlingException",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Firing:
    """An alarm that is in ALARM, and since when (aware)."""

    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The endpoints of a region, as SageMaker and CloudWatch see them.

    Attributes:
        wait: lets so many seconds pass.
    """

    sagemaker: "SageMakerClient"
    runtime: "SageMakerRuntimeClient"
    cloudwatch: "CloudWatchClient"
    wait: Callable[[float], None]

    def state(self, name: str) -> str:
        """As AWS spells it, e.g. InService, with the reason when there is one."""
        try:
            found = self.sagemaker.describe_endpoint(EndpointName=name)
        except ClientError as error:
            if code_of(error) == "ValidationException":  # SageMaker's "could not find"
                return "missing"
            raise
        reason = found.get("FailureReason", "")
        return f"{found['EndpointStatus']}: {reason}" if reason else found["EndpointStatus"]

    def invoke(self, name: str, body: bytes) -> bytes:
        """The endpoint's answer; what only says that it is not awake is tried again.

        Raises:
            ClientError: it refused, or is still not awake after the last pause.
        """
        for pause in PAUSES_SECONDS:
            try:
                return self._asked(name, body)
            except ClientError as error:
                if code_of(error) not in _NOT_YET:
                    raise
            self.wait(pause)
        return self._asked(name, body)

    def invocations(self, name: str, until: datetime, days: int) -> int | None:
        """How often it was invoked in the last `days` days; None when CloudWatch does not say."""
        try:
            found = self.cloudwatch.get_metric_statistics(
                Namespace="AWS/SageMaker",
                MetricName="Invocations",
                Dimensions=[
                    {"Name": "EndpointName", "Value": name},
                    {"Name": "VariantName", "Value": VARIANT},
                ],
                StartTime=until - timedelta(days=days),
                EndTime=until,
                Period=_A_DAY,
                Statistics=["Sum"],
            )
        except ClientError:
            return None  # who may deploy need not be allowed to read metrics
        return int(sum(point.get("Sum", 0) for point in found["Datapoints"]))

    def firing(self, alarms: Sequence[str]) -> list[Firing]:
        """Those of these alarms that are in ALARM."""
        found = []
        for start in range(0, len(alarms), _ALARMS_A_CALL):
            part = alarms[start : start + _ALARMS_A_CALL]
            answer = self.cloudwatch.describe_alarms(AlarmNames=part, StateValue="ALARM")
            found += [
                Firing(alarm["AlarmName"], alarm["StateUpdatedTimestamp"])
                for alarm in answer["MetricAlarms"]
            ]
        return found

    def _asked(self, name: str, body: bytes) -> bytes:
        answer = self.runtime.invoke_endpoint(
            EndpointName=name, ContentType="application/json", Body=body
        )
        return answer["Body"].read()
