"use strict";
/* The plugin as a whole: what is registered with Zotero, and what its menu entries and buttons do. */

const { check, records } = require("./checker.js");
const { Fault } = require("./fault.js");
const { Findings } = require("./findings.js");
const { Journal } = require("./journal.js");
const menus = require("./menus.js");
const section = require("./section.js");
const { Session } = require("./session.js");
const settings = require("./settings.js");

const TEXTS = "reflint.ftl";
const STYLE = "rl-style";

/** Everything between start and stop. */
class Plugin {
  /** @param {{ id: string, version: string, rootURI: string }} data */
  constructor({ id, version, rootURI }) {
    this.id = id;
    this.version = version;
    this.rootURI = rootURI;
    this.findings = new Findings();
    /** @type {string | false} */
    this.section = false;
    /** @type {(string | false)[]} */
    this.menus = [];
    this.stopped = false;
  }

  /** Registers section, menus and preferences. */
  async start() {
    /** @type {any} */ (Zotero).Reflint = this; // for the script of the preference pane
    this.findings.watch();
    Zotero.getMainWindows().forEach((window) => this.addTo(window));
    this.section = section.register(this);
    this.menus = menus.register(this);
    await Zotero.PreferencePanes.register({
      pluginID: this.id,
      src: `${this.rootURI}content/preferences.xhtml`,
      scripts: [`${this.rootURI}content/preferences.js`],
      stylesheets: [`${this.rootURI}content/preferences.css`],
      label: "reflint",
      image: `${this.rootURI}content/icon.svg`,
    });
  }

  /** Takes everything away again. Zotero removes the preference pane itself. */
  stop() {
    this.stopped = true;
    if (this.section) {
      Zotero.ItemPaneManager.unregisterSection(this.section);
    }
    for (const menu of this.menus) {
      if (menu) {
        Zotero.MenuManager.unregisterMenu(menu);
      }
    }
    this.findings.close();
    Zotero.getMainWindows().forEach((window) => this.removeFrom(window));
    delete (/** @type {any} */ (Zotero).Reflint);
  }

  /**
   * Texts and style for a main window.
   * @param {any} window
   */
  addTo(window) {
    window.MozXULElement.insertFTLIfNeeded(TEXTS);
    const link = window.document.createElementNS("http://www.w3.org/1999/xhtml", "link");
    link.id = STYLE;
    link.rel = "stylesheet";
    link.href = "chrome://reflint/content/section.css";
    window.document.documentElement.append(link);
  }

  /** @param {any} window */
  removeFrom(window) {
    window.document.getElementById(STYLE)?.remove();
    window.document.querySelector(`[href="${TEXTS}"]`)?.remove();
  }

  /**
   * Checks items and shows what was found.
   * @param {Zotero.Item[]} items
   * @param {{ open: boolean }} [how] open: in the review window, else only in the item pane
   */
  check(items, { open } = { open: true }) {
    return this.attempt(async () => {
      const chosen = records(items);
      if (!chosen.length) {
        throw new Fault("reflint-fault-no-items");
      }
      const progress = new Zotero.ProgressWindow({ closeOnClick: true });
      const line = await this.progress(progress, chosen.length);
      try {
        const entries = await check(chosen, await settings.client(), settings.config(), {
          progress: (done, total) => line.setProgress(Math.round((100 * done) / total)),
          cancelled: () => this.stopped,
        });
        this.findings.keep(entries);
        if (open) {
          this.open(new Session(entries, Journal.here()));
        }
      } finally {
        progress.close();
      }
    });
  }

  /**
   * Opens the review window on findings that are known.
   * @param {Zotero.Item[]} items
   */
  review(items) {
    const entries = items.flatMap((item) => this.findings.of(item) ?? []);
    this.open(new Session(entries, Journal.here()));
  }

  /** @param {Session} session */
  open(session) {
    /** @type {any} */ (Zotero.getMainWindow()).openDialog(
      "chrome://reflint/content/review.xhtml",
      "",
      "chrome,dialog=no,resizable,centerscreen,width=900,height=700",
      session,
    );
  }

  /** Takes the last repair back, once the user has agreed. */
  undoLast() {
    return this.attempt(async () => {
      const journal = Journal.here();
      const last = (await journal.batches()).at(-1);
      if (!last) {
        throw new Fault("reflint-fault-nothing-to-undo");
      }
      const args = { count: last.items.length, when: new Date(last.when).toLocaleString() };
      if (await this.confirm("reflint-undo-question", args)) {
        const { applied, skipped } = await new Session([], journal).undo(last.id);
        await this.say("reflint-undo-done", { reverted: applied.length, skipped: skipped.length });
      }
    });
  }

  /**
   * Whether the backend answers and takes the token.
   * @returns {Promise<{ id: string, args: Record<string, string | number> }>} a text to show
   */
  async test() {
    try {
      const client = await settings.client();
      const { version } = await client.health();
      const rules = await client.rules();
      return { id: "reflint-test-good", args: { version, rules: rules.length } };
    } catch (error) {
      const { id, args } = Fault.of(error);
      return { id, args };
    }
  }

  /**
   * Does something; what goes wrong is shown in words.
   * @param {() => Promise<unknown>} action
   */
  async attempt(action) {
    try {
      await action();
    } catch (error) {
      Zotero.debug(`reflint: ${error}`);
      const { id, args } = Fault.of(error);
      await this.say(id, args);
    }
  }

  /**
   * @param {Zotero.ProgressWindow} window
   * @param {number} count
   */
  async progress(window, count) {
    window.changeHeadline("reflint");
    const line = new window.ItemProgress("", await this.text("reflint-checking", { count }));
    window.show();
    return line;
  }

  /**
   * @param {string} id
   * @param {Record<string, string | number>} args
   */
  async say(id, args) {
    Services.prompt.alert(/** @type {any} */ (Zotero.getMainWindow()), "reflint", await this.text(id, args));
  }

  /**
   * @param {string} id
   * @param {Record<string, string | number>} args
   * @returns {Promise<boolean>}
   */
  async confirm(id, args) {
    return Services.prompt.confirm(/** @type {any} */ (Zotero.getMainWindow()), "reflint", await this.text(id, args));
  }

  /**
   * @param {string} id
   * @param {Record<string, string | number>} args
   * @returns {Promise<string>}
   */
  async text(id, args) {
    const { l10n } = /** @type {any} */ (Zotero.getMainWindow()).document;
    return (await l10n.formatValue(id, args)) ?? id;
  }
}

module.exports = { Plugin };
