"use strict";
/* From items to findings, and from chosen findings to patches. */

const assert = require("node:assert/strict");
const { beforeEach, test } = require("node:test");
const { check, collected, propose, records, repairable } = require("../modules/checker.js");
const { Findings } = require("../modules/findings.js");
const { fakeZotero } = require("./fake-zotero.js");

let library;

beforeEach(() => {
  globalThis.Zotero = fakeZotero();
  library = Zotero.library;
});

/** A backend that finds what it is told to. */
function backend(findings, fixes = {}) {
  return {
    delay: async () => {},
    lint: async (sent) => findings.filter(({ record }) => record.index === null || record.index < sent.length),
    fix: async (record, accept) => fixes[record.key](record, accept),
  };
}

test("notes, feeds and the trash are not checked", () => {
  const kept = library.add({ key: "AAAA2345" });
  library.add({ key: "NOTE2222", itemType: "note" });
  library.add({ key: "TRASH222", deleted: true });
  const feed = library.add({ key: "FEED2222" });
  feed.isFeedItem = true;
  assert.deepEqual(records([...library.objects.values()]), [kept]);
});

test("a collection is read with those within it, each item once", () => {
  const [a, b] = [library.add({ key: "A" }), library.add({ key: "B" })];
  const inner = { getChildItems: () => [a, b], getChildCollections: () => [] };
  const outer = { getChildItems: () => [a], getChildCollections: () => [inner] };
  assert.deepEqual(collected(outer), [a, b]);
});

test("findings come to the item they are about", async () => {
  const items = [library.add({ key: "A", title: "One" }), library.add({ key: "B", title: "Two" })];
  const found = [{ rule: "X", record: { index: 1 } }, { rule: "Y", record: { index: null } }];
  const entries = await check(items, backend(found), {});
  assert.deepEqual(entries.map(({ key, title, findings }) => [key, title, findings.length]), [
    ["A", "One", 0],
    ["B", "Two", 1],
  ]);
});

test("only repairs that the plugin may make are offered", () => {
  const edit = { op: "set", field: "DOI", before: "a", after: "b" };
  const fix = (safety, ...edits) => ({ fix: { title: "", safety, edits } });
  assert.ok(repairable(fix("safe", edit)));
  assert.ok(repairable(fix("unsafe", edit)));
  assert.ok(!repairable(fix("lookup", edit)));
  assert.ok(!repairable(fix("safe")));
  assert.ok(!repairable(fix("safe", edit, { ...edit, field: "itemType" })));
  assert.ok(!repairable({ fix: null }));
});

test("a patch is computed on the item as it is now, with its version", async () => {
  const item = library.add({ key: "A", title: "One", DOI: "doi:10.1/x", version: 7 });
  const op = { op: "set", field: "DOI", before: "doi:10.1/x", after: "10.1/x" };
  const fixes = {
    A: (record, accept) => {
      assert.equal(record.DOI, item.toJSON().DOI);
      assert.deepEqual(accept, ["f1", "f2"]);
      return { applied: ["f1"], patch: { record: "A", version: 7, ops: [op] } };
    },
  };
  const entry = (key) => ({ libraryID: 1, key, title: key, findings: [] });
  const asked = [
    { entry: entry("A"), accept: ["f1", "f2"] },
    { entry: entry("GONE"), accept: ["f1"] },
  ];
  const { patches, skipped } = await propose(asked, backend([], fixes), {});
  assert.deepEqual(patches, [
    { libraryID: 1, key: "A", title: "A", version: 7, changes: [{ field: "DOI", before: "doi:10.1/x", after: "10.1/x" }] },
  ]);
  assert.deepEqual(skipped.map(({ key, fault }) => [key, fault.id]), [
    ["A", "reflint-skip-findings"],
    ["GONE", "reflint-skip-gone"],
  ]);
});

test("findings are forgotten when their item changes", async () => {
  const item = library.add({ key: "A", DOI: "x" });
  const other = library.add({ key: "B" });
  const findings = new Findings();
  findings.watch();
  let told = 0;
  findings.listeners.add(() => (told += 1));
  findings.keep([item, other].map(({ key }) => ({ libraryID: 1, key, title: "", findings: [] })));
  await library.transaction(async () => {
    item.setField("DOI", "y");
    await item.save();
  });
  assert.equal(findings.of(item), undefined);
  assert.ok(findings.of(other));
  assert.equal(told, 2);
});
