"""The one place that knows the SageMaker SDK: a lesson and a place in, the name of a job out.

The SDK (v3, ModelTrainer) uploads the folders, writes the script that starts ours and creates the
job.  It takes seconds to import, so it is loaded when a job is sent and not before.
"""
# ruff: noqa: PLC0415 - see above

import logging
import os
import tempfile
from pathlib import Path
from typing import Any

from deploy.aws.stack_facts import STACK_TAG
from deploy.refusals import AwsRefused
from deploy.stack.storage import TRAINED
from deploy.stack.training import DISK_GB, LONGEST_SECONDS
from deploy.training.job import SCRIPT, Lesson, Place, Staged, staged

_NO_TELEMETRY = {
    "SchemaVersion": "1.0",
    "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}},
}
"""The SDK otherwise reports every call to its makers."""


def send(lesson: Lesson, place: Place, image: str = "") -> str:
    """Start a training job and give its name; does not wait for it.

    Args:
        lesson: what is learnt.
        place: where.
        image: address of the image; empty: the newest of AWS's for TensorFlow.

    Raises:
        SourceMissing: there is nothing to send.
        AwsRefused: the upload failed.
        ClientError: AWS refuses the job; what was uploaded stays below `trained/`.
        BotoCoreError: AWS cannot be asked.
    """
    from boto3.exceptions import Boto3Error

    _quiet()
    try:
        return _sent(lesson, place, image or _newest_image(place))
    except Boto3Error as error:  # what S3's uploads raise is none of the two others
        raise AwsRefused(f"the closes could not be uploaded: {error}") from error


def _sent(lesson: Lesson, place: Place, image: str) -> str:
    from sagemaker.train.configs import InputData

    with tempfile.TemporaryDirectory() as folder:
        sent = staged(lesson.closes, Path(folder))
        trainer = _trainer(lesson, place, sent, image)
        closes = InputData(channel_name="closes", data_source=str(sent.closes))
        trainer.train([closes], wait=False, logs=False)
    name: str = trainer._latest_training_job.get_name()  # noqa: SLF001, the SDK tells it nowhere else
    return name


def _trainer(lesson: Lesson, place: Place, sent: Staged, image: str) -> Any:
    from sagemaker.train import ModelTrainer
    from sagemaker.train.configs import (
        Compute,
        OutputDataConfig,
        SourceCode,
        StoppingCondition,
        Tag,
    )

    return ModelTrainer(
        sagemaker_session=_session(place),
        role=place.role,
        base_job_name=f"{place.stack}-train",
        training_image=image,
        source_code=SourceCode(
            source_dir=str(sent.code), command=f"bash {SCRIPT}", args=lesson.arguments()
        ),
        compute=Compute(instance_type=place.machine, instance_count=1, volume_size_in_gb=DISK_GB),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=LONGEST_SECONDS),
        output_data_config=OutputDataConfig(s3_output_path=place.results),
        tags=[Tag(key=STACK_TAG, value=place.stack)],
    )


def _session(place: Place) -> Any:
    """The SDK's session on our bucket; by itself it would make one of its own."""
    import boto3
    from sagemaker.core.helper.session_helper import Session

    return Session(
        boto_session=boto3.Session(region_name=place.region),
        default_bucket=place.bucket,
        default_bucket_prefix=TRAINED.rstrip("/"),
        sagemaker_config=_NO_TELEMETRY,
    )


def _newest_image(place: Place) -> str:
    from sagemaker.core import image_uris

    image: str = image_uris.retrieve(
        "tensorflow", place.region, image_scope="training", instance_type=place.machine
    )
    return image


def _quiet() -> None:
    """The SDK tells every step on the terminal, and wants a role that may do far more than ours."""
    logging.getLogger("sagemaker").setLevel(logging.ERROR)
    os.environ["SAGEMAKER_VALIDATE_ROLE"] = "false"  # noqa: TID251 - the SDK reads no other
