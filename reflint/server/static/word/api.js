/* The backend, which also serves this page: logging in with a one-time code, uploading, asking after a job. */

const CLIENT = "word-pane";
const CSRF = "X-Reflint-CSRF";
const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/** Survives the closing of the pane, as the cookie does; without the cookie, which no script can read, it is worth nothing. */
const KEPT = "reflint-csrf";

/** What the backend refused, in its own words. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Whether the session of an earlier opening of the pane still holds. */
export async function loggedIn() {
  if (!localStorage.getItem(KEPT)) {
    return false;
  }
  try {
    await ask("GET", "/v1/config/schema");
    return true;
  } catch (error) {
    if (error.status === 401) {
      return false;
    }
    throw error;
  }
}

/** Exchanges a one-time code, or the address that ends in it, for a session. */
export async function logIn(text) {
  const code = text.trim().split("#code=").at(-1);
  const answer = await send("POST", "/v1/login", JSON.stringify({ code }), "application/json");
  localStorage.setItem(KEPT, answer.headers.get(CSRF) ?? "");
}

/**
 * Uploads a document and waits for its findings, which the backend then forgets.
 * @param {Blob} bytes
 * @param {string} name
 * @param {(done: number, total: number) => void} progress
 */
export async function check(bytes, name, progress) {
  const { job } = await ask("POST", `/v1/documents?name=${encodeURIComponent(name)}`, bytes, DOCX);
  try {
    for (let wait = 100; ; wait = Math.min(wait * 2, 1000)) {
      const found = await ask("GET", `/v1/jobs/${job}`);
      if (found.state === "done") {
        return found.result;
      }
      if (found.state === "failed" || found.state === "cancelled") {
        throw new Refused(found.error?.status ?? 0, found.error?.detail ?? `The check was ${found.state}.`);
      }
      progress(found.progress.done, found.progress.total);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  } finally {
    await ask("DELETE", `/v1/jobs/${job}`).catch(() => {}); // in time the backend forgets it anyway
  }
}

async function ask(method, path, body, type) {
  return (await send(method, path, body, type)).json();
}

async function send(method, path, body, type) {
  const headers = { Accept: "application/json", "X-Reflint-Client": CLIENT };
  if (type) {
    headers["Content-Type"] = type;
  }
  const csrf = localStorage.getItem(KEPT);
  if (csrf && method !== "GET") {
    headers[CSRF] = csrf;
  }
  let answer;
  try {
    answer = await fetch(path, { method, headers, body, credentials: "same-origin" });
  } catch {
    throw new Refused(0, "The backend does not answer. Start it with “reflint serve --word”.");
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, problem.detail ?? problem.title ?? `The backend refused (${answer.status}).`);
  }
  return answer;
}
