// One finding with everything that is known about it.

const CONSOLES = { aws: "console.aws.amazon.com", "aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com" };

class Drawer {
  constructor(findings, moved, closed) {
    Object.assign(this, { findings, moved });
    this.box = byId("drawer");
    this.box.addEventListener("close", closed);
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  get isOpen() { return this.box.open; }
  close() { if (this.box.open) this.box.close(); }

  async show(row, focus) {
    const details = await this.findings.details(row);
    const get = (key) => this.findings.value(key, row);
    const thing = details?.resource ?? {};
    this.box.replaceChildren(this.#head(row, get), h("div", { class: "drawer-body" },
      facts(this.findings, get, details ?? {}, thing),
      details?.fix ? part("What to do", h("p", {}, told(details.fix))) : null,
      evidence(details?.evidence ?? thing.evidence),
      maker(details?.maker),
      chain(get, details ?? {}, thing),
      tags(thing.tags),
      importBlock(get, thing),
      exceptionStub(get),
      thing.properties ? part("Properties", pre(JSON.stringify(thing.properties, null, 2))) : null,
      get("arn") ? part("On a command line", copyable(`strays explain ${quoted(get("arn"))}`)) : null,
      details ? null : h("p", { class: "hint" }, "This page is large: evidence, tags and properties of this finding are in the database."),
    ));
    if (!this.box.open) this.box.show();
    this.box.scrollTop = 0;
    if (focus) this.box.querySelector(".close").focus({ preventScroll: true });
  }

  #head(row, get) {
    const button = (label, title, act, more = "") => h("button", { type: "button", class: `quiet ${more}`, title, onclick: act }, label);
    return h("div", { class: "drawer-head" },
      h("div", { class: "drawer-bar" }, h("span", { class: `chip ${get("severity")}` }, get("severity")),
        h("span", { class: "muted" }, get("rule_id")), h("span", { class: "space" }),
        button("↑", "Previous (k)", () => this.moved(-1)), button("↓", "Next (j)", () => this.moved(1)),
        button("Close", "Close (Esc)", () => this.close(), "close")),
      h("h2", { id: "drawer-title" }, told(this.findings.title(row), 300)),
      h("p", {}, told(get("message"))));
  }
}

function part(title, ...content) {
  return h("section", {}, h("h3", {}, title), ...content);
}

function pre(text) { return h("pre", {}, shownLines(text)); }
const shownLines = (text) => text.split("\n").map((line) => shown(line, 4000)).join("\n");

function copyable(text) {
  return h("div", { class: "copyable" }, pre(text), h("button", { type: "button", onclick: () => copy(text, "Text") }, "Copy"));
}

function facts(findings, get, details, thing) {
  const account = get("account_id");
  const rows = [
    ["State", get("state") + (details.closed_how ? `, ${details.closed_how}` : "")],
    ["Status", get("status")], ["Type", get("resource_type")], ["ARN", get("arn")],
    ["Account", account && findings.label("account_id", account)], ["Region", get("region")],
    ["Environment", get("environment")], ["Made", thing.created_at?.slice(0, 10)], ["Made by", get("creator")],
    ["Through", details.channel], ["First seen", minute(get("first_seen"))], ["Last seen", minute(get("last_seen"))],
    ["Owner", get("owner")], ["Exception", details.exception_id], ["Unit", get("cluster_id") && findings.label("cluster_id", get("cluster_id"))], ["Finding", get("finding_id")],
  ];
  const url = consoleUrl(get("arn"), thing.partition ?? "aws");
  return h("section", {}, h("dl", { class: "facts" },
    rows.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, told(value))]),
    url ? [h("dt", {}, "Console"), h("dd", {}, h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, "Open in the AWS console"))] : []));
}

/** The console's own way from an ARN to a page; made-up ARNs have none. */
function consoleUrl(arn, partition) {
  if (!arn?.startsWith("arn:") || arn.includes("|") || !(partition in CONSOLES)) return null;
  return `https://${CONSOLES[partition]}/go/view?arn=${encodeURIComponent(arn)}`;
}

/** Evidence as the resolver keeps it: why, which claims, what speaks against, then the rest. */
function evidence(value) {
  if (!value || typeof value !== "object") return value ? part("Why", h("p", {}, told(value))) : null;
  const { because, claims = [], chain: _, holder: _holder, ...rest } = value;
  const against = AGAINST.filter(([key]) => rest[key]).map(([key, words]) => `${words} ${[rest[key]].flat().join(", ")}`);
  const more = Object.entries(rest).filter(([key, v]) => v != null && v !== "" && !AGAINST.some(([known]) => known === key));
  const pro = [because, ...claims.map((claim) => `${claim.source_kind}: ${claim.address} in ${claim.source}`)].filter(Boolean);
  if (!pro.length && !against.length && !more.length) return null;
  return part("Why", says("for", pro), says("against", against),
    more.length ? h("dl", { class: "facts" }, more.flatMap(([key, v]) => [h("dt", {}, told(key.replaceAll("_", " "), 60)),
      h("dd", {}, told(typeof v === "object" ? JSON.stringify(v) : v))])) : null);
}

const TRUST = { root: "as told of what it hangs on", burst: "a guess: nobody else made its neighbours" };

/** Who made it, through what, from where, and the event that says so. */
function maker(made) {
  if (!made) return null;
  const rows = [["Principal", made.principal], ["Role", made.session_issuer], ["Person", made.source_identity], ["Channel", made.channel],
    ["Time", made.event_time?.slice(0, 16).replace("T", " ")], ["From", made.source_ip], ["Event", [made.event_name, made.event_id].filter(Boolean).join(" · ")],
    ["Trust", TRUST[made.trust]]];
  return part("Who made it", h("dl", { class: "facts" },
    rows.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, told(value))])));
}

const AGAINST = [["stack_tag", "yet a tag names stack"], ["named_like_child_of", "yet it is named like a child of"]];

function says(kind, list) {
  if (!list.length) return null;
  return h("ul", { class: "says" }, list.map((line) => h("li", { class: kind },
    h("span", { class: "hidden" }, `${kind}: `), told(typeof line === "object" ? JSON.stringify(line) : line))));
}

/** Ownership as a picture: from what claims it, or from nothing, down to what hangs on it. */
function chain(get, details, thing) {
  const arn = get("arn");
  if (!arn) return null;
  const node = (kind, title, note) => h("li", { class: kind }, told(title, 400), note ? h("small", {}, told(note, 300)) : null);
  const nodes = [];
  if (get("owner")) nodes.push(node("", get("owner"), [thing.owner_source, thing.owner_address].filter(Boolean).join(" · ")));
  else nodes.push(node("nothing", "No state, stack or tag claims it"));
  for (const via of thing.owned_via ?? []) nodes.push(node("", via, "passes ownership on"));
  if (thing.root && thing.root !== arn) nodes.push(node("", thing.root, "the stray it hangs on"));
  nodes.push(node("this", arn, get("resource_type")));
  const hanging = details.dependents ?? [];
  for (const [type, dependent] of hanging) nodes.push(node("", dependent, `${type}, hangs on it`));
  const more = (get("dependents") ?? 0) - hanging.length;
  if (more > 0) nodes.push(node("nothing", `and ${number(more)} more`));
  return part("Ownership", h("ol", { class: "chain" }, nodes));
}

function tags(list) {
  if (!list?.length) return null;
  return part("Tags", h("table", { class: "tags" }, h("tbody", {},
    list.map(([key, value]) => h("tr", {}, h("td", {}, told(key)), h("td", {}, told(value)))))));
}

/** A Terraform import block (https://developer.hashicorp.com/terraform/language/import) to copy. */
function importBlock(get, thing) {
  if (get("status") !== "unmanaged" || !thing.terraform_type) return null;
  const id = thing.terraform_id ?? get("resource_id");
  const name = String(get("name") ?? get("resource_id")).toLowerCase().replace(/[^a-z0-9_]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 60);
  const label = /^[a-z_]/.test(name) ? name : `stray_${name}`;
  return part("Take it into Terraform", copyable(`import {\n  to = ${thing.terraform_type}.${label}\n  id = ${hcl(id)}\n}`));
}

/** An entry for exceptions.toml; what only people can say stays empty, so that it cannot be used as it is. */
function exceptionStub(get) {
  if (get("state") !== "open" || get("rule_id").startsWith("coverage_")) return null;
  const today = new Date();
  const end = new Date(today.getTime() + 90 * 86400000);
  const date = (moment) => moment.toISOString().slice(0, 10);
  const place = get("arn") ? ["resource", get("arn")] : ["account", get("account_id")];
  const lines = [["id", `EXC-${get("finding_id").slice(0, 8)}`], ["rule", get("rule_id")], place.map((part) => part ?? "*"),
    ["reason", ""], ["owner", ""], ["approver", ""], ["ticket", ""]];
  return part("Allow it for a time", copyable(["[[exception]]", ...lines.map(([key, value]) => `${key} = ${toml(value)}`),
    `created = ${date(today)}`, `expires = ${date(end)}`].join("\n")));
}

/** A basic string of TOML (https://toml.io/en/v1.0.0#string); globs in it mean themselves. */
function toml(text) {
  return JSON.stringify(String(text).replace(/[[*?]/g, "[$&]")).replaceAll("\u007f", "\\u007f");
}

function hcl(text) {
  return JSON.stringify(String(text)).replaceAll("${", "$${").replaceAll("%{", "%%{");
}

const quoted = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;
