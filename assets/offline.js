// The page of what waits to be sent: one line for each, what it says, and a button to remove it.

const { serviceWorker } = navigator;
const list = document.querySelector("[data-list]");
const { words } = list.dataset;
const texts = JSON.parse(words);
const line = document.querySelector("template").content;

const ask = async (message) => {
  const { active } = await serviceWorker.ready;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    active.postMessage(message, [port2]);
  });
};

/** What was written, without what only the program needs. */
const said = (body) => [...new URLSearchParams(body)]
  .filter(([name, value]) => value && ["words", "summary", "thanks", "date"].includes(name))
  .map(([, value]) => value).join(" · ");

function show(waiting) {
  list.replaceChildren(...waiting.map((entry) => {
    const item = line.cloneNode(true).firstElementChild;
    item.querySelector("h2").textContent = entry.label || texts.kinds.find(([begin]) => entry.path.startsWith(begin))?.[1] || "";
    item.querySelector("[data-said]").textContent = said(entry.body);
    item.querySelector("[data-at]").textContent = new Date(entry.at).toLocaleString(document.documentElement.lang);
    const problem = item.querySelector("[data-problem]");
    problem.textContent = entry.problem ? texts[entry.problem] : "";
    problem.hidden = !entry.problem;
    const [again, remove] = item.querySelectorAll("button");
    again.hidden = !entry.problem;
    again.addEventListener("click", async () => show(await ask({ ask: "again", id: entry.id })));
    remove.addEventListener("click", async () => {
      show(await ask({ ask: "remove", id: entry.id }));
      document.querySelector("h1").focus();
    });
    return item;
  }));
  document.querySelector("[data-none]").hidden = waiting.length > 0;
  document.querySelector("[data-send]").hidden = !waiting.some((entry) => !entry.problem);
}

if (serviceWorker) {
  serviceWorker.addEventListener("message", ({ data }) => data.waiting && show(data.waiting));
  document.querySelector("[data-send]").addEventListener("click", async () => show(await ask({ ask: "send" })));
  addEventListener("online", () => ask({ ask: "send" }).then(show));
  ask({ ask: "list" }).then(show);
}
