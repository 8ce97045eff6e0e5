// The elderly clubs of three villages: they lend each other what one alone cannot buy, refer what another can do better,
// keep their word and say thank you. Each club has somebody who acts for it, with a phone of their own.

import assert from "node:assert/strict";
import test from "node:test";
import { newcomer, theDemo, today, visit } from "../house.mjs";

const text = (page) => page.locator("main").innerText();
const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Somebody who comes in, makes their club, and acts for it from then on. */
async function club(nickname, login, name) {
  const page = await newcomer(nickname, login);
  await page.goto("/joining/me");
  await page.locator('main a[href="/joining/belonging"]').click();
  await page.locator("main #q").fill(name);
  await page.locator("main #q").press("Enter");
  await page.locator('select[name="kind"]').selectOption("group");
  await page.locator('form[method="post"][action="/joining/belonging"] button').last().click();
  await page.waitForURL(/\/members\/mem_/);
  const address = new URL(page.url()).pathname;
  await page.goto("/joining/me");
  await page.locator(`form[action="/joining/act-as/${address.split("/").pop()}"] button`).click();
  await page.goto("/today");
  assert.ok((await page.locator(".acting").innerText()).includes(name), "the page says for whom one acts");
  return { page, address, name };
}

test("elderly clubs of three villages lend, refer and thank", async () => {
  const north = await club("ลุงสม", "lung-som", "ชมรมผู้สูงอายุบ้านเหนือ");
  const middle = await club("ป้าจันทร์", "pa-chan", "ชมรมผู้สูงอายุบ้านกลาง");
  const south = await club("ครูเพ็ญ", "khru-phen", "ชมรมผู้สูงอายุบ้านใต้");

  // the northern club shares its tent
  await north.page.goto("/resources");
  await north.page.locator('main a[href="/resources/new"]').click();
  await north.page.locator("label.chip", { has: north.page.locator('input[name="kind"][value="thing"]') }).click();
  await north.page.locator('input[name="title"]').fill("เต็นท์งานบุญบ้านเหนือ");
  await north.page.locator('input[name="location"]').fill("ศาลาบ้านเหนือ");
  await north.page.locator("main form button").first().click();
  await north.page.waitForURL(/\/resources\/res_/);

  // the middle one asks for it, and what it is for
  await middle.page.goto("/resources");
  await middle.page.locator("main a", { hasText: "เต็นท์งานบุญบ้านเหนือ" }).click();
  const tent = new URL(middle.page.url()).pathname;
  assert.match(await text(middle.page), /ชมรมผู้สูงอายุบ้านเหนือ/);
  const book = async (page, purpose) => {
    await page.goto(tent);
    await page.locator('input[name="from"]').fill(day(0));
    await page.locator('input[name="until"]').fill(day(2));
    await page.locator('input[name="purpose"]').fill(purpose);
    await page.locator('form[action$="/book"] button').click();
  };
  await book(middle.page, "งานรดน้ำดำหัวผู้สูงอายุ");
  await middle.page.waitForURL(/\/resources\/bookings\//);
  const booking = new URL(middle.page.url()).pathname;
  const asked = await today(north.page, "ชมรมผู้สูงอายุบ้านกลาง ขอใช้ เต็นท์งานบุญบ้านเหนือ");
  await asked.locator('button[value="yes"], .actions a').first().click();
  await north.page.goto(booking);
  assert.match(await text(north.page), /งานรดน้ำดำหัวผู้สูงอายุ/);
  assert.match(await text(north.page), /ตกลงแล้ว/);

  // two never have it at once: the southern club is told so kindly, and keeps what it typed
  await book(south.page, "งานวันครอบครัว");
  assert.match(await text(south.page), /ช่วงเวลานั้นมีคนใช้อยู่แล้ว/);
  assert.equal(await south.page.locator('input[name="purpose"]').inputValue(), "งานวันครอบครัว");

  // handed over and returned, each with its condition
  const condition = (value) => north.page.locator("label.chip", { has: north.page.locator(`input[name="condition"][value="${value}"]`) });
  await condition("good").click();
  await north.page.locator('form[action$="/hand-over"] button').click();
  await middle.page.goto(booking);
  assert.match(await text(middle.page), /อยู่กับผู้ขอใช้/);
  assert.match(await text(middle.page), /สภาพตอนส่งมอบ\s+ใช้ได้ดี/);
  await north.page.goto(booking);
  await condition("worn").click();
  await north.page.locator('input[name="words"]').fill("เชือกขาดหนึ่งเส้น เปลี่ยนให้แล้ว");
  await north.page.locator('form[action$="/return"] button').click();
  await middle.page.goto(booking);
  assert.match(await text(middle.page), /สภาพตอนคืน\s+ใช้ได้ แต่เก่า · เชือกขาดหนึ่งเส้น เปลี่ยนให้แล้ว/);

  // the lending was an exchange, which the receiving club confirms with thanks and what it gained
  const confirm = async ({ page }, title, words, benefit) => {
    const card = await today(page, title);
    await card.locator("h2 a").click();
    await page.locator('form[action$="/confirm"] input[name="words"]').fill(words);
    await page.locator('form[action$="/confirm"] button').click();
    await page.waitForURL(/\/exchanges\/exc_/);
    const said = page.locator('form[action$="/gained"]');
    await said.locator("label.chip", { has: page.locator(`input[value="${benefit}"]`) }).click();
    await said.locator("label.chip", { has: page.locator('input[name="alone"][value="could_not"]') }).click();
    await said.locator("button").click();
    return new URL(page.url()).pathname;
  };
  const lent = await confirm(middle, "ชมรมผู้สูงอายุบ้านเหนือ บอกว่าทำให้คุณแล้ว", "คนเฒ่าได้นั่งร่มกันทั้งวัน ขอบคุณบ้านเหนือ", "happiness");
  await north.page.goto(lent);
  assert.match(await text(north.page), /คนเฒ่าได้นั่งร่มกันทั้งวัน/);
  await north.page.locator('form[action$="/gained"] label.chip', { has: north.page.locator('input[value="relationship"]') }).click();
  await north.page.locator('form[action$="/gained"] button').click();

  // the middle club asks for something; the northern one cannot help, and refers it to who can
  await middle.page.goto("/giving/new?side=need");
  await middle.page.locator('textarea[name="text"]').fill("หาคนสอนคนเฒ่าออกกำลังกายกันล้มทุกเช้าวันพุธ");
  await middle.page.locator('button[value="suggest"]').click();
  await middle.page.locator('button[value="post"]').click();
  await middle.page.waitForURL(/\/giving\/int_/);
  const need = new URL(middle.page.url()).pathname;
  await north.page.goto(need);
  await north.page.locator('main a[href^="/referrals/new?need="]').click();
  await north.page.locator("main #q").fill("ชมรมผู้สูงอายุบ้านใต้");
  await north.page.locator('button[value="search"]').click();
  await north.page.locator("label.chip", { hasText: "ชมรมผู้สูงอายุบ้านใต้" }).click();
  await north.page.locator('textarea[name="reason"]').fill("บ้านใต้มีครูพละเกษียณสองคน");
  await north.page.locator('button[value="send"]').click();
  await north.page.waitForURL(/\/referrals\/ref_/);
  const referral = new URL(north.page.url()).pathname;
  const stands = async (state) => {
    await north.page.goto(referral);
    assert.equal(await north.page.locator("main .tag").first().innerText(), state, "the sender always sees where it is");
  };
  await stands("ส่งแล้ว ยังไม่ได้เปิด");
  const sent = await today(south.page, "ชมรมผู้สูงอายุบ้านเหนือ ส่งเรื่อง");
  await sent.locator("h2 a").click();
  assert.match(await text(south.page), /บ้านใต้มีครูพละเกษียณสองคน/);
  await stands("เห็นแล้ว");
  await south.page.locator("input#words").fill("รับได้ จะให้ครูสมานไปสอน");
  await south.page.locator('button[value="accept"]').click();
  await stands("รับเรื่องแล้ว");
  assert.match(await text(north.page), /จะให้ครูสมานไปสอน/);

  // the letter to print: what, from whom, to whom, and a code that tells only where it stands
  await north.page.locator('main a[href$="/letter"]').click();
  assert.ok(await north.page.locator(".qr svg").isVisible());
  assert.match(await text(north.page), /ออกกำลังกายกันล้ม/);
  const link = new URL((await north.page.locator(".break").innerText()).trim());
  const { origin } = await theDemo();
  const stranger = await visit(origin);
  await stranger.goto(link.pathname);
  assert.match(await text(stranger), /รับเรื่องแล้ว/);
  assert.doesNotMatch(await text(stranger), /ชมรม|ออกกำลังกาย/, "no names to who holds the paper");
  await stranger.farewell();

  // the southern club gives its word to the one in need, and keeps it
  await south.page.goto(middle.address);
  await south.page.locator('main a[href^="/promises/new"]').click();
  await south.page.locator("label.chip", { has: south.page.locator('input[name="way"][value="mine"]') }).click();
  await south.page.locator('input[name="what"]').fill("ครูสมานสอนออกกำลังกายเช้าวันพุธ สี่ครั้ง");
  await south.page.locator('input[name="due"]').fill(day(30));
  await south.page.locator("main form button").first().click();
  await south.page.waitForURL(/\/promises\/prm_/);
  const promise = new URL(south.page.url()).pathname;
  const word = await today(middle.page, "ชมรมผู้สูงอายุบ้านใต้ รอคำตอบ");
  await word.locator("h2 a").click();
  await middle.page.locator('form[action$="/accept"] button').click();
  await south.page.goto(referral);
  await south.page.locator('button[value="begin"]').click();
  await stands("กำลังทำ");
  await south.page.goto(promise);
  await south.page.locator('form[action^="/exchanges/kept/"] button').click();
  await south.page.waitForURL(/\/exchanges\/exc_/);
  await south.page.goto(referral);
  await south.page.locator('button[value="complete"]').click();
  await stands("เสร็จแล้ว");
  await confirm(middle, "ชมรมผู้สูงอายุบ้านใต้ บอกว่าทำให้คุณแล้ว", "ไม่มีใครล้มมาทั้งเดือน", "skill");
  await south.page.goto(promise);
  assert.match(await text(south.page), /ทำตามที่รับปาก/);

  // who referred it is told that it is done, and says whether it helped
  const done = await today(north.page, "ชมรมผู้สูงอายุบ้านใต้ ทำเรื่อง");
  await done.locator("h2 a").click();
  await north.page.locator('form[action$="/feedback"] input[name="words"]').fill("บ้านกลางฝากขอบคุณ");
  await north.page.locator('form[action$="/feedback"] button[value="yes"]').click();
  await south.page.goto(referral);
  assert.match(await text(south.page), /ช่วยได้มาก · บ้านกลางฝากขอบคุณ/);
  assert.match(await south.page.locator(".trail").innerText(), /ส่งให้[\s\S]*เปิดดู[\s\S]*รับเรื่อง[\s\S]*เริ่มทำ[\s\S]*ทำเสร็จ[\s\S]*บอกผล/);

  // each side sees what it gave and got, by kind, and nobody else's
  const counts = async ({ page }, line, rows) => {
    await page.goto("/exchanges");
    const shown = (await text(page)).replaceAll(/\s+/g, " ");
    assert.ok(shown.includes(line), `${line} in ${shown}`);
    for (const row of rows) assert.ok(shown.includes(row), `${row} in ${shown}`);
  };
  await counts(middle, "ให้ 0 ครั้ง ได้รับ 2 ครั้ง", ["ความสุข 0 1", "ทักษะ 0 1"]);
  await counts(north, "ให้ 1 ครั้ง ได้รับ 0 ครั้ง", []);
  await counts(south, "ให้ 1 ครั้ง ได้รับ 0 ครั้ง", []);
  await north.page.goto("/exchanges");
  assert.doesNotMatch(await text(north.page), /บ้านใต้/, "what the others gave each other is theirs");
  for (const { page } of [north, middle, south]) await page.farewell();
});
