"""A network of the stack's own: public subnets without a NAT gateway, which would cost more than
everything else together.  Nothing in them can be reached unless a security group says so.
"""

from deploy.stack.cloudformation import Json, Resources, ref, resource, tags
from deploy.stack.options import Options

BLOCK = "10.61.0.0/16"
ANYWHERE = "0.0.0.0/0"


def network(options: Options, zones: int) -> Resources:
    """A VPC with a public subnet in each of so many zones: SubnetA, SubnetB and so on."""
    return {
        "Network": resource(
            "EC2::VPC",
            {
                "CidrBlock": BLOCK,
                "EnableDnsSupport": True,
                "EnableDnsHostnames": True,
                "Tags": tags(Name=options.name),
            },
        ),
        "Gateway": resource("EC2::InternetGateway", {"Tags": tags(Name=options.name)}),
        "GatewayAttachment": resource(
            "EC2::VPCGatewayAttachment",
            {"VpcId": ref("Network"), "InternetGatewayId": ref("Gateway")},
        ),
        "Routes": resource("EC2::RouteTable", {"VpcId": ref("Network")}),
        "RouteOut": resource(
            "EC2::Route",
            {
                "RouteTableId": ref("Routes"),
                "DestinationCidrBlock": ANYWHERE,
                "GatewayId": ref("Gateway"),
            },
            DependsOn=["GatewayAttachment"],
        ),
        **_subnets(options, zones),
    }


def subnet_ids(zones: int) -> list[Json]:
    """References to the subnets."""
    return [ref(f"Subnet{_letter(at)}") for at in range(zones)]


def security_group(what: str, inbound: list[Json], out_to: list[Json]) -> Json:
    """A security group; its description is in English as AWS takes ASCII only."""
    return resource(
        "EC2::SecurityGroup",
        {
            "GroupDescription": what,
            "VpcId": ref("Network"),
            "SecurityGroupIngress": inbound,
            "SecurityGroupEgress": out_to,
        },
    )


def tcp(port: int, *, group: Json | None = None, block: str = ANYWHERE, why: str) -> Json:
    """A rule for one TCP port from or to a group or, without one, a block of addresses."""
    source = {"SourceSecurityGroupId": group} if group else {"CidrIp": block}
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "Description": why, **source}


def out_by_https() -> list[Json]:
    """Telegram, Yahoo, AWS and the package index all speak HTTPS; names are asked of the VPC."""
    return [tcp(443, why="HTTPS to Telegram, Yahoo, AWS and packages")]


def _subnets(options: Options, zones: int) -> Resources:
    found: Resources = {}
    for at in range(zones):
        name = f"Subnet{_letter(at)}"
        found[name] = resource("EC2::Subnet", _subnet(options, at))
        found[f"{name}Routes"] = resource(
            "EC2::SubnetRouteTableAssociation",
            {"SubnetId": ref(name), "RouteTableId": ref("Routes")},
        )
    return found


def _subnet(options: Options, at: int) -> Json:
    return {
        "VpcId": ref("Network"),
        "CidrBlock": f"10.61.{at}.0/24",
        "AvailabilityZone": {"Fn::Select": [at, {"Fn::GetAZs": ""}]},
        "Tags": tags(Name=f"{options.name}-{_letter(at).lower()}"),
    }


def _letter(at: int) -> str:
    return "ABCDEF"[at]
