// Elements made by script. Whatever a record holds becomes a text node or an attribute's value, never markup.

/** An element with attributes (`onclick` and the like: listeners) and children; text becomes text nodes. */
export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** The element of the page with an id. */
export const byId = (id) => document.getElementById(id);

/** Says something to screen readers, and in the status line. */
export function announce(text) {
  byId("status").textContent = text;
}

/** `1,234`. */
export const grouped = (count) => count.toLocaleString("en");

/** `1,234 findings`, `1 finding`. */
export function counted(count, noun) {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A value of a record, kept apart from what stands around it in whichever direction it is written. */
export const text = (value) => el("span", { class: "text" }, value);

/** What the eye sees as a mark and a screen reader as a word. */
export function marked(mark, word, attributes) {
  return el(
    "span",
    { class: "mark", ...attributes },
    el("span", { class: "unseen" }, word),
    el("span", { "aria-hidden": "true" }, mark),
  );
}

/** Text with `code` between backticks as <code>, in paragraphs. */
export function prose(text) {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) =>
      el("p", {}, ...paragraph.split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part))),
    );
}

/** Offers bytes as a file to be saved. */
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
