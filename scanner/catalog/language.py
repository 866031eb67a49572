"""The catalog's language: the fields of one entry and what each means.

An entry is data. Expressions are JMESPath over the item's own document, which also holds `_item`
(where AWS lists bare strings), `_account`, `_region`, `_partition`, and after the keys are known
`_arn`, `_id`, `_name` and `_tags`; a child's document holds its parent's as `_parent`.
Templates are text with `{expression}` parts; a template with an empty part gives nothing, and
`[…]` marks a part that may be left out.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class Page(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename={"into": "in"}):
    """How to page where botocore has no paginator: the token's member in request and response."""

    into: str
    out: str


class Fallback(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Another operation that lists the same type."""

    op: str
    items: str
    params: dict[str, Any] = {}


class ListCall(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The operation that lists a type, or the place in the parent's document (`inside`).

    `fallback` is asked where the operation fails; describe steps with a `when` then add what its
    items lack. `none_on` are the errors that say that there is none: AWS's codes, or `CODE: TEXT`
    where the code alone may mean something else (Macie, switched off, answers
    `AccessDeniedException: Macie is not enabled`). `levels` is how deep a tree of one type goes:
    the list is asked again under each of its items, as under their parent.
    """

    items: str
    op: str | None = None
    inside: Literal["parent"] | None = None
    params: dict[str, Any] = {}
    bind: dict[str, str] = {}
    fanout: dict[str, list[Any]] = {}
    only: dict[str, str] = {}
    page: Page | None = None
    none_on: list[str] = []
    levels: int = 1
    fallback: Fallback | None = None


class Describe(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A further call per item (or per `batch` of items) whose answer joins the document."""

    op: str
    bind: dict[str, str]
    at: str = "@"
    params: dict[str, Any] = {}
    into: str | None = None
    batch: int | None = None
    none_on: list[str] = []
    when: str | None = None


class Key(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Where the identity of an item stands in its document."""

    id: str
    arn: str | None = None
    name: str | None = None
    created: str | None = None
    tags: str | None = None
    region: str | None = None


class LinkRule(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One resource names another: `at` gives ids, names or ARNs of the type `to`."""

    kind: str
    to: str
    at: str
    owns: Literal["target", "self"] | None = None
    trust: Literal["parent_list", "api_field", "aws_tag", "user_tag", "name"] = "api_field"
    when: str | None = None


class OwnedRule(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What AWS or a parent made, from one of the files in `owned/`.

    `verdict` is `default` (AWS makes it in every account), `none` (no row: somebody else's,
    terminated, listed twice) or `derived` (owned through a link: `owner` is above the thing, `owns`
    below it). `source` is the field the rule rests on, `service.Operation:Path`, or a page.
    """

    rule: str
    type: str
    verdict: Literal["default", "none", "derived"]
    because: str
    source: str
    when: str | None = None
    owner: dict[str, str] = {}
    owns: dict[str, str] = {}
    trust: Literal["parent_list", "api_field", "aws_tag", "user_tag", "name"] = "api_field"
    unless_source: str | None = None


class Entry(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One resource type: how it is listed, named, matched and linked."""

    type: str
    table: str
    service: str
    list: ListCall
    key: Key
    why: str
    scope: Literal["regional", "global"] = "regional"
    home: str | None = None
    parent: str | None = None
    contained: bool = True
    describe: tuple[Describe, ...] = ()
    arn: str | None = None
    terraform: tuple[str, ...] = ()
    cloudformation: tuple[str, ...] = ()
    tf_id: str | None = None
    tf_keys: tuple[str, ...] = ("{arn}", "{id}")
    cfn_id: str | None = None
    match: tuple[str, ...] = ()
    links: tuple[LinkRule, ...] = ()
    never_store: tuple[str, ...] = ()
    iam: tuple[str, ...] = ()
    state: Literal["generated", "reviewed"] = "reviewed"
    source: str | None = None

    def operations(self) -> tuple[str, ...]:
        """Return every operation that listing this type calls."""
        fallback = self.list.fallback.op if self.list.fallback else None
        called = (self.list.op, fallback, *(step.op for step in self.describe))
        return tuple(name for name in called if name)

    def is_for_tags(self, step: Describe) -> bool:
        """Whether a describe step adds the tags and nothing else."""
        return step.into is not None and step.into == self.key.tags
