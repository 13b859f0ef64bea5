/* The task pane: connect, check, look, go there, comment. */

import { check, logIn, loggedIn } from "./api.js";
import { documentName, readDocument } from "./document.js";
import { commentText, grouped } from "./findings.js";
import { comment, select } from "./place.js";

const SEVERITIES = { error: "Error:", warning: "Warning:", info: "Note:" };
const part = (id) => document.getElementById(id);
/** The findings that are to become comments, by group. */
const chosen = new Map();

/** An element with text, which is never taken for markup. */
function make(name, className, ...content) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...content);
  return made;
}

function tell(text) {
  part("status").textContent = text;
}

/** Shows what went wrong; null takes it away. */
function blame(text) {
  part("fault").hidden = text === null;
  part("fault").textContent = text ?? "";
}

/** Does one thing at a time; what goes wrong is said. A session that has ended is asked for anew. */
async function attempt(action) {
  const buttons = [...document.querySelectorAll("button")];
  buttons.forEach((button) => (button.disabled = true));
  blame(null);
  try {
    await action();
  } catch (error) {
    tell("");
    blame(error.message);
    if (error.status === 401) {
      show("login");
    }
  } finally {
    part("progress").hidden = true;
    buttons.forEach((button) => (button.disabled = false));
  }
}

function show(id) {
  part("login").hidden = id !== "login";
  part("work").hidden = id !== "work";
  (id === "login" ? part("code") : part("check")).focus();
}

function progress(what) {
  return (done, total) => {
    const bar = part("progress");
    bar.hidden = false;
    if (total) {
      bar.max = total;
      bar.value = done;
    } else {
      bar.removeAttribute("value");
    }
    tell(what);
  };
}

async function connect() {
  await logIn(part("code").value);
  part("code").value = "";
  ready();
}

function ready() {
  show("work");
  tell("The document is read as it stands; nothing in it is changed.");
}

async function checkDocument() {
  const bytes = await readDocument(progress("Reading the document…"));
  const result = await check(bytes, documentName(), progress("Checking…"));
  chosen.clear();
  const groups = grouped(result.findings);
  part("groups").replaceChildren(...groups.map(section));
  counted();
  const { manuscript } = result.sources[0];
  const about = `${plural(manuscript.citations, "citation")} of ${plural(manuscript.works, "work")}`;
  tell(`${plural(result.findings.length, "finding")} in ${about}.`);
}

function section(group) {
  const head = make("div", "head", make("h2", "", group.title));
  if (group.passage) {
    const go = make("button", "", "Go to");
    go.type = "button";
    go.setAttribute("aria-label", `Go to ${group.title}`);
    go.addEventListener("click", () => attempt(() => goTo(group)));
    head.append(go);
  }
  return make("section", "", head, make("ul", "", ...group.findings.map((finding, number) => line(group, finding, number))));
}

function line(group, finding, number) {
  const severity = make("span", `severity ${finding.severity}`, SEVERITIES[finding.severity]);
  const more = [finding.record.title, finding.advice].filter(Boolean).map((text) => make("span", "more", text));
  const rule = make("span", "quiet", finding.rule);
  rule.title = finding.slug;
  const words = make("label", "", severity, ` ${finding.message} `, rule, ...more);
  if (!group.passage || !canComment()) {
    return make("li", "", make("span", ""), words);
  }
  const box = make("input", "");
  box.type = "checkbox";
  box.id = `choose-${group.number}-${number}`;
  words.htmlFor = box.id;
  box.addEventListener("change", () => choose(group, finding, box.checked));
  return make("li", "", box, words);
}

function choose(group, finding, wanted) {
  const findings = chosen.get(group) ?? new Set();
  findings[wanted ? "add" : "delete"](finding);
  chosen.set(group, findings);
  counted();
}

/** Comments need a Word that has them (2021, or Microsoft 365). */
function canComment() {
  return Office.context.requirements.isSetSupported("WordApi", "1.4");
}

/** The buttons for comments are there as soon as something is chosen. */
function counted() {
  const count = [...chosen.values()].reduce((sum, findings) => sum + findings.size, 0);
  part("commenting").hidden = count === 0;
  part("comment").textContent = `Insert comments (${count})`;
}

function chooseNone() {
  chosen.clear();
  document.querySelectorAll("#groups input").forEach((box) => (box.checked = false));
  counted();
}

async function goTo(group) {
  const found = await select(group.passage, group.nth);
  tell(found ? "" : "It is not in the document any more. Check again.");
}

async function insertComments() {
  let written = 0;
  const lost = [];
  for (const [group, findings] of chosen) {
    if (findings.size) {
      const found = await comment(group.passage, group.nth, commentText([...findings]));
      written += found ? 1 : 0;
      if (!found) {
        lost.push(group.title);
      }
    }
  }
  chooseNone();
  tell(`${plural(written, "comment")} inserted.${lost.length ? ` Not found any more: ${lost.join("; ")}` : ""}`);
}

function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

async function start() {
  if (!globalThis.Office) {
    tell("");
    blame("Office’s library could not be loaded from Microsoft’s servers. Is there a connection?");
    return;
  }
  const { host } = await Office.onReady();
  if (host !== Office.HostType.Word) {
    tell("");
    blame("This pane belongs into Word: open it there, by the button on the Home tab.");
    return;
  }
  part("login").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(connect);
  });
  part("check").addEventListener("click", () => attempt(checkDocument));
  part("comment").addEventListener("click", () => attempt(insertComments));
  part("none").addEventListener("click", chooseNone);
  await attempt(async () => {
    if (await loggedIn()) {
      ready();
    } else {
      show("login");
      tell("Connect the pane to the backend once.");
    }
  });
}

start();
