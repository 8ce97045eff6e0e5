// Which pages there are: every GET route of the router, each with an address that somebody of the demo can open. A new
// page is looked at as soon as a page links to it; one that nothing links to names its way in below.

import { readFile } from "node:fs/promises";
import { fixture, start, theDemo, visitAs } from "./house.mjs";

const router = new URL("../crates/saan/src/server/router.rs", import.meta.url);

/** Not pages: they send elsewhere, or give a file or data. */
const NO_PAGE = ["/", "/language", "/transfer/export/{format}", "/transfer/mine/{format}", "/calendar/contacts.vcf", "/calendar/{token}", "/words/at/{word}", "/words/at/{word}/picture", "/joining/with/{provider}/back", "/notices/{id}", "/worker.js", "/manifest.webmanifest", "/exchanges/kept/{id}", "/healthz", "/assets/{mark}/{name}"];

/** Opened from a letter, which the demo does not send: their page for a link that is too old stands for them. */
const BY_LETTER = ["/joining/email/{secret}", "/joining/reset/{secret}", "/joining/link/{secret}", "/notices/off/{secret}"];

/** The GET routes that are pages. */
export async function routes() {
  const source = await readFile(router, "utf8");
  const found = [...source.matchAll(/\.route\(\s*"([^"]+)",\s*get\(/g)].map((match) => match[1]);
  return found.filter((route) => !route.startsWith("/api/") && !NO_PAGE.includes(route));
}

const pattern = (route) => new RegExp(`^${route.replace(/\{[^}]+\}/g, "[^/?#]+")}$`);

/**
 * An address for each page, as `{route, address, who}`: found by following links as the coordinator, and for what
 * needs an act first (a code, an invitation, an import) by doing it.
 */
export async function addresses() {
  const { origin } = await theDemo();
  const wanted = await routes();
  // a fixed word goes before a placeholder of the same shape: /members/new is no member
  const literal = (path) => wanted.find((route) => route === path);
  const routeOf = (path) => literal(path) ?? wanted.find((route) => route.includes("{") && pattern(route).test(path));
  const known = new Map();
  const meet = (address, who) => {
    const url = new URL(address, origin);
    const route = url.origin === origin ? routeOf(url.pathname) : undefined;
    if (route && !known.has(route)) known.set(route, { route, address: url.pathname + url.search, who });
    return route;
  };
  for (const route of wanted) if (!route.includes("{")) meet(route, "coordinator");

  const page = await visitAs("coordinator");
  const links = () => page.evaluate(() => [...document.links].map((link) => link.href));
  const acted = await act(page);
  for (const [address, who] of acted) meet(address, who);
  const waiting = [...known.values()].map((one) => one.address);
  const looked = new Set();
  while (waiting.length && looked.size < 80) {
    const address = waiting.shift();
    if (looked.has(address)) continue;
    looked.add(address);
    await page.goto(address);
    for (const href of await links()) {
      const before = known.size;
      if (meet(href, "coordinator") && known.size > before) waiting.push(new URL(href).pathname);
    }
  }
  // one's own page offers other things than the page of somebody else
  await page.goto("/members?kind=person");
  const own = known.get("/members/{id}").address;
  const others = (await links()).map((href) => new URL(href).pathname).filter((path) => /^\/members\/mem_/.test(path));
  const other = others.find((path) => path !== own);
  await page.goto(other);
  for (const href of await links()) meet(href, "coordinator");
  const [id] = other.match(/mem_[^/]+/);
  for (const form of ["/promises/new", "/exchanges/new"]) {
    await page.goto(`${form}?with=${id}`);
    await page.locator(".chip").first().click();
    await page.locator('input[name="what"]').fill("ช่วยขนของวันงานบุญ");
    await page.locator("main form button").first().click();
    meet(page.url(), "coordinator");
  }
  meet(`/ties/with/${id}`, "coordinator");
  await page.goto("/today");
  const care = await page.locator('form[action^="/rhythm/"]').first().getAttribute("action");
  meet(care.replace("/settle", ""), "coordinator");
  await page.locator('details:has(button[name="channel"]) > summary').first().click();
  await page.locator('button[name="channel"]').first().click({ timeout: 10_000 });
  await page.waitForURL(/logged=con_/, { timeout: 10_000 });
  meet(`/ties/contacts/${new URL(page.url()).searchParams.get("logged")}`, "coordinator");
  await page.goto(`/referrals/new?to=${id}`);
  await page.locator(".chip").first().click();
  await page.locator('input[name="title"]').fill("ขอคำปรึกษาเรื่องแผลกดทับ");
  await page.locator('main form button[value="send"]').click();
  await page.waitForURL(/\/referrals\/ref_/);
  meet(page.url(), "coordinator");
  meet(`${page.url()}/letter`, "coordinator");
  await page.goto(`${page.url()}/letter`);
  meet(await page.locator("main .break").innerText(), null);
  await page.farewell();
  const serve = await start("serve");
  known.set("/joining/setup/{token}", {
    route: "/joining/setup/{token}", address: new URL(serve.link).pathname, origin: serve.origin,
  });
  for (const route of BY_LETTER.filter((route) => wanted.includes(route))) {
    known.set(route, { route, address: route.replace("{secret}", "0".repeat(40)) });
  }
  // the same address says something else to others
  const more = [
    { route: "/members/{id}", address: other, who: "coordinator" },
    { route: "/members/{id}", address: other, who: "member" },
    { route: "/today", address: "/today", who: "member" },
    { route: "/giving", address: "/giving?side=offer", who: "supporter" },
    { route: "/search", address: `/search?q=${encodeURIComponent("น้ำท่วม")}`, who: "member" },
    { route: "/search", address: "/search?q=zzzz", who: "member" },
    { route: "/ties/log", address: `/ties/log?q=${encodeURIComponent("แก้ว")}`, who: "member" },
    { route: "/joining/me", address: "/joining/me", who: "member" },
    { route: "not there", address: "/members/mem_0000000000004", who: "member" },
  ];
  return { wanted, found: [...known.values(), ...more] };
}

/** Does what must be done before some pages exist, and says which addresses came of it, and who opens them. */
async function act(page) {
  const made = [];
  await page.goto("/joining/invite");
  await page.locator("main form button").first().click();
  await page.waitForURL(/\/joining\/invite\/inv_/);
  made.push([page.url(), "coordinator"]);
  made.push([await page.locator('main a[href*="/joining/i/"]').first().getAttribute("href"), null]);

  await page.goto("/joining/unclaimed");
  await page.locator('form[action$="/code"] button').first().click();
  made.push([await page.locator('main a[href*="/joining/c/"]').first().getAttribute("href"), null]);
  await page.goto("/joining/unclaimed");
  await page.locator('form[action$="/consent"] button').first().click();
  made.push([await page.locator('main a[href*="/joining/consent/"]').first().getAttribute("href"), null]);

  await page.goto("/transfer");
  await page.locator('input[type="file"]').setInputFiles(fixture("members.xlsx"));
  await page.locator('main form button').first().click();
  await page.waitForURL(/\/transfer\/./);
  made.push([page.url(), "coordinator"]);

  await page.goto("/administration");
  await page.locator("select#joining").selectOption("ask");
  await page.locator('form[action="/administration/joining"] button').click();
  await page.goto("/administration");
  const ask = page.locator('main a[href*="/joining/ask/"]').first();
  if (await ask.count()) made.push([await ask.getAttribute("href"), null]);
  return made;
}
