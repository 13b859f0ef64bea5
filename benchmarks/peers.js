// One peer reads one file: `node peers.js NAME FILE WARM-UP` prints its seconds and, where it tells, its records.
// Run in a folder with bibtex-tidy, @citation-js/core and @citation-js/plugin-ris installed.
"use strict";
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const installed = createRequire(`${process.cwd()}/`);

const readers = {
  "citation-js"() {
    const { Cite } = installed("@citation-js/core");
    installed("@citation-js/plugin-ris");
    return (text) => new Cite(text).data.length;
  },
  "bibtex-tidy"() {
    const { tidy } = installed("bibtex-tidy");
    return (text) => tidy(text, { curly: true, months: true }).count;
  },
};

const [name, file, warmUp] = process.argv.slice(2);
const read = readers[name]();
read(readFileSync(warmUp, "utf8"));
const start = process.hrtime.bigint();
const records = read(readFileSync(file, "utf8"));
console.log(JSON.stringify({ seconds: Number(process.hrtime.bigint() - start) / 1e9, records }));
