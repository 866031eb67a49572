// Elements are made with text, never with markup: what AWS calls a thing cannot become part of the page.

/** Make an element. Properties starting with "on" listen, "data" and others become attributes. */
function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== ""));
  return element;
}

const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A stranger's text: marks that hide or turn text are written out, and long text is cut. */
function shown(text, limit = 2000) {
  const whole = String(text ?? "");
  const plain = whole.slice(0, limit).replace(HIDDEN, (c) =>
    `⟨U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
  return whole.length > limit ? `${plain}… (${whole.length.toLocaleString("en")} characters)` : plain;
}

/** The same, isolated from the reading direction around it. */
const told = (text, limit) => h("bdi", {}, shown(text, limit));

const day = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10);
const minute = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC";
const number = (n) => n.toLocaleString("en");

let toastTimer = 0;
function toast(text) {
  const element = byId("toast");
  element.textContent = text;
  element.classList.add("up");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => element.classList.remove("up"), 2200);
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "hidden" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(`${what} copied`);
}
