// Every page, in both languages, light and dark, on the narrowest phone and at 200 %: no rule of axe is broken, nothing
// is cut, everything can be tapped, and Thai stands whole.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import { addresses } from "./addresses.mjs";
import { theDemo, visit, visitAs } from "./house.mjs";
import * as looks from "./looks.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function violations(page, options) {
  const found = await page.evaluate((options) => axe.run(document, options), options);
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `axe ${rule.id}: ${rule.help}: ${node.html.slice(0, 120)} ${node.failureSummary ?? ""}`));
}

async function open({ address, who, origin }, lang) {
  const page = who ? await visitAs(who, { lang }) : await visit(origin ?? (await theDemo()).origin, { lang });
  await page.goto(address);
  return page;
}

async function check(one, lang) {
  const page = await open(one, lang);
  const findings = [];
  const note = (where, sentences) => findings.push(...sentences.map((sentence) => `${where}: ${sentence}`));
  note("frame", await looks.frame(page));
  await page.evaluate(axe);
  note("light", await violations(page, {}));
  await page.emulateMedia({ colorScheme: "dark" });
  note("dark", await violations(page, { runOnly: ["color-contrast"] }));
  await page.emulateMedia({ colorScheme: "light" });
  note("360 px", [...await looks.width(page), ...await looks.words(page)]);
  await page.setViewportSize({ width: 320, height: 640 });
  // what is folded away is part of the page
  await page.evaluate(() => document.querySelectorAll("main details").forEach((one) => { one.open = true; }));
  note("320 px", [...await looks.width(page), ...await looks.targets(page), ...await looks.marks(page), ...await looks.words(page)]);
  await page.setViewportSize({ width: 640, height: 400 });
  note("200 %", await looks.width(page));
  await page.setViewportSize({ width: 1280, height: 800 });
  note("1280 px", await looks.width(page));
  await page.farewell();
  return findings;
}

test("every page", async (t) => {
  const { wanted, found } = await addresses();
  await t.test("has an address that was found", () => {
    const missing = wanted.filter((route) => !found.some((one) => one.route === route));
    assert.deepEqual(missing, [], "name the way to it in addresses.mjs");
  });
  for (const one of found) {
    await t.test(`${one.address} (${one.who ?? "nobody"})`, async () => {
      const [thai, english] = await Promise.all([check(one, "th"), check(one, "en")]);
      assert.deepEqual([...thai.map((each) => `th ${each}`), ...english.map((each) => `en ${each}`)], []);
    });
  }
});
