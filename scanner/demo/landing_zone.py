"""The organization itself: accounts, units, the audit role in each, and where states live."""

from typing import Any

from scanner.demo.emulator import seed
from scanner.demo.make import identity, messaging, storage
from scanner.demo.terraform_state import State
from scanner.demo.world import Attributes, ClientFactory, Credentials, Ledger, Site

KEY = "landing-zone/terraform.tfstate"
MANAGEMENT = "111111111111"
AUDIT_ROLE = "OrganizationAuditRole"
SCANNER_ROLE = "StraysScanner"
STATE_BUCKET = "acme-terraform-states"
UNITS = {
    "security": "Security",
    "production": "Production",
    "staging": "Staging",
    "test": "Sandbox",
}
"""Member account -> its organizational unit."""

SEED = 20260114
"""Makes the emulator draw the same account ids in every run."""


def create_organization(
    endpoint: str, clients: ClientFactory, ledger: Ledger
) -> tuple[dict[str, str], State]:
    """Make the organization with its units and accounts: (name -> account id, its state)."""
    seed(endpoint, SEED)
    site = Site(MANAGEMENT, "global", _at_home(clients))
    client = site.client("organizations")
    state = State(KEY, ledger)
    made = client.create_organization(FeatureSet="ALL")["Organization"]
    root = client.list_roots()["Roots"][0]["Id"]
    state.add(
        site, "aws_organizations_organization", "this", _organization(made), alias="management"
    )
    accounts = {"management": MANAGEMENT}
    for name, unit_name in UNITS.items():
        unit = client.create_organizational_unit(ParentId=root, Name=unit_name)
        unit_id = unit["OrganizationalUnit"]["Id"]
        accounts[name] = _member(site, state, name, root, unit_id)
        attributes = {
            "arn": unit["OrganizationalUnit"]["Arn"],
            "id": unit_id,
            "name": unit_name,
            "parent_id": root,
        }
        kind = "aws_organizations_organizational_unit"
        state.add(site, kind, "this", attributes, index=unit_name, alias="management")
    return accounts, state


def furnish(accounts: dict[str, str], clients: ClientFactory, state: State) -> Credentials:
    """Make the roles in every account and the security account's own things; log the scanner in."""
    home = _at_home(clients)
    security = accounts["security"]
    for name, account_id in accounts.items():
        site = Site(account_id, "global", home)
        alias = "" if name == "security" else name
        module = f"module.baseline_{name}"
        role = identity.role(site, AUDIT_ROLE, f"arn:aws:iam::{security}:root")
        state.add(site, "aws_iam_role", "audit", role, module=module, alias=alias)
        attached = identity.role_attachment(site, AUDIT_ROLE, identity.SECURITY_AUDIT)
        kind = "aws_iam_role_policy_attachment"
        state.add(site, kind, "audit", attached, module=module, alias=alias)
        if account_id != MANAGEMENT:
            _access_role(site, state, module, alias)
    here = Site(security, "us-east-1", clients)
    _state_backend(here, state)
    return _scanner(Site(security, "global", home), state)


def _member(site: Site, state: State, name: str, root: str, unit_id: str) -> str:
    """Make an account in a unit; returns its id."""
    client = site.client("organizations")
    email = f"aws+{name}@example.com"
    status = client.create_account(AccountName=name, Email=email)["CreateAccountStatus"]
    account_id = str(status["AccountId"])
    client.move_account(AccountId=account_id, SourceParentId=root, DestinationParentId=unit_id)
    arn = client.describe_account(AccountId=account_id)["Account"]["Arn"]
    attributes = {
        "arn": arn,
        "id": account_id,
        "name": name,
        "email": email,
        "joined_method": "CREATED",
        "parent_id": unit_id,
        "status": "ACTIVE",
    }
    state.add(site, "aws_organizations_account", "this", attributes, index=name, alias="management")
    return account_id


def _access_role(site: Site, state: State, module: str, alias: str) -> None:
    """The role that Organizations makes in a new account, imported into the state.

    The emulator makes it with an empty path, hence with an ARN that AWS never gives.
    """
    name = "OrganizationAccountAccessRole"
    site.client("iam").delete_role(RoleName=name)
    role = identity.role(site, name, f"arn:aws:iam::{MANAGEMENT}:root")
    state.add(site, "aws_iam_role", "access", role, module=module, alias=alias)
    attached = identity.role_attachment(site, name, identity.ADMINISTRATOR)
    kind = "aws_iam_role_policy_attachment"
    state.add(site, kind, "access", attached, module=module, alias=alias)


def _state_backend(site: Site, state: State) -> None:
    """The bucket that keeps the states, the table that locks them, the key beside them."""
    state.add(site, "aws_s3_bucket", "states", storage.bucket(site, STATE_BUCKET))
    versioning = storage.bucket_versioning(site, STATE_BUCKET)
    state.add(site, "aws_s3_bucket_versioning", "states", versioning)
    locks = storage.table(site, "terraform-locks", "LockID")
    state.add(site, "aws_dynamodb_table", "locks", locks)
    key = state.add(site, "aws_kms_key", "audit", identity.kms_key(site, "audit logs"))
    state.add(site, "aws_kms_alias", "audit", identity.kms_alias(site, "alias/audit", key))
    state.add(site, "aws_sns_topic", "alerts", messaging.topic(site, "security-alerts"))


def _scanner(site: Site, state: State) -> Credentials:
    """The role that runs Strays, and a session of it."""
    role = identity.role(site, SCANNER_ROLE, "ec2.amazonaws.com")
    state.add(site, "aws_iam_role", "scanner", role)
    inline = identity.role_policy(
        site, SCANNER_ROLE, "assume", identity.policy_text("sts:AssumeRole")
    )
    state.add(site, "aws_iam_role_policy", "scanner", inline)
    session = site.client("sts").assume_role(
        RoleArn=role["arn"], RoleSessionName="strays-demo", DurationSeconds=3600
    )["Credentials"]
    return Credentials(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])


def _organization(made: dict[str, Any]) -> Attributes:
    return {
        "arn": made["Arn"],
        "id": made["Id"],
        "feature_set": "ALL",
        "master_account_arn": made["MasterAccountArn"],
        "master_account_email": made["MasterAccountEmail"],
        "master_account_id": made["MasterAccountId"],
    }


def _at_home(clients: ClientFactory) -> ClientFactory:
    """Clients for global services: they are called in us-east-1."""
    return lambda account_id, service, region: clients(
        account_id, service, "us-east-1" if region == "global" else region
    )
