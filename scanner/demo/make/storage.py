"""What keeps data: buckets, tables, databases, file systems and backups."""

import json
from typing import Any

from scanner.demo.world import Attributes, Site


def bucket(site: Site, name: str, **tags: str) -> Attributes:
    """An S3 bucket in the site's region."""
    s3 = site.client("s3")
    place: dict[str, Any] = {}
    if site.region != "us-east-1":
        place = {"CreateBucketConfiguration": {"LocationConstraint": site.region}}
    s3.create_bucket(Bucket=name, **place)
    if tags:
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs})
    return {
        "arn": f"arn:aws:s3:::{name}",
        "id": name,
        "bucket": name,
        "bucket_domain_name": f"{name}.s3.amazonaws.com",
        "bucket_regional_domain_name": f"{name}.s3.{site.region}.amazonaws.com",
        "region": site.region,
        "tags": tags or None,
    }


def bucket_versioning(site: Site, name: str) -> Attributes:
    """A bucket's versioning, which the provider keeps as a resource of its own."""
    site.client("s3").put_bucket_versioning(
        Bucket=name, VersioningConfiguration={"Status": "Enabled"}
    )
    setting = [{"mfa_delete": "", "status": "Enabled"}]
    return {"id": name, "bucket": name, "versioning_configuration": setting}


def bucket_policy(site: Site, name: str) -> Attributes:
    """A bucket policy that asks for TLS."""
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{name}/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    site.client("s3").put_bucket_policy(Bucket=name, Policy=text)
    return {"id": name, "bucket": name, "policy": text}


def table(site: Site, name: str, key: str = "id", **tags: str) -> Attributes:
    """A DynamoDB table, paid per request."""
    pairs = [{"Key": tag, "Value": value} for tag, value in tags.items()]
    made = site.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        **({"Tags": pairs} if pairs else {}),
    )["TableDescription"]
    return table_attributes(site, name, key) | {"arn": made["TableArn"], "tags": tags or None}


def table_attributes(site: Site, name: str, key: str = "id") -> Attributes:
    """What a state says of a table, which need not exist."""
    return {
        "arn": site.arn("dynamodb", f"table/{name}"),
        "id": name,
        "name": name,
        "attribute": [{"name": key, "type": "S"}],
        "billing_mode": "PAY_PER_REQUEST",
        "hash_key": key,
        "table_class": "STANDARD",
    }


def subnet_group(site: Site, name: str, vpc_id: str, subnets: list[str]) -> Attributes:
    """A database subnet group."""
    made = site.client("rds").create_db_subnet_group(
        DBSubnetGroupName=name,
        DBSubnetGroupDescription="Managed by Terraform",
        SubnetIds=subnets,
    )["DBSubnetGroup"]
    return {
        "arn": made["DBSubnetGroupArn"],
        "id": name,
        "name": name,
        "description": "Managed by Terraform",
        "subnet_ids": subnets,
        "vpc_id": vpc_id,
    }


def database(site: Site, name: str, group: str, security_groups: list[str]) -> Attributes:
    """A PostgreSQL instance; the emulator makes an automatic snapshot with it."""
    made = site.client("rds").create_db_instance(
        DBInstanceIdentifier=name,
        Engine="postgres",
        EngineVersion="16.3",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="postgres",
        MasterUserPassword="demo-only-not-a-secret",
        DBSubnetGroupName=group,
        VpcSecurityGroupIds=security_groups,
    )["DBInstance"]
    return {
        "arn": made["DBInstanceArn"],
        "id": made["DbiResourceId"],
        "resource_id": made["DbiResourceId"],
        "identifier": name,
        "allocated_storage": 20,
        "db_subnet_group_name": group,
        "engine": "postgres",
        "engine_version": "16.3",
        "engine_version_actual": "16.3",
        "instance_class": "db.t3.micro",
        "password": "demo-only-not-a-secret",
        "port": 5432,
        "status": "available",
        "storage_type": "gp2",
        "username": "postgres",
        "vpc_security_group_ids": security_groups,
    }


def database_snapshots(site: Site, name: str) -> list[str]:
    """The ARNs of the snapshots of a database instance."""
    answer = site.client("rds").describe_db_snapshots(DBInstanceIdentifier=name)
    return [each["DBSnapshotArn"] for each in answer["DBSnapshots"]]


def file_system(site: Site, token: str) -> Attributes:
    """An EFS file system without mount targets."""
    made = site.client("efs").create_file_system(CreationToken=token)
    key = made["FileSystemId"]
    return {
        "arn": made["FileSystemArn"],
        "id": key,
        "creation_token": token,
        "dns_name": f"{key}.efs.{site.region}.amazonaws.com",
        "owner_id": site.account_id,
        "performance_mode": "generalPurpose",
        "throughput_mode": "bursting",
    }


def backup_vault(site: Site, name: str) -> Attributes:
    """A vault of AWS Backup."""
    made = site.client("backup").create_backup_vault(BackupVaultName=name)
    return {"arn": made["BackupVaultArn"], "id": name, "name": name}
