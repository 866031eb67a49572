"""EC2's implied things: default networks, their children, and what hangs on instances."""

from typing import Any

from .expectation import Expectation
from .walk import Walk


class NetworkWalk(Walk):
    def run(self) -> list[Expectation]:
        self.networks()
        self.rules()
        self.routes()
        self.acl_entries()
        self.instances()
        self.interfaces()
        self.images()
        self.gateways()
        return self.found

    def networks(self) -> None:
        ec2 = self.client("ec2")
        for vpc in ec2.describe_vpcs()["Vpcs"]:
            if vpc["IsDefault"]:
                arn = self.arn("vpc", vpc["VpcId"])
                self.child("AWS::EC2::VPC", vpc["VpcId"], None, "N1 default VPC", arn)
        for subnet in ec2.describe_subnets()["Subnets"]:
            if subnet["DefaultForAz"]:
                arn = self.arn("subnet", subnet["SubnetId"])
                self.child("AWS::EC2::Subnet", subnet["SubnetId"], None, "N2 default subnet", arn)
        for table in ec2.describe_route_tables()["RouteTables"]:
            if any(one.get("Main") for one in table["Associations"]):
                self.of_vpc("RouteTable", "route-table", table["RouteTableId"], table, "N4 main")
        for acl in ec2.describe_network_acls()["NetworkAcls"]:
            if acl["IsDefault"]:
                self.of_vpc("NetworkAcl", "network-acl", acl["NetworkAclId"], acl, "N5 default")
        for group in ec2.describe_security_groups()["SecurityGroups"]:
            if group["GroupName"] == "default":
                self.of_vpc(
                    "SecurityGroup", "security-group", group["GroupId"], group, "N6 default"
                )

    def of_vpc(self, type_: str, noun: str, id_: str, row: dict[str, Any], why: str) -> None:
        parent = self.arn("vpc", row["VpcId"])
        self.child(f"AWS::EC2::{type_}", id_, parent, f"{why} of its VPC", self.arn(noun, id_))

    def rules(self) -> None:
        for rule in self.client("ec2").describe_security_group_rules()["SecurityGroupRules"]:
            group = self.arn("security-group", rule["GroupId"])
            found = rule["SecurityGroupRuleId"]
            self.child(
                "Ext::EC2::SecurityGroupRule", found, group, "N7 AWS's first rule",
                self.arn("security-group-rule", found),
            )  # fmt: skip

    def routes(self) -> None:
        for table in self.client("ec2").describe_route_tables()["RouteTables"]:
            for route in table["Routes"]:
                target = route.get("GatewayId", "")
                to = route.get("DestinationCidrBlock") or route["DestinationPrefixListId"]
                resource_id = f"{table['RouteTableId']}|{to}"
                if target == "local":
                    parent = self.arn("route-table", table["RouteTableId"])
                    self.child("AWS::EC2::Route", resource_id, parent, "N9 local route")
                if target.startswith("vpce-"):
                    parent = self.arn("vpc-endpoint", target)
                    self.child("AWS::EC2::Route", resource_id, parent, "N11 of a gateway endpoint")

    def acl_entries(self) -> None:
        for acl in self.client("ec2").describe_network_acls()["NetworkAcls"]:
            parent = self.arn("network-acl", acl["NetworkAclId"])
            for entry in acl["Entries"]:
                if entry["RuleNumber"] >= 32767 or acl["IsDefault"]:
                    direction = "egress" if entry["Egress"] else "ingress"
                    resource_id = f"{acl['NetworkAclId']}|{direction}|{entry['RuleNumber']}"
                    self.child("AWS::EC2::NetworkAclEntry", resource_id, parent, "N12 fixed entry")

    def instances(self) -> None:
        described = self.client("ec2").describe_instances()["Reservations"]
        for instance in (one for row in described for one in row["Instances"]):
            tags = {tag["Key"]: tag["Value"] for tag in instance.get("Tags", [])}
            arn = self.arn("instance", instance["InstanceId"])
            if group := tags.get("aws:autoscaling:groupName"):
                parent = next(
                    key for key, one in self.known.items()
                    if "AutoScalingGroup" in one.resource_type and one.resource_id == group
                )  # fmt: skip
                self.child("AWS::EC2::Instance", instance["InstanceId"], parent, "C1 member", arn)
            for device in instance["BlockDeviceMappings"]:
                if device["Ebs"]["DeleteOnTermination"]:
                    volume = device["Ebs"]["VolumeId"]
                    self.child("AWS::EC2::Volume", volume, arn, "C19 goes with its instance",
                               self.arn("volume", volume))  # fmt: skip
            for row in instance["NetworkInterfaces"]:
                found = row["NetworkInterfaceId"]
                self.child("AWS::EC2::NetworkInterface", found, arn, "E3 its instance's interface",
                           self.arn("network-interface", found))  # fmt: skip

    def interfaces(self) -> None:
        """Interfaces of gateways and mount targets, from the owners' own lists."""
        owners: list[tuple[str, str]] = []
        for gateway in self.client("ec2").describe_nat_gateways()["NatGateways"]:
            for row in gateway["NatGatewayAddresses"]:
                owners.append(
                    (row["NetworkInterfaceId"], self.arn("natgateway", gateway["NatGatewayId"]))
                )
        efs = self.client("efs")
        for system in efs.describe_file_systems()["FileSystems"]:
            listed = efs.describe_mount_targets(FileSystemId=system["FileSystemId"])
            for target in listed["MountTargets"]:
                owners.append((target["NetworkInterfaceId"], target["MountTargetId"]))
        for found, parent in owners:
            self.child("AWS::EC2::NetworkInterface", found, parent, "E5/E8 from its owner's list",
                       self.arn("network-interface", found))  # fmt: skip

    def images(self) -> None:
        for image in self.client("ec2").describe_images(Owners=["self"])["Images"]:
            parent = f"arn:aws:ec2:{self.region}::image/{image['ImageId']}"
            for device in image["BlockDeviceMappings"]:
                if snapshot := device.get("Ebs", {}).get("SnapshotId"):
                    self.child("AWS::EC2::Snapshot", snapshot, parent, "C21 of its image",
                               f"arn:aws:ec2:{self.region}::snapshot/{snapshot}")  # fmt: skip

    def gateways(self) -> None:
        ec2 = self.client("ec2")
        for row in ec2.describe_managed_prefix_lists()["PrefixLists"]:
            if row["OwnerId"] == "AWS":
                self.child("AWS::EC2::PrefixList", row["PrefixListId"], None, "N14 AWS's own")
        for table in ec2.describe_transit_gateway_route_tables()["TransitGatewayRouteTables"]:
            if table["DefaultAssociationRouteTable"]:
                found = table["TransitGatewayRouteTableId"]
                parent = self.arn("transit-gateway", table["TransitGatewayId"])
                self.child("AWS::EC2::TransitGatewayRouteTable", found, parent, "N15 default table",
                           self.arn("transit-gateway-route-table", found))  # fmt: skip
