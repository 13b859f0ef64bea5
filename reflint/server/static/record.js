// One finding: what it says, what the record is before and after, why the rule is there.

import { get, post } from "./api.js";
import { lineRows, wordRuns } from "./diff.js";
import { el, grouped, prose } from "./dom.js";
import { ACCEPTED, OPEN, REJECTED, isFixable } from "./findings.js";

const SETTLE = 60; // milliseconds on a row before its record is asked for: who holds a key down is on the way

/** Words with those marked that changed; `side` 0: before, 1: after. */
function changes(runs, side) {
  return runs.map(({ text, changed }) => (changed ? el(side ? "ins" : "del", {}, text) : text));
}

const cell = (content) => el("td", { class: "text" }, el("div", {}, content));

/** Two values as two cells, their differing words marked; null: there is none. */
export function valueCells(before, after) {
  const runs =
    before === null || after === null
      ? [before, after].map((text) => (text === null ? [] : [{ text, changed: true }]))
      : wordRuns(before, after);
  return runs.map((side, number) => cell(changes(side, number)));
}

/** A table of two texts, line beside line. */
export function diffTable(before, after) {
  const rows = lineRows(before, after).map((row) => {
    if (row.same) return el("tr", { class: "same" }, cell(row.before), cell(row.after));
    const kind = row.before === null ? "added" : row.after === null ? "removed" : "changed";
    return el("tr", { class: kind }, valueCells(row.before, row.after));
  });
  return el(
    "table",
    { class: "diff" },
    el("caption", { class: "unseen" }, "The record before and after"),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Before"), el("th", { scope: "col" }, "After"))),
    el("tbody", {}, rows),
  );
}

/** The edits of a fix by themselves, where there is no record to show them in. */
function editTable(edits) {
  return el(
    "table",
    { class: "diff edits" },
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        ["Change", "Before", "After"].map((title) => el("th", { scope: "col" }, title)),
      ),
    ),
    el(
      "tbody",
      {},
      edits.map(({ op, field, part, before, after, to }) =>
        el(
          "tr",
          { class: "changed" },
          el("th", { scope: "row" }, `${op} ${field || part || ""}${to ? ` to ${to}` : ""}`),
          valueCells(before, op === "move" && after === null ? before : after),
        ),
      ),
    ),
  );
}

/** A paragraph as the command names it: `¶12`, `footnotes ¶3`. */
function paragraphName({ part, paragraph }) {
  const name = part.split("/").pop().replace(".xml", "");
  return `${["document", "content"].includes(name) ? "" : `${name} `}¶${paragraph}`;
}

export class Detail {
  /** `source`: {kind, job, decidable}; `ondecide(numbers, decision)`. */
  constructor(root, findings, source, ondecide) {
    Object.assign(this, { root, findings, source, ondecide });
    this.explanations = new Map();
    this.whole = false;
    this.body = el("div", { class: "record", "aria-busy": "false" });
    this.reasons = el("aside", { class: "why", "aria-label": "About the rule" });
    this.show(undefined);
  }

  /** Shows a finding by its number; nothing without one. */
  show(number) {
    this.number = number;
    this.stop?.abort();
    clearTimeout(this.timer);
    if (number === undefined) {
      const why = this.findings.all.length
        ? "No finding fits the filters."
        : "Nothing to report: no rule found anything.";
      this.root.replaceChildren(el("p", { class: "empty" }, why));
      return;
    }
    const finding = this.findings.all[number];
    this.body.setAttribute("aria-busy", "true"); // it holds the record before, until this one is there
    this.decisions = el("div", { class: "decisions" });
    this.root.replaceChildren(this.heading(finding), el("div", { class: "columns" }, this.body, this.reasons));
    this.update();
    this.timer = setTimeout(() => this.load(), SETTLE);
  }

  heading(finding) {
    const { record } = finding;
    const about = [
      record.index === null ? null : `Record ${record.index + 1}`,
      record.title ?? record.key,
      finding.range ? `line ${finding.range.start.line}` : null,
    ].filter((part) => part !== null);
    return el(
      "header",
      {},
      el(
        "div",
        { class: "said" },
        el(
          "h2",
          { tabindex: -1, id: "finding" },
          el("span", { class: `severity ${finding.severity}` }, finding.severity),
          " ",
          finding.rule,
          " ",
          el("span", { class: "slug" }, finding.slug),
        ),
        el("p", { class: "message text" }, finding.message),
        about.length ? el("p", { class: "about text" }, about.join(" · ")) : null,
      ),
      this.decisions,
    );
  }

  /** The buttons as the decisions are now. */
  update() {
    if (this.number === undefined || !this.source.decidable) return;
    const { all, decisions } = this.findings;
    const { rule, fix } = all[this.number];
    const fixable = isFixable(all[this.number]);
    const alike = this.findings.numbers(
      (other, number) => other.rule === rule && isFixable(other) && decisions[number] !== ACCEPTED,
    );
    const button = (words, key, decision, attributes) =>
      el(
        "button",
        {
          type: "button",
          "aria-pressed": String(decisions[this.number] === decision),
          onclick: () => this.ondecide([this.number], decisions[this.number] === decision ? OPEN : decision),
          ...attributes,
        },
        words,
        " ",
        el("kbd", {}, key),
      );
    const focused = [...this.decisions.children].indexOf(document.activeElement);
    this.decisions.replaceChildren(
      button("Accept", "a", ACCEPTED, { class: "accept", disabled: !fixable }),
      button("Reject", "r", REJECTED, { class: "reject" }),
      el(
        "button",
        { type: "button", disabled: !alike.length, onclick: () => this.ondecide(alike, ACCEPTED) },
        `Accept all of ${rule}${alike.length ? ` (${grouped(alike.length)})` : ""} `,
        el("kbd", {}, "⇧A"),
      ),
      el(
        "p",
        { class: "fix" },
        fixable
          ? `${fix.title || "Repair"} (${fix.safety})`
          : fix
            ? "Only a look-up in registries can repair this."
            : "No repair: this needs a person.",
      ),
    );
    this.decisions.children[focused]?.focus();
  }

  /** The record and the rule, from the backend. */
  async load() {
    clearTimeout(this.timer);
    this.stop?.abort();
    this.stop = new AbortController();
    const { signal } = this.stop;
    await Promise.all([this.loadRecord(signal), this.explain()]);
  }

  async loadRecord(signal) {
    const finding = this.findings.all[this.number];
    const { index } = finding.record;
    if (this.source.kind !== "records" || index === null) {
      this.fill(this.place(finding));
      return;
    }
    const rejected = this.findings.decisions[this.number] === REJECTED;
    const accept = new Set(this.findings.acceptedAbout(this.number));
    if (isFixable(finding) && !rejected) accept.add(this.number);
    try {
      const seen = await post(
        `/v1/documents/${this.source.job}/preview`,
        { record: index, accept: [...accept] },
        signal,
      );
      this.fill([this.caption(accept.size, seen), diffTable(seen.before, seen.after)]);
      this.body.querySelector("tbody tr:not(.same)")?.scrollIntoView({ block: "nearest" });
    } catch (error) {
      if (!signal.aborted) this.fill([el("p", { role: "alert" }, error.message)]);
    }
  }

  fill(content) {
    this.body.replaceChildren(...content);
    this.body.setAttribute("aria-busy", "false");
  }

  caption(repairs, { before, after }) {
    const said =
      before === after
        ? "Nothing in this record changes."
        : repairs === 1
          ? "With this repair."
          : `With ${repairs} repairs.`;
    const whole = el(
      "button",
      {
        type: "button",
        class: "whole",
        "aria-pressed": String(this.whole),
        onclick: () => {
          this.whole = !this.whole;
          this.body.classList.toggle("whole", this.whole);
          whole.setAttribute("aria-pressed", String(this.whole));
        },
      },
      "Whole lines",
    );
    this.body.classList.toggle("whole", this.whole);
    return el("p", { class: "caption" }, el("span", {}, said), whole);
  }

  /** A finding that stands in no record of a file: the places in a manuscript, and the edits themselves. */
  place(finding) {
    const passages = (finding.passages ?? []).map((passage) =>
      el(
        "li",
        { class: "text" },
        el("q", {}, passage.text),
        ` ${paragraphName(passage)}`,
        passage.manager ? ` (${passage.manager})` : "",
      ),
    );
    const parts = [
      finding.advice ? el("p", { class: "text" }, finding.advice) : null,
      passages.length ? el("ul", { class: "passages" }, passages) : null,
      isFixable(finding) ? editTable(finding.fix.edits) : null,
    ].filter((part) => part !== null);
    return parts.length ? parts : [el("p", { class: "empty" }, "Nothing more is known of it.")];
  }

  async explain() {
    const { number, reasons } = this;
    const { rule } = this.findings.all[number];
    try {
      if (!this.explanations.has(rule)) this.explanations.set(rule, await get(`/v1/rules/${rule}`));
      if (this.number !== number) return;
      const { summary, explanation, severity, fix } = this.explanations.get(rule);
      reasons.replaceChildren(
        el("h3", {}, "Why"),
        el("p", { class: "summary" }, summary),
        ...prose(explanation),
        el("p", { class: "facts" }, `Severity: ${severity}. Repair: ${fix}.`),
      );
    } catch (error) {
      reasons.replaceChildren(el("p", {}, error.message)); // as of a finding about reflint itself, which no rule made
    }
  }
}
