// Somebody of the network looks around: who is there, who can help whom, and what Saan finds.

import assert from "node:assert/strict";
import test from "node:test";
import { visitAs } from "../house.mjs";

test("a member signs in and sees today in Thai", async () => {
  const page = await visitAs("member");
  await page.goto("/today");
  assert.equal(await page.locator("html").getAttribute("lang"), "th");
  assert.match(await page.locator("h1").innerText(), /แนน/);
  assert.ok((await page.locator("main .card").count()) <= 7);
  await page.farewell();
});
