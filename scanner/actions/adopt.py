"""`strays adopt`: Terraform roots that import strays, one per account and region.

A root refuses every other account (`allowed_account_ids`), and every resource in it refuses to be
destroyed (`prevent_destroy`), so a configuration that says too little can at worst be wrong. What
no configuration can be written for goes into `generate/`, a root in which
`terraform plan -generate-config-out=generated.tf` lets Terraform write it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from scanner.actions import hcl
from scanner.actions.chosen import Stray
from scanner.actions.configuration import UnwritableError, configuration, kept_apart
from scanner.actions.files import write_texts
from scanner.actions.hcl import Block, Raw
from scanner.actions.references import Adopted, connect
from scanner.actions.terraform_types import hint, schema
from scanner.aws import GLOBAL_REGIONS
from scanner.catalog.expressions import render, search
from scanner.model import GLOBAL

HEADER = """\
# Written by `strays adopt`. Read the plan before you apply it: it must say
# "N to import, 0 to add, 0 to destroy".
"""


@dataclass
class Root:
    """One Terraform root: what it imports with a configuration, and without."""

    account_id: str
    region: str
    written: dict[str, Adopted] = field(default_factory=dict)
    generated: dict[str, Adopted] = field(default_factory=dict)
    why_generated: dict[str, str] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)


@dataclass
class Adoption:
    """All roots by place, and the strays that cannot be adopted, with the reason."""

    roots: dict[tuple[str, str], Root] = field(default_factory=dict)
    left_out: list[tuple[Stray, str]] = field(default_factory=list)


def plan_adoption(strays: list[Stray]) -> Adoption:
    """Return what would be written for these strays."""
    adoption = Adoption()
    for stray in strays:
        region = GLOBAL_REGIONS[stray.partition] if stray.region == GLOBAL else stray.region
        place = (stray.account_id, region)
        root = adoption.roots.setdefault(place, Root(*place))
        reason = _add(root, stray)
        if reason:
            adoption.left_out.append((stray, reason))
    adoption.roots = {k: root for k, root in adoption.roots.items() if root.labels}
    for root in adoption.roots.values():
        connect(root.written)
    return adoption


def terraform_type_of(stray: Stray) -> str | None:
    """Return the Terraform type that fits a stray: the catalog's, or a hint's instead."""
    if stray.terraform_type is None:
        return None
    for name, condition in hint(stray.terraform_type).instead.items():
        if search(condition, stray.document):
            return name
    return stray.terraform_type


def _add(root: Root, stray: Stray) -> str | None:
    """Put a stray into its root; return why not, where it cannot be."""
    terraform_type = terraform_type_of(stray)
    known = schema(terraform_type) if terraform_type else None
    if terraform_type is None or known is None:
        return f"Terraform's AWS provider knows no {stray.resource_type}"
    hints = hint(terraform_type)
    if hints.no_import:
        return hints.no_import
    template = hints.import_id or "{_terraform_id}"
    import_id = render(template, stray.document)
    if import_id is None:
        return f"its import id ({template}) cannot be told"
    label = hcl.label(stray.label, root.labels)
    adopted = Adopted(
        stray.arn, terraform_type, label, import_id, stray.terraform_id, Block(), stray.refers
    )
    try:
        adopted.block = configuration(known, hints, stray.document)
        adopted.block.blocks.append(("lifecycle", _lifecycle(kept_apart(known, hints))))
        root.written[stray.arn] = adopted
    except UnwritableError as error:
        root.generated[stray.arn] = adopted
        root.why_generated[stray.arn] = str(error)
    return None


def _lifecycle(ignore: list[str]) -> Block:
    block = Block({"prevent_destroy": True})
    if ignore:
        block.arguments["ignore_changes"] = [Raw(name) for name in ignore]
    return block


def write_adoption(adoption: Adoption, folder: Path) -> list[Path]:
    """Write every root below a folder and return the files; raises `ReportError`."""
    written = []
    for root in adoption.roots.values():
        place = folder / root.account_id / root.region
        if root.written:
            written += _write_root(place, root, root.written, with_resources=True)
        if root.generated:
            written += _write_root(place / "generate", root, root.generated, with_resources=False)
    return written


def _write_root(
    folder: Path, root: Root, adopted: dict[str, Adopted], *, with_resources: bool
) -> list[Path]:
    texts = {
        "providers.tf": _providers(root),
        "imports.tf": HEADER + "\n" + "\n".join(_import(one) for one in adopted.values()),
    }
    if with_resources:
        blocks = [
            hcl.write("resource", (one.terraform_type, one.label), one.block)
            for one in adopted.values()
        ]
        texts["resources.tf"] = HEADER + "\n" + "\n\n".join(blocks) + "\n"
    return write_texts(folder, texts)


def _providers(root: Root) -> str:
    needed = Block({"required_version": ">= 1.5"})
    source = {Raw("source"): "hashicorp/aws", Raw("version"): ">= 5.0"}
    needed.blocks.append(("required_providers", Block({"aws": source})))
    provider = Block({"region": root.region, "allowed_account_ids": [root.account_id]})
    return (
        hcl.write("terraform", (), needed)
        + "\n\n"
        + hcl.write("provider", ("aws",), provider)
        + "\n"
    )


def _import(one: Adopted) -> str:
    body = Block({"to": Raw(one.address), "id": one.import_id})
    return hcl.write("import", (), body) + "\n"
