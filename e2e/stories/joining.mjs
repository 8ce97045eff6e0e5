// Coming in by a link, speaking for a group, settings, and going again with everything.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { signIn, theDemo, visit, visitAs } from "../house.mjs";

test("somebody comes in by an invitation, looks around, takes their data and leaves", async () => {
  const { origin } = await theDemo();
  const host = await visitAs("member");
  await host.goto("/joining/invite");
  await host.locator('textarea[name="message"]').fill("มาเล่าเรื่องดูแลคนเฒ่าคนแก่กัน");
  await host.locator('form[action="/joining/invite"] button').click();
  const link = await host.locator('main a[href*="/joining/i/"]').first().getAttribute("href");
  assert.ok(await host.locator(".qr svg").isVisible(), "a code to scan");
  await host.farewell();

  const guest = await visit(origin);
  await guest.goto(link);
  assert.match(await guest.locator("main").innerText(), /มาเล่าเรื่องดูแลคนเฒ่าคนแก่กัน/);
  await guest.locator('input[name="nickname"]').fill("อุ๊");
  await guest.locator('input[name="name"]').fill("อุไร ใจงาม");
  await guest.locator('input[name="login"]').fill("urai");
  await guest.locator('input[name="password"]').fill("ฝนตกหนักที่ดอยเมื่อคืน");
  await guest.locator("main form button").click();
  // nobody is shown to others before their consent is on record
  assert.equal(await guest.locator('[aria-invalid="true"]').getAttribute("name"), "consent");
  assert.equal(await guest.locator('input[name="nickname"]').inputValue(), "อุ๊");
  await guest.locator('input[name="password"]').fill("ฝนตกหนักที่ดอยเมื่อคืน");
  await guest.locator('input[name="consent"]').check();
  await guest.locator("main form button").click();
  await guest.waitForURL("**/today");
  assert.match(await guest.locator("h1").innerText(), /อุ๊/);
  await guest.goto("/members?kind=person");
  assert.ok((await guest.locator("main .card").count()) > 5);

  // everything that is kept about them, as a file
  await guest.goto("/joining/settings");
  await guest.locator('main a[href="/transfer/mine"]').click();
  assert.match(await guest.locator("main").innerText(), /อุไร ใจงาม/);
  const coming = guest.waitForEvent("download");
  await guest.locator('main a[href="/transfer/mine/json"]').click();
  const file = await readFile(await (await coming).path(), "utf8");
  assert.match(JSON.stringify(JSON.parse(file)), /อุไร ใจงาม/);

  await guest.goto("/joining/leave");
  await guest.locator('form[action="/joining/erase"] input[name="password"]').fill("ฝนตกหนักที่ดอยเมื่อคืน");
  await guest.locator('input[name="sure"]').check();
  await guest.locator('form[action="/joining/erase"] button').click();
  await guest.goto("/today");
  assert.match(guest.url(), /\/joining\/sign-in/);
  await guest.locator('input[name="name"]').fill("urai");
  await guest.locator('input[name="password"]').fill("ฝนตกหนักที่ดอยเมื่อคืน");
  await guest.locator('form[action="/joining/sign-in"] button').first().click();
  assert.match(guest.url(), /\/joining\/sign-in/, "the account is gone");
  await guest.farewell();
});

test("a steward speaks for a group and everybody sees for whom", async () => {
  const { origin } = await theDemo();
  const page = await visit(origin);
  await signIn(page, "coordinator", "saan-demo");
  await page.goto("/joining/me");
  const voice = page.locator(".card", { has: page.locator('form[action*="/joining/act-as/"]') }).first();
  const group = await voice.locator(".by > span:last-child").innerText();
  await voice.locator("button").click();
  await page.goto("/giving/new?side=offer");
  assert.ok((await page.locator(".acting").innerText()).includes(group), "the page says for whom one acts");
  await page.locator('textarea[name="text"]').fill("ให้ยืมเต็นท์สองหลังวันงานบุญ");
  await page.locator('button[value="suggest"]').click();
  await page.locator('button[value="post"]').click();
  await page.waitForURL(/\/giving\/int_/);
  assert.ok((await page.locator("main .by").first().innerText()).includes(group), "the offer is the group's");
  await page.farewell();
});

test("the language switch keeps the page, and the settings remember", async () => {
  const { origin } = await theDemo();
  const page = await visit(origin);
  await signIn(page, "supporter", "saan-demo");
  await page.goto("/giving?side=offer");
  await page.locator(".lang:visible").click();
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, "/giving?side=offer");
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.goto("/joining/settings");
  await page.locator('button[name="lang"][value="th"]').click();
  await page.goto("/today");
  assert.equal(await page.locator("html").getAttribute("lang"), "th");
  await page.farewell();
});
