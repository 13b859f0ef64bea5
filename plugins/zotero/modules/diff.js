"use strict";
/* What differs between two values, word by word, to be shown. */

/**
 * @typedef {{ kind: "same" | "gone" | "new", text: string }} Piece
 */

/** Beyond this many cells of the table, what lies between the common ends is shown as replaced. */
const CELLS = 1_000_000;

/**
 * The pieces of both texts in order: joined without the new ones they are `before`, without those gone `after`.
 * @param {string} before
 * @param {string} after
 * @returns {Piece[]}
 */
function words(before, after) {
  const a = tokens(before);
  const b = tokens(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) {
    start += 1;
  }
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) {
    end += 1;
  }
  return joined([
    ...pieces("same", a.slice(0, start)),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...pieces("same", a.slice(a.length - end)),
  ]);
}

/**
 * Words, runs of blanks, and everything else sign by sign.
 * @param {string} text
 * @returns {string[]}
 */
function tokens(text) {
  return text.match(/[\p{L}\p{N}\p{M}]+|\s+|[^\p{L}\p{N}\p{M}\s]/gu) ?? [];
}

/**
 * By the longest common subsequence.
 * @param {string[]} a
 * @param {string[]} b
 * @returns {Piece[]}
 */
function middle(a, b) {
  if (a.length * b.length > CELLS) {
    return [...pieces("gone", a), ...pieces("new", b)];
  }
  const common = table(a, b);
  /** @type {Piece[]} */
  const found = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      found.push({ kind: "same", text: a[i] });
      i += 1;
      j += 1;
    } else if (common[i + 1][j] >= common[i][j + 1]) {
      found.push({ kind: "gone", text: a[i++] });
    } else {
      found.push({ kind: "new", text: b[j++] });
    }
  }
  return [...found, ...pieces("gone", a.slice(i)), ...pieces("new", b.slice(j))];
}

/**
 * How much `a` from i and `b` from j have in common.
 * @param {string[]} a
 * @param {string[]} b
 * @returns {Uint32Array[]}
 */
function table(a, b) {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      rows[i][j] = a[i] === b[j] ? rows[i + 1][j + 1] + 1 : Math.max(rows[i + 1][j], rows[i][j + 1]);
    }
  }
  return rows;
}

/**
 * @param {Piece["kind"]} kind
 * @param {string[]} texts
 * @returns {Piece[]}
 */
function pieces(kind, texts) {
  return texts.length ? [{ kind, text: texts.join("") }] : [];
}

/**
 * Neighbours of one kind as one.
 * @param {Piece[]} found
 * @returns {Piece[]}
 */
function joined(found) {
  /** @type {Piece[]} */
  const result = [];
  for (const piece of found) {
    const last = result.at(-1);
    if (last?.kind === piece.kind) {
      last.text += piece.text;
    } else {
      result.push({ ...piece });
    }
  }
  return result;
}

/**
 * A field's value as text: creators and tags one a line, automatic tags marked.
 * @param {string} field
 * @param {any} value
 * @returns {string}
 */
function shown(field, value) {
  if (field === "creators") {
    return (value ?? []).map(creator).join("\n");
  }
  if (field === "tags") {
    return (value ?? []).map((/** @type {any} */ { tag, type }) => (type ? `${tag} (auto)` : tag)).join("\n");
  }
  return String(value ?? "");
}

/** @param {import("./values.js").Creator} one */
function creator({ creatorType, name, firstName, lastName }) {
  return `${name ?? [lastName, firstName].filter(Boolean).join(", ")} (${creatorType})`;
}

module.exports = { words, shown };
