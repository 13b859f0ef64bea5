// Everything that a key does, and the page that says so.

import { byId, el } from "./dom.js";

/** Keys, what they do in words, and what they do to a view: {grid, decide, decideAlike, save, enter, leave, search}. */
const SHORTCUTS = [
  { keys: ["j", "ArrowDown"], does: "Next row", run: (view) => view.grid.move(1) },
  { keys: ["k", "ArrowUp"], does: "Previous row", run: (view) => view.grid.move(-1) },
  { keys: ["PageDown"], does: "A page down", run: (view) => view.grid.move(view.grid.page) },
  { keys: ["PageUp"], does: "A page up", run: (view) => view.grid.move(-view.grid.page) },
  { keys: ["Home"], does: "First row", run: (view) => view.grid.select(0) },
  { keys: ["End"], does: "Last row", run: (view) => view.grid.select(Infinity) },
  { keys: ["a"], does: "Accept (again: take it back)", run: (view) => view.accept() },
  { keys: ["r"], does: "Reject (again: take it back)", run: (view) => view.reject() },
  { keys: ["A"], does: "Accept all findings of the rule", run: (view) => view.acceptAlike() },
  { keys: ["Enter"], does: "Go to the details", run: (view) => view.enter() },
  { keys: ["Escape"], does: "Back to the table", run: (view) => view.leave() },
  { keys: ["/"], does: "Filter by words", run: (view) => view.search() },
  { keys: ["d"], does: "Download, or the next step", run: (view) => view.finish() },
];
const MOVING = new Set(["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End", "Enter"]);
const NAMES = { ArrowDown: "↓", ArrowUp: "↑", PageDown: "Page Down", PageUp: "Page Up", Escape: "Esc", A: "⇧ A" };

/** Listens to the keyboard for whatever view `current()` gives (none: only help). */
export function listen(current) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (typing && event.key !== "Escape") return;
    if (event.key === "?") {
      event.preventDefault();
      help();
      return;
    }
    const view = current();
    const shortcut = SHORTCUTS.find(({ keys }) => keys.includes(event.key));
    if (!view || !shortcut) return;
    const elsewhere = event.target !== document.body && event.target !== view.grid.root;
    if (elsewhere && MOVING.has(event.key)) return; // they mean something to buttons and scrolled texts
    event.preventDefault();
    shortcut.run(view);
  });
}

/** The dialog that lists the keys. */
export function help() {
  byId("keys").replaceChildren(
    ...SHORTCUTS.flatMap(({ keys, does }) => [
      el(
        "dt",
        {},
        keys.flatMap((key, at) => [at ? " " : "", el("kbd", {}, NAMES[key] ?? key)]),
      ),
      el("dd", {}, does),
    ]),
    el("dt", {}, el("kbd", {}, "?")),
    el("dd", {}, "This list"),
  );
  byId("help").showModal();
}
