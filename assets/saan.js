// Small enhancements; every page works without them.

// a date field shows the reading in the Buddhist era beside it, because the browser's own calendar may not
const months = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."];
for (const field of document.querySelectorAll('input[type="date"]')) {
  if (document.documentElement.lang !== "th") break;
  const reading = document.createElement("small");
  const show = () => {
    const [year, month, day] = field.value.split("-").map(Number);
    reading.textContent = day ? `${day} ${months[month - 1]} ${year + 543}` : "";
  };
  field.after(reading);
  field.addEventListener("input", show);
  show();
}

// one tap is enough: a form that is on its way is not sent again
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    // a page that was left and comes back from the browser's memory may be sent again
    addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
  });
}

// a photograph is turned upright and made small by the phone: whoever stands in the field sends it over a weak line
const LONGEST = 1600;
for (const field of document.querySelectorAll('input[type="file"][accept^="image/"]')) {
  let drawing = null;
  const shrink = async (file) => {
    const drawn = await createImageBitmap(file).catch(() => null);
    if (!drawn) return;
    const scale = Math.min(1, LONGEST / Math.max(drawn.width, drawn.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(drawn.width * scale));
    canvas.height = Math.max(1, Math.round(drawn.height * scale));
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    // another may have been chosen meanwhile
    if (!small || field.files[0] !== file) return;
    const chosen = new DataTransfer();
    chosen.items.add(new File([small], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }));
    field.files = chosen.files;
  };
  field.addEventListener("change", () => {
    const [file] = field.files;
    // a small drawing stays as sharp as it is
    if (!file || (file.type !== "image/jpeg" && file.size < 500_000)) return;
    drawing = shrink(file).finally(() => { drawing = null; });
  });
  field.form?.addEventListener("submit", (event) => {
    if (!drawing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    drawing.then(() => field.form.requestSubmit(button));
  }, { capture: true });
}

// the first field with a problem is where to go on
document.querySelector('[aria-invalid="true"]')?.focus();

// sharing by the phone's own sheet (LINE stands in it); without one the link stays a link
for (const link of document.querySelectorAll("a[data-share]")) {
  if (!navigator.share) continue;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    navigator.share({ text: link.dataset.share, url: link.dataset.url }).catch(() => {});
  });
}

// print buttons
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// category chips follow the words while they are written
for (const form of document.querySelectorAll("form[data-suggest]")) {
  const text = form.querySelector("textarea");
  const place = form.querySelector("[data-chips]");
  if (!text || !place) continue;
  let waiting;
  const suggest = async () => {
    const body = new URLSearchParams({ text: text.value });
    for (const box of place.querySelectorAll("input:checked")) body.append("categories", box.value);
    const answer = await fetch(form.dataset.suggest, { method: "POST", body }).catch(() => null);
    if (answer?.ok) place.innerHTML = await answer.text();
  };
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, 500);
  });
}

// copying what stands in a field
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  if (!navigator.clipboard || !field) continue;
  button.hidden = false;
  button.addEventListener("click", () => navigator.clipboard.writeText(field.value));
}

// the last state of pages, and what was entered without a signal: kept by the worker (worker.js), shown here
const house = document.documentElement;
const strip = document.querySelector("[data-waits]");
if (navigator.serviceWorker && strip) {
  const { serviceWorker } = navigator;
  const say = (waiting) => {
    const words = [];
    if (house.dataset.stale) {
      const at = new Date(house.dataset.stale).toLocaleString(house.lang, { dateStyle: "short", timeStyle: "short" });
      words.push(strip.dataset.stale.replace("#", at));
    }
    if (waiting.length) words.push(strip.dataset.waits.replace("#", waiting.length));
    const way = Object.assign(document.createElement("a"), { href: "/offline", textContent: words.join(" · ") });
    strip.replaceChildren(way);
    strip.hidden = !words.length;
    house.dataset.waiting = waiting.length;
  };
  serviceWorker.register("/worker.js", { updateViaCache: "none" }).catch(() => {});
  serviceWorker.addEventListener("message", ({ data }) => data.waiting && say(data.waiting));
  const ask = (what) => serviceWorker.controller?.postMessage({ ask: what });
  say([]);
  ask("send");
  addEventListener("online", () => ask("send"));
  for (const form of document.querySelectorAll('form[method="post"]')) {
    // what it is about, in the words of its page
    form.addEventListener("submit", ({ submitter }) => {
      const about = form.closest("li, section, main")?.querySelector("h1, h2")?.textContent.trim();
      const label = [about, submitter?.textContent.trim()].filter(Boolean).join(" · ");
      const to = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
      serviceWorker.controller?.postMessage({ ask: "label", path: new URL(to, location.href).pathname, label });
    });
  }
  const leave = document.querySelector('form[action="/joining/sign-out"]');
  // before the script that stops a second tap has its say again
  leave?.addEventListener("submit", (event) => {
    if (!Number(house.dataset.waiting) || confirm(strip.dataset.leave)) return;
    event.preventDefault();
    delete leave.dataset.sent;
  });
}
