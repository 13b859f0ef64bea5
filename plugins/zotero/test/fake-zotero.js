"use strict";
/*
 * A Zotero of its own for the tests: a database with transactions that really roll back, items in memory that do not, and
 * notifications that come with the commit. It has the traps of the real one: a shorter list of creators leaves the rest,
 * a role that the type does not know becomes the first, text is trimmed and composed, dates have two forms.
 */

const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const FIELDS = {
  journalArticle: ["title", "publicationTitle", "date", "DOI", "ISSN", "pages", "extra", "url", "accessDate", "abstractNote"],
  book: ["title", "publisher", "date", "ISBN", "extra", "url", "accessDate"],
};
const ROLES = { journalArticle: ["author", "editor"], book: ["author", "editor", "translator"] };
const TYPES = Object.keys(FIELDS);
const ALL_FIELDS = [...new Set(Object.values(FIELDS).flat())];
const ALL_ROLES = [...new Set(Object.values(ROLES).flat()), "performer"];

const folders = [];
process.once("exit", () => folders.forEach((folder) => fs.rmSync(folder, { recursive: true })));

/** @returns {any} what is set as the global `Zotero` */
function fakeZotero() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "reflint-zotero-"));
  folders.push(folder);
  const library = new Library();
  return {
    library,
    folder,
    DB: { executeTransaction: (action) => library.transaction(action) },
    DataDirectory: { dir: folder },
    File: {
      pathToFile: nsIFile,
      getContentsAsync: async (file) => fs.readFileSync(file, "utf-8"),
      putContentsAsync: async (file, text) => fs.writeFileSync(file, text),
    },
    Items: {
      get: (id) => library.objects.get(id),
      getByLibraryAndKeyAsync: async (libraryID, key) =>
        [...library.objects.values()].find((item) => item.libraryID === libraryID && item.key === key) ?? false,
    },
    ItemFields: {
      getID: (name) => ALL_FIELDS.indexOf(name) + 1 || false,
      isValidForType: (id, type) => FIELDS[TYPES[type - 1]].includes(ALL_FIELDS[id - 1]),
    },
    CreatorTypes: {
      getID: (name) => ALL_ROLES.indexOf(name) + 1 || false,
      isValidForItemType: (id, type) => ROLES[TYPES[type - 1]].includes(ALL_ROLES[id - 1]),
    },
    Date: {
      isISODate: (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text),
      isoToSQL: (text) => text.replace("T", " ").replace("Z", ""),
    },
    Notifier: {
      registerObserver: (observer) => library.observers.push(observer) && String(library.observers.length),
      unregisterObserver: (id) => delete library.observers[Number(id) - 1],
    },
    Utilities: { randomString: (length) => Math.random().toString(36).slice(2).padEnd(length, "x").slice(0, length) },
    Prefs: { values: {}, get: (name) => globalThis.Zotero.Prefs.values[name] },
    Promise: { delay: (milliseconds) => new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, 20))) },
    HTTP: { request: fetched },
    debug: () => {},
    logError: () => {},
  };
}

/** `Zotero.HTTP.request` over the network of node, with the answer's form of XMLHttpRequest. */
async function fetched(method, url, { headers, body, followRedirects }) {
  const answer = await fetch(url, { method, headers, body, redirect: followRedirects ? "follow" : "manual" });
  const text = await answer.text();
  let response = null;
  try {
    response = JSON.parse(text);
  } catch {
    response = null; // as XMLHttpRequest does for responseType "json"
  }
  return { status: answer.status, response, getResponseHeader: (name) => answer.headers.get(name) };
}

function nsIFile(file) {
  return {
    path: file,
    append(name) {
      this.path = path.join(this.path, name);
    },
    exists() {
      return fs.existsSync(this.path);
    },
  };
}

/** The database: rows by id, the objects made of them, and who is told of changes. */
class Library {
  constructor() {
    this.rows = new Map();
    this.objects = new Map();
    this.observers = [];
    this.told = [];
    this.open = null;
    this.editable = true;
    this.failing = new Set(); // keys whose save fails
  }

  /** A new item. */
  add(data) {
    const id = this.rows.size + 1;
    this.rows.set(id, { version: 1, libraryID: 1, creators: [], tags: [], itemType: "journalArticle", ...data });
    const item = new Item(this, id);
    this.objects.set(id, item);
    return item;
  }

  async transaction(action) {
    assert.equal(this.open, null, "transactions do not nest");
    const before = structuredClone(this.rows);
    this.open = [];
    try {
      const result = await action();
      const queue = this.open;
      this.open = null;
      for (const id of queue) {
        this.told.push(["modify", "item", [id]]);
        this.observers.forEach((observer) => observer?.notify("modify", "item", [id]));
      }
      return result;
    } catch (error) {
      this.rows = before;
      this.open = null;
      throw error;
    }
  }
}

/** An item in memory: what `save` has not written yet is only here. */
class Item {
  constructor(library, id) {
    this.library = library;
    this.id = id;
    this.load();
  }

  load() {
    this.data = structuredClone(this.library.rows.get(this.id));
  }

  get key() {
    return this.data.key;
  }

  get version() {
    return this.data.version;
  }

  get libraryID() {
    return this.data.libraryID;
  }

  get deleted() {
    return Boolean(this.data.deleted);
  }

  get itemTypeID() {
    return TYPES.indexOf(this.data.itemType) + 1;
  }

  isRegularItem() {
    return TYPES.includes(this.data.itemType);
  }

  isEditable() {
    return this.library.editable;
  }

  getDisplayTitle() {
    return this.data.title ?? "";
  }

  async loadAllData() {}

  async reload() {
    this.load();
  }

  setField(field, value) {
    const id = globalThis.Zotero.ItemFields.getID(field);
    if (!id || !globalThis.Zotero.ItemFields.isValidForType(id, this.itemTypeID)) {
      throw new Error(`'${field}' is not a valid field for type ${this.data.itemType}`);
    }
    this.data[field] = String(value).trim().normalize();
  }

  numCreators() {
    return this.data.creators.length;
  }

  removeCreator(position) {
    this.data.creators.splice(position, 1);
  }

  setCreators(creators) {
    creators.forEach((creator, position) => {
      const known = ROLES[this.data.itemType].includes(creator.creatorType);
      const creatorType = known ? creator.creatorType : ROLES[this.data.itemType][0];
      this.data.creators[position] = { ...creator, creatorType };
    });
  }

  setTags(tags) {
    this.data.tags = structuredClone(tags);
  }

  async save() {
    assert.ok(this.library.open, "save() needs a transaction");
    if (this.library.failing.has(this.key)) {
      throw new Error("disk I/O error");
    }
    this.library.rows.set(this.id, structuredClone(this.data));
    this.library.open.push(this.id);
  }

  toJSON() {
    const { libraryID, deleted, ...data } = structuredClone(this.data);
    const filled = Object.entries(data).filter(([, value]) => value !== "" && value !== undefined);
    const json = Object.fromEntries(filled);
    if (json.accessDate) {
      json.accessDate = json.accessDate.replace(" ", "T").replace(/(?<!Z)$/, "Z");
    }
    return json;
  }
}

module.exports = { fakeZotero };
