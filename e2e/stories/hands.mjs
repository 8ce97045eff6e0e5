// By keyboard alone, and as a screen reader meets the page.

import assert from "node:assert/strict";
import test from "node:test";
import { theDemo, visit, visitAs } from "../house.mjs";

const focused = (page) => page.evaluate(() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const ring = (one) => one && getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) >= 2;
  return {
    tag: element.localName, href: element.getAttribute("href"), text: element.textContent.trim(),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    // a card with one way only shows the ring itself; a chip shows it around its words
    ring: ring(element) || ring(element.closest(".card.whole")) || ring(element.closest(".find"))
      || (element.closest(".chip") && ring(element.nextElementSibling)),
  };
});

test("somebody signs in by keyboard alone and sees where they are", async () => {
  const { origin } = await theDemo();
  const page = await visit(origin);
  await page.goto("/joining/sign-in");
  await page.keyboard.press("Tab");
  let at = await focused(page);
  assert.equal(at.href, "#main", "the first stop leads past the frame");
  assert.ok(at.seen && at.ring, "and is seen");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.keyboard.press("Tab");
  await page.keyboard.type("member");
  await page.keyboard.press("Tab");
  await page.keyboard.type("saan-demo");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/today");
  // past the frame, the first stops lead to the first card's action
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const action = await page.locator("main .card .actions :is(a, button)").first().innerText();
  for (let steps = 0; steps < 3; steps += 1) {
    await page.keyboard.press("Tab");
    at = await focused(page);
    if (at.text === action) break;
  }
  assert.equal(at.text, action);
  assert.ok(at.seen && at.ring);
  await page.farewell();
});

test("every stop of the keyboard is seen, has a ring, and none holds the focus", async () => {
  const page = await visitAs("coordinator");
  for (const address of ["/today", "/members", "/giving/new?side=offer", "/joining/settings", "/introductions"]) {
    await page.goto(address);
    await page.evaluate(() => document.activeElement.blur());
    const stops = await page.evaluate(() => [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")]
      .filter((one) => one.checkVisibility()).length);
    const met = new Set();
    for (let steps = 0; steps < Math.min(stops, 60); steps += 1) {
      await page.keyboard.press("Tab");
      const at = await focused(page);
      if (at.tag === "body") break;
      assert.ok(at.seen, `${address}: ${at.tag} ${at.text} is out of sight`);
      assert.ok(at.ring, `${address}: ${at.tag} ${at.text} has no ring`);
      met.add(`${at.tag} ${at.href} ${at.text}`);
    }
    assert.ok(met.size >= Math.min(stops, 60) / 2, `${address}: ${met.size} of ${stops} stops met`);
  }
  await page.farewell();
});

test("a screen reader hears the landmarks, one heading, where one is, and each field by name", async () => {
  const page = await visitAs("member");
  await page.goto("/giving");
  assert.equal(await page.getByRole("banner").count(), 1);
  assert.equal(await page.getByRole("main").count(), 1);
  assert.equal(await page.getByRole("search").count(), 1);
  assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
  const menu = page.getByRole("navigation", { name: "เมนู" });
  assert.equal(await menu.count(), 1);
  assert.equal(await menu.locator('[aria-current="page"]').innerText(), "ให้–ขอ");
  assert.equal(await page.getByRole("link", { name: "English" }).getAttribute("lang"), "en");
  assert.equal(await page.getByRole("searchbox").count(), 1);
  await page.goto("/giving/new?side=need");
  await page.getByRole("button", { name: "ต่อไป" }).click();
  const field = page.getByRole("textbox", { name: "อยากได้ความช่วยเหลือเรื่องอะไร" });
  const described = (await field.getAttribute("aria-describedby")).split(/\s+/);
  assert.ok(described.includes("text-problem"), "the mistake is told with the field");
  assert.ok((await page.locator("#text-problem").innerText()).length > 3);
  await page.farewell();
});
