"use strict";
/* The section of the item pane that shows the findings of the selected item. */

const { repairable } = require("./checker.js");

const HTML = "http://www.w3.org/1999/xhtml";
const ICON = "chrome://reflint/content/icon.svg";

/** Texts of the severities. */
const SEVERITIES = {
  error: "reflint-severity-error",
  warning: "reflint-severity-warning",
  info: "reflint-severity-info",
};

/**
 * @typedef {import("./plugin.js").Plugin} Plugin
 * @typedef {import("./client.js").Finding} Finding
 */

/**
 * Registers the section.
 * @param {Plugin} plugin
 * @returns {string | false} its id
 */
function register(plugin) {
  /** @type {Map<Element, () => void>} */
  const refreshing = new Map();
  return Zotero.ItemPaneManager.registerSection({
    paneID: "findings",
    pluginID: plugin.id,
    header: { l10nID: "reflint-section-header", icon: ICON },
    sidenav: { l10nID: "reflint-section-sidenav", icon: ICON },
    onInit: ({ body, refresh }) => {
      const again = () => void refresh();
      refreshing.set(body, again);
      plugin.findings.listeners.add(again);
    },
    onDestroy: ({ body }) => {
      const again = refreshing.get(body);
      if (again) {
        plugin.findings.listeners.delete(again);
      }
      refreshing.delete(body);
    },
    onItemChange: ({ item, setEnabled }) => {
      setEnabled(item.isRegularItem() && !item.isFeedItem);
      return true;
    },
    onRender: ({ doc, body, item, setSectionSummary }) => {
      const entry = plugin.findings.of(item);
      setSectionSummary(entry ? String(entry.findings.length) : "");
      body.replaceChildren(...contents(doc, entry?.findings), buttons(doc, plugin, item, entry?.findings));
    },
  });
}

/**
 * @param {Document} doc
 * @param {Finding[]} [findings] undefined if the item was not checked
 * @returns {Element[]}
 */
function contents(doc, findings) {
  if (!findings?.length) {
    return [text(doc, "p", findings ? "reflint-section-clean" : "reflint-section-unchecked")];
  }
  const list = element(doc, "ul");
  list.className = "rl-findings";
  for (const finding of findings) {
    const line = element(doc, "li");
    line.className = `rl-${finding.severity}`;
    const severity = text(doc, "strong", SEVERITIES[finding.severity]);
    line.append(severity, ` ${finding.message} `);
    const rule = element(doc, "span");
    rule.className = "rl-rule";
    rule.textContent = finding.rule;
    rule.title = finding.slug;
    line.append(rule);
    list.append(line);
  }
  return [list];
}

/**
 * @param {Document} doc
 * @param {Plugin} plugin
 * @param {Zotero.Item} item
 * @param {Finding[]} [findings]
 * @returns {Element}
 */
function buttons(doc, plugin, item, findings) {
  const row = element(doc, "div");
  row.className = "rl-buttons";
  const check = text(doc, "button", "reflint-section-check");
  check.addEventListener("click", () => void plugin.check([item], { open: false }));
  row.append(check);
  if (findings?.some(repairable)) {
    const repair = text(doc, "button", "reflint-section-repair");
    repair.addEventListener("click", () => plugin.review([item]));
    row.append(repair);
  }
  return row;
}

/**
 * @param {Document} doc
 * @param {string} name
 * @returns {HTMLElement}
 */
function element(doc, name) {
  return /** @type {HTMLElement} */ (doc.createElementNS(HTML, name));
}

/**
 * @param {Document} doc
 * @param {string} name
 * @param {string} id of the text
 * @returns {HTMLElement}
 */
function text(doc, name, id) {
  const made = element(doc, name);
  made.setAttribute("data-l10n-id", id);
  return made;
}

module.exports = { register };
