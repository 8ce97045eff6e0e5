// Somebody of the network looks around: today, who is there, what is found, and what can be taken out.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { inflateRawSync } from "node:zlib";
import { visitAs } from "../house.mjs";

test("a member sees today in Thai: at most seven things, each with its reason", async () => {
  const page = await visitAs("member");
  await page.goto("/today");
  assert.equal(await page.locator("html").getAttribute("lang"), "th");
  assert.match(await page.locator("h1").innerText(), /แนน/);
  assert.match(await page.locator("main").innerText(), /\d+\s\S+\s25\d\d/, "the year of the Buddhist era");
  const cards = page.locator("main ul.cards > .card");
  const number = await cards.count();
  assert.ok(number > 0 && number <= 7);
  assert.equal(await cards.locator(".why").count(), number);
  await page.farewell();
});

test("one field finds members, offers and needs, and tells ข้าว from ข่าว", async () => {
  const page = await visitAs("coordinator");
  await page.goto("/today");
  await page.locator("#find").fill("น้ำท่วม");
  await page.locator("#find").press("Enter");
  await page.waitForURL(/\/search\?q=/);
  assert.ok((await page.locator("main .card").count()) > 0);
  await page.goto(`/search?q=${encodeURIComponent("ข้าว")}`);
  const titles = await page.locator("main .card").allInnerTexts();
  assert.ok(titles.length > 0);
  for (const title of titles) assert.ok(!/ข่าว/.test(title) || /ข้าว/.test(title), title);
  await page.goto("/search?q=qqqqzzzz");
  assert.ok(await page.locator('main a[href="/giving/new?side=need"]').isVisible(), "nothing found is a place to ask");
  await page.farewell();
});

/** The entries of a zip archive, read from its own directory. */
function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = bytes.readUInt32LE(end + 16);
  const entries = new Map();
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const body = bytes.subarray(from, from + packed);
    entries.set(bytes.toString("utf8", at + 46, at + 46 + name), method === 8 ? inflateRawSync(body) : body);
    at += 46 + name + extra + comment;
  }
  return entries;
}

test("the network is taken out as a workbook and in seven more forms", async () => {
  const page = await visitAs("coordinator");
  await page.goto("/transfer");
  await page.locator("main details > summary", { hasText: "เอาออกแบบอื่น" }).click();
  const files = new Map();
  for (const link of await page.locator("main a[download]").all()) {
    const coming = page.waitForEvent("download");
    await link.click();
    const format = (await link.getAttribute("href")).split("/").pop();
    files.set(format, await readFile(await (await coming).path()));
  }
  assert.deepEqual([...files.keys()].sort(), ["csv", "gexf", "graphml", "ics", "json", "kumu", "vcf", "xlsx"]);
  const workbook = files.get("xlsx");
  assert.equal(workbook.toString("latin1", 0, 4), "PK\u0003\u0004");
  const entries = unzip(workbook);
  const sheet = entries.get("xl/worksheets/sheet1.xml").toString("utf8");
  const words = sheet + (entries.get("xl/sharedStrings.xml")?.toString("utf8") ?? "");
  assert.ok((sheet.match(/<row /g) ?? []).length > 30, "a row for each member");
  assert.match(words, /พี่ดา/);
  // a table each, in one archive
  const tables = unzip(files.get("csv"));
  assert.ok([...tables.values()].some((table) => table.toString("utf8").includes("พี่ดา")));
  assert.match(files.get("vcf").toString("utf8"), /^BEGIN:VCARD/);
  assert.match(files.get("ics").toString("utf8"), /^BEGIN:VCALENDAR/);
  assert.match(files.get("graphml").toString("utf8"), /<graphml/);
  assert.match(files.get("gexf").toString("utf8"), /<gexf/);
  JSON.parse(files.get("json").toString("utf8"));
  await page.farewell();
});
