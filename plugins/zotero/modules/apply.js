"use strict";
/* Patches into the library: what has changed meanwhile is skipped, the rest is written in one transaction or not at all. */

const { Fault } = require("./fault.js");
const { same, write } = require("./values.js");

/**
 * @typedef {{ field: string, before: any, after: any }} Change
 * @typedef {{ libraryID: number, key: string, title: string, version: number | null, changes: Change[] }} ItemPatch
 *   version: null if any will do
 * @typedef {{ libraryID: number, key: string, title: string, fault: Fault }} Skipped
 * @typedef {{ applied: ItemPatch[], skipped: Skipped[], batch: string | null }} Outcome
 *   batch: what to undo; null if nothing was written
 * @typedef {import("./journal.js").Journal} Journal
 */

/**
 * Writes patches and keeps what was there before.
 * @param {ItemPatch[]} patches
 * @param {Journal} journal
 * @returns {Promise<Outcome>}
 * @throws {Fault} if nothing was written because something could not be
 */
async function apply(patches, journal) {
  /** @type {string | null} */
  let batch = null;
  const keep = async (/** @type {ItemPatch[]} */ written) => {
    batch = await journal.add(written);
  };
  try {
    return { ...(await carryOut(patches, keep)), batch };
  } catch (error) {
    if (batch) {
      await journal.drop(batch);
    }
    throw error;
  }
}

/**
 * Takes a batch back, where the values are still those it wrote. What could not be taken back stays in the journal.
 * @param {string} batch
 * @param {Journal} journal
 * @returns {Promise<Outcome>}
 */
async function undo(batch, journal) {
  const written = await journal.get(batch);
  const back = written.map((patch) => ({
    ...patch,
    version: null, // a sync since then has raised it
    changes: patch.changes.map(({ field, before, after }) => ({ field, before: after, after: before })),
  }));
  const outcome = await carryOut(back, async () => {});
  const left = new Set(outcome.skipped.map(({ libraryID, key }) => `${libraryID}/${key}`));
  const rest = written.filter(({ libraryID, key }) => left.has(`${libraryID}/${key}`));
  await (rest.length ? journal.replace(batch, rest) : journal.drop(batch));
  return { ...outcome, batch: rest.length ? batch : null };
}

/**
 * Writes all patches that still fit in one transaction.
 * @param {ItemPatch[]} patches
 * @param {(written: ItemPatch[]) => Promise<void>} keep told what is about to be written, before it is
 * @returns {Promise<{ applied: ItemPatch[], skipped: Skipped[] }>}
 */
async function carryOut(patches, keep) {
  /** @type {{ item: Zotero.Item, patch: ItemPatch }[]} */
  const ready = [];
  /** @type {Skipped[]} */
  const skipped = [];
  try {
    await Zotero.DB.executeTransaction(async () => {
      for (const patch of patches) {
        const { libraryID, key, title } = patch;
        try {
          ready.push({ item: await prepared(patch), patch });
        } catch (error) {
          skipped.push({ libraryID, key, title, fault: Fault.of(error) });
        }
      }
      if (ready.length) {
        await keep(ready.map(({ patch }) => patch));
      }
      for (const { item } of ready) {
        await item.save({ skipSelect: true });
      }
    });
  } catch (error) {
    // The database has rolled back; the objects in memory have not.
    for (const { item } of ready) {
      await asSaved(item);
    }
    Zotero.logError(/** @type {any} */ (error));
    throw error instanceof Fault ? error : new Fault("reflint-fault-rolled-back", Fault.of(error).args);
  }
  return { applied: ready.map(({ patch }) => patch), skipped };
}

/**
 * The item of a patch with its new values, not yet saved.
 * @param {ItemPatch} patch
 * @returns {Promise<Zotero.Item>}
 * @throws {Fault} why it must be left alone; then the item is as it was
 */
async function prepared(patch) {
  const item = await Zotero.Items.getByLibraryAndKeyAsync(patch.libraryID, patch.key);
  if (!item) {
    throw new Fault("reflint-skip-gone");
  }
  await item.loadAllData();
  const fault = hindrance(item, patch);
  if (fault) {
    throw fault;
  }
  try {
    for (const { field, after } of patch.changes) {
      write(item, field, after);
    }
    const now = json(item);
    for (const { field, after } of patch.changes) {
      if (!same(field, now[field], after)) {
        throw new Fault("reflint-skip-kept-otherwise", { field });
      }
    }
  } catch (error) {
    await asSaved(item);
    throw error;
  }
  return item;
}

/**
 * Why an item must not be written, if so.
 * @param {Zotero.Item} item
 * @param {ItemPatch} patch
 * @returns {Fault | null}
 */
function hindrance(item, patch) {
  if (item.deleted) {
    return new Fault("reflint-skip-trashed");
  }
  if (!item.isEditable()) {
    return new Fault("reflint-skip-read-only");
  }
  if (patch.version !== null && item.version !== patch.version) {
    return new Fault("reflint-skip-version");
  }
  if (patch.changes.some(({ field }) => field === "itemType")) {
    return new Fault("reflint-skip-type");
  }
  const now = json(item);
  const other = patch.changes.find(({ field, before }) => !same(field, now[field], before));
  return other ? new Fault("reflint-skip-changed", { field: other.field }) : null;
}

/**
 * @param {Zotero.Item} item
 * @returns {Record<string, any>}
 */
function json(item) {
  return /** @type {any} */ (item.toJSON());
}

/**
 * Makes an object in memory what the database has.
 * @param {Zotero.Item} item
 */
async function asSaved(item) {
  await item.reload(/** @type {any} */ (null), true);
}

module.exports = { apply, undo };
