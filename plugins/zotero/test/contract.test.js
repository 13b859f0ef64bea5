"use strict";
/* The plugin against the real backend, whose address and token file tests/plugins/test_zotero_plugin.py gives. */

const assert = require("node:assert/strict");
const { beforeEach, test } = require("node:test");
const { apply, undo } = require("../modules/apply.js");
const { check, propose, repairable } = require("../modules/checker.js");
const { Journal } = require("../modules/journal.js");
const settings = require("../modules/settings.js");
const { fakeZotero } = require("./fake-zotero.js");

const { REFLINT_URL, REFLINT_TOKEN_FILE } = process.env;
const skip = !REFLINT_URL && "no backend here: pytest starts one";

let library;

beforeEach(() => {
  globalThis.Zotero = fakeZotero();
  library = Zotero.library;
  Zotero.Prefs.values = {
    "extensions.reflint.address": REFLINT_URL,
    "extensions.reflint.tokenFile": REFLINT_TOKEN_FILE,
    "extensions.reflint.profile": "strict",
  };
});

/** An article with faults in fields, creators and tags. */
const FAULTY = {
  key: "FAULTY22",
  title: "Soil carbon under <i>Acacia</i>  in the Sahel.",
  publicationTitle: "Journal of Dry Soils",
  date: "2021-03-04",
  DOI: "https://doi.org/10.5555/SOIL.2021.7",
  pages: "pp. 12-9",
  ISSN: "12345679",
  url: "https://www.scopus.com/inward/record.uri?eid=2-s2.0-1&partnerID=40",
  extra: "Citation Key: diaz2021",
  creators: [
    { creatorType: "author", firstName: "ana", lastName: "DIAZ" },
    { creatorType: "author", firstName: "Ana", lastName: "Diaz" },
  ],
  tags: [{ tag: "soil " }, { tag: "Soil", type: 1 }, { tag: "carbon; sahel" }],
};

test("the connection is tried with one question without and one with the token", { skip }, async () => {
  const client = await settings.client();
  assert.equal((await client.health()).name, "reflint");
  assert.ok((await client.rules()).length > 50);
});

test("a wrong token is told as such", { skip }, async () => {
  Zotero.Prefs.values["extensions.reflint.token"] = "wrong";
  await assert.rejects((await settings.client()).rules(), { id: "reflint-fault-token" });
});

test("a rule set that does not exist is refused with the backend's reason", { skip }, async () => {
  const client = await settings.client();
  await assert.rejects(client.lint([{}], { profile: "none" }), { id: "reflint-fault-refused" });
});

test("check, choose, preview, apply, undo", { skip }, async () => {
  const item = library.add(FAULTY);
  const clean = library.add({ key: "CLEAN222", title: "Soil carbon", itemType: "book" });
  const before = structuredClone(item.toJSON());
  const client = await settings.client();
  const [entry, other] = await check([item, clean], client, settings.config());
  assert.equal(other.key, "CLEAN222");
  const wanted = entry.findings.filter(repairable);
  assert.ok(wanted.some(({ fix }) => fix.safety === "safe") && wanted.length >= 5, JSON.stringify(entry.findings));

  const chosen = wanted.map(({ fingerprint }) => fingerprint);
  const { patches } = await propose([{ entry, accept: chosen }], client, settings.config());
  assert.deepEqual(item.toJSON(), before, "a preview writes nothing");
  const fields = patches[0].changes.map(({ field }) => field);
  assert.ok(["DOI", "tags"].every((field) => fields.includes(field)), fields.join());

  const journal = Journal.here();
  const done = await apply(patches, journal);
  assert.deepEqual(done.skipped, []);
  assert.equal(item.toJSON().DOI.startsWith("10.5555/"), true);
  const [again] = await check([item], client, settings.config());
  const left = new Set(again.findings.map(({ fingerprint }) => fingerprint));
  const repaired = chosen.filter((fingerprint) => !left.has(fingerprint));
  assert.ok(repaired.length >= 5, `${repaired.length} of ${chosen.length}`);

  assert.deepEqual((await undo(done.batch, journal)).skipped, []);
  assert.deepEqual(item.toJSON(), before);
});

test("one accepted finding changes its own field only", { skip }, async () => {
  const item = library.add(FAULTY);
  const client = await settings.client();
  const [entry] = await check([item], client, settings.config());
  const doi = entry.findings.find((finding) => repairable(finding) && finding.field === "DOI");
  const { patches } = await propose([{ entry, accept: [doi.fingerprint] }], client, settings.config());
  assert.deepEqual(patches[0].changes.map(({ field }) => field), ["DOI"]);
  assert.equal(patches[0].version, item.version);
});

test("more items than the backend answers at once become a job with progress", { skip }, async () => {
  const items = Array.from({ length: 501 }, (_, number) => library.add({ key: `K${number}`, title: "A title." }));
  const told = [];
  const entries = await check(items, await settings.client(), {}, { progress: (done, total) => told.push([done, total]) });
  assert.equal(entries.length, 501);
  assert.ok(entries.every(({ findings }) => findings.length > 0));
  assert.deepEqual(told.at(-1), [501, 501]);
});
