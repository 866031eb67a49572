// The filters beside the table: each value with the number of rows it would leave.

const FEW = 7;

class Facets {
  constructor(findings, view, changed) {
    Object.assign(this, { findings, view, changed, wide: new Set() });
    this.box = byId("facets");
  }

  show(counts) {
    const focus = document.activeElement?.dataset?.facet;
    this.box.replaceChildren(...Object.keys(FACETS).map((key, f) => this.#facet(key, counts[f])).filter(Boolean));
    if (focus) this.box.querySelector(`[data-facet="${CSS.escape(focus)}"]`)?.focus();
  }

  #facet(key, counts) {
    const { values } = this.findings.columns[key];
    const chosen = this.view.filters.get(key);
    if (values.length < 2 && !chosen) return null;
    const entries = values.map((value, code) => ({ value, count: counts[code], on: chosen?.has(value ?? "none") ?? false }));
    if (!["severity", "state", "age"].includes(key)) entries.sort((a, b) => b.on - a.on || b.count - a.count);
    const live = entries.filter((entry) => entry.count || entry.on || key === "severity");
    const shownEntries = this.wide.has(key) ? live : live.slice(0, FEW);
    const more = live.length - shownEntries.length;
    return h("fieldset", { class: "facet" }, h("legend", {}, FACETS[key]),
      shownEntries.map((entry) => this.#value(key, entry)),
      more || this.wide.has(key) ? h("button", { type: "button", "data-facet": `${key}=`, onclick: () => this.#widen(key) },
        more ? `${number(more)} more` : "fewer") : null);
  }

  #value(key, { value, count, on }) {
    const label = this.findings.label(key, value);
    const box = h("input", { type: "checkbox", "data-facet": `${key}=${value}`, onchange: () => {
      this.view.toggle(key, value ?? "none");
      this.changed();
    } });
    box.checked = on;
    return h("label", { class: count || on ? null : "zero", title: shown(label, 200) }, box,
      h("span", {}, told(label, 80)), h("span", { class: "n" }, number(count)));
  }

  #widen(key) {
    if (!this.wide.delete(key)) this.wide.add(key);
    this.changed();
  }
}
