"use strict";
/* The preference pane: Zotero keeps the fields' values; here is only the button that tries them. */

// Zotero runs this before the pane's elements are there, so the window listens for them.
document.addEventListener("click", async (event) => {
  const button = /** @type {HTMLButtonElement} */ (event.target);
  if (button.id !== "rl-test") {
    return;
  }
  const plugin = /** @type {import("../modules/plugin.js").Plugin} */ (/** @type {any} */ (Zotero).Reflint);
  const result = /** @type {HTMLElement} */ (document.getElementById("rl-result"));
  button.disabled = true;
  const { id, args } = await plugin.test();
  /** @type {any} */ (document).l10n.setAttributes(result, id, args);
  button.disabled = false;
});
