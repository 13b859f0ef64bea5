// Differences between two texts: which lines belong together, and which words within them changed.

const WORDS = /\s+|[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu;
const MOST = 4_000_000; // cells of a table; beyond it the middle of two sequences counts as changed as a whole
const ALIKE = 0.25; // words shared by a line before and after, below which they are not the same line

/** Rows of {before, after} lines (null: there is none); `same` where they are equal. */
export function lineRows(before, after) {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const rows = [];
  for (const { from, to, equal } of stretches(old, now)) {
    if (equal) from.forEach((line) => rows.push({ before: line, after: line, same: true }));
    else rows.push(...paired(from, to).map(([one, other]) => ({ before: one, after: other, same: false })));
  }
  return rows;
}

/** Two lists of {text, changed}: the words of a line before and after. */
export function wordRuns(before, after) {
  const sides = [[], []];
  for (const { from, to, equal } of stretches(before.match(WORDS) ?? [], after.match(WORDS) ?? [])) {
    [from, to].forEach((words, side) => {
      if (words.length) sides[side].push({ text: words.join(""), changed: !equal });
    });
  }
  return sides;
}

/** Two sequences as stretches that are equal, and those that took each other's place. */
function stretches(old, now) {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let [oldEnd, nowEnd] = [old.length, now.length];
  while (oldEnd > start && nowEnd > start && old[oldEnd - 1] === now[nowEnd - 1]) {
    oldEnd -= 1;
    nowEnd -= 1;
  }
  const found = [{ from: old.slice(0, start), to: now.slice(0, start), equal: true }];
  found.push(...middle(old.slice(start, oldEnd), now.slice(start, nowEnd)));
  found.push({ from: old.slice(oldEnd), to: now.slice(nowEnd), equal: true });
  return found.filter(({ from, to }) => from.length || to.length);
}

function middle(old, now) {
  if (!old.length || !now.length || old.length * now.length > MOST) return [{ from: old, to: now, equal: false }];
  const common = longest(old, now);
  const found = [];
  const add = (equal, from, to) => {
    const last = found.at(-1);
    if (last?.equal === equal) {
      last.from.push(...from);
      last.to.push(...to);
    } else found.push({ from, to, equal });
  };
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) add(true, [old[i++]], [now[j++]]);
    else if (j >= now.length || (i < old.length && common(i + 1, j) >= common(i, j + 1))) add(false, [old[i++]], []);
    else add(false, [], [now[j++]]);
  }
  return found;
}

/** How long the longest common subsequence of two tails is, by where they begin. */
function longest(old, now) {
  const width = now.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const [down, right] = [table[(i + 1) * width + j], table[i * width + j + 1]];
      table[i * width + j] = old[i] === now[j] ? table[(i + 1) * width + j + 1] + 1 : Math.max(down, right);
    }
  }
  return (i, j) => table[i * width + j];
}

/** Lines of a changed stretch in pairs, in order, so that as much as can be is alike within them. */
function paired(old, now) {
  if (old.length * now.length > 10_000) {
    const rows = Math.max(old.length, now.length);
    return Array.from({ length: rows }, (_, index) => [old[index] ?? null, now[index] ?? null]);
  }
  const width = now.length + 1;
  const best = new Float64Array((old.length + 1) * width);
  const [oldWords, nowWords] = [old, now].map((lines) => lines.map((line) => new Set(line.match(WORDS))));
  const likeness = (i, j) => {
    const shared = alike(oldWords[i], nowWords[j]);
    return shared >= ALIKE ? shared : -1;
  };
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const both = likeness(i, j) + best[(i + 1) * width + j + 1];
      best[i * width + j] = Math.max(both, best[(i + 1) * width + j], best[i * width + j + 1]);
    }
  }
  const rows = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [here, down] = [best[i * width + j], best[(i + 1) * width + j]];
    if (i < old.length && j < now.length && here === likeness(i, j) + best[(i + 1) * width + j + 1]) {
      rows.push([old[i++], now[j++]]);
    } else if (j >= now.length || (i < old.length && here === down)) rows.push([old[i++], null]);
    else rows.push([null, now[j++]]);
  }
  return rows;
}

function alike(one, other) {
  let shared = 0;
  for (const word of one) shared += other.has(word);
  return (2 * shared) / (one.size + other.size);
}
