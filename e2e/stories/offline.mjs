// Without a signal: what was seen is there, what is entered waits on the phone, over a restart, and arrives once.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { phone, signIn, start } from "../house.mjs";

/** A line between phone and server that can be cut: nothing answers then, as in the hills. */
async function cable(server) {
  const { port } = new URL(server.origin);
  const open = new Set();
  let line;
  const on = (at = 0) => new Promise((resolve) => {
    line = net.createServer((near) => {
      const far = net.connect(Number(port), "127.0.0.1");
      for (const [one, other] of [[near, far], [far, near]]) {
        open.add(one);
        one.unref();
        one.on("error", () => other.destroy()).on("close", () => { open.delete(one); other.destroy(); });
        one.on("data", (words) => {
          if (!deaf) other.write(words);
          else if (one === near) other.write(words);
          else if (String(words).startsWith("HTTP/1.1 303")) hear();
        });
      }
    });
    // neither the line nor what runs through it keeps the tests from ending
    line.unref();
    line.listen(at, "127.0.0.1", () => resolve(line.address().port));
  });
  const here = await on();
  // from now on what the phone says is heard, and no answer comes back
  let deaf = false;
  let hear;
  const heard = new Promise((resolve) => { hear = resolve; });
  const cut = () => new Promise((resolve) => {
    line.close(resolve);
    for (const one of open) one.destroy();
  });
  const mend = () => {
    deaf = false;
    return on(here);
  };
  return { origin: `http://127.0.0.1:${here}`, cut, mend, deaf: () => { deaf = true; }, heard: () => heard };
}

const waiting = (page) => page.locator("[data-list] > li");

/** Opens a page until the worker has kept it, and the page of what waits. */
async function kept(page, address) {
  await page.goto(address);
  await page.evaluate(() => navigator.serviceWorker.ready);
  // a page that was on its way while the worker woke is not its own; the next one is
  for (let looks = 0; looks < 120; looks += 1) {
    await page.goto(address);
    const both = await page.evaluate(async (address) => {
      for (const name of await caches.keys()) {
        const room = name.startsWith("pages-") && await caches.open(name);
        if (room && await room.match(address) && await room.match("/offline")) return true;
      }
      return false;
    }, address);
    if (both) return;
    await page.waitForTimeout(250);
  }
  assert.fail(`${address} is not kept`);
}

const cards = (page) => page.locator("main li.card", { has: page.locator('form[action^="/ties/contact/"]') });

/** The second of two taps: talked with the n-th person who is due, by this way. Answers their name and page. */
async function talked(page, n, way) {
  const card = cards(page).nth(n);
  const form = card.locator('form[action^="/ties/contact/"]').first();
  const id = (await form.getAttribute("action")).split("/").pop();
  const name = (await card.locator("h2").innerText()).trim();
  await card.locator("details").first().locator("summary").click();
  await form.locator(`button[value="${way}"]`).click();
  await page.waitForURL("**/offline?kept=1");
  await waiting(page).first().waitFor();
  return { id, name };
}

const lines = (page, count) => page.waitForFunction((count) => document.querySelectorAll("[data-list] > li").length === count, count);

/** How many phone calls the page of the tie tells of. */
async function calls(page, id) {
  await page.goto(`/ties/with/${id}`);
  return (await page.locator("main").innerText()).split("โทรศัพท์").length - 1;
}

test("a contact entered without a signal waits over a restart, is seen, and is there once", async () => {
  const server = await start("demo");
  const line = await cable(server);
  const profile = await mkdtemp(path.join(tmpdir(), "saan-phone-"));
  let page = await phone(profile, line.origin);
  await signIn(page, "member", "saan-demo");
  await page.goto("/today");
  const id = (await cards(page).first().locator("form").first().getAttribute("action")).split("/").pop();
  const before = await calls(page, id);
  await kept(page, "/today");
  const seen = await page.locator("main").innerText();

  await line.cut();
  await page.goto("/today");
  await page.locator(".waits:not([hidden])").waitFor();
  const below = (await page.locator("main").innerText()).replace(await page.locator(".waits").innerText(), "").trim();
  assert.equal(below, seen.trim(), "below that line the page as it was seen last");
  assert.match(await page.locator(".waits").innerText(), /ไม่มีสัญญาณ/);
  const first = await talked(page, 0, "phone");
  assert.equal(first.id, id);
  await lines(page, 1);
  assert.ok((await waiting(page).innerText()).includes(first.name), "it says with whom");

  // a second one, which is taken back
  await page.goto("/today");
  await talked(page, 0, "line");
  await lines(page, 2);
  await waiting(page).nth(1).getByRole("button", { name: "ไม่ต้องส่ง" }).click();
  await lines(page, 1);

  // the phone goes off and on again, still without a signal
  await page.context().close();
  page = await phone(profile, line.origin);
  await page.goto("/offline");
  await lines(page, 1);
  assert.ok((await waiting(page).innerText()).includes(first.name));

  await line.mend();
  await page.goto("/today");
  await page.goto("/offline");
  await page.locator("[data-none]:not([hidden])").waitFor();
  assert.equal(await calls(page, id), before + 1);
  await page.goto("/today");
  assert.equal(await cards(page).filter({ hasText: first.name }).count(), 0, "it moved the rhythm");
  await page.goto("/offline");
  assert.equal(await calls(page, id), before + 1, "once");
  await page.context().close();
  await rm(profile, { recursive: true, force: true });
});

/** The first page of a list that a link with these words leads to. */
async function leads(page, list, words) {
  await page.goto(list);
  return new URL(await page.locator("main a", { hasText: words }).first().getAttribute("href"), page.url()).pathname;
}

const times = async (page, address, words) => {
  await page.goto(address);
  return (await page.locator("main").innerText()).split(words).length - 1;
};

test("a promise kept and thanks written without a signal wait over a restart, and each is there once", async () => {
  const server = await start("demo");
  const line = await cable(server);
  const profile = await mkdtemp(path.join(tmpdir(), "saan-phone-"));
  const word = "ส่งสรุปบทความเรื่องแผลเบาหวาน";
  const thanks = "ขอบคุณที่พาหนูไปถึงเตียงคนไข้";
  let page = await phone(profile, line.origin);
  await signIn(page, "member", "saan-demo");
  const promise = await leads(page, "/promises", word);
  const helped = await leads(page, "/exchanges", "พาไปรู้จักทีมดูแลแผลของโรงพยาบาล");
  assert.equal(await times(page, "/exchanges", word), 0);
  await kept(page, promise);
  await kept(page, helped);

  await line.cut();
  await page.goto(promise);
  await page.locator('form[action^="/exchanges/kept/"] button').click();
  await page.waitForURL("**/offline?kept=1");
  await lines(page, 1);
  await page.goto(helped);
  const form = page.locator('form[action$="/thanks"]');
  if (!(await form.isVisible())) await page.locator("details", { has: form }).locator("summary").click();
  await form.locator('input[name="words"]').fill(thanks);
  await form.locator("button").click();
  await page.waitForURL("**/offline?kept=1");
  await lines(page, 2);

  // the phone goes off and on again, still without a signal
  await page.context().close();
  page = await phone(profile, line.origin);
  await page.goto("/offline");
  await lines(page, 2);
  const shown = await waiting(page).allInnerTexts();
  assert.ok(shown.some((one) => one.includes(thanks)), `the words that wait are seen: ${shown}`);
  assert.ok(shown.some((one) => one.includes(word)), `and which promise was kept: ${shown}`);

  await line.mend();
  await page.goto("/today");
  await page.goto("/offline");
  await page.locator("[data-none]:not([hidden])").waitFor();
  for (let looks = 0; looks < 2; looks += 1) {
    assert.equal(await times(page, "/exchanges", word), 1, "what was promised was given, once");
    assert.equal(await times(page, helped, thanks), 1, "and the thanks are there, once");
    await page.goto("/offline");
  }
  await page.goto(promise);
  assert.equal(await page.locator('form[action^="/exchanges/kept/"]').count(), 0, "nobody is asked for it again");
  await page.context().close();
  await rm(profile, { recursive: true, force: true });
});

test("an answer that was lost on the way does not make a second contact", async () => {
  const server = await start("demo");
  const line = await cable(server);
  const profile = await mkdtemp(path.join(tmpdir(), "saan-phone-"));
  const page = await phone(profile, line.origin);
  await signIn(page, "member", "saan-demo");
  await kept(page, "/today");
  const card = cards(page).first();
  const form = card.locator('form[action^="/ties/contact/"]').first();
  const id = (await form.getAttribute("action")).split("/").pop();
  const before = await calls(page, id);
  await kept(page, "/today");
  // the form arrives, its answer does not
  line.deaf();
  await cards(page).first().locator("details").first().locator("summary").click();
  await cards(page).first().locator('button[value="phone"]').first().click({ noWaitAfter: true });
  await line.heard();
  await line.cut();
  await page.waitForURL("**/offline?kept=1");
  await lines(page, 1);
  await line.mend();
  await page.goto("/today");
  await page.goto("/offline");
  await page.locator("[data-none]:not([hidden])").waitFor();
  assert.equal(await calls(page, id), before + 1);
  await page.context().close();
  await rm(profile, { recursive: true, force: true });
});

/** What the device still holds. */
const left = (page) => page.evaluate(async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("pages-"));
  const db = await new Promise((resolve) => {
    const asked = indexedDB.open("saan", 1);
    asked.onsuccess = () => resolve(asked.result);
  });
  const waiting = await new Promise((resolve) => {
    const asked = db.transaction("waiting").objectStore("waiting").count();
    asked.onsuccess = () => resolve(asked.result);
  });
  db.close();
  return { pages: names.length, waiting };
});

test("the next person on a phone sees nothing of the one before, and signing out leaves nothing", async () => {
  const server = await start("demo");
  const line = await cable(server);
  const profile = await mkdtemp(path.join(tmpdir(), "saan-phone-"));
  const page = await phone(profile, line.origin);
  await signIn(page, "member", "saan-demo");
  await kept(page, "/today");
  await line.cut();
  await page.goto("/today");
  const { id } = await talked(page, 0, "phone");

  // the session is gone, and somebody else signs in on this phone
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await line.mend();
  await signIn(page, "coordinator", "saan-demo");
  await kept(page, "/today");
  await page.goto("/offline");
  await page.locator("[data-none]:not([hidden])").waitFor();
  assert.equal(await waiting(page).count(), 0, "what another entered is not theirs to see or send");
  assert.deepEqual(await left(page), { pages: 1, waiting: 1 }, "pages of one person alone");
  await line.cut();
  await page.goto("/promises");
  assert.doesNotMatch(await page.locator("main").innerText(), /คำรับปากของ/, "no page of the other");
  await line.mend();

  // whoever entered it comes back, and it goes
  await page.context().clearCookies();
  await page.context().addCookies(cookies);
  await kept(page, "/today");
  await page.goto("/offline");
  await page.locator("[data-none]:not([hidden])").waitFor();
  assert.ok((await calls(page, id)) > 0);

  // signing out asks where something waits, and then throws all of it away, with or without a signal
  await kept(page, "/today");
  const own = await page.context().newPage();
  await own.goto("/joining/me");
  await line.cut();
  await page.goto("/today");
  await talked(page, 0, "phone");
  await own.waitForFunction(() => document.documentElement.dataset.waiting === "1");
  const asked = new Promise((resolve) => own.once("dialog", (dialog) => {
    resolve(dialog.message());
    dialog.accept();
  }));
  await own.locator('form[action="/joining/sign-out"] button').click();
  assert.match(await asked, /รอส่ง/);
  await own.locator("h1", { hasText: "ไม่มีสัญญาณ" }).waitFor();
  await page.goto("/today");
  assert.equal(await page.locator("main").count(), 0, "nothing of what was seen");
  await line.mend();
  await page.goto("/today");
  await page.waitForURL("**/joining/sign-in**");
  assert.deepEqual(await left(page), { pages: 0, waiting: 0 });
  await page.context().close();
  await rm(profile, { recursive: true, force: true });
});

test("a phone may put it on its first screen, and it weighs little", async () => {
  const server = await start("demo");
  const profile = await mkdtemp(path.join(tmpdir(), "saan-phone-"));
  const page = await phone(profile, server.origin);
  await signIn(page, "member", "saan-demo");
  await kept(page, "/today");
  const session = await page.context().newCDPSession(page);
  const { url, errors, data } = await session.send("Page.getAppManifest");
  assert.ok(url.endsWith("/manifest.webmanifest") && errors.length === 0, JSON.stringify(errors));
  const manifest = JSON.parse(data);
  assert.equal(manifest.start_url, "/today");
  for (const icon of manifest.icons) {
    const answer = await page.request.get(icon.src);
    assert.equal(answer.headers()["content-type"], icon.type);
  }
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  assert.deepEqual(installabilityErrors.filter((one) => one.errorId !== "in-incognito"), []);
  // all that a page needs, as large as it is before it is packed for the wire
  const heavy = await page.evaluate(() => [...performance.getEntriesByType("resource"), ...performance.getEntriesByType("navigation")]
    .reduce((sum, one) => sum + one.decodedBodySize, 0));
  assert.ok(heavy > 1_000 && heavy < 100_000, `${heavy} bytes`);
  await page.context().close();
  await rm(profile, { recursive: true, force: true });
});

test("what is pushed to a phone is shown once, with its reason, its matter and a button that turns it off", async () => {
  const server = await start("demo");
  const profile = await mkdtemp(path.join(tmpdir(), "saan-phone-"));
  const page = await phone(profile, server.origin);
  await page.context().grantPermissions(["notifications"], { origin: server.origin });
  await signIn(page, "member", "saan-demo");
  await kept(page, "/today");
  const session = await page.context().newCDPSession(page);
  const registered = new Promise((resolve) => session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    const own = registrations.find((one) => one.scopeURL.startsWith(server.origin));
    if (own) resolve(own.registrationId);
  }));
  await session.send("ServiceWorker.enable");
  const registrationId = await registered;
  // The browser forgets a notification that is in its book and not yet on the screen when somebody asks for all of
  // them, so nobody asks before it says that it is there.
  let displayed = 0;
  session.on("BackgroundService.backgroundServiceEventReceived", ({ backgroundServiceEvent: { eventName } }) => {
    displayed += eventName === "Notification displayed" ? 1 : 0;
  });
  await session.send("BackgroundService.setRecording", { shouldRecord: true, service: "notifications" });
  await session.send("BackgroundService.startObserving", { service: "notifications" });
  const push = async (message) => {
    const before = displayed;
    await session.send("ServiceWorker.deliverPushMessage", { origin: server.origin, registrationId, data: JSON.stringify(message) });
    for (const until = Date.now() + 30_000; displayed === before; await page.waitForTimeout(50)) {
      assert.ok(Date.now() < until, `not shown: ${message.title}`);
    }
    assert.equal(displayed, before + 1, "shown once");
    return page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications())
      .map(({ title, body, tag, lang, data, actions }) => ({ title, body, tag, lang, data, actions: actions.map((one) => one.title) })));
  };
  const message = {
    title: "มี 1 เรื่องถึงคุณ", body: "เพราะเปิดการแจ้งเตือนบนเครื่องนี้", tag: "one", lang: "th",
    url: `${server.origin}/notices`, off: [`${server.origin}/notices/off/0123`, "หยุดรับ"],
  };
  assert.deepEqual(await push(message), [{
    title: message.title, body: message.body, tag: "one", lang: "th",
    data: { url: message.url, off: message.off[0] }, actions: ["หยุดรับ"],
  }]);
  // the same letter once more takes the place of the first
  const again = await push({ ...message, title: "มี 1 เรื่องถึงคุณแล้ว" });
  assert.deepEqual(again.map((one) => one.title), ["มี 1 เรื่องถึงคุณแล้ว"]);
  assert.deepEqual((await push({ ...message, tag: "two" })).map((one) => one.tag).sort(), ["one", "two"]);
  await page.context().close();
  await rm(profile, { recursive: true, force: true });
});
