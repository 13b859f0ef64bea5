"use strict";
/* What is shown of a difference. */

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { shown, words } = require("../modules/diff.js");

const without = (pieces, kind) => pieces.filter((piece) => piece.kind !== kind).map(({ text }) => text).join("");

test("words that differ are marked, the rest is not", () => {
  assert.deepEqual(words("Soil carbon in Lagos.", "Soil nitrogen in Lagos"), [
    { kind: "same", text: "Soil " },
    { kind: "gone", text: "carbon" },
    { kind: "new", text: "nitrogen" },
    { kind: "same", text: " in Lagos" },
    { kind: "gone", text: "." },
  ]);
});

test("both texts can be read from the pieces, whatever they are", () => {
  const texts = ["", "a", "a b", "b a", "ß\u0301x  y", "10.1/x", "https://doi.org/10.1/x", "é e\u0301 \n z", "日本語 test"];
  for (const before of texts) {
    for (const after of texts) {
      const pieces = words(before, after);
      assert.equal(without(pieces, "new"), before);
      assert.equal(without(pieces, "gone"), after);
    }
  }
});

test("very long texts are compared at their ends", () => {
  const long = Array.from({ length: 3000 }, (_, number) => `w${number}`).join(" ");
  const other = Array.from({ length: 3000 }, (_, number) => `v${number}`).join(" ");
  const pieces = words(`start ${long} end`, `start ${other} end`);
  assert.deepEqual(pieces.map(({ kind }) => kind), ["same", "gone", "new", "same"]);
  assert.equal(without(pieces, "gone"), `start ${other} end`);
});

test("creators and tags are one a line", () => {
  const creators = [{ creatorType: "author", firstName: "Ana", lastName: "Diaz" }, { creatorType: "editor", name: "FAO" }];
  assert.equal(shown("creators", creators), "Diaz, Ana (author)\nFAO (editor)");
  assert.equal(shown("tags", [{ tag: "soil" }, { tag: "carbon", type: 1 }]), "soil\ncarbon (auto)");
  assert.equal(shown("DOI", null), "");
});
