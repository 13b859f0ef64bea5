// The findings of a source: what a person decided about each, which are shown and in which order.

export const OPEN = 0;
export const ACCEPTED = 1;
export const REJECTED = 2;
/** What decisions are called. */
export const DECISIONS = ["open", "accepted", "rejected"];
const SEVERITIES = ["error", "warning", "info"];
const FIXES = ["safe", "unsafe", "lookup", "none"];
const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Whether a finding offers edits (a look-up may still be needed to say them). */
export const isFixable = (finding) => Boolean(finding.fix?.edits.length);

const fixOf = ({ fix }) => (fix && (fix.edits.length || fix.safety === "lookup") ? fix.safety : "none");
const fieldOf = ({ field, record, passages }) =>
  field ?? (record.index !== null ? "(record)" : passages?.length ? "(text)" : "(file)");

/** By what findings are sorted: column -> value. */
const KEYS = {
  number: (finding, number) => number,
  severity: (finding) => SEVERITIES.indexOf(finding.severity),
  rule: (finding) => finding.rule,
  record: (finding) => finding.record.title ?? "",
  field: fieldOf,
  message: (finding) => finding.message,
  fix: (finding) => FIXES.indexOf(fixOf(finding)),
};

export class Findings {
  /** `result`: the JSON model; a finding's number is its position. */
  constructor(result) {
    this.all = result.findings;
    this.summary = result.summary;
    this.decisions = new Uint8Array(this.all.length);
    this.facets = [
      { id: "severity", title: "Severity", of: (number) => this.all[number].severity, order: SEVERITIES },
      { id: "rule", title: "Rule", of: (number) => this.all[number].rule },
      { id: "field", title: "Field", of: (number) => fieldOf(this.all[number]) },
      { id: "fix", title: "Repair", of: (number) => fixOf(this.all[number]), order: FIXES },
      { id: "decision", title: "Decision", of: (number) => DECISIONS[this.decisions[number]], order: DECISIONS },
    ];
    this.wanted = new Map(this.facets.map(({ id }) => [id, new Set()]));
    this.text = "";
    this.sorting = { by: "number", descending: false };
    this.byRecord = Map.groupBy(this.all.keys(), (number) => this.all[number].record.index);
    this.standing = this.standingForAll();
  }

  /** What the values of one finding's column are. */
  value(number, column) {
    const finding = this.all[number];
    return { field: fieldOf(finding), fix: fixOf(finding), decision: DECISIONS[this.decisions[number]] }[column];
  }

  /** Numbers of the findings that all filters let through, sorted; and facet -> value -> how many it would show. */
  shown() {
    const counts = new Map(this.facets.map(({ id }) => [id, new Map()]));
    const numbers = [];
    const words = this.text.toLowerCase().split(/\s+/).filter(Boolean);
    for (let number = 0; number < this.all.length; number += 1) {
      if (words.length && !this.holds(number, words)) continue;
      const values = this.facets.map((facet) => facet.of(number));
      const missed = this.facets.filter(
        ({ id }, at) => this.wanted.get(id).size && !this.wanted.get(id).has(values[at]),
      );
      if (missed.length === 0) numbers.push(number);
      this.facets.forEach((facet, at) => {
        if (missed.length > 1 || (missed.length === 1 && missed[0] !== facet)) return;
        const of = counts.get(facet.id);
        of.set(values[at], (of.get(values[at]) ?? 0) + 1);
      });
    }
    return { numbers: this.sorted(numbers), counts };
  }

  holds(number, words) {
    const { rule, slug, message, field, record, fix } = this.all[number];
    const edits = (fix?.edits ?? []).map((edit) => `${edit.before ?? ""} ${edit.after ?? ""}`);
    const text = [rule, slug, message, field, record.title, record.key, ...edits].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  }

  sorted(numbers) {
    const { by, descending } = this.sorting;
    if (by !== "number") {
      const keys = new Map(numbers.map((number) => [number, KEYS[by](this.all[number], number)]));
      const compare = typeof keys.values().next().value === "string" ? COLLATOR.compare : (one, other) => one - other;
      numbers.sort((one, other) => compare(keys.get(one), keys.get(other)) || one - other);
    }
    return descending ? numbers.reverse() : numbers;
  }

  /** Takes a decision about findings; those without a fix cannot be accepted. How many it now holds for. */
  decide(numbers, decision) {
    const able = numbers.filter((number) => decision !== ACCEPTED || isFixable(this.all[number]));
    able.forEach((number) => {
      this.decisions[number] = decision;
    });
    return able.length;
  }

  /** Numbers of all findings that a test holds for. */
  numbers(test) {
    return this.all
      .keys()
      .filter((number) => test(this.all[number], number))
      .toArray();
  }

  /** How many are open, accepted, rejected. */
  tally() {
    const counts = [0, 0, 0];
    this.decisions.forEach((decision) => {
      counts[decision] += 1;
    });
    return counts;
  }

  /** The numbers that are accepted. */
  accepted() {
    return this.numbers((finding, number) => this.decisions[number] === ACCEPTED);
  }

  /** Findings about a record's syntax that are told once and stand for all records. */
  standingForAll() {
    const syntax = this.numbers(({ record, fix }) => record.index !== null && fix?.edits.some((edit) => edit.part));
    const byRule = Map.groupBy(syntax, (number) => this.all[number].rule);
    return [...byRule.values()].filter((alike) => alike.length === 1).flat();
  }

  /** What is accepted that changes the record of a finding. */
  acceptedAbout(number) {
    const { index } = this.all[number].record;
    const own = (this.byRecord.get(index) ?? []).filter((other) => this.decisions[other] === ACCEPTED);
    return [...own, ...this.standing.filter((other) => this.decisions[other] === ACCEPTED && !own.includes(other))];
  }
}
