// Messages on this device: the browser makes the way, the form carries it. Without this script there are other ways.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

for (const form of document.querySelectorAll("form[data-subscribe]")) {
  if (!navigator.serviceWorker || !window.PushManager || !window.Notification) break;
  form.hidden = false;
  const problem = form.querySelector('[role="alert"]');
  // before the script that stops a second tap: this form is sent by hand once the browser has answered
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.asking) return;
    form.dataset.asking = "1";
    problem.hidden = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") throw new Error("refused");
      const { pushManager } = await navigator.serviceWorker.ready;
      const key = bytes(form.dataset.subscribe);
      const before = await pushManager.getSubscription();
      // one that was made for another key is of no use any more
      if (before && text(before.options.applicationServerKey) !== form.dataset.subscribe) await before.unsubscribe();
      const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
      form.elements.endpoint.value = made.endpoint;
      form.elements.p256dh.value = text(made.getKey("p256dh"));
      form.elements.auth.value = text(made.getKey("auth"));
      form.submit();
    } catch {
      problem.textContent = form.dataset.refused;
      problem.hidden = false;
    } finally {
      delete form.dataset.asking;
    }
  });
}
