"use strict";
/* The backend's HTTP API (version 1), as far as the plugin uses it. Nothing but this computer is ever spoken to. */

const { Fault } = require("./fault.js");

const CLIENT = "zotero-plugin";
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);
const TIMEOUT = 60_000;
const PATIENCE = 5;

/** Records of one request are at most this many characters of JSON (the backend takes 20 MiB). */
const MOST_TEXT = 8_000_000;

/**
 * @typedef {{ op: "set" | "delete" | "add" | "insert" | "move", field: string, before: any, after: any, to?: string }} Op
 * @typedef {{ record: string, version: number | null, ops: Op[] }} Patch
 * @typedef {{ title: string, safety: "safe" | "unsafe" | "lookup", edits: Op[] }} Fix
 * @typedef {{
 *   rule: string, slug: string, severity: "error" | "warning" | "info", message: string, field: string | null,
 *   record: { index: number | null, key: string | null, type: string | null, title: string | null },
 *   fix: Fix | null, fingerprint: string,
 * }} Finding
 * @typedef {{ status: number, response: any, getResponseHeader(name: string): string | null }} Answer
 * @typedef {(method: string, url: string, options: Record<string, any>) => Promise<Answer>} Request
 */

/**
 * The backend's address without a slash at the end.
 * @param {string} address as the user wrote it
 * @returns {string}
 * @throws {Fault} if it is no http address of this computer: items and token go nowhere else
 */
function loopback(address) {
  /** @type {URL} */
  let url;
  try {
    url = new URL(address.trim());
  } catch {
    throw new Fault("reflint-fault-address", { address });
  }
  const plain = url.pathname === "/" && !url.search && !url.hash && !url.username && !url.password;
  if (!["http:", "https:"].includes(url.protocol) || !LOOPBACK.has(url.hostname) || !plain) {
    throw new Fault("reflint-fault-address", { address });
  }
  return url.origin;
}

/** A backend at an address, spoken to with a token. */
class Client {
  /**
   * @param {object} how
   * @param {string} how.address
   * @param {string} how.token
   * @param {Request} how.request `Zotero.HTTP.request`
   * @param {(milliseconds: number) => Promise<void>} how.delay `Zotero.Promise.delay`
   */
  constructor({ address, token, request, delay }) {
    this.address = loopback(address);
    this.token = token;
    this.request = request;
    this.delay = delay;
  }

  /**
   * Name, version and API version of the backend; needs no token.
   * @returns {Promise<{ name: string, version: string, api: string }>}
   */
  async health() {
    const found = await this.ask("GET", "/healthz");
    if (found?.name !== "reflint" || found.api !== "1") {
      throw new Fault("reflint-fault-not-reflint", { address: this.address });
    }
    return found;
  }

  /**
   * The rules; also the cheapest question that needs the token.
   * @returns {Promise<{ id: string, slug: string, summary: string }[]>}
   */
  async rules() {
    return (await this.ask("GET", "/v1/rules")).rules;
  }

  /**
   * The findings about items, record indices counted over all of them.
   * @param {object[]} records items as Zotero's JSON
   * @param {object} config settings by name
   * @param {object} [watching]
   * @param {(done: number, total: number) => void} [watching.progress]
   * @param {() => boolean} [watching.cancelled]
   * @returns {Promise<Finding[]>}
   */
  async lint(records, config, watching = {}) {
    /** @type {Finding[]} */
    const findings = [];
    let start = 0;
    for (const part of parts(records)) {
      const body = { format: "zotero", records: part, config };
      const told = (/** @type {number} */ share) => {
        watching.progress?.(Math.round(start + share * part.length), records.length);
      };
      const found = await this.finished(await this.ask("POST", "/v1/lint", body), told, watching.cancelled);
      for (const finding of found.findings) {
        const { index } = finding.record;
        findings.push({ ...finding, record: { ...finding.record, index: index === null ? null : index + start } });
      }
      start += part.length;
      watching.progress?.(start, records.length);
    }
    return findings;
  }

  /**
   * What repairing the named findings of one item would set. Nothing is changed anywhere.
   * @param {object} record
   * @param {string[]} accept fingerprints
   * @param {object} config
   * @returns {Promise<{ patch: Patch, applied: string[] }>}
   */
  fix(record, accept, config) {
    return this.ask("POST", "/v1/fix", { format: "zotero", record, accept, config });
  }

  /**
   * An answer's result; that of a job is waited for.
   * @param {any} answer
   * @param {(share: number) => void} told how much of it is done, from 0 to 1
   * @param {() => boolean} [cancelled]
   * @returns {Promise<{ findings: Finding[] }>}
   */
  async finished(answer, told, cancelled) {
    if (!answer.job) {
      return answer;
    }
    const path = `/v1/jobs/${encodeURIComponent(answer.job)}`;
    try {
      for (let wait = 100; ; wait = Math.min(wait * 2, 2000)) {
        const job = await this.ask("GET", path);
        if (job.state === "done") {
          return job.result;
        }
        if (job.state === "failed" || job.state === "cancelled") {
          throw new Fault("reflint-fault-job", { detail: job.error?.detail ?? job.error?.title ?? job.state });
        }
        if (cancelled?.()) {
          throw new Fault("reflint-fault-cancelled");
        }
        told(job.progress.total ? job.progress.done / job.progress.total : 0);
        await this.delay(wait);
      }
    } finally {
      await this.ask("DELETE", path).catch(() => undefined); // the backend forgets it in time, too
    }
  }

  /**
   * One request; a busy backend is asked again when it says.
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>} the JSON of the answer
   */
  async ask(method, path, body) {
    for (let turn = 1; ; turn += 1) {
      const answer = await this.send(method, path, body);
      if (answer.status === 503 && turn < PATIENCE) {
        const seconds = Number(answer.getResponseHeader("Retry-After")) || 1;
        await this.delay(Math.min(seconds, 30) * 1000);
      } else if (answer.status >= 200 && answer.status < 300) {
        return answer.response;
      } else {
        throw refusal(answer, this.address);
      }
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<Answer>}
   */
  async send(method, path, body) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json", "X-Reflint-Client": CLIENT };
    if (path !== "/healthz") {
      headers.Authorization = `Bearer ${this.token}`;
    }
    if (body) {
      headers["Content-Type"] = "application/json";
    }
    try {
      return await this.request(method, this.address + path, {
        headers,
        body: body && JSON.stringify(body),
        responseType: "json",
        timeout: TIMEOUT,
        successCodes: false, // the statuses are told apart here
        errorDelayMax: 0,
        followRedirects: false, // the token must not follow one
        logBodyLength: 0,
      });
    } catch (error) {
      Zotero.debug(`reflint: ${method} ${path}: ${error}`);
      throw new Fault("reflint-fault-no-backend", { address: this.address });
    }
  }
}

/**
 * What a refused request says to the user.
 * @param {Answer} answer
 * @param {string} address
 * @returns {Fault}
 */
function refusal(answer, address) {
  const { detail: why, title, errors = [] } = answer.response ?? {};
  const places = errors.map((/** @type {{ at: string, message: string }} */ one) => `${one.at}: ${one.message}`);
  const detail = [why ?? title ?? `HTTP ${answer.status}`, ...places].join("; ");
  switch (answer.status) {
    case 0:
      return new Fault("reflint-fault-no-backend", { address });
    case 401:
      return new Fault("reflint-fault-token");
    case 503:
      return new Fault("reflint-fault-busy");
    default:
      return new Fault("reflint-fault-refused", { status: answer.status, detail });
  }
}

/**
 * The records in as few requests as fit, so that the rules about several items see all of them where they can.
 * @param {object[]} records
 * @returns {Generator<object[]>}
 */
function* parts(records) {
  let from = 0;
  let length = 0;
  for (const [position, record] of records.entries()) {
    const size = JSON.stringify(record).length;
    if (length + size > MOST_TEXT && position > from) {
      yield records.slice(from, position);
      from = position;
      length = 0;
    }
    length += size;
  }
  if (from < records.length) {
    yield records.slice(from);
  }
}

module.exports = { Client, loopback, parts, MOST_TEXT };
