// Writing to a Zotero library: the plan item by item and field by field, a dry run, the writing, taking it back.

import { finished, get, post } from "./api.js";
import { announce, byId, counted, el, marked, text } from "./dom.js";
import { Grid } from "./grid.js";
import { valueCells } from "./record.js";

/** A creator, a tag or a text as a person reads it. */
function readable(value) {
  if (!Array.isArray(value)) return String(value);
  return value
    .map((one) => {
      if (one.tag !== undefined) return one.tag;
      const name = one.name ?? [one.lastName, one.firstName].filter(Boolean).join(", ");
      return `${name} (${one.creatorType})`;
    })
    .join("\n");
}

/** Items that were not written, with the reason of each. */
function skippedList(skipped, titles) {
  if (!skipped.length) return null;
  return el(
    "ul",
    { class: "skipped" },
    skipped.map(({ key, reason }) => el("li", { class: "text" }, el("b", {}, titles[key] ?? key), `: ${reason}`)),
  );
}

/** Something in two steps: the first tells what would be done, only the second does it. */
class TwoSteps {
  /** `dry()`: {count, skipped}; `wet(onprogress)`: {said, skipped}; `ondone(answer)`. */
  constructor({ first, second, noun, dry, wet, ondone = () => {}, titles = {} }) {
    Object.assign(this, { second, noun, dry, wet, ondone, titles });
    this.told = el("div", { class: "told" });
    this.button = el("button", { type: "button", class: "first", onclick: () => this.try() }, first);
    this.act = el("button", { type: "button", class: "second", disabled: true, onclick: () => this.go() }, second(0));
    this.bar = el("progress", { max: 1, value: 0, hidden: true, "aria-label": noun });
    this.root = el("div", { class: "steps" }, this.button, this.told, this.act, this.bar);
  }

  /** What was tried no longer holds, nor will the answer to a trial that is under way. */
  forget(possible = true) {
    this.trial = null;
    this.told.replaceChildren();
    this.button.disabled = !possible;
    this.act.disabled = true;
    this.act.textContent = this.second(0);
  }

  async try() {
    this.forget(false);
    const trial = {};
    this.trial = trial;
    try {
      const { count, skipped } = await this.dry();
      if (this.trial !== trial) return;
      this.tell(`Nothing is written yet. ${counted(count, "item")} would be ${this.noun}.`, skipped);
      this.act.textContent = this.second(count);
      this.act.disabled = count === 0;
    } catch (error) {
      if (this.trial !== trial) return;
      this.tell(error.message);
    }
    this.button.disabled = false;
    this.button.focus(); // not the next one: who is in a hurry must not write by it
  }

  async go() {
    this.button.disabled = this.act.disabled = true;
    this.bar.hidden = false;
    try {
      const answer = await this.wet(({ done, total }) => {
        this.bar.max = total || 1;
        this.bar.value = done;
      });
      this.tell(answer.said, answer.skipped);
      this.ondone(answer);
    } catch (error) {
      this.tell(`${error.message} What was written so far stands in the list of runs.`);
    }
    this.bar.hidden = true;
  }

  tell(said, skipped = []) {
    this.told.replaceChildren(
      ...[el("p", {}, said), skippedList(skipped, this.titles)].filter((part) => part !== null),
    );
    announce(said);
  }
}

/** The steps that take a run back. */
export function undoSteps(run, titles = {}) {
  return new TwoSteps({
    first: "Take it back: try first",
    noun: "taken back",
    titles,
    second: (count) => (count ? `Take ${counted(count, "item")} back` : "Take back"),
    dry: async () => {
      const { reverted, skipped } = await post("/v1/zotero/undo", { run, dryRun: true });
      return { count: reverted.length, skipped };
    },
    wet: async (onprogress) => {
      const { job } = await post("/v1/zotero/undo", { run, dryRun: false });
      const { reverted, skipped } = await finished(job, onprogress, { live: true });
      return { said: `${counted(reverted.length, "item")} taken back.`, skipped };
    },
  }).root;
}

/** Earlier runs, the newest first, each with the steps that take it back. */
export async function showRuns(root) {
  try {
    const { runs } = await get("/v1/zotero/runs");
    root.replaceChildren(
      runs.length
        ? el(
            "ul",
            { class: "runs" },
            runs
              .reverse()
              .map((run) =>
                el(
                  "li",
                  {},
                  el(
                    "p",
                    {},
                    el("b", {}, run.run),
                    ` ${run.library}: ${run.applied} of ${run.planned} written`,
                    run.undoes ? ` (takes back ${run.undoes})` : "",
                  ),
                  run.applied ? undoSteps(run.run) : null,
                ),
              ),
          )
        : el("p", {}, "There are none."),
    );
  } catch (error) {
    root.replaceChildren(el("p", { role: "alert" }, error.message));
  }
}

export class PlanView {
  /** `plan`: {library, lines, titles}, as the backend gives it. */
  constructor({ library, lines, titles }) {
    Object.assign(this, { library, titles });
    this.lines = new Map(lines.map((line) => [line.key, line]));
    this.left = new Map(lines.map((line) => [line.key, new Set()])); // fields that are not taken, by item
    this.grid = new Grid(byId("items"), {
      label: "Items of the plan",
      columns: this.columns(),
      onselect: (key) => this.show(key),
      onsort: () => {},
      rowClass: (key) => (this.taken(key).length ? "accepted" : "rejected"),
    });
    this.steps = new TwoSteps({
      first: "Dry run",
      noun: "written",
      titles,
      second: (count) => (count ? `Write ${counted(count, "item")} to Zotero` : "Write to Zotero"),
      dry: async () => {
        const { applied, skipped } = await post("/v1/zotero/apply", {
          library,
          patches: this.patches(),
          dryRun: true,
        });
        return { count: applied.length, skipped };
      },
      wet: (onprogress) => this.write(onprogress),
      ondone: ({ run }) => run && byId("plan-undo").replaceChildren(undoSteps(run, titles)),
    });
    byId("plan-steps").replaceChildren(this.steps.root);
    byId("plan-undo").replaceChildren();
    byId("take-all").onclick = () => this.take(() => new Set());
    byId("take-none").onclick = () => this.take((line) => new Set(Object.keys(line.set)));
    byId("plan-of").textContent = library;
    this.grid.show([...this.lines.keys()]);
    this.freeze(false);
    this.tally();
    this.grid.root.focus();
  }

  columns() {
    return [
      { id: "decision", title: "✓", cell: (key) => this.mark(key) },
      { id: "record", title: "Item", cell: (key) => text(this.titles[key] || key) },
      { id: "type", title: "Type", cell: (key) => this.lines.get(key).itemType },
      { id: "message", title: "Changes", cell: (key) => Object.keys(this.lines.get(key).set).join(", ") },
      { id: "rules", title: "Rules", cell: (key) => this.lines.get(key).rules.join(", ") },
      { id: "confidence", title: "Confidence", cell: (key) => this.lines.get(key).confidence },
    ];
  }

  mark(key) {
    const [taken, all] = [this.taken(key).length, Object.keys(this.lines.get(key).set).length];
    const [mark, word] = taken === all ? ["✓", "taken"] : taken ? ["◐", "taken in part"] : ["✗", "left"];
    return marked(mark, word, { onclick: () => this.takeItem(key, taken === 0) });
  }

  taken(key) {
    return Object.keys(this.lines.get(key).set).filter((field) => !this.left.get(key).has(field));
  }

  patches() {
    return [...this.lines.values()]
      .filter(({ key }) => this.taken(key).length)
      .map(({ key, version, set, expect, rules }) => ({
        record: key,
        version,
        rules,
        ops: this.taken(key).map((field) => ({ op: "set", field, before: expect[field], after: set[field] })),
      }));
  }

  async write(onprogress) {
    const body = { library: this.library, patches: this.patches(), dryRun: false };
    this.freeze(true); // nothing is chosen any more from here on
    const { job } = await post("/v1/zotero/apply", body).catch((error) => {
      this.freeze(false); // it was not begun
      this.tally();
      throw error;
    });
    const { applied, skipped, undo } = await finished(job, onprogress, { live: true });
    return { said: `${counted(applied.length, "item")} written.`, skipped, run: applied.length ? undo : null };
  }

  freeze(written) {
    this.written = byId("take-all").disabled = byId("take-none").disabled = written;
    this.show(this.grid.selected);
  }

  take(leftOf) {
    this.lines.forEach((line, key) => this.left.set(key, leftOf(line)));
    this.changed();
  }

  takeItem(key, whole) {
    if (this.written) return;
    this.left.set(key, new Set(whole ? [] : Object.keys(this.lines.get(key).set)));
    this.changed();
  }

  /** Another choice: a dry run of the old one says nothing any more. */
  changed() {
    this.grid.refresh();
    this.show(this.grid.selected);
    this.tally();
  }

  tally() {
    const items = this.patches();
    const fields = items.reduce((sum, { ops }) => sum + ops.length, 0);
    const chosen = `${counted(items.length, "item")}, ${counted(fields, "field")}`;
    byId("plan-tally").textContent = `${chosen} of ${counted(this.lines.size, "item")}`;
    this.steps.forget(items.length > 0 && !this.written);
  }

  /** One item, field by field. */
  show(key) {
    const root = byId("item");
    if (key === undefined) {
      root.replaceChildren(el("p", { class: "empty" }, "Nothing to repair: the rules propose no change."));
      return;
    }
    const { set, expect, rules, evidence = {} } = this.lines.get(key);
    const box = (field) =>
      el(
        "label",
        {},
        el("input", {
          type: "checkbox",
          checked: !this.left.get(key).has(field),
          disabled: this.written,
          "data-field": field,
          onchange: (event) => {
            this.left.get(key)[event.target.checked ? "delete" : "add"](field);
            this.grid.refresh();
            this.tally();
          },
        }),
        " ",
        field,
      );
    root.replaceChildren(
      el(
        "header",
        {},
        el(
          "div",
          { class: "said" },
          el("h2", { tabindex: -1, id: "item-title", class: "text" }, this.titles[key] || key),
          el("p", { class: "about" }, `${key} · ${rules.join(", ")}`),
        ),
      ),
      el(
        "table",
        { class: "diff edits" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            ["Field", "Before", "After"].map((title) => el("th", { scope: "col" }, title)),
          ),
        ),
        el(
          "tbody",
          {},
          Object.keys(set).map((field) =>
            el(
              "tr",
              { class: "changed" },
              el(
                "th",
                { scope: "row" },
                box(field),
                (evidence[field] ?? []).map((line) => el("p", { class: "about text" }, line)),
              ),
              valueCells(readable(expect[field]), readable(set[field])),
            ),
          ),
        ),
      ),
    );
  }

  accept() {
    if (this.grid.selected) this.takeItem(this.grid.selected, true);
  }

  reject() {
    if (this.grid.selected) this.takeItem(this.grid.selected, false);
  }

  acceptAlike() {
    if (!this.written) this.take(() => new Set());
  }

  enter() {
    byId("item").querySelector("input")?.focus();
  }

  leave() {
    this.grid.root.focus();
  }

  search() {}

  finish() {
    (this.steps.act.disabled ? this.steps.button : this.steps.act).focus();
  }

  get unsaved() {
    return false;
  }
}
