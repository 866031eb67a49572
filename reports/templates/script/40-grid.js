// The table draws the rows that are in sight, so that a hundred thousand scroll as ten do.

const ROW = 35;
const MARGIN = 12;
const PRINTED = 1000;

class Grid {
  constructor(findings, opened) {
    Object.assign(this, { findings, opened, rows: new Int32Array(0), active: -1 });
    this.box = byId("grid-scroll");
    this.table = byId("findings-table");
    this.body = this.table.tBodies[0];
    this.table.classList.add("live");
    this.box.addEventListener("scroll", () => this.#later());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.body.addEventListener("click", (event) => {
      const row = event.target.closest("tr[data-at]");
      if (row) this.choose(Number(row.dataset.at), true);
    });
    new ResizeObserver(() => this.#later()).observe(this.box);
    addEventListener("beforeprint", () => this.#draw(0, Math.min(this.rows.length, PRINTED)));
    addEventListener("afterprint", () => this.draw());
  }

  show(rows) {
    this.rows = rows;
    this.active = Math.min(this.active, rows.length - 1);
    this.table.setAttribute("aria-rowcount", rows.length + 1);
    this.draw();
  }

  #later() {
    this.frame ??= requestAnimationFrame(() => { this.frame = null; this.draw(); });
  }

  draw() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW) - MARGIN);
    const last = Math.min(this.rows.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / ROW) + MARGIN);
    this.#draw(Math.min(first, Math.max(0, last)), last);
  }

  #draw(first, last) {
    const lines = [];
    for (let at = first; at < last; at++) lines.push(this.#line(at));
    if (!this.rows.length) lines.push(h("tr", { class: "gap" }, h("td", { colspan: 3, class: "empty" }, "Nothing fits these filters.")));
    this.body.replaceChildren(gap(first), ...lines, gap(this.rows.length - last));
  }

  #line(at) {
    const { findings } = this;
    const row = this.rows[at];
    const get = (key) => findings.value(key, row);
    const severity = get("severity");
    const state = get("state");
    const hanging = get("dependents");
    const classes = [at === this.active && "active", state !== "open" && "off"].filter(Boolean).join(" ");
    return h("tr", { "data-at": at, "aria-rowindex": at + 2, class: classes || null },
      h("td", {}, h("span", { class: `chip ${severity}` }, severity)),
      h("td", { class: "name", title: shown(get("arn") ?? "", 300) }, told(findings.title(row), 160),
        hanging ? h("span", { class: "muted" }, ` +${number(hanging)}`) : null,
        state !== "open" ? h("span", { class: "muted" }, ` ${state}`) : null),
      h("td", { class: "wide-only" }, get("rule_id")),
      h("td", { class: "wide-only", title: get("resource_type") }, get("resource_type")?.replace("AWS::", "") ?? ""),
      h("td", { title: get("account_id") }, told(findings.accounts[get("account_id")] ?? get("account_id") ?? "", 60)),
      h("td", { class: "wide-only" }, get("region") ?? ""),
      h("td", { class: "wide-only" }, told(get("environment") ?? "", 60)),
      h("td", { class: "wide-only" }, day(get("first_seen"))));
  }

  /** Make a place in the list the active one, in sight, and open it where asked. */
  choose(at, open = false) {
    if (at < 0 || at >= this.rows.length) return;
    this.active = at;
    const top = at * ROW;
    const height = this.box.clientHeight - ROW;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + ROW > this.box.scrollTop + height) this.box.scrollTop = top + ROW - height;
    this.draw();
    if (open) this.opened(this.rows[at]);
  }

  #key(event) {
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW) - 2);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in moves) {
      event.preventDefault();
      const to = Math.min(this.rows.length - 1, Math.max(0, this.active + moves[event.key]));
      this.choose(to);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active, true);
    }
  }
}

function gap(rows) {
  const cell = h("td");
  cell.style.height = `${rows * ROW}px`;
  return h("tr", { class: "gap", "aria-hidden": "true" }, cell);
}
