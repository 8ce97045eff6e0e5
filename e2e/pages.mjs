// Every page, in both languages, each in both color schemes, on the narrowest phone and at 200 %: no rule of axe is broken, nothing
// is cut, everything can be tapped, and Thai stands whole.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import { addresses } from "./addresses.mjs";
import { theDemo, visit, visitAs } from "./house.mjs";
import * as looks from "./looks.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// the rules that the color scheme decides
const COLORS = ["color-contrast", "link-in-text-block"];

async function violations(page, rules) {
  const found = await page.evaluate(
    (rules) => axe.run(document, rules ? { runOnly: { type: "rule", values: rules } } : {}), rules ?? null);
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `axe ${rule.id}: ${rule.help}: ${node.html.slice(0, 120)} ${node.failureSummary ?? ""}`));
}

// one page for each visitor and language, kept for all addresses
const desks = new Map();

async function desk({ who, origin }, lang) {
  const key = `${who} ${origin} ${lang}`;
  if (!desks.has(key)) {
    desks.set(key, who ? await visitAs(who, { lang }) : await visit(origin ?? (await theDemo()).origin, { lang }));
  }
  return desks.get(key);
}

// Each language is looked at in both schemes on the same open page: by every rule in the first, by the rules of color
// in the second, since words and structure do not depend on the colors.
const SCHEMES = { th: ["light", "dark"], en: ["dark", "light"] };

async function check(one, lang) {
  const page = await desk(one, lang);
  await page.setViewportSize({ width: 360, height: 740 });
  const [first, second] = SCHEMES[lang];
  await page.emulateMedia({ colorScheme: first, reducedMotion: "reduce" });
  await page.goto(one.address);
  const findings = [];
  const note = (where, sentences) => findings.push(...sentences.map((sentence) => `${lang} ${where}: ${sentence}`));
  note("frame", await looks.frame(page));
  await page.evaluate(axe);
  note(first, await violations(page));
  await page.emulateMedia({ colorScheme: second, reducedMotion: "reduce" });
  note(second, await violations(page, COLORS));
  note("360 px", [...await looks.width(page), ...await looks.words(page)]);
  await page.setViewportSize({ width: 320, height: 640 });
  // what is folded away is part of the page
  await page.evaluate(() => document.querySelectorAll("main details").forEach((part) => { part.open = true; }));
  note("320 px", [...await looks.width(page), ...await looks.targets(page), ...await looks.marks(page), ...await looks.words(page)]);
  for (const [name, width] of [["200 %", 640], ["1280 px", 1280]]) {
    await page.setViewportSize({ width, height: 800 });
    note(name, await looks.width(page));
  }
  findings.push(...page.faults.splice(0));
  return findings;
}

test("every page", async (t) => {
  const { wanted, found } = await addresses();
  await t.test("has an address that was found", (t) => {
    const missing = wanted.filter((route) => !found.some((one) => one.route === route));
    assert.deepEqual(missing, [], "name the way to them in addresses.mjs");
  });
  for (const one of found) {
    await t.test(`${one.address} (${one.who ?? "nobody"})`, async () => {
      const findings = await Promise.all([check(one, "th"), check(one, "en")]);
      assert.deepEqual(findings.flat(), []);
    });
  }
  for (const page of desks.values()) await page.farewell();
});
