"use strict";
/* Writing and taking back, on a library that rolls back. */

const assert = require("node:assert/strict");
const fs = require("node:fs");
const { beforeEach, test } = require("node:test");
const { apply, undo } = require("../modules/apply.js");
const { Journal, KEPT } = require("../modules/journal.js");
const { fakeZotero } = require("./fake-zotero.js");

let library;
let journal;

beforeEach(() => {
  globalThis.Zotero = fakeZotero();
  library = Zotero.library;
  journal = Journal.here();
});

/** A patch of one item. */
function patch(key, changes, version = 1) {
  return { libraryID: 1, key, title: key, version, changes };
}

/** What the database has of an item. */
function row(item) {
  return library.rows.get(item.id);
}

const reasons = ({ skipped }) => Object.fromEntries(skipped.map(({ key, fault }) => [key, fault.id]));

test("a patch is written, told of once, and taken back to what was there", async () => {
  const item = library.add({ key: "AAAA2345", title: "A title.", DOI: "https://doi.org/10.1/x", extra: "a\nb" });
  const before = structuredClone(row(item));
  const changes = [
    { field: "title", before: "A title.", after: "A title" },
    { field: "DOI", before: "https://doi.org/10.1/x", after: "10.1/x" },
    { field: "extra", before: "a\nb", after: "b" },
    { field: "pages", before: null, after: "1-2" },
  ];
  const done = await apply([patch("AAAA2345", changes)], journal);
  assert.equal(done.applied.length, 1);
  assert.deepEqual(
    [row(item).title, row(item).DOI, row(item).extra, row(item).pages],
    ["A title", "10.1/x", "b", "1-2"],
  );
  assert.deepEqual(library.told, [["modify", "item", [item.id]]]);

  const back = await undo(done.batch, journal);
  assert.equal(back.applied.length, 1);
  assert.deepEqual({ ...row(item), pages: undefined }, { ...before, pages: undefined });
  assert.equal(row(item).pages, "");
  assert.deepEqual(await journal.batches(), []);
});

test("creators: those beyond the new end go, organisations stay one name, undo brings all back", async () => {
  const creators = [
    { creatorType: "author", firstName: "Ana", lastName: "Diaz" },
    { creatorType: "author", firstName: "Ana", lastName: "Diaz" },
    { creatorType: "editor", name: "Institute of Soils" },
  ];
  const item = library.add({ key: "AAAA2345", creators });
  const after = [creators[0], creators[2]];
  const done = await apply([patch("AAAA2345", [{ field: "creators", before: creators, after }])], journal);
  assert.deepEqual(row(item).creators, after);
  await undo(done.batch, journal);
  assert.deepEqual(row(item).creators, creators);
});

test("a role that the type does not know is refused, not turned into another", async () => {
  const item = library.add({ key: "AAAA2345" });
  const after = [{ creatorType: "performer", name: "Choir" }];
  const done = await apply([patch("AAAA2345", [{ field: "creators", before: [], after }])], journal);
  assert.deepEqual(reasons(done), { AAAA2345: "reflint-skip-creator" });
  assert.deepEqual(item.data, row(item));
});

test("tags have no order, and automatic ones are others than the user's", async () => {
  const item = library.add({ key: "AAAA2345", tags: [{ tag: "b" }, { tag: "a", type: 1 }] });
  const wrong = [{ field: "tags", before: [{ tag: "a" }, { tag: "b" }], after: [] }];
  assert.deepEqual(reasons(await apply([patch("AAAA2345", wrong)], journal)), { AAAA2345: "reflint-skip-changed" });
  const right = [{ field: "tags", before: [{ tag: "a", type: 1 }, { tag: "b", type: 0 }], after: [{ tag: "b" }] }];
  await apply([patch("AAAA2345", right)], journal);
  assert.deepEqual(row(item).tags, [{ tag: "b" }]);
});

test("dates of access go from JSON's form to the database's", async () => {
  const item = library.add({ key: "AAAA2345", accessDate: "2024-05-01 10:00:00" });
  const changes = [{ field: "accessDate", before: "2024-05-01T10:00:00Z", after: "2024-05-02T11:00:00Z" }];
  const done = await apply([patch("AAAA2345", changes)], journal);
  assert.deepEqual(reasons(done), {});
  assert.equal(row(item).accessDate, "2024-05-02 11:00:00");
});

test("each reason to leave an item alone is told, and the others are written", async () => {
  const doi = (before, after = "10.1/x") => [{ field: "DOI", before, after }];
  const items = {
    SYNCED22: { DOI: "x", version: 2 },
    EDITED22: { DOI: "y" },
    TRASHED2: { DOI: "x", deleted: true },
    BOOK2222: { itemType: "book" },
    WRITTEN2: { DOI: "x" },
  };
  for (const [key, data] of Object.entries(items)) {
    library.add({ key, ...data });
  }
  const patches = [...Object.keys(items), "GONE2222"].map((key) => patch(key, doi(key === "BOOK2222" ? "" : "x")));
  const type = [{ field: "itemType", before: "journalArticle", after: "book" }];
  library.add({ key: "TYPE2222" });
  const done = await apply([...patches, patch("TYPE2222", type)], journal);
  assert.deepEqual(done.applied.map(({ key }) => key), ["WRITTEN2"]);
  assert.deepEqual(reasons(done), {
    SYNCED22: "reflint-skip-version",
    EDITED22: "reflint-skip-changed",
    TRASHED2: "reflint-skip-trashed",
    BOOK2222: "reflint-skip-field",
    GONE2222: "reflint-skip-gone",
    TYPE2222: "reflint-skip-type",
  });
  assert.deepEqual((await journal.get(done.batch)).map(({ key }) => key), ["WRITTEN2"]);
});

test("a library that cannot be edited is left alone", async () => {
  library.add({ key: "AAAA2345", DOI: "x" });
  library.editable = false;
  const done = await apply([patch("AAAA2345", [{ field: "DOI", before: "x", after: "y" }])], journal);
  assert.deepEqual(reasons(done), { AAAA2345: "reflint-skip-read-only" });
  assert.equal(done.batch, null);
});

test("half a patch is no patch: one field that differs saves the whole item from being touched", async () => {
  const item = library.add({ key: "AAAA2345", title: "Old", DOI: "changed by the user" });
  const changes = [
    { field: "title", before: "Old", after: "New" },
    { field: "DOI", before: "x", after: "y" },
  ];
  await apply([patch("AAAA2345", changes)], journal);
  assert.equal(row(item).title, "Old");
  assert.equal(item.toJSON().title, "Old");
});

test("if one item cannot be saved none is: database, memory and journal are as before", async () => {
  const first = library.add({ key: "FIRST222", DOI: "x" });
  const second = library.add({ key: "SECOND22", DOI: "x" });
  library.failing.add("SECOND22");
  const changes = [{ field: "DOI", before: "x", after: "10.1/x" }];
  await assert.rejects(apply([patch("FIRST222", changes), patch("SECOND22", changes)], journal), {
    id: "reflint-fault-rolled-back",
    args: { detail: "disk I/O error" },
  });
  assert.deepEqual([row(first).DOI, row(second).DOI], ["x", "x"]);
  assert.deepEqual([first.toJSON().DOI, second.toJSON().DOI], ["x", "x"]);
  assert.deepEqual(library.told, []);
  assert.deepEqual(await journal.batches(), []);
});

test("undo leaves alone what was changed since, and keeps it on record", async () => {
  const first = library.add({ key: "FIRST222", DOI: "x" });
  const second = library.add({ key: "SECOND22", DOI: "x" });
  const changes = [{ field: "DOI", before: "x", after: "10.1/x" }];
  const done = await apply([patch("FIRST222", changes), patch("SECOND22", changes)], journal);
  await library.transaction(async () => {
    second.setField("DOI", "10.1/other");
    await second.save();
  });
  row(first).version = 9; // a sync
  first.load();
  const back = await undo(done.batch, journal);
  assert.deepEqual(back.applied.map(({ key }) => key), ["FIRST222"]);
  assert.deepEqual(reasons(back), { SECOND22: "reflint-skip-changed" });
  assert.deepEqual([row(first).DOI, row(second).DOI], ["x", "10.1/other"]);
  assert.deepEqual((await journal.get(done.batch)).map(({ key }) => key), ["SECOND22"]);
});

test("what was kept for a write that never came is harmless", async () => {
  const item = library.add({ key: "AAAA2345", DOI: "x" });
  const batch = await journal.add([patch("AAAA2345", [{ field: "DOI", before: "x", after: "10.1/x" }])]);
  assert.deepEqual(reasons(await undo(batch, journal)), { AAAA2345: "reflint-skip-changed" });
  assert.equal(row(item).DOI, "x");
});

test("a damaged journal stops the repair and stays as it is", async () => {
  const item = library.add({ key: "AAAA2345", DOI: "x" });
  fs.writeFileSync(journal.path, "{half");
  const changes = [{ field: "DOI", before: "x", after: "y" }];
  await assert.rejects(apply([patch("AAAA2345", changes)], journal), { id: "reflint-fault-journal" });
  assert.equal(fs.readFileSync(journal.path, "utf-8"), "{half");
  assert.deepEqual([row(item).DOI, item.toJSON().DOI], ["x", "x"]);
});

test("the journal keeps the last batches", async () => {
  for (let count = 0; count <= KEPT; count += 1) {
    await journal.add([patch(`KEY${count}`, [])]);
  }
  const batches = await journal.batches();
  assert.equal(batches.length, KEPT);
  assert.equal(batches.at(-1).items[0].key, `KEY${KEPT}`);
});
