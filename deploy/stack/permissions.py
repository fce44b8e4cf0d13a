"""IAM roles and resource policies, said as who may do what to what.

Every statement names its actions one by one.  `anything()` is the only way to write the resource
`*`, and it takes the reason: an action for which IAM knows no resource (source: Service
Authorization Reference).  A test lists every action and resource of the whole stack.
"""

from collections.abc import Sequence

from deploy.stack.cloudformation import Json, ref, resource

WITHOUT_RESOURCES = {
    "cloudwatch:DescribeAlarms": "composite alarms are only shown to who may see all",
    "cloudwatch:GetMetricWidgetImage": "IAM knows no resource for it",
    "cloudwatch:PutMetricData": "IAM knows no resource for it; the namespace is a condition",
    "ec2:DescribeInstances": "IAM knows no resource for it",
    "ec2:DescribeSnapshots": "IAM knows no resource for it",
    "ec2:DescribeVolumes": "IAM knows no resource for it",
    "ecr:GetAuthorizationToken": "IAM knows no resource for it",
    "ssm:UpdateInstanceInformation": "a machine that registers itself has no managed name yet",
    "ssmmessages:CreateControlChannel": "IAM knows no resource for it",
    "ssmmessages:CreateDataChannel": "IAM knows no resource for it",
    "ssmmessages:OpenControlChannel": "IAM knows no resource for it",
    "ssmmessages:OpenDataChannel": "IAM knows no resource for it",
}
"""Why `*` stands as the resource of these actions, and of no other."""


def allow(actions: Sequence[str], *resources: Json | str, when: Json | None = None) -> Json:
    """Allow `actions` on `resources`, if the condition `when` holds."""
    statement: Json = {
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": list(resources),
    }
    return {**statement, "Condition": when} if when else statement


def anything(*actions: str, when: Json | None = None) -> Json:
    """Allow actions that cannot be narrowed to a resource.

    Raises:
        KeyError: an action that can; `WITHOUT_RESOURCES` has no reason for it.
    """
    for action in actions:
        WITHOUT_RESOURCES[action]
    return allow(actions, "*", when=when)


def metrics_of(*namespaces: str) -> Json:
    """Allow metrics to be written in these namespaces (`*` within a name stands for anything)."""
    return anything(
        "cloudwatch:PutMetricData",
        when={"StringLike": {"cloudwatch:namespace": list(namespaces)}},
    )


def writing_logs(*groups: Json) -> Json:
    """Allow streams of these log groups to be made and written.

    The ARNs are without the `:*` that Fn::GetAtt puts behind a group's.
    """
    actions = ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
    return allow(actions, *groups, *({"Fn::Join": ["", [group, ":*"]]} for group in groups))


def role(service: str, statements: Sequence[Json], when: Json | None = None) -> Json:
    """A role that `service` (as `ec2`) of this account takes."""
    trust: Json = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    return resource(
        "IAM::Role",
        {
            "AssumeRolePolicyDocument": document([{**trust, "Condition": when} if when else trust]),
            "Policies": [{"PolicyName": "own", "PolicyDocument": document(statements)}],
        },
    )


def document(statements: Sequence[Json]) -> Json:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def only_by_tls(resource_arns: Sequence[Json], action: str) -> Json:
    """Refuse whoever comes without TLS."""
    return {
        "Sid": "OnlyByTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": list(resource_arns),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def from_this_account() -> Json:
    """The condition that a service acts for this account, against the confused deputy."""
    return {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
