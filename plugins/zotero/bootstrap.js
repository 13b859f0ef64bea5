/* What Zotero calls when the plugin starts and stops, and when a window opens; the work is in modules/plugin.js. */

/** @type {import("./modules/plugin.js").Plugin | undefined} */
var plugin;
/** @type {{ destruct(): void } | undefined} */
var registered;

/**
 * Loads a module of the plugin: CommonJS, as node has it, so that the same files run in the tests. Unlike ES modules
 * these are gone when the plugin is, so an update needs no restart.
 * @param {string} rootURI
 */
function loader(rootURI) {
  /** @type {Map<string, { exports: any }>} */
  const loaded = new Map();
  /** @param {string} name "./client.js" */
  function load(name) {
    const file = name.replace(/^\.\//, "");
    const known = loaded.get(file);
    if (known) {
      return known.exports;
    }
    const module = { exports: {} };
    loaded.set(file, module);
    Services.scriptloader.loadSubScriptWithOptions(`${rootURI}modules/${file}`, {
      target: { module, require: load, Zotero, Services },
      ignoreCache: true,
    });
    return module.exports;
  }
  return load;
}

function install() {}

/** @param {{ id: string, version: string, rootURI: string }} data */
async function startup({ id, version, rootURI }) {
  await Zotero.initializationPromise;
  const classes = /** @type {any} */ (Components.classes);
  const service = classes["@mozilla.org/addons/addon-manager-startup;1"].getService(
    Components.interfaces.amIAddonManagerStartup,
  );
  registered = service.registerChrome(Services.io.newURI(`${rootURI}manifest.json`), [
    ["content", "reflint", `${rootURI}content/`],
  ]);
  const { Plugin } = loader(rootURI)("./plugin.js");
  plugin = new Plugin({ id, version, rootURI });
  await plugin?.start();
}

function shutdown() {
  plugin?.stop();
  plugin = undefined;
  registered?.destruct();
  registered = undefined;
}

function uninstall() {}

/** @param {{ window: _ZoteroTypes.MainWindow }} data */
function onMainWindowLoad({ window }) {
  plugin?.addTo(window);
}

/** @param {{ window: _ZoteroTypes.MainWindow }} data */
function onMainWindowUnload({ window }) {
  plugin?.removeFrom(window);
}
