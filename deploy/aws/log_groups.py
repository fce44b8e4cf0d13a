"""CloudWatch Logs: the groups that services have written outside of the stack."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient


@dataclass(frozen=True, slots=True)
class LogGroups:
    """The log groups of a region."""

    client: "CloudWatchLogsClient"

    def named(self, prefixes: Sequence[str]) -> list[str]:
        """Groups whose names begin with one of these."""
        pages = self.client.get_paginator("describe_log_groups")
        return [
            group["logGroupName"]
            for prefix in prefixes
            for page in pages.paginate(logGroupNamePrefix=prefix)
            for group in page["logGroups"]
        ]

    def remove(self, name: str) -> None:
        """Delete a group with all it holds."""
        self.client.delete_log_group(logGroupName=name)
