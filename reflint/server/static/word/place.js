/*
 * From a passage of the findings to the range in Word: its paragraph, and in it the text that a reader sees. Field codes
 * are never touched: a citation belongs to its reference manager.
 */

/** Word searches for at most 255 characters. */
const LONGEST = 200;

/** Selects a passage, so that Word scrolls to it; whether it was found. */
export function select(passage, nth) {
  return Word.run(async (context) => {
    const range = await find(context, passage, nth);
    range?.select();
    await context.sync();
    return range !== null;
  });
}

/** Puts a comment on a passage; whether it was found. */
export function comment(passage, nth, text) {
  return Word.run(async (context) => {
    const range = await find(context, passage, nth);
    range?.insertComment(text);
    await context.sync();
    return range !== null;
  });
}

/** The range of a passage, or null. */
async function find(context, passage, nth) {
  const needle = searched(passage.text);
  const notes = /(footnotes|endnotes)\.xml$/.exec(passage.part)?.[1];
  if (notes && Office.context.requirements.isSetSupported("WordApi", "1.5")) {
    return inNotes(context, notes, needle);
  }
  return (await inParagraph(context, passage, needle, nth)) ?? (await first(context, context.document.body, needle));
}

/** In the paragraph itself, or the nearest that has the text: what was typed since the check moves them. */
async function inParagraph(context, passage, needle, nth) {
  const { paragraphs } = context.document.body;
  paragraphs.load("items/text");
  await context.sync();
  const text = plain(passage.text);
  const distance = (index) => Math.abs(index - passage.paragraph);
  const near = [...paragraphs.items.keys()]
    .filter((index) => plain(paragraphs.items[index].text).includes(text))
    .sort((one, other) => distance(one) - distance(other));
  if (!text || near.length === 0) {
    return null;
  }
  const paragraph = paragraphs.items[near[0]];
  return (await first(context, paragraph, needle, nth)) ?? paragraph.getRange();
}

async function inNotes(context, kind, needle) {
  const notes = context.document.body[kind];
  notes.load("items");
  await context.sync();
  for (const note of notes.items) {
    const found = await first(context, note.body, needle);
    if (found) {
      return found;
    }
  }
  return null;
}

/** The first of what a search finds, or the nth if there are as many. */
async function first(context, where, needle, nth = 0) {
  if (!needle) {
    return null;
  }
  const found = where.search(needle, { matchCase: true });
  found.load("items");
  await context.sync();
  return found.items[Math.min(nth, found.items.length - 1)] ?? null;
}

/** What Word is told to search for: `^` begins its codes for special characters, so it is doubled. */
function searched(text) {
  return [...text.trim()].slice(0, LONGEST).join("").split(/[\r\n\t\v]/)[0].replaceAll("^", "^^");
}

function plain(text) {
  return text.replace(/\s+/g, " ").trim();
}
