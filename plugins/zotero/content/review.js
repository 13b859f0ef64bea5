"use strict";
/* The review window: choose repairs, look at the differences, apply, undo. It is given a Session and writes only through it. */

/**
 * @typedef {import("../modules/session.js").Session} Session
 * @typedef {import("../modules/findings.js").Entry} Entry
 * @typedef {import("../modules/client.js").Finding} Finding
 * @typedef {import("../modules/apply.js").ItemPatch} ItemPatch
 * @typedef {import("../modules/apply.js").Skipped} Skipped
 */

/** Items are shown so many at a time. */
const AT_A_TIME = 200;

const SEVERITIES = {
  error: "reflint-severity-error",
  warning: "reflint-severity-warning",
  info: "reflint-severity-info",
};
const SAFETIES = { safe: "reflint-safety-safe", unsafe: "reflint-safety-unsafe", lookup: "reflint-safety-lookup" };

/** @type {Session} */
const session = /** @type {any} */ (window).arguments[0];
const l10n = /** @type {any} */ (document).l10n;
/** @type {Map<Entry, Set<string>>} the fingerprints chosen of each item */
const chosen = new Map();
/** @type {ItemPatch[]} */
let patches = [];
/** @type {string | null} */
let batch = null;

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * An element with text in it, which is never taken for markup.
 * @param {string} name
 * @param {string} className
 * @param {...(string | Node)} content
 * @returns {HTMLElement}
 */
function make(name, className, ...content) {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  made.append(...content);
  return made;
}

/**
 * @param {HTMLElement} element
 * @param {string} id of the text
 * @param {Record<string, string | number>} [args]
 */
function say(element, id, args) {
  l10n.setAttributes(element, id, args);
  return element;
}

/**
 * Says something in the live region.
 * @param {string} id
 * @param {Record<string, string | number>} [args]
 */
function tell(id, args) {
  say(part("status"), id, args);
}

/**
 * Which buttons there are, and what the screen is called.
 * @param {string} heading
 * @param {Record<string, string | number>} args
 * @param {string[]} buttons
 */
function turnTo(heading, args, buttons) {
  say(part("heading"), heading, args);
  for (const id of ["safe", "none", "back", "undo", "next"]) {
    part(id).hidden = !buttons.includes(id);
  }
  part("main").replaceChildren();
  part("heading").focus();
}

/** Shows things a screenful at a time, the rest on request.
 * @template T
 * @param {T[]} things
 * @param {(thing: T) => HTMLElement} shown
 */
function list(things, shown) {
  const main = part("main");
  const more = say(make("button", "more"), "reflint-review-more");
  let next = 0;
  const add = () => {
    const first = things.slice(next, next + AT_A_TIME).map(shown);
    next += AT_A_TIME;
    more.remove();
    main.append(...first);
    if (next < things.length) {
      main.append(more);
    }
  };
  more.addEventListener("click", add);
  add();
}

/* The first screen: the findings. */

function showFindings() {
  const count = session.entries.reduce((sum, { findings }) => sum + findings.length, 0);
  const args = { findings: count, items: session.entries.length, checked: session.checked };
  turnTo("reflint-review-heading", args, ["safe", "none", "next"]);
  say(part("next"), "reflint-review-preview");
  list(session.entries, entrySection);
  counted();
}

/** @param {Entry} entry */
function entrySection(entry) {
  const lines = make("ul", "", ...entry.findings.map((finding) => findingLine(entry, finding)));
  return make("section", "", make("h2", "", entry.title || entry.key), lines);
}

/**
 * @param {Entry} entry
 * @param {Finding} finding
 */
function findingLine(entry, finding) {
  const severity = say(make("span", `severity ${finding.severity}`), SEVERITIES[finding.severity]);
  const rule = make("span", "rule", finding.field ? `${finding.rule}, ${finding.field}` : finding.rule);
  rule.title = finding.slug;
  const words = make("span", "words", severity, ` ${finding.message} `, rule);
  if (!finding.fix || !session.repairable(finding)) {
    return make("li", "", make("span", ""), words);
  }
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = chosen.get(entry)?.has(finding.fingerprint) ?? false;
  box.addEventListener("change", () => choose(entry, finding, box.checked));
  const safety = say(make("span", ""), SAFETIES[finding.fix.safety]);
  const label = make("label", "", words, make("span", "repair", `${finding.fix.title} (`, safety, ")"));
  box.id = `box-${entry.libraryID}-${entry.key}-${entry.findings.indexOf(finding)}`;
  /** @type {HTMLLabelElement} */ (label).htmlFor = box.id;
  return make("li", "", box, label);
}

/**
 * @param {Entry} entry
 * @param {Finding} finding
 * @param {boolean} wanted
 */
function choose(entry, finding, wanted) {
  const accepted = chosen.get(entry) ?? new Set();
  accepted[wanted ? "add" : "delete"](finding.fingerprint);
  chosen.set(entry, accepted);
  counted();
}

/** Chooses the repairs that keep the meaning; those that need a yes get it one by one. */
function chooseSafe() {
  for (const entry of session.entries) {
    const safe = entry.findings.filter((finding) => session.repairable(finding) && finding.fix?.safety === "safe");
    chosen.set(entry, new Set(safe.map(({ fingerprint }) => fingerprint)));
  }
}

/** How many are chosen; without any there is nothing to preview. */
function counted() {
  const count = [...chosen.values()].reduce((sum, accepted) => sum + accepted.size, 0);
  tell("reflint-review-chosen", { count });
  /** @type {HTMLButtonElement} */ (part("next")).disabled = count === 0;
}

/* The second screen: the differences. */

async function showPreview() {
  const wanted = [...chosen].filter(([, accepted]) => accepted.size);
  const asked = wanted.map(([entry, accepted]) => ({ entry, accept: [...accepted] }));
  const found = await session.propose(asked, {
    progress: (done, total) => tell("reflint-review-preparing", { done: done + 1, total }),
    cancelled: () => window.closed,
  });
  patches = found.patches;
  const args = { items: patches.length, changes: patches.reduce((sum, { changes }) => sum + changes.length, 0) };
  turnTo("reflint-preview-heading", args, ["back", "next"]);
  say(part("next"), "reflint-preview-apply", args);
  tell("reflint-preview-nothing-yet");
  showSkipped(found.skipped);
  list(patches, patchSection);
  /** @type {HTMLButtonElement} */ (part("next")).disabled = patches.length === 0;
}

/** @param {ItemPatch} patch */
function patchSection(patch) {
  const rows = patch.changes.map((change) => {
    const marked = session.pieces(change).map(({ kind, text }) => {
      return kind === "same" ? text : make(kind === "gone" ? "del" : "ins", "", text);
    });
    const head = make("th", "", change.field);
    head.setAttribute("scope", "row");
    return make("tr", "", head, make("td", "", ...marked));
  });
  return make("section", "", make("h2", "", patch.title || patch.key), make("table", "", make("tbody", "", ...rows)));
}

/** @param {Skipped[]} skipped */
function showSkipped(skipped) {
  if (!skipped.length) {
    return;
  }
  const lines = skipped.map(({ title, key, fault }) => {
    const reason = say(make("span", ""), fault.id, fault.args);
    return make("li", "", make("span", ""), make("span", "words", `${title || key}: `, reason));
  });
  const heading = say(make("h2", ""), "reflint-skipped-heading", { count: skipped.length });
  part("main").append(make("section", "skipped", heading, make("ul", "", ...lines)));
}

/* The third screen: what became of it. */

async function applyPatches() {
  const outcome = await session.apply(patches);
  batch = outcome.batch;
  showOutcome("reflint-applied-heading", outcome);
}

async function undoBatch() {
  if (batch) {
    const outcome = await session.undo(batch);
    batch = outcome.batch;
    showOutcome("reflint-undone-heading", outcome);
  }
}

/**
 * @param {string} heading
 * @param {import("../modules/apply.js").Outcome} outcome
 */
function showOutcome(heading, { applied, skipped }) {
  turnTo(heading, { count: applied.length }, batch ? ["undo"] : []);
  tell("reflint-outcome-sync");
  showSkipped(skipped);
}

/**
 * Does one thing at a time; what goes wrong is said in words.
 * @param {() => unknown} action
 */
async function attempt(action) {
  const buttons = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("footer button")]);
  const before = buttons.map((button) => button.disabled);
  for (const button of buttons) {
    button.disabled = button.id !== "close";
  }
  try {
    await action();
    buttons.forEach((button) => (button.disabled = false));
    if (!part("next").hidden) {
      /** @type {HTMLButtonElement} */ (part("next")).disabled = nothingNext();
    }
  } catch (error) {
    buttons.forEach((button, position) => (button.disabled = before[position]));
    const { id, args } = session.fault(error);
    tell(id, args);
  }
}

/** Whether there is nothing to go on with. */
function nothingNext() {
  return part("back").hidden ? ![...chosen.values()].some((accepted) => accepted.size) : patches.length === 0;
}

part("next").addEventListener("click", () => void attempt(part("back").hidden ? showPreview : applyPatches));
part("back").addEventListener("click", () => void attempt(showFindings));
part("undo").addEventListener("click", () => void attempt(undoBatch));
part("safe").addEventListener("click", () => void attempt(() => (chooseSafe(), showFindings())));
part("none").addEventListener("click", () => void attempt(() => (chosen.clear(), showFindings())));
part("close").addEventListener("click", () => window.close());
window.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    window.close();
  }
});

chooseSafe();
showFindings();
