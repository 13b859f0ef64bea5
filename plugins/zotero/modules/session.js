"use strict";
/* One check of some items, from the findings to the repair: what the review window is given. */

const { apply, undo } = require("./apply.js");
const { propose, repairable } = require("./checker.js");
const { shown, words } = require("./diff.js");
const { Fault } = require("./fault.js");
const settings = require("./settings.js");

/**
 * @typedef {import("./findings.js").Entry} Entry
 * @typedef {import("./apply.js").ItemPatch} ItemPatch
 * @typedef {import("./apply.js").Outcome} Outcome
 */

/** The findings of some items and what can be done about them. */
class Session {
  /**
   * @param {Entry[]} entries
   * @param {import("./journal.js").Journal} journal
   * @param {number} checked how many items were
   */
  constructor(entries, journal, checked = entries.length) {
    this.entries = entries.filter(({ findings }) => findings.length);
    this.journal = journal;
    this.checked = checked;
    this.repairable = repairable;
  }

  /**
   * What the chosen repairs would change. Nothing is written.
   * @param {{ entry: Entry, accept: string[] }[]} chosen
   * @param {import("./checker.js").Watching} [watching]
   */
  async propose(chosen, watching) {
    return propose(chosen, await settings.client(), settings.config(), watching);
  }

  /**
   * A change as the pieces to show.
   * @param {import("./apply.js").Change} change
   */
  pieces({ field, before, after }) {
    return words(shown(field, before), shown(field, after));
  }

  /**
   * @param {ItemPatch[]} patches those that were previewed
   * @returns {Promise<Outcome>}
   */
  apply(patches) {
    return apply(patches, this.journal);
  }

  /**
   * @param {string} batch
   * @returns {Promise<Outcome>}
   */
  undo(batch) {
    return undo(batch, this.journal);
  }

  /**
   * @param {unknown} error
   * @returns {Fault}
   */
  fault(error) {
    return Fault.of(error);
  }
}

module.exports = { Session };
