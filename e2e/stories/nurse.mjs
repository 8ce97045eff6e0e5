// The nurse who thinks five years ahead: she says where she wants to go, meets a mentor through somebody both trust,
// follows up, and gives back. Each of the three has a phone of their own.

import assert from "node:assert/strict";
import test from "node:test";
import { newcomer, own, says, today } from "../house.mjs";

const text = (page) => page.locator("main").innerText();
const chip = (page, name, value) => page.locator("label.chip", { has: page.locator(`input[name="${name}"][value="${value}"]`) });

test("a nurse meets a mentor through an introducer, follows up, and gives back", async () => {
  const nurse = await newcomer("ต่าย", "taai");
  const mentor = await newcomer("พี่อร", "phi-on");
  const between = await newcomer("ครูนิด", "khru-nit");

  // where she wants to be in five years, and what she would learn on the way; what the other can do
  await says(nurse, {
    bio: "ตอนนี้เป็นพยาบาลประจำการ อีกห้าปีอยากเป็นหัวหน้างานดูแลผู้ป่วยระยะสุดท้ายที่บ้าน",
    learn: "care.end_of_life",
  });
  await says(mentor, { bio: "ดูแลผู้ป่วยระยะสุดท้ายมา 20 ปี", can: "care.end_of_life" });
  const [nurses, mentors, betweens] = [await own(nurse), await own(mentor), await own(between)];
  await mentor.goto(nurses);
  assert.match(await text(mentor), /อีกห้าปีอยากเป็นหัวหน้างาน/);
  assert.match(await text(mentor), /อยากเรียนรู้\s+ดูแลระยะท้าย/);

  // both know somebody in between: what one offers, asks, and what good it does, answered in one tap from Today
  for (const [page, name, offers] of [[nurse, "ต่าย", "ช่วยพิมพ์เอกสารกลุ่ม"], [mentor, "พี่อร", "ไปพูดให้กลุ่มฟังได้"]]) {
    await page.goto(betweens);
    await page.locator('main a[href^="/ties/new"]').click();
    await page.locator('input[name="offers"]').fill(offers);
    await page.locator('input[name="asks"]').fill("อยากรู้จักคนทำงานด้านนี้");
    await page.locator('input[name="benefit"]').fill("ได้ช่วยกันดูแลคนไข้ในพื้นที่");
    await page.locator("main form button").click();
    const card = await today(between, `${name} อยากเชื่อมสายสัมพันธ์`);
    assert.ok((await card.innerText()).includes(offers), "the card says what is offered");
    await card.locator('button[value="yes"]').click();
  }

  // somebody who knows both introduces them; neither is tied yet, and each is asked apart
  await between.goto("/introductions");
  await between.locator('main a[href="/introductions/offer"]').click();
  await between.locator('select[name="a"]').selectOption({ label: "ต่าย" });
  await between.locator('select[name="b"]').selectOption({ label: "พี่อร" });
  await chip(between, "purpose", "knowledge").click();
  await between.locator('input[name="reason"]').fill("ต่ายอยากเรียนการดูแลระยะสุดท้าย พี่อรทำมานาน");
  await between.locator('input[name="a_gains"]').fill("ได้พี่เลี้ยง");
  await between.locator('input[name="b_gains"]').fill("ได้คนรุ่นใหม่มาช่วยทำสื่อสอนญาติ");
  await between.locator('textarea[name="words"]').fill("รู้จักสองคนมานาน คิดว่าคุยกันถูกคอ");
  await between.locator('button[value="send"]').click();
  await between.waitForURL(/\/introductions\/itr_/);
  const introduction = new URL(between.url()).pathname;
  const asking = await text(between);
  assert.match(asking, /ใครตอบอะไรไม่มีใครเห็น/);

  const asked = await today(nurse, "อยากรู้จัก พี่อร ไหม");
  assert.match(await asked.innerText(), /ครูนิด/, "it says who thought of them");
  await asked.locator('button[value="yes"]').click();
  await nurse.goto(introduction);
  assert.match(await text(nurse), /ถ้าอีกฝ่ายสะดวกด้วย สานจะบอกทันที/);
  assert.match(await text(nurse), /ได้พี่เลี้ยง/, "she reads what she gains");
  await between.reload();
  assert.equal(await text(between), asking, "who introduces cannot see who answered");
  await mentor.goto(introduction);
  assert.doesNotMatch(await text(mentor), /ถ้าอีกฝ่ายสะดวกด้วย/, "nor can the other");
  await mentor.locator('button[value="yes"]').click();
  await mentor.goto(introduction);
  assert.match(await text(mentor), /รู้จักกันแล้ว/);
  await between.reload();
  assert.match(await text(between), /ขอบคุณที่แนะนำ/);

  // the first message is there to be sent, and the tie says who introduced them
  await nurse.goto(introduction);
  assert.match(await nurse.locator("#message").inputValue(), /ครูนิดแนะนำให้เรารู้จักกัน/);
  await nurse.locator('main a[href^="/ties/tie_"]').click();
  const tie = new URL(nurse.url()).pathname;
  assert.match(await text(nurse), /ผู้แนะนำ\s+ครูนิด/);

  // follow up: today says whom to greet and why, she writes it down in two taps, and then what came of it
  const due = await today(nurse, "ทักพี่อรครั้งแรก");
  assert.match(await due.innerText(), /รู้จักกันแล้วผ่านครูนิด/);
  await due.locator("summary", { hasText: "ได้คุยกันแล้ว" }).click();
  await due.locator('form:visible button[value="line"]').click();
  await nurse.waitForURL(/\/today/);
  assert.equal(await nurse.locator("main .card", { hasText: "พี่อร" }).count(), 0, "two taps, and she is not asked again");
  await nurse.locator('main a[href^="/ties/contacts/"]').click();
  await chip(nurse, "outcome", "learning").click();
  await nurse.locator('input[name="summary"]').fill("เล่าวิธีคุยกับญาติผู้ป่วย");
  await nurse.locator('main form button').first().click();
  await nurse.goto(tie);
  assert.match(await text(nurse), /เล่าวิธีคุยกับญาติผู้ป่วย/);
  assert.match(await nurse.locator("#rhythm").innerText(), /ติดต่อกันดีอยู่/);
  await mentor.goto(tie);
  assert.match(await mentor.locator("#rhythm").innerText(), /ติดต่อกันดีอยู่/, "one contact moves the rhythm of both");

  // a word on the tie, answered where it stands, and read by nobody else
  await nurse.locator('main a[href^="/words/tie/"]').click();
  const room = new URL(nurse.url()).pathname;
  await nurse.locator('textarea[name="words"]').fill("ลองคุยกับญาติยายแก้วแล้ว เขาร้องไห้ แต่ขอบคุณมาก");
  await nurse.locator("main form button").first().click();
  await mentor.goto("/notices");
  await mentor.locator("main a", { hasText: "ต่าย เขียนถึงคุณ" }).first().click();
  assert.equal(new URL(mentor.url()).pathname, room, "the notice leads to the words");
  await mentor.locator("summary", { hasText: "ตอบ" }).click();
  await mentor.locator("form:visible textarea").first().fill("ดีแล้ว คราวหน้าชวนเขาเล่าเรื่องยายด้วย");
  await mentor.locator("form:visible button", { hasText: "ส่ง" }).first().click();
  await nurse.goto(room);
  assert.match(await text(nurse), /ชวนเขาเล่าเรื่องยายด้วย/);
  assert.equal((await between.goto(room)).status(), 404, "room for two");

  // after help she stands up for her mentor, and thanks for what she got
  await nurse.goto(mentors);
  await nurse.locator("#vouches summary").click();
  await nurse.locator('#vouches select[name="category"]').selectOption("care.end_of_life");
  await nurse.locator('#vouches input[name="words"]').fill("สอนคุยกับญาติจนกล้าคุยเอง");
  await nurse.locator("#vouches form button").first().click();
  await nurse.locator("#vouches li", { hasText: "สอนคุยกับญาติจนกล้าคุยเอง" }).waitFor();
  assert.match(await nurse.locator("#vouches").innerText(), /คนอื่นจะเห็นเมื่อในเครือข่ายรู้จักคุณมากขึ้น/);
  await mentor.goto("/notices");
  assert.match(await text(mentor), /ต่าย/, "her mentor is told at once");
  await between.goto(mentors);
  assert.doesNotMatch(await text(between), /จนกล้าคุยเอง/, "who is new to all cannot make a name for anybody yet");

  // she gives back: an offer of her own, asked for, promised, kept, confirmed with thanks
  await nurse.goto("/giving");
  await nurse.locator('main a[href="/giving/new?side=offer"]').click();
  await nurse.locator('textarea[name="text"]').fill("ทำสื่อภาพสอนญาติดูแลผู้ป่วยที่บ้าน");
  await nurse.locator('button[value="suggest"]').click();
  await nurse.locator('button[value="post"]').click();
  await nurse.waitForURL(/\/giving\/int_/);
  const offer = new URL(nurse.url()).pathname;
  await mentor.goto(offer);
  await mentor.locator('input[name="words"]').fill("ขอชุดเรื่องเช็ดตัวและพลิกตัว");
  await mentor.locator('form[action$="/reply"] button').click();
  const replied = await today(nurse, "พี่อร ตอบเรื่อง");
  await replied.locator(".actions a").click();
  await nurse.locator('form[action^="/promises/reply/"] input[name="due"]').fill(new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10));
  await nurse.locator('form[action^="/promises/reply/"] button:not([value])').click();
  await nurse.waitForURL(/\/promises\/prm_/);
  const promise = new URL(nurse.url()).pathname;
  await mentor.goto("/promises");
  assert.match(await text(mentor), /มีคนรับปากคุณไว้/);
  await nurse.locator('form[action^="/exchanges/kept/"] button').click();
  await nurse.waitForURL(/\/exchanges\/exc_/);
  const waits = await today(mentor, "ต่าย บอกว่าทำให้คุณแล้ว");
  await waits.locator("h2 a").click();
  await mentor.locator('form[action$="/confirm"] input[name="words"]').fill("ญาติคนไข้ทำตามภาพได้เลย ขอบคุณมาก");
  await mentor.locator('form[action$="/confirm"] button').click();
  await nurse.goto(promise);
  assert.match(await text(nurse), /ทำตามที่รับปาก/);
  const thanks = await today(nurse, "คำขอบคุณจาก พี่อร");
  assert.match(await thanks.innerText(), /ญาติคนไข้ทำตามภาพได้เลย/);
  await nurse.goto("/exchanges");
  assert.match(await text(nurse), /ให้ 1 ครั้ง ได้รับ 0 ครั้ง/);

  // the whole way stands on the tie, for both
  for (const page of [nurse, mentor]) {
    await page.goto(tie);
    const lines = await text(page);
    for (const line of ["เล่าวิธีคุยกับญาติผู้ป่วย", "ทำสื่อภาพสอนญาติดูแลผู้ป่วยที่บ้าน", "ได้รับการแนะนำให้รู้จักกัน"]) {
      assert.ok(lines.includes(line), `${line} in ${lines}`);
    }
  }
  for (const page of [nurse, mentor, between]) await page.farewell();
});
