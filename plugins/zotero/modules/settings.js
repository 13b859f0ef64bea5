"use strict";
/* The user's settings: where the backend is, which token it takes, which rules run. */

const { Client } = require("./client.js");
const { Fault } = require("./fault.js");

const BRANCH = "extensions.reflint.";

/**
 * A setting, without blanks around it.
 * @param {"address" | "tokenFile" | "token" | "profile"} name
 * @returns {string}
 */
function setting(name) {
  return String(Zotero.Prefs.get(BRANCH + name, true) ?? "").trim();
}

/**
 * The backend's token: as set, else from its file, which the backend writes anew at each start.
 * @returns {Promise<string>}
 * @throws {Fault} if there is none or it cannot be read
 */
async function token() {
  const given = setting("token");
  if (given) {
    return given;
  }
  const path = setting("tokenFile");
  if (!path) {
    throw new Fault("reflint-fault-no-token");
  }
  try {
    return String(await Zotero.File.getContentsAsync(path)).trim();
  } catch (error) {
    Zotero.debug(`reflint: ${error}`);
    throw new Fault("reflint-fault-token-file", { path });
  }
}

/**
 * A client by the settings as they are now.
 * @returns {Promise<Client>}
 */
async function client() {
  return new Client({
    address: setting("address"),
    token: await token(),
    request: /** @type {any} */ (Zotero.HTTP.request.bind(Zotero.HTTP)),
    delay: (milliseconds) => Zotero.Promise.delay(milliseconds),
  });
}

/**
 * What goes with each request: the names of the backend's settings.
 * @returns {{ profile?: string }}
 */
function config() {
  const profile = setting("profile");
  return profile ? { profile } : {};
}

module.exports = { setting, token, client, config };
