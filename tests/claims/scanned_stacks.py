"""Makes a stack, scans its types and resolves: what became of each claim."""

from __future__ import annotations

from scanner import catalog
from scanner.aws import Aws
from scanner.claims.cloudformation import OPERATIONS, StackReader
from scanner.claims.template_text import parse
from scanner.config import Config
from scanner.model import Account
from scanner.places import Grant, Place
from scanner.resolve import resolve
from scanner.shard_files import as_row
from scanner.store import Store
from tests.world import World

CHILDREN = ("AWS::IAM::RolePolicy", "Ext::IAM::RolePolicyAttachment")


def scanned(world: World, template: str, name: str = "app") -> Store:
    """Make a stack of this template; return the database after a scan of the types in it."""
    world.client("cloudformation").create_stack(
        StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    everything, aws = catalog.load(), Aws()
    named = {resource["Type"] for resource in parse(template)["Resources"].values()}
    known = [one.type for name, one in everything.cloudformation.items() if name in named]
    store = world.collect(*known, *CHILDREN)
    scan_id = str(store.rows("SELECT scan_id FROM scan")[0]["scan_id"])
    place = Place(world.account_id, "us-east-1", aws.own_credentials(), Grant("scan", OPERATIONS))
    rows = StackReader(everything)(aws, Account(world.account_id, "aws"), place)
    for table, found in rows.items():
        store.table_from_rows(table, [as_row(row) for row in found], scan_id)
    store.run("UPDATE scan SET state = 'loaded'")
    resolve(store, everything, Config(), scan_id)
    return store
