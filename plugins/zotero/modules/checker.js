"use strict";
/* Items to the backend, findings back; and from chosen findings to patches. Nothing is written here. */

const { Fault } = require("./fault.js");

/**
 * @typedef {import("./client.js").Client} Client
 * @typedef {import("./client.js").Finding} Finding
 * @typedef {import("./findings.js").Entry} Entry
 * @typedef {import("./apply.js").ItemPatch} ItemPatch
 * @typedef {import("./apply.js").Skipped} Skipped
 * @typedef {{ progress?: (done: number, total: number) => void, cancelled?: () => boolean }} Watching
 */

/** Items are turned into JSON so many at a time, so that Zotero's windows stay alive. */
const AT_A_TIME = 500;

/**
 * Those that are records: neither notes nor files nor of a feed, and not in the trash.
 * @param {Zotero.Item[]} items
 * @returns {Zotero.Item[]}
 */
function records(items) {
  return items.filter((item) => item.isRegularItem() && !item.isFeedItem && !item.deleted);
}

/**
 * The items of a collection and of those within it, each once.
 * @param {Zotero.Collection} collection
 * @returns {Zotero.Item[]}
 */
function collected(collection) {
  const items = [
    ...collection.getChildItems(false, false),
    ...collection.getChildCollections(false, false).flatMap((one) => collected(one)),
  ];
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

/**
 * Checks items.
 * @param {Zotero.Item[]} items
 * @param {Client} client
 * @param {object} config
 * @param {Watching} [watching]
 * @returns {Promise<Entry[]>} one for each item, those without findings too
 */
async function check(items, client, config, watching = {}) {
  /** @type {Entry[]} */
  const entries = [];
  const sent = [];
  for (const [position, item] of items.entries()) {
    if (position && position % AT_A_TIME === 0) {
      await client.delay(0);
    }
    await item.loadAllData();
    sent.push(item.toJSON());
    entries.push({ libraryID: item.libraryID, key: item.key, title: item.getDisplayTitle(), findings: [] });
  }
  for (const finding of await client.lint(sent, config, watching)) {
    if (finding.record.index !== null) {
      entries[finding.record.index].findings.push(finding);
    }
  }
  return entries;
}

/**
 * Whether a finding's repair can be had here. The plugin changes no item types, and a look-up is the command line's.
 * @param {Finding} finding
 * @returns {boolean}
 */
function repairable({ fix }) {
  return (
    fix !== null &&
    fix.safety !== "lookup" &&
    fix.edits.length > 0 &&
    fix.edits.every(({ field }) => field !== "itemType")
  );
}

/**
 * What the repairs of chosen findings would change, computed on the items as they are now.
 * @param {{ entry: Entry, accept: string[] }[]} chosen accept: fingerprints
 * @param {Client} client
 * @param {object} config
 * @param {Watching} [watching]
 * @returns {Promise<{ patches: ItemPatch[], skipped: Skipped[] }>}
 */
async function propose(chosen, client, config, watching = {}) {
  /** @type {ItemPatch[]} */
  const patches = [];
  /** @type {Skipped[]} */
  const skipped = [];
  for (const [done, { entry, accept }] of chosen.entries()) {
    const { libraryID, key, title } = entry;
    if (watching.cancelled?.()) {
      throw new Fault("reflint-fault-cancelled");
    }
    watching.progress?.(done, chosen.length);
    const item = await Zotero.Items.getByLibraryAndKeyAsync(libraryID, key);
    if (!item) {
      skipped.push({ libraryID, key, title, fault: new Fault("reflint-skip-gone") });
      continue;
    }
    await item.loadAllData();
    const { version } = item; // that of the values which are sent
    const found = await client.fix(item.toJSON(), accept, config);
    if (found.applied.length < accept.length) {
      const count = accept.length - found.applied.length;
      skipped.push({ libraryID, key, title, fault: new Fault("reflint-skip-findings", { count }) });
    }
    if (found.patch.ops.length) {
      patches.push({ libraryID, key, title, version, changes: found.patch.ops.map(change) });
    }
  }
  return { patches, skipped };
}

/**
 * @param {import("./client.js").Op} op the backend sets whole fields of Zotero items
 * @returns {import("./apply.js").Change}
 */
function change({ op, field, before, after }) {
  if (op !== "set") {
    throw new Fault("reflint-fault-operation", { operation: op });
  }
  return { field, before, after };
}

module.exports = { records, collected, check, repairable, propose };
