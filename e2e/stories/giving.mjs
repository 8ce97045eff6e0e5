// Somebody asks, somebody helps: from the words of a need to "met, by whom", and a tie between two.

import assert from "node:assert/strict";
import test from "node:test";
import { newcomer, visitAs } from "../house.mjs";

test("a need is written, shows who fits and why, is answered, and is met", async () => {
  const member = await visitAs("member");
  await member.goto("/giving");
  await member.locator('main a[href="/giving/new?side=need"]').click();
  // categories are offered while the words are written
  await member.locator('textarea[name="text"]').pressSequentially("หาคนช่วยทำแผลกดทับให้คนป่วยติดเตียง");
  await member.locator("[data-chips] label").first().waitFor();
  await member.locator('button[value="suggest"]').click();
  const chips = member.locator('[data-chips] input[name="categories"]');
  assert.ok((await chips.count()) > 0);
  if (!(await chips.first().isChecked())) await member.locator("[data-chips] label").first().click();
  // one press too many makes one need
  await member.locator('button[value="post"]').dblclick();
  await member.waitForURL(/\/giving\/int_/);
  const address = new URL(member.url()).pathname;
  const fits = member.locator("section", { hasText: "ช่วยได้" }).locator(".card .why");
  assert.ok((await fits.count()) > 0, "offers that fit");
  assert.match(await fits.first().innerText(), /ตรงเรื่อง|เรื่องใกล้กัน/);
  await member.goto("/giving?side=need");
  assert.equal(await member.locator("main h2", { hasText: "แผลกดทับให้คนป่วยติดเตียง" }).count(), 1);

  const other = await visitAs("coordinator");
  await other.goto(address);
  await other.locator('input[name="words"]').fill("สอนได้วันเสาร์");
  await other.locator('form[action$="/reply"] button').click();
  assert.equal(await other.locator('form[action$="/reply"]').count(), 0, "answered once");

  await member.goto("/today");
  await member.goto(address);
  assert.match(await member.locator("main").innerText(), /สอนได้วันเสาร์/);
  await member.locator('form[action^="/promises/reply/"] button:not([value])').click();
  await member.goto(address);
  await member.locator("details", { has: member.locator('select[name="by"]') }).locator("summary").click();
  await member.locator('select[name="by"]').selectOption({ label: "พี่ดา" });
  await member.locator('form[action$="/met"] button').click();
  assert.match(await member.locator("main").innerText(), /พี่ดา/);
  await member.goto("/giving?side=need");
  assert.equal(await member.locator("main h2", { hasText: "แผลกดทับให้คนป่วยติดเตียง" }).count(), 0, "it left the board");
  await other.farewell();
  await member.farewell();
});

test("an offer needs words, and says so where they are missing", async () => {
  const page = await visitAs("member");
  await page.goto("/giving/new?side=offer");
  await page.locator('button[value="suggest"]').click();
  assert.equal(await page.locator('[aria-invalid="true"]').getAttribute("name"), "text");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("name")), "text");
  await page.farewell();
});

test("a tie is proposed and answered; a yes binds, and a no looks like silence", async () => {
  const coordinator = await visitAs("coordinator");
  await coordinator.goto("/joining/me");
  const dada = await coordinator.locator('main a[href^="/members/mem_"]').first().getAttribute("href");
  const propose = async (nickname, login) => {
    const page = await newcomer(nickname, login);
    await page.goto(dada);
    await page.locator('main a[href^="/ties/new"]').click();
    await page.locator('input[name="offers"]').fill("สอนเขียนโครงการขอทุน");
    await page.locator('input[name="asks"]').fill("ขอไปดูงานเยี่ยมบ้าน");
    await page.locator('input[name="benefit"]').fill("ได้โครงการที่ตรงกับงานจริง");
    await page.locator("main form button").click();
    await page.goto("/ties");
    await page.locator("main .card a", { hasText: "พี่ดา" }).click();
    await page.waitForURL(/\/ties\/tie_/);
    return page;
  };
  const text = (page) => page.locator("main").innerText();
  const answer = async (page, word) => {
    await coordinator.goto(new URL(page.url()).pathname);
    assert.match(await text(coordinator), /สอนเขียนโครงการขอทุน/);
    await coordinator.locator(`main button[value="${word}"]`).click();
    await page.reload();
  };
  const one = await propose("จุ๊บ", "jub");
  assert.match(await text(one), /รอคำตอบ/);
  await answer(one, "yes");
  assert.match(await text(one), /เชื่อมกันแล้ว/);
  const other = await propose("แจง", "jaeng");
  const waiting = await text(other);
  await answer(other, "no");
  assert.equal(await text(other), waiting, "nothing the other side can see has changed");
  await one.farewell();
  await other.farewell();
  await coordinator.farewell();
});

test("a photograph is made small and upright by the phone before it goes", async () => {
  const member = await visitAs("member");
  await member.goto("/ties");
  await member.locator('main li.card h2 a[href^="/ties/"]').first().click();
  await member.locator('main a[href^="/words/tie/"]').click();
  // what a camera gives: larger than the house takes, and no two points alike
  const photograph = await member.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2400, 1800];
    const pen = canvas.getContext("2d");
    const points = pen.createImageData(canvas.width, canvas.height);
    for (let at = 0; at < points.data.length; at += 1) points.data[at] = at % 4 === 3 ? 255 : Math.random() * 256;
    pen.putImageData(points, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 1));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  });
  const buffer = Buffer.from(photograph, "base64");
  assert.ok(buffer.length > 3 * 1024 * 1024, "it would be refused as it is");
  const before = await member.locator("main img.shown").count();
  const form = member.locator('form[action$="/picture"]');
  await member.locator("main details").evaluateAll((all) => all.forEach((one) => { one.open = true; }));
  await form.locator('input[type="file"]').setInputFiles({ name: "IMG_2041.JPG", mimeType: "image/jpeg", buffer });
  // at once, while the phone still works on it
  await form.locator("button").click();
  const shown = member.locator("main img.shown");
  await shown.nth(before).waitFor();
  await shown.last().scrollIntoViewIfNeeded();
  const size = await shown.last().evaluate(async (image) => {
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  });
  assert.deepEqual(size, [1600, 1200]);
  await member.farewell();
});
