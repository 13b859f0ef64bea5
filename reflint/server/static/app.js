// The page: who may use it, what is opened, which view is shown.

import { Refusal, finished, get, logIn, post, remove, upload } from "./api.js";
import { announce, byId } from "./dom.js";
import { help, listen } from "./keys.js";
import { Review } from "./review.js";
import { PlanView, showRuns } from "./zotero.js";

const VIEWS = ["start", "working", "review", "plan", "locked"];
const PHASES = { waiting: "waiting for its turn", done: "almost there" };
let view = null; // what keys and buttons are about
let openJob = null; // of the file that is under review
let rules = new Map();

function show(name) {
  VIEWS.forEach((one) => {
    byId(one).hidden = one !== name;
  });
  document.body.dataset.view = name;
  byId("open-another").hidden = !["review", "plan"].includes(name);
}

function home(error) {
  view = null;
  show("start");
  byId("tally").textContent = "";
  byId("failed").hidden = !error;
  byId("failed").textContent = error ?? "";
  announce(error ?? "");
  byId("choose").focus();
}

function locked(text) {
  view = null;
  show("locked");
  byId("locked-why").textContent = text;
}

/** Something that takes a while: its progress is shown, it can be cancelled; what goes wrong is told in words. */
async function work(title, begin, then) {
  const stop = new AbortController();
  let job = null;
  show("working");
  byId("working-title").textContent = title;
  told({ done: 0, total: 0, phase: "waiting" });
  byId("cancel").onclick = () => stop.abort();
  byId("cancel").focus();
  try {
    job = await begin();
    const result = await finished(job, told, { signal: stop.signal });
    byId("failed").hidden = true;
    then(result, job);
  } catch (error) {
    if (!stop.signal.aborted) {
      failed(error);
      return;
    }
    if (job) remove(job).catch(() => {}); // it may be over already
    home("It was cancelled.");
  }
}

function failed(error) {
  if (!(error instanceof Refusal)) {
    console.error(error);
    home(`This page failed: ${error.message}`);
  } else if (error.status === 401) locked(error.message);
  else home(error.message);
}

function told({ done, total, phase }) {
  byId("phase").textContent = PHASES[phase] ?? phase;
  const bar = byId("progress");
  if (total) {
    bar.max = total;
    bar.value = done;
  } else bar.removeAttribute("value");
}

function openFile(file) {
  if (!file) return;
  work(
    file.name,
    () => upload(file, byId("profile").value),
    (result, job) => {
      if (openJob) remove(openJob).catch(() => {}); // the backend forgets it by itself in time
      openJob = job;
      show("review");
      view = new Review(result, { name: file.name, format: result.format, job }, rules, openFile);
    },
  );
}

function libraryAsked() {
  return { library: byId("library").value.trim(), config: { profile: byId("profile").value } };
}

function checkLibrary() {
  const asked = libraryAsked();
  work(
    asked.library,
    async () => (await post("/v1/zotero/check", asked)).job,
    (result) => {
      show("review");
      view = new Review(result, { name: asked.library, library: true }, rules, () => makePlan(asked));
    },
  );
}

function makePlan(asked) {
  const unsafe = byId("unsafe").checked;
  work(
    asked.library,
    async () => (await post("/v1/zotero/plan", { ...asked, unsafe })).job,
    (result) => {
      show("plan");
      view = new PlanView(result);
    },
  );
}

function dropping() {
  const zone = byId("drop");
  const over = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.add("over");
  };
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", (event) => event.relatedTarget ?? zone.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (!["locked", "working"].includes(document.body.dataset.view) && mayLeave())
      openFile(event.dataTransfer.files[0]);
  });
}

function mayLeave() {
  return !view?.unsaved || confirm("Accepted findings are not downloaded yet. Leave them?");
}

function listenToButtons() {
  byId("choose").onclick = () => byId("file").click();
  byId("file").onchange = () => {
    const [file] = byId("file").files;
    byId("file").value = ""; // so that the same file can be chosen again
    openFile(file);
  };
  byId("zotero").onsubmit = (event) => {
    event.preventDefault();
    if (event.submitter?.value === "plan") makePlan(libraryAsked());
    else checkLibrary();
  };
  byId("runs").ontoggle = () => byId("runs").open && showRuns(byId("run-list"));
  byId("open-another").onclick = () => mayLeave() && home();
  byId("show-help").onclick = help;
  addEventListener("beforeunload", (event) => view?.unsaved && event.preventDefault());
}

async function begin() {
  listenToButtons();
  dropping();
  listen(() => view);
  try {
    if (!(await logIn())) {
      locked("This page needs the address that `reflint serve` printed: it holds a code that logs it in, once.");
      return;
    }
    rules = new Map((await get("/v1/rules")).rules.map((rule) => [rule.id, rule]));
    home();
  } catch (error) {
    if (error instanceof Refusal) locked(error.message);
    else throw error;
  }
}

begin();
