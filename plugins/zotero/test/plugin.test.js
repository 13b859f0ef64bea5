"use strict";
/* The plugin as Zotero sees it: what it registers, what it shows, and that it leaves nothing behind. */

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { beforeEach, test } = require("node:test");
const vm = require("node:vm");
const { Plugin } = require("../modules/plugin.js");
const { Session } = require("../modules/session.js");
const { fakeZotero } = require("./fake-zotero.js");

const TARGETS = ["main/library/item", "main/library/collection", "main/menubar/tools"]; // menuManager.js
const FINDING = {
  rule: "DOI001",
  slug: "doi-as-url",
  severity: "warning",
  message: "<b>not markup</b>",
  field: "DOI",
  record: { index: 0 },
  fix: { title: "Write the bare DOI", safety: "safe", edits: [{ op: "set", field: "DOI", before: "x", after: "y" }] },
  fingerprint: "0123456789abcdef",
};

let registered;
let said;
let opened;
let window;

/** As much of an element as the section needs. */
class Element {
  constructor(name) {
    Object.assign(this, { name, children: [], attributes: {}, listeners: {} });
  }

  append(...children) {
    this.children.push(...children);
  }

  replaceChildren(...children) {
    this.children = children;
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }

  remove() {
    this.gone = true;
  }

  all(name) {
    const found = this.children.filter((child) => child instanceof Element);
    return [...found.filter((child) => child.name === name), ...found.flatMap((child) => child.all(name))];
  }
}

beforeEach(() => {
  globalThis.Zotero = fakeZotero();
  registered = { menus: new Map(), sections: new Map(), panes: [] };
  said = [];
  opened = [];
  const added = [];
  window = {
    added,
    MozXULElement: { insertFTLIfNeeded: (name) => added.push({ name, remove: () => added.splice(0, 1) }) },
    document: {
      createElementNS: (_space, name) => new Element(name),
      documentElement: { append: (element) => added.push(element) },
      getElementById: (id) => added.find((element) => element.id === id && !element.gone),
      querySelector: () => added[0],
      l10n: { formatValue: async (id, args) => `${id} ${JSON.stringify(args ?? {})}` },
    },
    openDialog: (...args) => opened.push(args),
  };
  Object.assign(Zotero, {
    getMainWindow: () => window,
    getMainWindows: () => [window],
    getActiveZoteroPane: () => ({
      getSelectedItems: () => [...Zotero.library.objects.values()],
      getSelectedCollection: () => false,
      getSelectedLibraryID: () => 1,
    }),
    MenuManager: {
      registerMenu: (options) => registered.menus.set(options.menuID, options) && options.menuID,
      unregisterMenu: (id) => registered.menus.delete(id),
    },
    ItemPaneManager: {
      registerSection: (options) => registered.sections.set(options.paneID, options) && options.paneID,
      unregisterSection: (id) => registered.sections.delete(id),
    },
    PreferencePanes: { register: async (options) => registered.panes.push(options) },
    ProgressWindow: class {
      ItemProgress = class {
        setProgress() {}
      };
      changeHeadline() {}
      show() {}
      close() {}
    },
  });
  Zotero.Prefs.values = { "extensions.reflint.address": "http://127.0.0.1:1", "extensions.reflint.token": "t" };
  globalThis.Services = { prompt: { alert: (_window, title, text) => said.push([title, text]), confirm: () => true } };
});

/** A plugin that runs. */
async function started() {
  const plugin = new Plugin({ id: "reflint@reflint-tools", version: "0", rootURI: "jar:x!/" });
  await plugin.start();
  return plugin;
}

/** Every menu entry with those inside. */
function entries(menus) {
  return menus.flatMap((menu) => [menu, ...entries(menu.menus ?? [])]);
}

test("all is registered under the plugin's id, and nothing stays when it stops", async () => {
  const plugin = await started();
  assert.deepEqual([...registered.menus.values()].map(({ target }) => target), TARGETS);
  const all = [...registered.menus.values(), ...registered.sections.values(), ...registered.panes];
  assert.ok(all.every(({ pluginID }) => pluginID === plugin.id));
  for (const menu of entries([...registered.menus.values()].flatMap(({ menus }) => menus))) {
    assert.ok(["menuitem", "separator", "submenu"].includes(menu.menuType));
    assert.equal(Boolean(menu.l10nID), menu.menuType !== "separator");
  }
  plugin.stop();
  assert.deepEqual([registered.menus.size, registered.sections.size, Zotero.Reflint], [0, 0, undefined]);
  assert.ok(Zotero.library.observers.every((observer) => !observer));
  assert.deepEqual(window.added.filter(({ gone }) => !gone), []);
});

test("checking items opens the review window with what was found", async () => {
  const plugin = await started();
  const item = Zotero.library.add({ key: "AAAA2345", title: "T", DOI: "x" });
  Zotero.HTTP.request = async () => ({ status: 200, response: { findings: [FINDING] }, getResponseHeader: () => null });
  await plugin.check([item]);
  const [url, , features, session] = opened[0];
  assert.equal(url, "chrome://reflint/content/review.xhtml");
  assert.ok(features.includes("chrome"));
  assert.ok(session instanceof Session);
  assert.deepEqual(session.entries[0].findings, [FINDING]);
  assert.deepEqual(plugin.findings.of(item).findings, [FINDING]);
});

test("what goes wrong is said in words, not thrown", async () => {
  const plugin = await started();
  await plugin.check([Zotero.library.add({ key: "NOTE2222", itemType: "note" })]);
  await plugin.check([Zotero.library.add({ key: "AAAA2345" })]);
  await plugin.undoLast();
  const texts = said.map(([, text]) => text.split(" ")[0]);
  assert.deepEqual(texts, ["reflint-fault-no-items", "reflint-fault-no-backend", "reflint-fault-nothing-to-undo"]);
  assert.deepEqual(opened, []);
});

test("the test of the connection says what is wrong", async () => {
  const plugin = await started();
  assert.equal((await plugin.test()).id, "reflint-fault-no-backend");
  Zotero.Prefs.values["extensions.reflint.token"] = " ";
  assert.equal((await plugin.test()).id, "reflint-fault-no-token");
  Zotero.Prefs.values["extensions.reflint.tokenFile"] = path.join(Zotero.folder, "none");
  assert.equal((await plugin.test()).id, "reflint-fault-token-file");
});

test("the last repair is taken back from the menu, after a question", async () => {
  const plugin = await started();
  const item = Zotero.library.add({ key: "AAAA2345", DOI: "x" });
  const session = new Session([], require("../modules/journal.js").Journal.here());
  const changes = [{ field: "DOI", before: "x", after: "10.1/x" }];
  await session.apply([{ libraryID: 1, key: "AAAA2345", title: "", version: 1, changes }]);
  assert.equal(item.toJSON().DOI, "10.1/x");
  Services.prompt.confirm = () => false;
  await plugin.undoLast();
  assert.equal(item.toJSON().DOI, "10.1/x");
  Services.prompt.confirm = () => true;
  await plugin.undoLast();
  assert.equal(item.toJSON().DOI, "x");
  assert.match(said.at(-1)[1], /^reflint-undo-done .*"reverted":1/);
});

test("the section shows findings as text, and forgets with the item", async () => {
  const plugin = await started();
  const section = registered.sections.get("findings");
  const item = Zotero.library.add({ key: "AAAA2345", DOI: "x" });
  const body = new Element("div");
  const doc = window.document;
  let summary;
  const props = { doc, body, item, setSectionSummary: (text) => (summary = text), refresh: () => section.onRender(props) };
  section.onInit(props);
  section.onRender(props);
  assert.equal(body.all("p")[0].attributes["data-l10n-id"], "reflint-section-unchecked");
  assert.equal(summary, "");
  plugin.findings.keep([{ libraryID: 1, key: "AAAA2345", title: "", findings: [FINDING] }]);
  assert.equal(summary, "1");
  assert.ok(body.all("li")[0].children.includes(" <b>not markup</b> "));
  assert.deepEqual(body.all("button").map(({ attributes }) => attributes["data-l10n-id"]), [
    "reflint-section-check",
    "reflint-section-repair",
  ]);
  body.all("button")[1].listeners.click();
  assert.deepEqual(opened[0][3].entries[0].findings, [FINDING]);
  section.onDestroy(props);
  assert.equal(plugin.findings.listeners.size, 0);
});

test("the bootstrap loads the modules as Zotero would, without node", async () => {
  const root = path.join(__dirname, "..");
  const calls = [];
  const context = vm.createContext({
    Zotero,
    URL,
    Components: {
      interfaces: {},
      classes: { "@mozilla.org/addons/addon-manager-startup;1": { getService: () => ({ registerChrome: chrome }) } },
    },
    Services: {
      io: { newURI: (address) => address },
      scriptloader: {
        loadSubScriptWithOptions(address, { target }) {
          const code = fs.readFileSync(path.join(root, address.replace("root:/", "")), "utf-8");
          const names = Object.keys(target);
          vm.runInContext(`(function (${names}) {${code}\n})`, context)(...Object.values(target));
        },
      },
    },
  });
  function chrome(manifest, rows) {
    calls.push([manifest, JSON.stringify(rows)]);
    return { destruct: () => calls.push("destruct") };
  }
  vm.runInContext(fs.readFileSync(path.join(root, "bootstrap.js"), "utf-8"), context);
  await context.startup({ id: "a@b", version: "1", rootURI: "root:/" });
  assert.deepEqual(calls, [["root:/manifest.json", '[["content","reflint","root:/content/"]]']]);
  assert.equal(registered.menus.size, 3);
  context.onMainWindowUnload({ window });
  context.onMainWindowLoad({ window });
  context.shutdown();
  assert.equal(calls.at(-1), "destruct");
  assert.equal(registered.menus.size, 0);
});
