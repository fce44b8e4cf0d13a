"""EC2 and RDS: snapshots that outlive the volumes and databases of a stack."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.stack.machine import DATA_TAG

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_rds import RDSClient


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One snapshot, of a volume or of a database."""

    id: str
    of_database: bool


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The snapshots of the account in a region."""

    ec2: "EC2Client"
    rds: "RDSClient"

    def of(self, stack: str) -> list[Snapshot]:
        """Those of a stack's volumes, by their tag, and of its databases, by their name."""
        return [*self._of_volumes(stack), *self._of_databases(stack)]

    def remove(self, snapshot: Snapshot) -> None:
        """Delete it."""
        if snapshot.of_database:
            self.rds.delete_db_snapshot(DBSnapshotIdentifier=snapshot.id)
        else:
            self.ec2.delete_snapshot(SnapshotId=snapshot.id)

    def _of_volumes(self, stack: str) -> list[Snapshot]:
        pages = self.ec2.get_paginator("describe_snapshots").paginate(
            OwnerIds=["self"], Filters=[{"Name": f"tag:{DATA_TAG}", "Values": [stack]}]
        )
        return [
            Snapshot(one["SnapshotId"], of_database=False)
            for page in pages
            for one in page["Snapshots"]
        ]

    def _of_databases(self, stack: str) -> list[Snapshot]:
        """CloudFormation names them `<stack>-snapshot-<logical id>-<letters>`, in small letters."""
        pages = self.rds.get_paginator("describe_db_snapshots").paginate(SnapshotType="manual")
        names = [one["DBSnapshotIdentifier"] for page in pages for one in page["DBSnapshots"]]
        ours = f"{stack}-snapshot-database-"
        return [Snapshot(name, of_database=True) for name in names if name.startswith(ours)]
