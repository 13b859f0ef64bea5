"use strict";
/* What was in the fields before they were repaired: one JSON file in Zotero's data folder, the last batches of it. */

const { Fault } = require("./fault.js");

const KEPT = 50;

/**
 * @typedef {import("./apply.js").ItemPatch} ItemPatch
 * @typedef {{ id: string, when: string, items: ItemPatch[] }} Batch
 */

/** The batches that can be taken back, oldest first. */
class Journal {
  /** @param {string} path of the file, which need not exist */
  constructor(path) {
    this.path = path;
  }

  /** The journal of this Zotero. */
  static here() {
    const file = Zotero.File.pathToFile(Zotero.DataDirectory.dir);
    file.append("reflint-undo.json");
    return new Journal(file.path);
  }

  /**
   * @returns {Promise<Batch[]>}
   * @throws {Fault} if the file is damaged: it is not written over
   */
  async batches() {
    if (!Zotero.File.pathToFile(this.path).exists()) {
      return [];
    }
    try {
      const found = JSON.parse(String(await Zotero.File.getContentsAsync(this.path)));
      if (found.version === 1 && Array.isArray(found.batches)) {
        return found.batches;
      }
    } catch (error) {
      Zotero.debug(`reflint: ${error}`);
    }
    throw new Fault("reflint-fault-journal", { path: this.path });
  }

  /**
   * Keeps a batch that is about to be written.
   * @param {ItemPatch[]} items
   * @returns {Promise<string>} its id
   */
  async add(items) {
    const batches = await this.batches();
    const id = Zotero.Utilities.randomString(12);
    await this.save([...batches, { id, when: new Date().toISOString(), items }].slice(-KEPT));
    return id;
  }

  /**
   * @param {string} id
   * @returns {Promise<ItemPatch[]>}
   */
  async get(id) {
    const batch = (await this.batches()).find((one) => one.id === id);
    if (!batch) {
      throw new Fault("reflint-fault-no-batch");
    }
    return batch.items;
  }

  /**
   * @param {string} id
   * @param {ItemPatch[]} items
   */
  async replace(id, items) {
    await this.save((await this.batches()).map((batch) => (batch.id === id ? { ...batch, items } : batch)));
  }

  /** @param {string} id */
  async drop(id) {
    await this.save((await this.batches()).filter((batch) => batch.id !== id));
  }

  /** @param {Batch[]} batches */
  async save(batches) {
    await Zotero.File.putContentsAsync(this.path, JSON.stringify({ version: 1, batches }));
  }
}

module.exports = { Journal, KEPT };
