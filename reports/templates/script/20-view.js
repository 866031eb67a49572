// What is looked at: search, filters, order and the open finding. The address holds it all.

const FACETS = {
  severity: "Severity", state: "State", rule_id: "Rule", status: "Status", environment: "Environment",
  account_id: "Account", region: "Region", resource_type: "Type", owner: "Owner", creator: "Made by",
  age: "First seen", cluster_id: "Unit",
};

class View {
  constructor() { this.reset(); }

  reset() {
    this.search = "";
    this.filters = new Map([["state", new Set(["open"])]]);
    this.sort = "severity";
    this.descending = false;
    this.open = null;
  }

  /** Take the view from an address such as `#severity=critical,high&q=ghost&sort=-first_seen`. */
  read(hash) {
    this.reset();
    for (const part of hash.replace(/^#/, "").split("&")) {
      const [key, raw = ""] = part.split("=");
      const text = decode(raw);
      if (key === "q") this.search = text;
      else if (key === "open") this.open = text;
      else if (key === "sort") [this.sort, this.descending] = [text.replace(/^-/, ""), text.startsWith("-")];
      else if (key in FACETS && raw === "*") this.filters.delete(key);
      else if (key in FACETS && raw) this.filters.set(key, new Set(raw.split(",").map(decode)));
    }
  }

  write() {
    const parts = [];
    if (this.search) parts.push(`q=${encodeURIComponent(this.search)}`);
    for (const [key, values] of this.filters) {
      if (key === "state" && values.size === 1 && values.has("open")) continue;
      parts.push(`${key}=${[...values].map(encodeURIComponent).join(",")}`);
    }
    if (!this.filters.has("state")) parts.push("state=*");
    if (this.sort !== "severity" || this.descending) parts.push(`sort=${this.descending ? "-" : ""}${this.sort}`);
    if (this.open) parts.push(`open=${encodeURIComponent(this.open)}`);
    return parts.join("&");
  }

  toggle(key, value) {
    const values = this.filters.get(key) ?? new Set();
    if (!values.delete(value)) values.add(value);
    if (values.size) this.filters.set(key, values);
    else this.filters.delete(key);
  }

  get narrowed() { return this.search !== "" || [...this.filters.keys()].some((key) => key !== "state"); }
}

function decode(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

/** The rows that a view shows, in order, and per facet how many rows each of its values has. */
function select(findings, view) {
  const facets = Object.keys(FACETS);
  const codes = facets.map((key) => findings.columns[key].codes);
  const counts = facets.map((key) => new Int32Array(findings.columns[key].values.length));
  const wanted = facets.map((key) => wantedCodes(findings.columns[key], view.filters.get(key)));
  const words = view.search.toLowerCase().split(/\s+/).filter(Boolean);
  const texts = words.length ? findings.haystack() : null;
  const kept = [];
  for (let row = 0; row < findings.rows; row++) {
    if (texts && !words.every((word) => texts[row].includes(word))) continue;
    let failed = -1;
    let failures = 0;
    for (let f = 0; f < facets.length && failures < 2; f++)
      if (wanted[f] && !wanted[f][codes[f][row]]) { failed = f; failures++; }
    if (failures === 0) {
      kept.push(row);
      for (let f = 0; f < facets.length; f++) counts[f][codes[f][row]]++;
    } else if (failures === 1) counts[failed][codes[failed][row]]++;
  }
  return { rows: inOrder(findings, view, kept), counts };
}

function wantedCodes(column, values) {
  if (!values) return null;
  return Uint8Array.from(column.values, (value) => values.has(value === null ? "none" : value) ? 1 : 0);
}

function inOrder(findings, view, kept) {
  const key = findings.columns[view.sort] ? view.sort : "severity";
  const rank = findings.order(key);
  const way = view.descending ? -1 : 1;
  return Int32Array.from(kept).sort((a, b) => way * (rank[a] - rank[b]) || a - b);
}
