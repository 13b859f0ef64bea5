// The backend's HTTP API: the session, requests, jobs and their progress, problems in words.

const CSRF = "X-Reflint-CSRF";
const STORED = "reflint-csrf";
const PATIENCE = [100, 150, 250, 400, 700, 1000]; // milliseconds between two questions about a job

/** What the backend refused, in its words. `status` 0: it did not answer. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Exchanges the code in the address for a session; whether there is one. The code leaves the address bar at once. */
export async function logIn() {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code === null) return sessionStorage.getItem(STORED) !== null;
  history.replaceState(null, "", location.pathname);
  const answer = await request("POST", "/v1/login", json({ code }));
  sessionStorage.setItem(STORED, answer.headers.get(CSRF));
  return true;
}

/** An answer's JSON. */
export async function get(path) {
  return (await request("GET", path)).json();
}

/** An answer's JSON to a JSON body. */
export async function post(path, body, signal) {
  return (await request("POST", path, json(body), signal)).json();
}

/** A file that the backend makes: its bytes, its name and the headers. `body` absent: it is got. */
export async function download(path, body) {
  const answer = await (body === undefined ? request("GET", path) : request("POST", path, json(body)));
  return { blob: await answer.blob(), name: nameIn(answer.headers), headers: answer.headers };
}

/** Begins the checking of a file by the rules of a profile; the id of its job. */
export async function upload(file, profile) {
  const query = new URLSearchParams({ name: file.name, profile });
  const body = { body: file, headers: { "Content-Type": "application/octet-stream" } };
  return (await (await request("POST", `/v1/documents?${query}`, body)).json()).job;
}

/** Stops a job, or removes one that is over. */
export async function remove(job) {
  await request("DELETE", `/v1/jobs/${job}`);
}

/**
 * The result of a job. `onprogress` is told {done, total, phase}; `live`: by the stream of its events, as long as that
 * lasts. Asking now and then tells the same.
 */
export async function finished(job, onprogress, { signal, live = false } = {}) {
  if (live) await listened(job, onprogress, signal);
  for (let times = 0; ; times += 1) {
    const facts = await (await request("GET", `/v1/jobs/${job}`, {}, signal)).json();
    if (facts.state === "done") return facts.result;
    if (facts.state === "failed") throw new Refusal(facts.error?.status ?? 500, facts.error?.detail ?? "it failed");
    if (facts.state === "cancelled") throw new Refusal(0, "It was cancelled.");
    onprogress(facts.progress);
    await pause(PATIENCE[Math.min(times, PATIENCE.length - 1)], signal);
  }
}

async function listened(job, onprogress, signal) {
  try {
    const answer = await request("GET", `/v1/jobs/${job}/events`, {}, signal);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let held = ""; ;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (held + value).split("\n\n");
      held = blocks.pop();
      for (const block of blocks) {
        const { event, data } = told(block);
        if (event === "progress") onprogress(JSON.parse(data));
      }
    }
  } catch (error) {
    if (signal?.aborted) throw error; // otherwise: whoever cannot listen asks
  }
}

function told(block) {
  const fields = block.split("\n").map((line) => line.split(/: ?(.*)/s));
  return Object.fromEntries(fields.map(([name, value]) => [name, value]));
}

function json(body) {
  return { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

async function request(method, path, { body, headers = {} } = {}, signal) {
  const all = { ...headers, "X-Reflint-Client": "review-page" };
  if (method !== "GET") all[CSRF] = sessionStorage.getItem(STORED) ?? "";
  let answer;
  try {
    answer = await fetch(path, { method, body, headers: all, signal, cache: "no-store" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refusal(0, "The backend does not answer. Is `reflint serve` still running?");
  }
  if (answer.ok) return answer;
  throw new Refusal(answer.status, await reason(answer));
}

async function reason(answer) {
  try {
    const problem = await answer.json();
    const places = (problem.errors ?? []).map((one) => `${one.at}: ${one.message}`);
    return [problem.detail ?? problem.title, ...places].join("; ");
  } catch {
    return `the backend answered ${answer.status}`;
  }
}

function nameIn(headers) {
  const given = headers.get("Content-Disposition") ?? "";
  const coded = /filename\*=utf-8''([^;]+)/i.exec(given);
  return coded ? decodeURIComponent(coded[1]) : (/filename="([^"]*)"/.exec(given)?.[1] ?? "repaired");
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}
