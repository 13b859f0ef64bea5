// A table of any length: only the rows in sight are elements. A grid to screen readers, with one tab stop.

import { el } from "./dom.js";

const ROW = 28; // pixels, as in style.css
const AROUND = 10; // rows that are ready above and below those in sight

export class Grid {
  /**
   * `columns`: {id, title, cell(id) -> text or node, sortable?}. `onselect(id)`: another row; `onsort(column)`.
   * `rowClass(id)`: of a row.
   */
  constructor(root, { label, columns, onselect, onsort, rowClass = () => "" }) {
    Object.assign(this, { root, columns, onselect, rowClass });
    this.ids = [];
    this.index = -1;
    this.rows = new Map();
    this.head = el(
      "div",
      { role: "row", class: "row head", "aria-rowindex": 1 },
      columns.map((column) =>
        el(
          "div",
          { role: "columnheader", class: `cell ${column.id}`, "data-column": column.id },
          column.sortable
            ? el("button", { type: "button", tabindex: -1, onclick: () => onsort(column.id) }, column.title)
            : column.title,
        ),
      ),
    );
    this.space = el("div", { class: "space", role: "rowgroup" });
    root.replaceChildren(el("div", { role: "rowgroup", class: "heads" }, this.head), this.space);
    root.setAttribute("role", "grid");
    root.setAttribute("tabindex", "0");
    root.setAttribute("aria-label", label);
    root.setAttribute("aria-colcount", columns.length);
    root.onscroll = () => this.render();
    new ResizeObserver(() => this.render()).observe(root);
  }

  /** Other rows. The selected one stays so if it is among them; else it is the first, or (`near`) that in its place. */
  show(ids, { near = false } = {}) {
    const selected = this.selected;
    const at = ids.indexOf(selected);
    this.ids = ids;
    this.root.setAttribute("aria-rowcount", ids.length + 1);
    this.space.style.height = `${ids.length * ROW}px`;
    this.index = Math.min(at >= 0 ? at : Math.max(near ? this.index : 0, 0), ids.length - 1);
    this.refresh();
    this.reveal();
    if (this.selected !== selected) this.onselect(this.selected);
  }

  /** The id of the selected row; undefined without rows. */
  get selected() {
    return this.ids[this.index];
  }

  /** Selects a row by its place, brings it into sight. */
  select(index) {
    if (!this.ids.length) return;
    const wanted = Math.min(Math.max(index, 0), this.ids.length - 1);
    if (wanted === this.index) return;
    this.index = wanted;
    this.reveal();
    this.render();
    this.onselect(this.selected);
  }

  /** Goes on by so many rows. */
  move(by) {
    this.select(this.index + by);
  }

  /** How many rows are in sight. */
  get page() {
    return Math.max(1, Math.floor(this.root.clientHeight / ROW) - 2);
  }

  /** The mark of the column that rows are sorted by. */
  markSorted({ by, descending }) {
    for (const heading of this.head.children) {
      const sorted = heading.dataset.column === by;
      if (sorted) heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    }
  }

  /** All rows anew, as what they show may have changed. */
  refresh() {
    this.rows.forEach((row) => row.remove());
    this.rows.clear();
    this.render();
  }

  reveal() {
    if (this.index < 0) return;
    const [top, room] = [this.index * ROW, this.root.clientHeight - ROW];
    if (top < this.root.scrollTop) this.root.scrollTop = top;
    else if (top + ROW > this.root.scrollTop + room) this.root.scrollTop = top + ROW - room;
  }

  render() {
    const first = Math.max(0, Math.floor(this.root.scrollTop / ROW) - AROUND);
    const stop = Math.min(this.ids.length, first + Math.ceil(this.root.clientHeight / ROW) + 2 * AROUND);
    this.rows.forEach((row, index) => {
      if (index >= first && index < stop) return;
      row.remove();
      this.rows.delete(index);
    });
    for (let index = first; index < stop; index += 1) {
      if (!this.rows.has(index)) this.rows.set(index, this.space.appendChild(this.row(index)));
    }
    this.rows.forEach((row, index) => row.setAttribute("aria-selected", index === this.index));
    const name = this.rows.get(this.index)?.id;
    if (name) this.root.setAttribute("aria-activedescendant", name);
    else this.root.removeAttribute("aria-activedescendant");
  }

  row(index) {
    const id = this.ids[index];
    const row = el(
      "div",
      {
        role: "row",
        id: `${this.root.id}-${index}`,
        class: `row ${this.rowClass(id)}`,
        "aria-rowindex": index + 2,
        onclick: () => this.select(index),
      },
      this.columns.map((column) => el("div", { role: "gridcell", class: `cell ${column.id}` }, column.cell(id))),
    );
    row.style.top = `${index * ROW}px`;
    return row;
  }
}
