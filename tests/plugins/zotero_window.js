/*
 * What Zotero gives the review window: texts by Fluent (as much of it as the plugin uses) and a session, whose answers
 * are the test's. The differences are made by the plugin's own module.
 */
(() => {
  const { texts, entries, patches, sources } = window.given;

  function load(name) {
    const module = { exports: {} };
    new Function("module", "require", sources[name.replace("./", "")])(module, load);
    return module.exports;
  }

  const { shown, words } = load("diff.js");
  const { repairable } = load("checker.js");

  function format(text, args) {
    const filled = text.replace(/\{ \$(\w+) ->((?:[^{}]|\{[^{}]*\})*)\}/g, (_whole, name, choices) => {
      const found = [...choices.matchAll(/(\*?)\[(\w+)\] (.*)/g)];
      const key = args[name] === 1 ? "one" : String(args[name]);
      return (found.find(([, , one]) => one === key) ?? found.find(([, star]) => star))[3];
    });
    return filled.replace(/\{ \$(\w+) \}/g, (_whole, name) => args[name]).trim();
  }

  function show(element, id, args = {}) {
    if (!(id in texts)) {
      throw new Error(`no text ${id}`);
    }
    element.dataset.l10nId = id;
    element.textContent = format(texts[id], args);
  }

  document.l10n = { setAttributes: show };
  document.addEventListener("DOMContentLoaded", () => {
    for (const element of document.querySelectorAll("[data-l10n-id]")) {
      if (!element.textContent) {
        show(element, element.dataset.l10nId);
      }
    }
  });

  window.calls = [];
  window.arguments = [
    {
      entries,
      checked: 12,
      repairable,
      pieces: ({ field, before, after }) => words(shown(field, before), shown(field, after)),
      async propose(chosen, { progress }) {
        window.calls.push(["propose", chosen.map(({ entry, accept }) => [entry.key, accept])]);
        progress(0, chosen.length);
        const wanted = chosen.map(({ entry }) => entry.key);
        const skipped = [{ title: "Gone", key: "GONE2222", fault: { id: "reflint-skip-gone", args: {} } }];
        return { patches: patches.filter(({ key }) => wanted.includes(key)), skipped };
      },
      async apply(given) {
        window.calls.push(["apply", given.map(({ key }) => key)]);
        if (window.failing) {
          throw { id: "reflint-fault-rolled-back", args: { detail: "disk full" } };
        }
        return { applied: given, skipped: [], batch: "b1" };
      },
      async undo(batch) {
        window.calls.push(["undo", batch]);
        return { applied: patches.slice(0, 1), skipped: [], batch: null };
      },
      fault: (error) => error,
    },
  ];
  window.close = () => window.calls.push(["close"]);
})();
