"use strict";
/* The plugin's menu entries: of items, of collections, and under Tools. */

const { collected, records } = require("./checker.js");

/**
 * Registers the entries.
 * @param {import("./plugin.js").Plugin} plugin
 * @returns {(string | false)[]} their ids
 */
function register(plugin) {
  const { id: pluginID } = plugin;
  return [
    Zotero.MenuManager.registerMenu({
      menuID: "reflint_items",
      pluginID,
      target: "main/library/item",
      menus: [
        {
          menuType: "menuitem",
          l10nID: "reflint-menu-items",
          onShowing: (_event, context) => context.setVisible(records(context.items ?? []).length > 0),
          onCommand: (_event, context) => void plugin.check(context.items ?? []),
        },
      ],
    }),
    Zotero.MenuManager.registerMenu({
      menuID: "reflint_collection",
      pluginID,
      target: "main/library/collection",
      menus: [
        {
          menuType: "menuitem",
          l10nID: "reflint-menu-collection",
          onShowing: (_event, context) => context.setVisible(Boolean(pane().getSelectedCollection())),
          onCommand: () => void plugin.attempt(async () => plugin.check(selectedCollection())),
        },
      ],
    }),
    Zotero.MenuManager.registerMenu({
      menuID: "reflint_tools",
      pluginID,
      target: "main/menubar/tools",
      menus: [{ menuType: "submenu", l10nID: "reflint-menu", menus: tools(plugin) }],
    }),
  ];
}

/**
 * @param {import("./plugin.js").Plugin} plugin
 * @returns {_ZoteroTypes.MenuManager.MenuData<_ZoteroTypes.MenuManager.MenubarMenuContext>[]}
 */
function tools(plugin) {
  return [
    {
      menuType: "menuitem",
      l10nID: "reflint-menu-items",
      onCommand: () => void plugin.check(pane().getSelectedItems()),
    },
    {
      menuType: "menuitem",
      l10nID: "reflint-menu-library",
      onCommand: () => void plugin.attempt(async () => plugin.check(await library())),
    },
    { menuType: "separator" },
    { menuType: "menuitem", l10nID: "reflint-menu-undo", onCommand: () => void plugin.undoLast() },
  ];
}

/** @returns {_ZoteroTypes.ZoteroPane} */
function pane() {
  return /** @type {_ZoteroTypes.ZoteroPane} */ (Zotero.getActiveZoteroPane());
}

/** @returns {Zotero.Item[]} */
function selectedCollection() {
  const collection = pane().getSelectedCollection();
  return collection ? collected(/** @type {Zotero.Collection} */ (collection)) : [];
}

/** @returns {Promise<Zotero.Item[]>} the records of the library that is selected */
async function library() {
  return Zotero.Items.getAll(/** @type {number} */ (pane().getSelectedLibraryID()), true, false);
}

module.exports = { register };
