"""Production's network in us-east-1, all of it Terraform's, and two rules added by hand."""

from dataclasses import dataclass

from scanner.demo.make import firewall
from scanner.demo.make import network as make
from scanner.demo.terraform_state import State
from scanner.demo.world import Attributes, Ledger, Site

KEY = "production/network/terraform.tfstate"
MODULE = "module.vpc"


@dataclass(frozen=True, slots=True)
class Network:
    """What the application builds on."""

    vpc_id: str
    public_subnets: list[str]
    private_subnets: list[str]
    web_group: str
    database_group: str


def build(site: Site, ledger: Ledger) -> tuple[Network, State]:
    """Make the network and the state that owns it."""
    state = State(KEY, ledger)
    state.data("aws_caller_identity", "current", {"account_id": site.account_id})
    vpc = state.add(
        site, "aws_vpc", "this", make.vpc(site, "10.20.0.0/16", "production"), module=MODULE
    )
    for resource_type, arn in firewall.vpc_parts(site, vpc):
        ledger.add(site, resource_type, arn, "derived", story="AWS made it with a managed VPC")
    public = _public_subnets(site, state, vpc["id"])
    private = _private_subnets(site, state, vpc["id"])
    outer, inner = _tables(site, ledger, state, vpc["id"], public[0])
    _associate(site, state, "public", outer, public)
    _associate(site, state, "private", inner, private)
    web = _web_group(site, ledger, state, vpc["id"])
    database = _database_group(site, ledger, state, vpc["id"])
    state.output("vpc_id", vpc["id"])
    return Network(vpc["id"], public, private, web, database), state


def _public_subnets(site: Site, state: State, vpc_id: str) -> list[str]:
    """Two subnets by `count`."""
    made = [
        make.subnet(site, vpc_id, f"10.20.{index}.0/24", zone, f"public-{zone}")
        for index, zone in enumerate("ab")
    ]
    for index, each in enumerate(made):
        state.add(site, "aws_subnet", "public", each, module=MODULE, index=index, depends=_on_vpc())
    return [each["id"] for each in made]


def _private_subnets(site: Site, state: State, vpc_id: str) -> list[str]:
    """Two subnets by `for_each`."""
    made = {
        site.region + zone: make.subnet(
            site, vpc_id, f"10.20.{10 + n}.0/24", zone, f"private-{zone}"
        )
        for n, zone in enumerate("ab")
    }
    for zone, each in made.items():
        state.add(site, "aws_subnet", "private", each, module=MODULE, index=zone, depends=_on_vpc())
    return [each["id"] for each in made.values()]


def _tables(
    site: Site, ledger: Ledger, state: State, vpc_id: str, public_subnet: str
) -> tuple[str, str]:
    """A table with its route beside it, and one with its route inline: their ids."""

    def add(kind: str, name: str, attributes: Attributes) -> Attributes:
        return state.add(site, kind, name, attributes, module=MODULE, depends=_on_vpc())

    gateway = add("aws_internet_gateway", "this", make.internet_gateway(site, vpc_id))
    address = add("aws_eip", "nat", make.elastic_ip(site, "nat"))
    nat = add("aws_nat_gateway", "this", make.nat_gateway(site, public_subnet, address["id"]))
    interface = site.arn("ec2", f"network-interface/{nat['network_interface_id']}")
    ledger.add(site, "AWS::EC2::NetworkInterface", interface, "derived", story="of the NAT gateway")
    outer = add("aws_route_table", "public", make.route_table(site, vpc_id))
    add("aws_route", "public", make.internet_route(site, outer["id"], gateway["id"]))
    inner = add("aws_route_table", "private", make.route_table(site, vpc_id, nat["id"]))
    ledger.child(site, "AWS::EC2::Route", inner["arn"], "0.0.0.0/0", status="managed")
    return outer["id"], inner["id"]


def _associate(site: Site, state: State, name: str, table_id: str, subnets: list[str]) -> None:
    kind = "aws_route_table_association"
    for index, subnet_id in enumerate(subnets):
        made = make.association(site, table_id, subnet_id)
        state.add(site, kind, name, made, module=MODULE, index=index, depends=_on_vpc())


def _web_group(site: Site, ledger: Ledger, state: State, vpc_id: str) -> str:
    """A group with inline rules, and the seed story's rule: SSH for the world, by hand."""
    inline = (
        ("tcp", 443, 443, "0.0.0.0/0", "https"),
        ("tcp", 80, 80, "0.0.0.0/0", "redirect"),
    )
    group = firewall.security_group(site, vpc_id, "web", "Public web servers", inline)
    state.add(site, "aws_security_group", "web", group, depends=_on_vpc())
    for resource_type, arn in firewall.rules(site, group["id"]):
        ledger.add(site, resource_type, arn, "managed", story="inline in aws_security_group.web")
    opened = firewall.rule(site, group["id"], ("tcp", 22, 22, "0.0.0.0/0", "temporary, remove me"))
    ledger.add(
        site,
        "AWS::EC2::SecurityGroupIngress",
        opened["arn"],
        "unmanaged",
        story="a rule open to the world, added by hand to a managed group",
    )
    return str(group["id"])


def _database_group(site: Site, ledger: Ledger, state: State, vpc_id: str) -> str:
    """A group with separate rules, whose refreshed state repeats a rule made by hand.

    `ingress` is computed: a refresh copies what it sees, so it is no claim here.
    """
    group = firewall.security_group(site, vpc_id, "database", "Managed by Terraform")
    inner = ("tcp", 5432, 5432, "10.20.0.0/16", "")
    by_hand = ("tcp", 5432, 5432, "198.51.100.7/32", "consultant")
    ingress = firewall.rule(site, group["id"], inner)
    egress = firewall.rule(site, group["id"], firewall.OPEN_EGRESS, egress=True)
    stray = firewall.rule(site, group["id"], by_hand)
    group |= {
        "ingress": [firewall.inline_rule(inner), firewall.inline_rule(by_hand)],
        "egress": [firewall.inline_rule(firewall.OPEN_EGRESS)],
    }
    state.add(site, "aws_security_group", "database", group, depends=_on_vpc())
    on_group = ("aws_security_group.database", *_on_vpc())
    for kind, made in (("ingress", ingress), ("egress", egress)):
        state.add(site, f"aws_vpc_security_group_{kind}_rule", "database", made, depends=on_group)
    ledger.add(
        site,
        "AWS::EC2::SecurityGroupIngress",
        stray["arn"],
        "unmanaged",
        story="a rule made by hand that a refresh copied into the group's state",
    )
    return str(group["id"])


def _on_vpc() -> tuple[str, ...]:
    return (f"{MODULE}.aws_vpc.this",)
