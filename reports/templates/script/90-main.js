// Ties the parts together: the address is the view, the view makes the rows.

async function main() {
  theme();
  let findings;
  try {
    findings = new Findings(await unpack("grid"));
  } catch (error) {
    byId("trouble").hidden = false;
    byId("trouble").textContent = "This browser cannot open the packed data: the first findings are below, without search and filters.";
    throw error;
  }
  for (const element of document.querySelectorAll(".needs-script")) element.hidden = false;
  document.querySelector(".workbench").classList.add("ready");
  byId("facets-fold").open = innerWidth > 820;
  const app = new App(findings);
  app.follow();
  document.documentElement.dataset.ready = "true";
}

class App {
  constructor(findings) {
    this.findings = findings;
    this.view = new View();
    this.rowOf = new Map();
    this.grid = new Grid(findings, (row) => this.open(row));
    this.facets = new Facets(findings, this.view, () => this.change());
    this.drawer = new Drawer(findings, (step) => this.grid.choose(this.grid.active + step, true), () => this.closed());
    this.#listen();
  }

  #listen() {
    addEventListener("hashchange", () => { if (location.hash.includes("=")) { this.follow(); byId("findings").scrollIntoView(); } });
    byId("search").addEventListener("input", (event) => { this.view.search = event.target.value; this.change(); });
    byId("clear").addEventListener("click", () => { this.view.reset(); this.change(); });
    byId("copy-link").addEventListener("click", () => copy(location.href, "Link"));
    byId("copy-csv").addEventListener("click", () => copy(csv(this.findings, this.rows), `${number(this.rows.length)} rows`));
    byId("save-csv").addEventListener("click", () => save("findings.csv", csv(this.findings, this.rows)));
    for (const head of document.querySelectorAll("th[data-sort]"))
      head.replaceChildren(h("button", { type: "button", onclick: () => this.#sort(head.dataset.sort) }, head.textContent));
    addEventListener("keydown", (event) => this.#key(event));
  }

  #sort(key) {
    this.view.descending = this.view.sort === key && !this.view.descending;
    this.view.sort = key;
    this.change();
  }

  #key(event) {
    if (event.target.closest("input, textarea") || event.metaKey || event.ctrlKey || event.altKey) return;
    const step = { j: 1, k: -1 }[event.key];
    if (event.key === "/") { event.preventDefault(); byId("search").focus(); }
    else if (step) this.grid.choose(Math.max(0, this.grid.active + step), this.drawer.isOpen);
    else if (event.key === "Escape") this.drawer.close();
  }

  /** Take the view from the address. */
  follow() {
    if (location.hash.includes("=") || !location.hash) this.view.read(location.hash);
    byId("search").value = this.view.search;
    this.refresh();
    const row = this.view.open ? this.#row(this.view.open) : -1;
    if (row >= 0) { this.grid.choose(this.rows.indexOf(row)); this.drawer.show(row, false); }
    else this.drawer.close();
  }

  #row(id) { return this.findings.columns.finding_id.indexOf(id); }

  /** The view was changed by hand: draw it, and keep it in the address. */
  change() {
    byId("search").value = this.view.search;
    this.grid.box.scrollTop = 0;
    this.refresh();
    this.#keep();
  }

  #keep() { history.replaceState(null, "", `#${this.view.write()}`); }

  refresh() {
    const { rows, counts } = select(this.findings, this.view);
    this.rows = rows;
    this.grid.show(rows);
    this.facets.show(counts);
    byId("clear").hidden = !this.view.narrowed;
    byId("count").textContent = rows.length === this.findings.rows ? number(rows.length) : `${number(rows.length)} of ${number(this.findings.rows)}`;
    for (const head of document.querySelectorAll("th[data-sort]")) {
      if (head.dataset.sort === this.view.sort) head.setAttribute("aria-sort", this.view.descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  open(row) {
    this.view.open = this.findings.value("finding_id", row);
    this.#keep();
    this.drawer.show(row, true);
  }

  closed() {
    this.view.open = null;
    this.#keep();
    this.grid.box.focus({ preventScroll: true });
  }
}

function theme() {
  const button = byId("theme");
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const label = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; label(); });
  button.hidden = false;
  label();
}

main();
