"""Things nobody named: what AWS makes by itself, and the children of what is known.

A child takes after its parent: derived under a managed or derived one, default under a default
one, a dependent under a stray.
"""

from collections.abc import Iterator

from . import dated_names
from .clients import ACCOUNTS, HOME, REGIONS, Clients
from .expectation import Expectation
from .implied_network import NetworkWalk
from .walk import Walk


class ServiceWalk(Walk):
    def run(self) -> list[Expectation]:
        self.buses()
        self.snapshots()
        self.catalogues()
        if self.region == HOME:
            self.records()
            self.apis()
        return self.found

    def buses(self) -> None:
        for bus in self.client("events").list_event_buses()["EventBuses"]:
            if bus["Name"] == "default":
                self.child("AWS::Events::EventBus", "default", None, "L12", bus["Arn"])

        for group in self.client("scheduler").list_schedule_groups()["ScheduleGroups"]:
            if group["Name"] == "default":
                kind = "AWS::Scheduler::ScheduleGroup"
                self.child(kind, "default", None, "L14", group["Arn"])

    def snapshots(self) -> None:
        for kind in dated_names.KINDS:
            for name, arn, parent in kind.listed(self.clients, self.account, self.region):
                self.child(
                    kind.resource_type, dated_names.undated(name), parent, "D3/D4/D17 automated",
                    dated_names.undated(arn),
                )  # fmt: skip

    def catalogues(self) -> None:
        """Small things that every account has."""
        prefix = f"{self.region}:{self.account}"
        self.child("AWS::Athena::WorkGroup", "primary", None, "D20",
                   f"arn:aws:athena:{prefix}:workgroup/primary")  # fmt: skip
        for alias in self.client("kms").list_aliases()["Aliases"]:
            if alias["AliasName"].startswith("alias/aws/"):
                self.child("AWS::KMS::Alias", alias["AliasName"], None, "K2", alias["AliasArn"])
        groups = self.client("redshift").describe_cluster_parameter_groups()["ParameterGroups"]
        for name in (group["ParameterGroupName"] for group in groups):
            self.child("AWS::Redshift::ClusterParameterGroup", name, None, "D16",
                       f"arn:aws:redshift:{prefix}:parametergroup:{name}")  # fmt: skip

    def records(self) -> None:
        route53 = self.client("route53")
        for zone in route53.list_hosted_zones()["HostedZones"]:
            zone_id = zone["Id"].rpartition("/")[2]
            rows = route53.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
            for row in rows:
                if row["Type"] in ("NS", "SOA") and row["Name"] == zone["Name"]:
                    self.child(
                        "AWS::Route53::RecordSet", f"{zone_id}|{row['Name']}|{row['Type']}",
                        f"arn:aws:route53:::hostedzone/{zone_id}", "N35 of the zone's apex",
                        region="global",
                    )  # fmt: skip

    def apis(self) -> None:
        gateway = self.client("apigateway")
        for api in gateway.get_rest_apis()["items"]:
            for row in gateway.get_resources(restApiId=api["id"])["items"]:
                if row["path"] == "/":
                    parent = f"arn:aws:apigateway:{self.region}::/restapis/{api['id']}"
                    self.child("AWS::ApiGateway::Resource", f"{api['id']}|{row['id']}", parent,
                               "A2 root of its API")  # fmt: skip


def find_all(clients: Clients, rows: list[Expectation]) -> Iterator[Expectation]:
    """Derived, default and dependent things in every account and region of the estate."""
    for account in ACCOUNTS:
        for region in REGIONS:
            known = {
                one.arn or one.resource_id: one
                for one in rows
                if one.account_id == account and one.region in (region, "global")
            }
            yield from NetworkWalk(clients, account, region, known).run()
            yield from ServiceWalk(clients, account, region, known).run()
