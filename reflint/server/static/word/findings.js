/* Findings sorted by the place in the document that they are about. */

const MAIN = "word/document.xml";

/**
 * One group a citation, entry or other passage, in the document's order; what is about the whole document comes first.
 * Of each group: `number`, `title`, `passage` (null for the whole document), `findings`, and `nth`: how many citations
 * with the same text are known before it in its paragraph.
 */
export function grouped(findings) {
  const groups = new Map();
  for (const finding of findings) {
    const passage = finding.passages?.[0] ?? null;
    const key = passage ? [passage.part, passage.paragraph, passage.citation ?? passage.text].join("|") : "";
    const group = groups.get(key) ?? { title: titleOf(passage), passage, findings: [] };
    group.findings.push(finding);
    groups.set(key, group);
  }
  const sorted = [...groups.values()].sort((one, other) => compare(rank(one.passage), rank(other.passage)));
  const seen = new Map();
  for (const [number, group] of sorted.entries()) {
    group.number = number;
    const same = group.passage && [group.passage.part, group.passage.paragraph, group.passage.text].join("|");
    group.nth = seen.get(same) ?? 0;
    seen.set(same, group.nth + 1);
  }
  return sorted;
}

function titleOf(passage) {
  return passage === null ? "The document" : passage.text.replace(/\s+/g, " ").trim() || "A passage without text";
}

/** Where a passage stands, for sorting: the main text before notes and the like; in a paragraph the citations first. */
function rank(passage) {
  if (passage === null) {
    return [0, 0, 0];
  }
  return [passage.part === MAIN ? 1 : 2, passage.paragraph, passage.citation ?? Infinity];
}

function compare(one, other) {
  const differs = one.findIndex((value, position) => value !== other[position]);
  return differs < 0 ? 0 : one[differs] - other[differs];
}

/** What a comment says about the findings of a place. */
export function commentText(findings) {
  return findings.map(({ message, advice, rule }) => [`${message}.`, advice, `(${rule})`].filter(Boolean).join(" ")).join("\n");
}
