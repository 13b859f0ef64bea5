// The review of a source: filters with charts, the table of findings, one finding in full, and the repaired copy.

import { download } from "./api.js";
import { drawFacets, severityBar } from "./charts.js";
import { announce, byId, counted, el, grouped, marked, save, text } from "./dom.js";
import { ACCEPTED, DECISIONS, Findings, OPEN, REJECTED, isFixable } from "./findings.js";
import { Grid } from "./grid.js";
import { Detail } from "./record.js";

const MARKS = ["", "✓", "✗"]; // by decision
const REPAIRS = { lookup: "look-up", none: "" };
const MANUSCRIPTS = ["docx", "odt"];
const WRITTEN = ["ris", "csl", "zotero"];

export class Review {
  /**
   * `source`: {name, format, job} of a file, {name, library: true} of a Zotero library; `rules`: id -> rule.
   * `onnext(file)`: a repaired copy shall be reviewed; of a library: a plan be made.
   */
  constructor(result, source, rules, onnext) {
    this.source = {
      ...source,
      decidable: !source.library && WRITTEN.includes(source.format),
      kind: source.library || MANUSCRIPTS.includes(source.format) ? "places" : "records",
    };
    this.rules = rules;
    this.onnext = onnext;
    this.findings = new Findings(result);
    if (!this.source.decidable) this.findings.facets = this.findings.facets.filter(({ id }) => id !== "decision");
    this.totals = this.findings.shown().counts;
    this.saved = 0;
    this.detail = new Detail(byId("detail"), this.findings, this.source, (...decision) => this.decide(...decision));
    this.grid = new Grid(byId("findings"), {
      label: "Findings",
      columns: this.columns(),
      onselect: (number) => this.detail.show(number),
      onsort: (column) => this.sort(column),
      rowClass: (number) => this.findings.value(number, "decision"),
    });
    byId("findings").classList.toggle("undecidable", !this.source.decidable);
    this.summarise(result);
    this.offer();
    byId("words").value = "";
    byId("words").oninput = () => {
      this.findings.text = byId("words").value;
      this.draw();
    };
    byId("no-filters").onclick = () => this.clear();
    this.draw();
    this.grid.root.focus();
    announce(`${source.name}: ${counted(this.findings.all.length, "finding")}.`);
  }

  columns() {
    const { all, decisions } = this.findings;
    const value = (number, column) => this.findings.value(number, column);
    const columns = [
      {
        id: "decision",
        title: "✓",
        cell: (number) =>
          marked(MARKS[decisions[number]], value(number, "decision"), {
            title: isFixable(all[number]) ? "Accept" : "No repair",
            onclick: () => this.decide([number], decisions[number] === ACCEPTED ? OPEN : ACCEPTED),
          }),
      },
      { id: "severity", title: "Severity", cell: (number) => badge("severity", all[number].severity) },
      { id: "rule", title: "Rule", cell: (number) => all[number].rule },
      { id: "record", title: "Record", cell: (number) => text(recordName(all[number])) },
      { id: "field", title: "Field", cell: (number) => text(value(number, "field")) },
      { id: "message", title: "What is wrong", cell: (number) => text(all[number].message) },
      { id: "fix", title: "Repair", cell: (number) => badge("fix", value(number, "fix"), REPAIRS) },
      { id: "number", ...this.place() },
    ].map((column) => ({ ...column, sortable: column.id !== "decision" }));
    return this.source.decidable ? columns : columns.slice(1);
  }

  /** The column of where findings stand: lines, or what number a finding has where there is no text. */
  place() {
    const { all } = this.findings;
    if (!all.some(({ range }) => range)) return { title: "No.", cell: (number) => grouped(number + 1) };
    return { title: "Line", cell: (number) => (all[number].range ? grouped(all[number].range.start.line) : "") };
  }

  summarise(result) {
    const { summary, sources } = result;
    const manuscript = sources[0]?.manuscript;
    const facts = [
      manuscript ? counted(manuscript.citations, "citation") : counted(summary.records, "record"),
      manuscript ? counted(manuscript.works, "work") : null,
      counted(summary.findings, "finding"),
      ...["error", "warning", "info"]
        .filter((name) => summary.by_severity[name])
        .map((name) =>
          name === "info" ? `${grouped(summary.by_severity.info)} info` : counted(summary.by_severity[name], name),
        ),
      this.source.decidable ? counted(summary.fixable.safe, "safe repair") : null,
    ].filter((fact) => fact !== null);
    byId("summary").replaceChildren(
      el("h2", { class: "text" }, this.source.name),
      severityBar(summary.by_severity),
      el(
        "ul",
        {},
        facts.map((fact) => el("li", {}, fact)),
      ),
    );
  }

  /** The buttons for what can be done with this source. */
  offer() {
    const button = (id, text, run, key) =>
      el("button", { type: "button", id, onclick: run }, text, key ? el("kbd", {}, key) : null);
    const found = [];
    if (this.source.decidable) {
      found.push(button("accept-safe", "Accept all safe", () => this.acceptSafe()));
      found.push(
        button("undecide", "Clear decisions", () =>
          this.decide(
            this.findings.numbers(() => true),
            OPEN,
          ),
        ),
      );
      found.push(button("again", "Review the copy", () => this.onnext(this.copy)));
      found.push(button("repaired", "Download repaired copy", () => this.finish(), "d"));
    } else if (this.source.format === "docx") {
      found.push(button("annotated", "Download copy with comments", () => this.finish(), "d"));
    } else if (this.source.library) {
      found.push(button("make-plan", "Build a plan", () => this.finish(), "d"));
    }
    byId("offers").replaceChildren(...found);
    if (byId("again")) byId("again").hidden = true; // until there is one
  }

  /** The table and the filters as they are now; `near`: a row that is gone leaves the selection at its place. */
  draw(where) {
    const { numbers, counts } = this.findings.shown();
    this.grid.show(numbers, where);
    this.grid.markSorted(this.findings.sorting);
    drawFacets(byId("facets"), this.findings.facets, this.totals, counts, this.findings.wanted, {
      titles: (facet, value) => (facet === "rule" ? (this.rules.get(value)?.slug ?? "") : ""),
      ontoggle: (facet, value) => this.toggle(facet, value),
      onmore: () => this.draw(),
    });
    const all = this.findings.all.length;
    byId("shown").textContent =
      `${numbers.length === all ? "" : `${grouped(numbers.length)} of `}${counted(all, "finding")}`;
    byId("no-filters").disabled = numbers.length === all;
    this.drawTally();
  }

  drawTally() {
    if (!this.source.decidable) return;
    const [open, accepted, rejected] = this.findings.tally();
    byId("tally").textContent = `${grouped(accepted)} accepted, ${grouped(rejected)} rejected, ${grouped(open)} open`;
    byId("repaired").disabled = accepted === 0;
    byId("undecide").disabled = accepted + rejected === 0;
    byId("accept-safe").disabled = this.safe().length === 0;
  }

  toggle(facet, value) {
    const wanted = this.findings.wanted.get(facet);
    if (!wanted.delete(value)) wanted.add(value);
    this.draw();
    announce(`${byId("shown").textContent}.`);
  }

  clear() {
    this.findings.wanted.forEach((wanted) => wanted.clear());
    this.findings.text = byId("words").value = "";
    this.draw();
  }

  sort(column) {
    const { sorting } = this.findings;
    this.findings.sorting = { by: column, descending: sorting.by === column && !sorting.descending };
    this.draw();
  }

  /** Takes a decision; the row stays selected, and the record is shown as it is with it. */
  decide(numbers, decision) {
    if (!this.source.decidable) return;
    const count = this.findings.decide(numbers, decision);
    announce(count ? `${counted(count, "finding")} ${DECISIONS[decision]}.` : "This finding has no repair to accept.");
    this.totals = this.recounted();
    this.draw({ near: true });
    this.detail.update();
    if (this.detail.number !== undefined) this.detail.load();
  }

  /** Totals for the charts after a decision: no other facet changes by it. */
  recounted() {
    const tally = this.findings.tally().map((count, decision) => [DECISIONS[decision], count]);
    return new Map(this.totals).set("decision", new Map(tally.filter(([, count]) => count)));
  }

  safe() {
    const { decisions } = this.findings;
    return this.findings.numbers(
      (finding, number) => isFixable(finding) && finding.fix.safety === "safe" && decisions[number] === OPEN,
    );
  }

  acceptSafe() {
    this.decide(this.safe(), ACCEPTED);
  }

  accept() {
    this.decideSelected(ACCEPTED);
  }

  reject() {
    this.decideSelected(REJECTED);
  }

  decideSelected(decision) {
    const number = this.grid.selected;
    if (number === undefined) return;
    this.decide([number], this.findings.decisions[number] === decision ? OPEN : decision);
  }

  acceptAlike() {
    const selected = this.findings.all[this.grid.selected];
    if (selected)
      this.decide(
        this.findings.numbers((finding) => finding.rule === selected.rule),
        ACCEPTED,
      );
  }

  enter() {
    byId("finding")?.focus();
  }

  leave() {
    this.grid.root.focus();
  }

  search() {
    byId("words").focus();
  }

  /** Whether there are accepted findings that no copy was downloaded with. */
  get unsaved() {
    const accepted = this.findings.tally()[ACCEPTED];
    return accepted > 0 && accepted !== this.saved;
  }

  /** The last step: a copy with repairs or comments, or the plan for a library. */
  async finish() {
    if (this.source.library) {
      this.onnext();
      return;
    }
    const accept = this.findings.accepted();
    if (this.source.decidable ? !accept.length : this.source.format !== "docx") return;
    try {
      if (this.source.decidable) await this.saveRepaired(accept);
      else await this.saveAnnotated();
    } catch (error) {
      announce(`Not downloaded: ${error.message}`);
    }
  }

  async saveRepaired(accept) {
    const { blob, name, headers } = await download(`/v1/documents/${this.source.job}/repaired`, { accept });
    const done = Number(headers.get("X-Reflint-Repaired"));
    save(blob, name);
    this.saved = accept.length;
    this.copy = new File([blob], name);
    byId("again").hidden = false;
    const left = accept.length - done;
    const rest = left ? `, ${grouped(left)} left: they exclude others or cannot be written` : "";
    announce(`${name}: ${counted(done, "finding")} repaired${rest}.`);
  }

  async saveAnnotated() {
    const { blob, name } = await download(`/v1/documents/${this.source.job}/annotated`);
    save(blob, name);
    announce(`${name}: a copy with comments.`);
  }
}

function recordName({ record: { index, title, key }, passages }) {
  return title ?? key ?? passages?.[0]?.text ?? (index === null ? "" : `record ${index + 1}`);
}

/** A word in the colour of its kind. */
function badge(kind, value, shown = {}) {
  return el("span", { class: `${kind} ${value}` }, shown[value] ?? value);
}
