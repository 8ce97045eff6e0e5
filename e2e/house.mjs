// What every story stands in: the program as it is built, one browser for all, and pages that watch themselves.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

const here = path.dirname(new URL(import.meta.url).pathname);
const program = process.env.SAAN_PROGRAM ?? path.join(here, "../target/debug/saan");
const fixtures = path.join(here, "../crates/formats/tests/data");

export const fixture = (name) => path.join(fixtures, name);

/** The line of thai.md that stacks marks above and below: what clips Thai clips this. */
export const STACKED = "น้ำ กู่ ฎี ปั๊ก ตี่ นี้ เอึ่ง ญู่ ฐู่ ป้ำ จ่ำ ก็";

let browser;
const servers = [];
const phones = [];

const chosen = {
  executablePath: process.env.SAAN_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--font-render-hinting=none",
  ],
};

export async function open() {
  browser = await chromium.launch(chosen);
}

/** A phone of somebody's own: what it keeps in the folder `profile` is there again when it is switched on again. */
export async function phone(profile, origin) {
  const context = await chromium.launchPersistentContext(profile, {
    ...chosen, baseURL: origin, viewport: { width: 360, height: 740 }, locale: "th-TH", reducedMotion: "reduce",
  });
  context.setDefaultTimeout(60000);
  phones.push(context);
  return context.pages()[0] ?? context.newPage();
}

export async function close() {
  await browser?.close();
  for (const one of phones) await one.close().catch(() => {});
  for (const server of servers) await server.stop();
}

/** Starts the program in a folder of its own, on a free port; `origin` is where it answers, `link` what it printed. */
export async function start(command, ...more) {
  const data = await mkdtemp(path.join(tmpdir(), "saan-e2e-"));
  const child = spawn(program, [command, "--listen", "127.0.0.1:0", "--data", data, ...more], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const server = {
    said: () => said,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      await rm(data, { recursive: true, force: true });
    },
  };
  servers.push(server);
  const awaited = command === "serve" ? /http\S+\/joining\/setup\/\S+/ : /http:\/\/\S+/;
  await new Promise((resolve, reject) => {
    const hear = (words) => {
      said += words;
      if (awaited.test(said)) resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (code) => reject(new Error(`${command} ended with ${code}: ${said}`)));
  });
  server.origin = said.match(/http:\/\/[^\s/]+/)[0];
  server.link = said.match(awaited)[0];
  return server;
}

// one demo for all stories that only need somebody who is there already
let demo;
export async function theDemo() {
  demo ??= await start("demo");
  return demo;
}

/**
 * A page of one visitor. It remembers what must not happen on any page: errors in the console (a breach of the content
 * policy is one), scripts that fail, and requests that leave the host. `farewell` asks for them and closes.
 */
export async function visit(origin, { width = 360, height = 740, scheme = "light", scripts = true, lang, cookies } = {}) {
  const context = await browser.newContext({
    baseURL: origin, viewport: { width, height }, colorScheme: scheme, javaScriptEnabled: scripts,
    locale: lang === "en" ? "en-US" : "th-TH", reducedMotion: "reduce", acceptDownloads: true,
  });
  if (cookies) await context.addCookies(cookies);
  if (lang) await context.addCookies([{ name: "saan_lang", value: lang, url: origin }]);
  // no test is about time: a busy machine may take its own
  context.setDefaultTimeout(Number(process.env.SAAN_PATIENCE ?? 120000));
  const faults = [];
  const page = await context.newPage();
  page.on("console", (message) => {
    // the browser notes answers such as 404 too, which a story may well ask for
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      faults.push(`${page.url()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(data|blob|about):/.test(url)) faults.push(`left the host: ${url}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
  });
  page.faults = faults;
  page.farewell = async () => {
    await context.close();
    assert.deepEqual(faults, []);
  };
  return page;
}

const signedIn = new Map();

/** A page of somebody of the demo, signed in through the form the first time and by the cookie from then on. */
export async function visitAs(name, options = {}) {
  const { origin } = await theDemo();
  if (!signedIn.has(name)) {
    const page = await visit(origin);
    await signIn(page, name, "saan-demo");
    signedIn.set(name, (await page.context().cookies()).filter((cookie) => cookie.name !== "saan_lang"));
    await page.farewell();
  }
  return visit(origin, { ...options, cookies: signedIn.get(name) });
}

export async function signIn(page, name, password) {
  await page.goto("/joining/sign-in");
  await page.locator('input[name="name"]').fill(name);
  await page.locator('input[name="password"]').fill(password);
  await page.locator('form[action="/joining/sign-in"] button').click();
  await page.waitForURL("**/today");
}

/** Somebody new, who came into the demo's network by an invitation of its coordinator; their page stands at Today. */
export async function newcomer(nickname, login) {
  const { origin } = await theDemo();
  const host = await visitAs("coordinator");
  await host.goto("/joining/invite");
  await host.locator('form[action="/joining/invite"] button').click();
  const link = await host.locator('main a[href*="/joining/i/"]').first().getAttribute("href");
  await host.farewell();
  const page = await visit(origin);
  await page.goto(link);
  await page.locator('input[name="nickname"]').fill(nickname);
  await page.locator('input[name="name"]').fill(`${nickname} ใจงาม`);
  await page.locator('input[name="login"]').fill(login);
  await page.locator('input[name="password"]').fill("ฝนตกหนักที่ดอยเมื่อคืน");
  await page.locator('input[name="consent"]').check();
  await page.locator("main form button").click();
  await page.waitForURL("**/today");
  return page;
}

/** The path of one's own page. */
export async function own(page) {
  await page.goto("/joining/me");
  return page.locator('main a[href^="/members/mem_"]').first().getAttribute("href");
}

/** Says on one's own page who one is, and one thing one can do or would learn, by its category. */
export async function says(page, { bio, can, learn }) {
  await page.goto(`${await own(page)}/edit`);
  await page.locator('textarea[name="bio"]').fill(bio);
  for (const [name, category] of [["can", can], ["learn", learn]]) {
    if (!category) continue;
    const box = page.locator(`input[name="${name}"][value="${category}"]`);
    await page.locator("details details", { has: box }).locator("summary").click();
    await page.locator("label.chip", { has: box }).click();
  }
  await page.locator("main form button:not(.unseen)", { hasText: "บันทึก" }).click();
  await page.waitForURL(/\/members\/mem_[^/]+$/);
}

/** The card of today whose heading says so. */
export async function today(page, title) {
  await page.goto("/today");
  const card = page.locator("main li.card", { has: page.locator("h2", { hasText: title }) }).first();
  assert.equal(await card.count(), 1, `${title} in ${await page.locator("main").innerText()}`);
  return card;
}
