"use strict";
/* Values of items: compared and written in the manner of each kind of field. */

const { Fault } = require("./fault.js");

/**
 * @typedef {{ creatorType: string, name?: string, firstName?: string, lastName?: string }} Creator
 * @typedef {{ tag: string, type?: number }} Tag
 */

/**
 * A value in the one form that Zotero would keep: absent and empty are the same, tags have no order, and text is trimmed
 * and composed (NFC) as `setField` does.
 * @param {string} field
 * @param {any} value
 * @returns {string}
 */
function canonical(field, value) {
  if (field === "creators") {
    return JSON.stringify((value ?? []).map(creator));
  }
  if (field === "tags") {
    return JSON.stringify((value ?? []).map((/** @type {Tag} */ one) => [text(one.tag), one.type ?? 0]).sort());
  }
  return text(value);
}

/** @param {any} value */
function text(value) {
  return String(value ?? "")
    .trim()
    .normalize("NFC");
}

/** @param {Creator} one */
function creator(one) {
  return one.name === undefined
    ? [one.creatorType, text(one.lastName), text(one.firstName)]
    : [one.creatorType, text(one.name)];
}

/**
 * Whether two values of a field are the same to Zotero.
 * @param {string} field
 * @param {any} one
 * @param {any} other
 */
function same(field, one, other) {
  return canonical(field, one) === canonical(field, other);
}

/**
 * Gives an item's field a value; the item is not saved.
 * @param {Zotero.Item} item
 * @param {string} field
 * @param {any} value
 * @throws {Fault} if the item's type does not take it
 */
function write(item, field, value) {
  if (field === "creators") {
    writeCreators(item, value ?? []);
  } else if (field === "tags") {
    item.setTags(value ?? []);
  } else {
    writeField(item, field, String(value ?? ""));
  }
}

/**
 * `setCreators` keeps those beyond the new list's end and turns unknown roles into the first one without a word.
 * @param {Zotero.Item} item
 * @param {Creator[]} creators
 */
function writeCreators(item, creators) {
  for (const { creatorType } of creators) {
    const id = Zotero.CreatorTypes.getID(/** @type {any} */ (creatorType));
    if (!id || !Zotero.CreatorTypes.isValidForItemType(id, item.itemTypeID)) {
      throw new Fault("reflint-skip-creator", { role: creatorType });
    }
  }
  for (let position = item.numCreators() - 1; position >= creators.length; position -= 1) {
    item.removeCreator(position);
  }
  if (creators.length) {
    item.setCreators(/** @type {any} */ (creators));
  }
}

/**
 * @param {Zotero.Item} item
 * @param {string} field
 * @param {string} value
 */
function writeField(item, field, value) {
  const id = Zotero.ItemFields.getID(field);
  if (!id || !Zotero.ItemFields.isValidForType(id, item.itemTypeID)) {
    throw new Fault("reflint-skip-field", { field });
  }
  // JSON has ISO 8601 where the database has SQL's form.
  const iso = field === "accessDate" && Zotero.Date.isISODate(value);
  item.setField(/** @type {any} */ (field), iso ? Zotero.Date.isoToSQL(value) : value);
}

module.exports = { same, write };
