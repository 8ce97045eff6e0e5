// What this device keeps for its person: the pages they saw last, what they entered without a signal until it is sent,
// and messages that come while no page is open. Everything is kept under the mark of one person (`saan-for`); whoever
// signs in next sees nothing of it, and signing out throws it away. ASSETS stands above this line.

// what may wait to be sent: a contact, a promise that was kept, thanks
const KEPT = [/^\/ties\/contact\/[^/]+$/, /^\/ties\/log$/, /^\/exchanges\/kept\/[^/]+$/, /^\/exchanges\/[^/]+\/(confirm|thanks)$/];
// pages with secrets, of the whole network, or about other accounts are not kept
const UNKEPT = /^\/(joining|administration|transfer|calendar|notices\/off|referrals\/s|referrals\/[^/]+\/letter)(\/|$)/;
const FLASH = ["done", "saved", "logged", "kept"];
const MOST_PAGES = 60;
// for two days the server knows what was sent; after that a second sending could make a second one
const KNOWN = 45 * 3600_000;
const DAY = 86_400_000;

// --- the store ---

const opened = () => new Promise((resolve, reject) => {
  const asked = indexedDB.open("saan", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("state");
    asked.result.createObjectStore("waiting", { keyPath: "id", autoIncrement: true });
  };
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

async function within(name, work) {
  const db = await opened();
  try {
    const transaction = db.transaction(name, "readwrite");
    const asked = work(transaction.objectStore(name));
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

const get = (key) => within("state", (store) => store.get(key));
const set = (key, value) => within("state", (store) => store.put(value, key));
const put = (entry) => within("waiting", (store) => store.put(entry));
const drop = (id) => within("waiting", (store) => store.delete(id));
const all = () => within("waiting", (store) => store.getAll());
const room = (who) => `pages-${who}`;

async function forgetPages(but) {
  for (const name of await caches.keys()) {
    if (name.startsWith("pages-") && name !== but) await caches.delete(name);
  }
}

async function wipe() {
  await forgetPages();
  await within("waiting", (store) => store.clear());
  await within("state", (store) => store.clear());
  const way = await self.registration.pushManager?.getSubscription().catch(() => null);
  await way?.unsubscribe().catch(() => {});
}

// --- pages ---

const key = (url) => url.pathname + url.search;

// one answer after the other: two of them must not disagree on who is signed in
let noting = Promise.resolve();
const note = (url, answer) => (noting = noting.then(() => learn(url, answer)).catch(() => {}));

/** Learns from an answer who is signed in, and keeps the page for them. */
async function learn(url, answer) {
  if (answer.type === "opaqueredirect" || !answer.headers.get("content-type")?.startsWith("text/html")) return;
  const who = answer.headers.get("saan-for") ?? "";
  const lang = answer.headers.get("content-language");
  const before = await get("who");
  const fresh = who !== before || lang !== (await get("lang"));
  if (fresh) {
    await forgetPages(who && room(who));
    await set("who", who);
    await set("lang", lang);
  }
  for (const entry of await all()) {
    // it was answered with the way to another page: to this one, or to sign in again
    if (entry.answered && entry.who === who) await drop(entry.id);
    else if (entry.answered && !who) await put({ ...entry, answered: false });
    else if (Date.now() - entry.at > 60 * DAY) await drop(entry.id);
  }
  if (!who) return;
  const pages = await caches.open(room(who));
  const flash = FLASH.some((name) => url.searchParams.has(name));
  if (answer.ok && !flash && !UNKEPT.test(url.pathname)) {
    await pages.delete(key(url));
    await pages.put(key(url), answer);
    const kept = await pages.keys();
    for (const old of kept.slice(0, Math.max(0, kept.length - MOST_PAGES))) {
      if (new URL(old.url).pathname !== "/offline") await pages.delete(old);
    }
  }
  if (url.pathname !== "/offline" && (fresh || !(await pages.match("/offline")))) {
    const page = await fetch("/offline");
    if (page.ok && page.headers.get("saan-for") === who) await pages.put("/offline", page);
  }
}

/** A kept page, marked with the time it is of; its forms have not been sent. */
async function shown(answer) {
  const html = (await answer.text())
    .replace("<html ", () => `<html data-stale="${new Date(answer.headers.get("date") ?? Date.now()).toISOString()}" `)
    .replace(/(name="once" value=")[^"]*/g, (_, begin) => begin + crypto.randomUUID());
  return new Response(html, { headers: answer.headers });
}

const nothing = () => new Response(
  '<!doctype html><html lang="th"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>สาน</title><h1>ไม่มีสัญญาณ</h1><p>ลองใหม่เมื่อมีสัญญาณ</p><p lang="en">There is no signal. Try again when there is one.</p>',
  { status: 503, headers: { "content-type": "text/html; charset=utf-8" } },
);

async function last(url) {
  const who = await get("who");
  if (!who) return nothing();
  const pages = await caches.open(room(who));
  for (const name of FLASH) url.searchParams.delete(name);
  const kept = (await pages.match(key(url))) ?? (await pages.match("/offline"));
  return kept ? shown(kept) : nothing();
}

async function page(event, url) {
  try {
    if (await get("leaving")) {
      await fetch("/joining/sign-out", { method: "POST", redirect: "manual" });
      await set("leaving", false);
    }
    const answer = await fetch(event.request);
    event.waitUntil(note(url, answer.clone()).then(send));
    return answer;
  } catch {
    return last(url);
  }
}

async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open("assets")).put(request, answer.clone());
  return answer;
}

/** Signing out: nothing stays, also where the server cannot be told yet. */
async function leave(request) {
  await wipe();
  try {
    return await fetch(request);
  } catch {
    await set("leaving", true);
    return nothing();
  }
}

// --- what waits ---

const labels = new Map();

/** Writes it down first, then sends it: whatever happens in between, it is there. */
async function keep(request, url) {
  const body = await request.clone().text();
  const who = await get("who");
  if (!who) return fetch(request);
  const at = Date.now();
  const entry = { who, path: url.pathname, body, at, label: labels.get(url.pathname) ?? "", busy: at + 60_000 };
  if (navigator.onLine) entry.tried = at;
  entry.id = await put(entry);
  const answer = await fetch(request).catch(() => null);
  if (answer?.type === "opaqueredirect") {
    await put({ ...entry, busy: 0, answered: true });
    return answer;
  }
  if (answer && answer.status < 500) {
    // the page says what is to be changed
    await drop(entry.id);
    return answer;
  }
  await put({ ...entry, busy: 0 });
  await self.registration.sync?.register("send").catch(() => {});
  await tell();
  return Response.redirect("/offline?kept=1", 303);
}

async function mine() {
  const who = await get("who");
  return (await all()).filter((entry) => who && entry.who === who && !entry.answered);
}

async function tell() {
  const list = await mine();
  for (const client of await self.clients.matchAll()) client.postMessage({ waiting: list });
}

let sending;
const send = () => (sending ??= sendAll().finally(() => { sending = undefined; }));

async function sendAll() {
  let changed = false;
  for (const entry of await mine()) {
    if (entry.problem || entry.busy > Date.now()) continue;
    changed = true;
    if (entry.tried && Date.now() - entry.tried > KNOWN) {
      await put({ ...entry, problem: "old" });
      continue;
    }
    entry.tried ??= Date.now();
    await put(entry);
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      // another person's words are not sent in this one's name
      "saan-for": entry.who,
      // when it happened: this device's clock may be wrong, the time between is right
      "saan-kept": String(Math.max(0, Math.round((Date.now() - entry.at) / 1000))),
    };
    const answer = await fetch(entry.path, { method: "POST", body: entry.body, headers }).catch(() => null);
    if (!answer || answer.status >= 500 || [409, 412, 429].includes(answer.status)) break;
    if (new URL(answer.url).pathname === "/joining/sign-in") break;
    if (answer.redirected && answer.ok) await drop(entry.id);
    else await put({ ...entry, problem: "refused" });
  }
  if (changed) await tell();
}

// --- events ---

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open("assets").then((kept) => kept.addAll(ASSETS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open("assets");
    for (const old of await kept.keys()) {
      if (!ASSETS.includes(new URL(old.url).pathname)) await kept.delete(old);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "GET" && url.pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (request.mode !== "navigate") return;
  else if (request.method === "GET") event.respondWith(page(event, url));
  else if (request.method !== "POST") return;
  else if (url.pathname === "/joining/sign-out") event.respondWith(leave(request));
  else if (KEPT.some((path) => path.test(url.pathname))) event.respondWith(keep(request, url));
});

self.addEventListener("sync", (event) => event.waitUntil(send()));

self.addEventListener("message", (event) => {
  const { ask, id, path, label } = event.data ?? {};
  const answer = async () => event.ports[0]?.postMessage(await mine());
  if (ask === "label") labels.set(path, String(label).slice(0, 200));
  else event.waitUntil((async () => {
    const own = (await mine()).find((entry) => entry.id === id);
    if (ask === "remove" && own) await drop(id);
    if (ask === "again" && own) await put({ ...own, problem: undefined, tried: undefined });
    if (ask === "send" || ask === "again") await send();
    await answer();
    if (ask !== "list") await tell();
  })());
});

self.addEventListener("push", (event) => {
  const said = event.data?.json();
  if (!said) return;
  const [off, stop] = said.off ?? [];
  event.waitUntil(self.registration.showNotification(said.title, {
    body: said.body, lang: said.lang, tag: said.tag, icon: ASSETS.find((path) => path.endsWith("icon-192.png")),
    data: { url: said.url, off }, actions: off ? [{ action: "off", title: stop }] : [],
  }));
});

self.addEventListener("notificationclick", (event) => {
  const { url, off } = event.notification.data ?? {};
  event.notification.close();
  event.waitUntil((async () => {
    if (event.action === "off") {
      const answer = await fetch(off, { method: "POST" }).catch(() => null);
      // where it could not be turned off, its page says so
      return answer?.ok ? undefined : self.clients.openWindow(off);
    }
    return self.clients.openWindow(url ?? "/notices");
  })());
});
