"use strict";
// Filters and sorts the table. Without this script the page shows everything.
const table = document.getElementById("findings");
if (table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const controls = Object.fromEntries(["search", "severity", "rule", "safety"].map((id) => [id, document.getElementById(id)]));
  const shown = document.getElementById("shown");

  const filter = () => {
    const wanted = controls.search.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = ["severity", "rule", "safety"].every((id) => !controls[id].value || row.dataset[id] === controls[id].value);
      row.hidden = !fits || (wanted !== "" && !row.textContent.toLowerCase().includes(wanted));
      count += row.hidden ? 0 : 1;
    }
    shown.textContent = `${count} of ${rows.length} shown`;
  };

  const grave = { error: 0, warning: 1, info: 2 };
  const keys = [
    (row) => [grave[row.dataset.severity], row.dataset.rule],
    (row) => [0, row.cells[1].textContent],
    (row) => [0, row.cells[2].textContent],
  ];
  const sort = (column, header) => {
    const down = header.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const keyed = rows.map((row) => [keys[column](row), row]);
    const compare = new Intl.Collator(undefined, { numeric: true }).compare;
    keyed.sort(([a], [b]) => a[0] - b[0] || compare(a[1], b[1]));
    if (down) keyed.reverse();
    body.append(...keyed.map(([, row]) => row));
  };

  [...table.tHead.rows[0].cells].forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    button.addEventListener("click", () => sort(column, header));
    header.append(button);
  });
  for (const control of Object.values(controls)) control.addEventListener("input", filter);
  document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("filters").hidden = false;
  filter();
}
