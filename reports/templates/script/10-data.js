// The findings by column. A coded column has its distinct values in sort order and a code per row.

const byId = (id) => document.getElementById(id);

/** Read a data block: JSON text, or gzip in base64 where the page is large. */
async function unpack(id) {
  const block = byId(id);
  if (!block) return null;
  if (block.type === "application/json") return JSON.parse(block.textContent);
  const bytes = Uint8Array.from(atob(block.textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

class Findings {
  constructor(grid) {
    Object.assign(this, { rows: grid.rows, chunk: grid.chunk, detailed: grid.detailed });
    this.columns = grid.columns;
    this.accounts = grid.accounts;
    this.names = { account_id: grid.accounts, cluster_id: grid.units };
    for (const column of Object.values(this.columns))
      if (column.codes) column.codes = Int32Array.from(column.codes);
    this.blocks = new Map();
    this.ranks = new Map();
  }

  value(key, row) {
    const column = this.columns[key];
    return column.codes ? column.values[column.codes[row]] : column[row];
  }

  /** What a row is called: its name, else AWS's id, else what the finding says. */
  title(row) {
    return ["name", "resource_id", "arn", "message"].map((k) => this.value(k, row)).find(Boolean) ?? "";
  }

  label(key, value) {
    if (value === null) return "none";
    const name = this.names[key]?.[value];
    return name ? `${name} (${value})` : String(value);
  }

  /** An integer per row that orders the rows by a column. */
  order(key) {
    if (!this.ranks.has(key)) this.ranks.set(key, this.#rank(key));
    return this.ranks.get(key);
  }

  #rank(key) {
    const column = this.columns[key];
    if (column.codes) return column.codes;
    if (key === "first_seen") return Int32Array.from(column, (seconds) => -seconds);
    const titles = Array.from({ length: this.rows }, (_, row) => this.title(row).toLowerCase());
    const places = new Map([...new Set(titles)].sort().map((title, place) => [title, place]));
    return Int32Array.from(titles, (title) => places.get(title));
  }

  /** All text of a row in lower case, made once for searching. */
  haystack() {
    const keys = ["name", "resource_id", "arn", "message", "rule_id", "resource_type", "account_id",
      "region", "environment", "owner", "creator", "finding_id"];
    this.texts ??= Array.from({ length: this.rows }, (_, row) =>
      [...keys.map((key) => this.value(key, row) ?? ""), this.accounts[this.value("account_id", row)] ?? ""]
        .join("\n").toLowerCase());
    return this.texts;
  }

  /** What the drawer shows of a row, or null where the page holds no details of it. */
  async details(row) {
    if (row >= this.detailed) return null;
    const number = Math.floor(row / this.chunk);
    if (!this.blocks.has(number)) this.blocks.set(number, await unpack(`details-${number}`));
    return this.blocks.get(number)?.[row % this.chunk] ?? null;
  }
}
