// One's days and contacts in programs of one's own, read by a parser that others use (ical.js, as in Thunderbird).

import assert from "node:assert/strict";
import test from "node:test";
import ICAL from "ical.js";
import { theDemo, visit, visitAs } from "../house.mjs";

/** Makes an address and answers its path. */
async function address(page, { tasks = false, reduced = false } = {}) {
  await page.goto("/calendar");
  if (tasks) await page.locator('label:has(input[value="tasks"])').click();
  if (reduced) await page.locator('input[name="reduced"]').check();
  await page.locator('form[action="/calendar"] button').click();
  return new URL(await page.locator("main input[readonly]").inputValue()).pathname;
}

async function read(page, path, kind) {
  const answer = await page.request.get(path);
  assert.equal(answer.status(), 200);
  assert.match(answer.headers()["content-type"], /^text\/calendar/);
  const text = await answer.text();
  const whole = new ICAL.Component(ICAL.parse(text));
  assert.equal(whole.getFirstPropertyValue("version"), "2.0");
  return { text, entries: whole.getAllSubcomponents(kind) };
}

test("a calendar program reads the next contacts and promises, by a secret address that can be revoked", async () => {
  const page = await visitAs("member");
  // something promised, so that there is a day for it
  await page.goto("/members?kind=person");
  const own = await page.evaluate(() => [...document.links].map((link) => link.pathname).filter((path) => /^\/members\/mem_/.test(path)));
  await page.goto("/joining/me");
  const me = await page.locator('main a[href^="/members/mem_"]').first().getAttribute("href");
  const [, , other] = own.find((path) => path !== me).split("/");
  await page.goto(`/promises/new?with=${other}`);
  await page.locator(".chip").first().click();
  await page.locator('input[name="what"]').fill("ยกเก้าอี้ไปวัด, สี่สิบตัว; ก่อนเพลทอดผ้าป่าสามัคคีของหมู่บ้านดอนแก้วเหนือ");
  await page.locator('input[name="due"]').fill(new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10));
  await page.locator("main form button").first().click();
  await page.waitForURL(/\/promises\/prm_/);

  const stranger = await visit((await theDemo()).origin);
  const days = await address(page);
  const { text, entries } = await read(stranger, days, "vevent");
  assert.ok(entries.length >= 2, "contacts and promises");
  const uids = new Set();
  for (const entry of entries) {
    const event = new ICAL.Event(entry);
    uids.add(event.uid);
    assert.ok(event.startDate.isDate && !event.isRecurring(), "a whole day, without a rule");
    assert.equal(event.duration.toSeconds(), 86_400);
    assert.equal(entry.getFirstPropertyValue("transp"), "TRANSPARENT");
    assert.ok(event.sequence >= 0 && entry.getFirstPropertyValue("dtstamp").toJSDate() <= new Date());
    assert.ok(entry.getFirstPropertyValue("url").startsWith("http"));
  }
  assert.equal(uids.size, entries.length, "each of its own");
  for (const line of text.split("\r\n")) assert.ok(Buffer.byteLength(line) <= 75, line);
  const again = await read(stranger, days, "vevent");
  assert.deepEqual(new Set(again.entries.map((one) => one.getFirstPropertyValue("uid"))), uids, "and the same tomorrow");

  const tasks = await address(page, { tasks: true, reduced: true });
  const quiet = await read(stranger, tasks, "vtodo");
  assert.equal(quiet.entries.length, entries.length);
  const titles = entries.map((entry) => new ICAL.Event(entry).summary);
  for (const entry of quiet.entries) {
    assert.ok(entry.getFirstPropertyValue("due").isDate && !entry.getFirstProperty("url"));
    assert.equal(entry.getFirstPropertyValue("status"), "NEEDS-ACTION");
    assert.ok(!titles.includes(entry.getFirstPropertyValue("summary")), "no name");
  }
  assert.doesNotMatch(quiet.text, /เก้าอี้|mem_|http/);

  await page.goto("/calendar");
  await page.locator('form[action="/calendar/revoke"] button').click();
  for (const path of [days, tasks, "/calendar/0123.ics"]) {
    assert.equal((await stranger.request.get(path)).status(), 404);
  }
  await stranger.farewell();
  await page.farewell();
});

test("an address book reads one's contacts as cards", async () => {
  const page = await visitAs("member");
  const answer = await page.request.get("/calendar/contacts.vcf");
  assert.match(answer.headers()["content-type"], /^text\/vcard/);
  const text = await answer.text();
  const parsed = ICAL.parse(text);
  const cards = (typeof parsed[0] === "string" ? [parsed] : parsed).map((card) => new ICAL.Component(card));
  assert.ok(cards.length > 3);
  for (const card of cards) {
    assert.equal(card.getFirstPropertyValue("version"), "4.0");
    assert.ok(card.getFirstPropertyValue("fn").length > 1 && card.getFirstPropertyValue("uid"));
    assert.match(String(card.getFirstPropertyValue("x-saan-cadence")), /^P\d+D$/);
  }
  assert.ok(cards.some((card) => card.getFirstPropertyValue("kind") === "individual" && card.getFirstPropertyValue("n").length >= 4));
  const stranger = await visit((await theDemo()).origin);
  assert.equal((await stranger.request.get("/calendar/contacts.vcf", { maxRedirects: 0 })).status(), 303);
  await stranger.farewell();
  await page.farewell();
});
