// A passkey from the first tap to the next sign-in, with the browser's own virtual authenticator.

import assert from "node:assert/strict";
import test from "node:test";
import { signIn, theDemo, visit } from "../house.mjs";

/** A device with a fingerprint reader, which says yes to everything until it is told otherwise. */
async function authenticator(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  return {
    keys: async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    knowsItsOwner: (isUserVerified) =>
      session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
  };
}

test("a passkey is added, signs in without a name, is renamed and removed", async () => {
  const demo = await theDemo();
  // a key belongs to a name, and an address of numbers is none
  const origin = demo.origin.replace("127.0.0.1", "localhost");
  const page = await visit(origin);
  const device = await authenticator(page);
  await signIn(page, "supporter", "saan-demo");
  await page.goto("/joining/access");
  const add = page.locator('form[data-passkey="register"]');
  await add.locator('input[name="label"]').fill("มือถือของวิทย์");
  await add.locator('input[name="old"]').fill("not the password");
  await add.locator("button").click();
  await add.locator('[role="alert"]:visible').waitFor();
  assert.equal((await device.keys()).length, 0, "a wrong password makes no key");
  await add.locator('input[name="old"]').fill("saan-demo");
  await Promise.all([page.waitForEvent("load"), add.locator("button").click()]);
  assert.match(await page.locator("main").innerText(), /มือถือของวิทย์/);
  const keys = await device.keys();
  assert.equal(keys.length, 1);
  assert.ok(keys[0].isResidentCredential);

  await page.context().clearCookies();
  await page.goto("/joining/sign-in");
  await page.locator('form[data-passkey="use"] button').click();
  await page.waitForURL("**/today");
  assert.match(await page.locator("h1").innerText(), /วิทย์/);

  // a device that does not check who holds it opens nothing
  await page.context().clearCookies();
  await page.goto("/joining/sign-in");
  await device.knowsItsOwner(false);
  await page.locator('form[data-passkey="use"] button').click();
  await page.locator('form[data-passkey="use"] [role="alert"]:visible').waitFor();
  await device.knowsItsOwner(true);

  await signIn(page, "supporter", "saan-demo");
  await page.goto("/joining/access");
  const card = page.locator("li.card", { hasText: "มือถือของวิทย์" });
  await card.locator("summary").click();
  await card.locator('input[name="label"]').fill("เครื่องเก่า");
  await card.locator('form[action$="/name"] button').click();
  await page.getByText("เครื่องเก่า").first().waitFor();
  await page.locator('form[action$="/remove"] button').first().click();
  await page.getByText("ยังไม่มีพาสคีย์").waitFor();

  await page.context().clearCookies();
  await page.goto("/joining/sign-in");
  const [answer] = await Promise.all([
    page.waitForResponse((one) => one.url().endsWith("/passkeys/sign-in")),
    page.locator('form[data-passkey="use"] button').click(),
  ]);
  assert.equal(answer.status(), 400, "a key that was removed opens nothing");
  assert.equal((await page.context().cookies()).some((cookie) => cookie.name === "saan_session"), false);
  await page.farewell();
});

test("without scripts the ways in are there, and no passkey is offered", async () => {
  const { origin } = await theDemo();
  const page = await visit(origin, { scripts: false });
  await signIn(page, "member", "saan-demo");
  await page.goto("/joining/access");
  assert.equal(await page.locator('form[data-passkey="register"]').isVisible(), false);
  assert.match(await page.locator("main").innerText(), /สคริปต์/);
  await page.farewell();
});
