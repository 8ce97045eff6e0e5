// The first hour of a coordinator: the link that the program printed, the sheet they have, who can help whom and why,
// and the first introduction. Told twice: as most see it, and with scripts off.

import assert from "node:assert/strict";
import test from "node:test";
import { fixture, start, visit } from "../house.mjs";
import * as looks from "../looks.mjs";

async function beginning(scripts) {
  const server = await start("serve");
  const page = await visit(server.origin, { scripts });
  const text = () => page.locator("main").innerText();

  // the one-time link makes the first operator and network; what is missing is named, what was typed is kept
  await page.goto(server.link);
  await page.locator('input[name="network"]').fill("เครือข่าย อสม. ต้นน้ำ");
  await page.locator('input[name="name"]').fill("สมศรี ใจดี");
  await page.locator('input[name="login"]').fill("somsri");
  await page.locator('input[name="password"]').fill("สั้น");
  await page.locator("main button").click();
  assert.equal(await page.locator('[aria-invalid="true"]').getAttribute("name"), "password");
  assert.match(await page.locator("#password-problem").innerText(), /8/);
  assert.equal(await page.locator('input[name="network"]').inputValue(), "เครือข่าย อสม. ต้นน้ำ");
  await page.locator('input[name="password"]').fill("ดอกไม้บานหน้าฝน");
  await page.locator("main button").click();
  await page.waitForURL("**/today");
  assert.match(await text(), /สวัสดี สมศรี ใจดี/);

  // the sheet: a look first, with what will be made and what could not be read
  await page.locator('nav a[href="/networks"]').click();
  await page.locator('main a[href="/transfer"]').click();
  await page.locator('input[type="file"]').setInputFiles(fixture("members.xlsx"));
  await page.locator("main form button").first().click();
  await page.waitForURL(/\/transfer\/imp_/);
  const preview = page.url();
  for (const line of ["บุคคล 115 คน", "กลุ่ม 13 กลุ่ม", "หน่วยงาน 12 แห่ง", "สิ่งที่ให้ได้ 126 เรื่อง",
    "สิ่งที่ขอ 96 เรื่อง", "รอความยินยอม 4 คน", "อาจเป็นคนเดียวกัน (7)", "แถว 135 · แถวทดสอบ"]) {
    assert.ok((await text()).includes(line), line);
  }

  // the meaning of a column can be corrected: without the offers none are made, and back again
  const columns = page.locator("details", { has: page.locator('select[name="column"]') }).first();
  await columns.locator("summary").click();
  const meanings = columns.locator("select");
  const chosen = await Promise.all((await meanings.all()).map((one) => one.inputValue()));
  const offers = chosen.indexOf("offer");
  assert.notEqual(offers, -1, `no column means offers: ${chosen}`);
  await meanings.nth(offers).selectOption({ label: "ไม่ใช้" });
  await columns.locator("button").click();
  assert.ok(!(await text()).includes("สิ่งที่ให้ได้ 126 เรื่อง"));
  const again = page.locator("details", { has: page.locator('select[name="column"]') }).first();
  if (await again.getAttribute("open") === null) await again.locator("summary").click();
  await again.locator("select").nth(offers).selectOption("offer");
  await again.locator("button").click();
  assert.ok((await text()).includes("สิ่งที่ให้ได้ 126 เรื่อง"));

  // nothing is written before it is confirmed
  await page.goto("/members?kind=group");
  assert.equal(await page.locator("main .card").count(), 0);
  await page.goto(preview);
  await page.locator('button[value="write"]').click();
  assert.match(await text(), /นำเข้าแล้วเมื่อ \d+\s\S+\s25\d\d/);

  // the network, in Thai, on a phone
  await page.locator('nav a[href="/networks"]').click();
  assert.match(await text(), /126 เรื่องที่ให้ได้/);
  assert.match(await text(), /4 คนรอความยินยอม/);
  await page.locator('nav a[href="/members"]').click();
  const frog = page.locator(".card", { hasText: "ชัยวัฒน์ ปัญญาฟู" });
  assert.equal(await frog.locator("h2").innerText(), "กบ", "the nickname stands first");
  if (scripts) assert.deepEqual(await looks.width(page), []);

  // who can help whom, with the reason; the coordinator asks both, calls them, and records their answers
  await page.goto("/introductions");
  const pairs = page.locator('form[action="/introductions"]');
  assert.ok((await pairs.count()) >= 5 && (await pairs.count()) <= 12, "up to six pairs on each of two lists");
  const pair = page.locator(".card", { has: page.locator('form[action="/introductions"]') }).first();
  const names = await pair.locator("h3 a > span:last-child").allInnerTexts();
  assert.equal(names.length, 2);
  const about = await pair.locator(".lines").first().innerText();
  assert.match(about, /“[^”]+”|อยากเรียน/, "what the one asks for or would learn, in their words");
  assert.ok((await pair.locator(".why").first().innerText()).trim(), "and why these two");
  const whys = await page.locator(".card .why").allInnerTexts();
  assert.ok(whys.some((why) => why.includes("ตรงเรื่อง")), `an offer that fits a need is among them: ${whys}`);
  await pair.getByRole("button", { name: "ถามทั้งสองฝ่าย" }).click();
  await page.waitForURL(/\/introductions\/itr_/);
  await page.goto("/introductions");
  for (const name of names) {
    const call = page.locator(".card", { has: page.locator('form[action*="/recorded/"]') })
      .filter({ has: page.locator("h3", { hasText: name }) }).first();
    assert.match(await call.innerText(), /โทรหา .* แล้วพูดว่า/);
    await call.locator('button[value="yes"]').click();
    await page.goto("/introductions");
  }
  assert.match(await text(), /รู้จักกันแล้ว/);

  // the link worked once
  const stranger = await visit(server.origin, { scripts });
  const answer = await stranger.goto(server.link);
  assert.equal(answer.status(), 404);
  await stranger.farewell();
  await page.farewell();
}

test("a coordinator brings a sheet, sees who can help whom, and introduces two", () => beginning(true));
test("the same whole story with scripts off", () => beginning(false));
