// Charts of findings, drawn as SVG: bars that are filters at the same time, and one bar of all severities.

import { el, svg } from "./dom.js";

const FEW = 8;
const open = new Set(); // facets whose whole list is shown

/**
 * A bar for each value of each facet: how many findings it has, and how many of them the filters let through.
 * `titles(facet, value)`: what a value is called besides. `ontoggle(facet, value)`, `onmore()`: it was clicked.
 */
export function drawFacets(root, facets, totals, counts, wanted, { titles, ontoggle, onmore }) {
  const focused = root.contains(document.activeElement) ? { ...document.activeElement.dataset } : null;
  root.replaceChildren(
    ...facets.map((facet) => {
      const total = totals.get(facet.id);
      const most = Math.max(...total.values(), 1);
      const values = inOrder(facet, total);
      const kept = open.has(facet.id)
        ? values
        : values.filter((value, at) => at < FEW || wanted.get(facet.id).has(value));
      const more = values.length - kept.length;
      return el(
        "section",
        { class: "facet", "aria-labelledby": `facet-${facet.id}` },
        el("h3", { id: `facet-${facet.id}` }, facet.title),
        el(
          "ul",
          {},
          kept.map((value) =>
            el(
              "li",
              {},
              bar(facet.id, value, {
                total: total.get(value),
                most,
                count: counts.get(facet.id).get(value) ?? 0,
                pressed: wanted.get(facet.id).has(value),
                title: titles(facet.id, value),
                ontoggle,
              }),
            ),
          ),
        ),
        more > 0 || open.has(facet.id)
          ? el(
              "button",
              {
                type: "button",
                class: "more",
                "data-facet": facet.id,
                "data-value": "(more)",
                onclick: () => {
                  open.has(facet.id) ? open.delete(facet.id) : open.add(facet.id);
                  onmore();
                },
              },
              more > 0 ? `${more} more` : "Fewer",
            )
          : null,
      );
    }),
  );
  if (focused?.facet) {
    [...root.querySelectorAll("button")]
      .find((one) => one.dataset.facet === focused.facet && one.dataset.value === focused.value)
      ?.focus();
  }
}

function inOrder(facet, total) {
  if (facet.order) return facet.order.filter((value) => total.has(value));
  return [...total.keys()].sort((one, other) => total.get(other) - total.get(one) || (one < other ? -1 : 1));
}

function bar(facet, value, { total, most, count, pressed, title, ontoggle }) {
  return el(
    "button",
    {
      type: "button",
      class: `bar ${facet}-${value}`,
      "aria-pressed": String(pressed),
      title,
      "aria-label": `${title ? `${value} ${title}` : value}: ${count} of ${total}`,
      "data-facet": facet,
      "data-value": value,
      onclick: () => ontoggle(facet, value),
    },
    el("span", { class: "value" }, value),
    title ? el("span", { class: "title" }, title) : null,
    el("span", { class: "count" }, count.toLocaleString("en")),
    svg(
      "svg",
      { "aria-hidden": "true" },
      svg("rect", { class: "all", width: `${(100 * total) / most}%`, height: "100%" }),
      svg("rect", { class: "some", width: `${(100 * count) / most}%`, height: "100%" }),
    ),
  );
}

/** One bar of all findings by severity, with its meaning in words. */
export function severityBar(bySeverity) {
  const entries = ["error", "warning", "info"].map((name) => [name, bySeverity[name] ?? 0]);
  const all = entries.reduce((sum, [, count]) => sum + count, 0);
  let at = 0;
  return svg(
    "svg",
    {
      class: "severities",
      role: "img",
      "aria-label": entries.map(([name, count]) => `${name}: ${count}`).join(", "),
    },
    entries
      .filter(([, count]) => count)
      .map(([name, count]) => {
        const part = svg("rect", {
          class: name,
          x: `${at}%`,
          width: `${(100 * count) / all}%`,
          height: "100%",
        });
        at += (100 * count) / all;
        return part;
      }),
  );
}
