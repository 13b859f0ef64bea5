"use strict";
/* The client: where it speaks to, what it asks, and what it says when it is refused. */

const assert = require("node:assert/strict");
const { beforeEach, test } = require("node:test");
const { Client, loopback, parts, MOST_TEXT } = require("../modules/client.js");
const { fakeZotero } = require("./fake-zotero.js");

let asked;

beforeEach(() => {
  globalThis.Zotero = fakeZotero();
  asked = [];
});

/** A client whose requests are answered from a list. */
function client(...answers) {
  const request = async (method, url, options) => {
    asked.push({ method, url, ...options });
    const { status = 200, response = null, headers = {} } = answers.shift();
    return { status, response, getResponseHeader: (name) => headers[name] ?? null };
  };
  return new Client({ address: "http://127.0.0.1:27467/", token: "secret", request, delay: async () => {} });
}

test("only addresses of this computer are spoken to", () => {
  assert.equal(loopback(" http://127.0.0.1:27467/ "), "http://127.0.0.1:27467");
  assert.equal(loopback("http://localhost:1"), "http://localhost:1");
  assert.equal(loopback("https://[::1]:27467"), "https://[::1]:27467");
  const others = [
    "",
    "127.0.0.1:27467",
    "ftp://127.0.0.1",
    "http://example.org",
    "http://127.0.0.1.example.org",
    "http://127.0.0.1@example.org",
    "http://user:word@127.0.0.1",
    "http://127.0.0.1/v1",
    "http://192.168.1.2",
    "http://0.0.0.0",
  ];
  for (const address of others) {
    assert.throws(() => loopback(address), { id: "reflint-fault-address" }, address);
  }
});

test("the token goes with each question but the one for health, and never into the address", async () => {
  const one = client({ response: { name: "reflint", version: "1", api: "1" } }, { response: { rules: [] } });
  await one.health();
  await one.rules();
  assert.equal(asked[0].headers.Authorization, undefined);
  assert.equal(asked[1].headers.Authorization, "Bearer secret");
  assert.ok(asked.every(({ url, headers }) => !url.includes("secret") && headers["X-Reflint-Client"]));
  assert.ok(asked.every(({ followRedirects }) => followRedirects === false));
});

test("findings of several requests have the numbers of all records", async () => {
  const big = { title: "x".repeat(MOST_TEXT - 100) };
  const finding = (index) => ({ rule: "A", record: { index } });
  const one = client({ response: { findings: [finding(0), finding(null)] } }, { response: { findings: [finding(1)] } });
  const found = await one.lint([big, big, { title: "y" }], {});
  assert.deepEqual(found.map(({ record }) => record.index), [0, null, 2]);
  assert.equal(asked.length, 2);
});

test("records are parted without loss", () => {
  const records = Array.from({ length: 50 }, (_, number) => ({ number, text: "x".repeat(MOST_TEXT / 7) }));
  const found = [...parts(records)];
  assert.deepEqual(found.flat(), records);
  assert.ok(found.every((part) => JSON.stringify(part).length < MOST_TEXT + 100));
  assert.deepEqual([...parts([])], []);
});

test("a job is asked after until it is done, then forgotten", async () => {
  const done = { response: { state: "done", result: { findings: [{ rule: "A", record: { index: 3 } }] } } };
  const one = client(
    { status: 202, response: { job: "j1" } },
    { response: { state: "queued", progress: { done: 0, total: 0, phase: "" } } },
    { response: { state: "running", progress: { done: 500, total: 900, phase: "" } } },
    done,
    { status: 200 },
  );
  const told = [];
  const found = await one.lint(Array(9).fill({}), {}, { progress: (count) => told.push(count) });
  assert.deepEqual(found.map(({ rule }) => rule), ["A"]);
  assert.deepEqual(told, [0, 5, 9]);
  assert.deepEqual([asked.at(-1).method, asked.at(-1).url], ["DELETE", "http://127.0.0.1:27467/v1/jobs/j1"]);
});

test("a cancelled check cancels the job", async () => {
  const one = client({ status: 202, response: { job: "j1" } }, { response: { state: "running" } }, { status: 204 });
  await assert.rejects(one.lint([{}], {}, { cancelled: () => true }), { id: "reflint-fault-cancelled" });
  assert.equal(asked.at(-1).method, "DELETE");
});

test("a busy backend is asked again, but not for ever", async () => {
  const busy = { status: 503, headers: { "Retry-After": "2" } };
  assert.deepEqual(await client(busy, busy, { response: { rules: [1] } }).rules(), [1]);
  await assert.rejects(client(busy, busy, busy, busy, busy).rules(), { id: "reflint-fault-busy" });
});

test("what goes wrong has words", async () => {
  const cases = [
    [{ status: 401 }, "reflint-fault-token"],
    [{ status: 0 }, "reflint-fault-no-backend"],
    [{ status: 307 }, "reflint-fault-refused"],
    [{ status: 422, response: { title: "Unprocessable", detail: "no such rule" } }, "reflint-fault-refused"],
  ];
  for (const [answer, id] of cases) {
    await assert.rejects(client(answer).rules(), { id });
  }
  await assert.rejects(client({ response: { name: "other" } }).health(), { id: "reflint-fault-not-reflint" });
  const wrong = { detail: "not as the API has it", errors: [{ at: "records/3", message: "Input should be an object" }] };
  await assert.rejects(client({ status: 422, response: wrong }).rules(), {
    args: { status: 422, detail: "not as the API has it; records/3: Input should be an object" },
  });
  const failure = { response: { state: "failed", error: { detail: "too slow" } } };
  const failed = client({ status: 202, response: { job: "j" } }, failure, {});
  await assert.rejects(failed.lint([{}], {}), { id: "reflint-fault-job", args: { detail: "too slow" } });
});

test("nobody there", async () => {
  const request = async () => {
    throw new Error("NS_ERROR_CONNECTION_REFUSED");
  };
  const one = new Client({ address: "http://localhost:1", token: "", request, delay: async () => {} });
  await assert.rejects(one.rules(), { id: "reflint-fault-no-backend", args: { address: "http://localhost:1" } });
});
