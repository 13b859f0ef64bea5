"use strict";
/* What went wrong, as the id of a text in locale/, so that the user reads it in the language of Zotero. */

/** An error to be shown: a text's id and what is filled into it. */
class Fault extends Error {
  /**
   * @param {string} id of the text, as in locale/en-US/reflint.ftl
   * @param {Record<string, string | number>} [args] what the text has places for
   */
  constructor(id, args = {}) {
    super(`${id} ${JSON.stringify(args)}`);
    this.name = "Fault";
    this.id = id;
    this.args = args;
  }

  /**
   * Any error as a Fault; what is none is shown with its own words.
   * @param {unknown} error
   * @returns {Fault}
   */
  static of(error) {
    if (error instanceof Fault) {
      return error;
    }
    const detail = error && typeof error === "object" && "message" in error ? error.message : error;
    return new Fault("reflint-fault-other", { detail: String(detail) });
  }
}

module.exports = { Fault };
