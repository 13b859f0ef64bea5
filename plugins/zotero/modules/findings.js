"use strict";
/* The findings of this session, item by item, for the item pane; forgotten when the item changes. */

/**
 * @typedef {import("./client.js").Finding} Finding
 * @typedef {{ libraryID: number, key: string, title: string, findings: Finding[] }} Entry
 */

/** What is known about items that were checked. */
class Findings {
  constructor() {
    /** @type {Map<string, Entry>} */
    this.entries = new Map();
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.observer = "";
  }

  /**
   * @param {{ libraryID: number, key: string }} item
   * @returns {Entry | undefined} undefined if it was not checked since it last changed
   */
  of({ libraryID, key }) {
    return this.entries.get(`${libraryID}/${key}`);
  }

  /** @param {Entry[]} entries */
  keep(entries) {
    for (const entry of entries) {
      this.entries.set(`${entry.libraryID}/${entry.key}`, entry);
    }
    this.tell();
  }

  /** Begins to forget items that change. */
  watch() {
    const notify = (/** @type {string} */ _event, /** @type {string} */ _type, /** @type {any[]} */ ids) => {
      let forgotten = false;
      for (const id of ids) {
        const item = Zotero.Items.get(id);
        // A deleted item cannot be asked for its key any more; nobody can look at it either.
        forgotten = (item && this.entries.delete(`${item.libraryID}/${item.key}`)) || forgotten;
      }
      if (forgotten) {
        this.tell();
      }
    };
    this.observer = Zotero.Notifier.registerObserver({ notify: /** @type {any} */ (notify) }, ["item"], "reflint");
  }

  /** Stops watching. */
  close() {
    if (this.observer) {
      Zotero.Notifier.unregisterObserver(this.observer);
    }
    this.listeners.clear();
  }

  tell() {
    for (const listener of this.listeners) {
      listener();
    }
  }
}

module.exports = { Findings };
