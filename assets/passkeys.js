// Passkeys: the browser makes and uses a key of this device. Without this script there is the password.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function put(form, name, value) {
  const field = form.querySelector(`input[type="hidden"][name="${name}"]`) ?? form.appendChild(document.createElement("input"));
  field.type = "hidden";
  field.name = name;
  field.value = value;
}

async function question(address, form) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.title ?? "");
  return said;
}

const ways = {
  async register(form) {
    const options = await question("/joining/passkeys/begin", form);
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    for (const known of options.excludeCredentials) known.id = bytes(known.id);
    const { response } = await navigator.credentials.create({ publicKey: options });
    put(form, "client_data", text(response.clientDataJSON));
    put(form, "attestation", text(response.attestationObject));
  },
  async use(form) {
    const options = await question("/joining/passkeys/challenge", form);
    options.challenge = bytes(options.challenge);
    const key = await navigator.credentials.get({ publicKey: options });
    put(form, "id", text(key.rawId));
    put(form, "client_data", text(key.response.clientDataJSON));
    put(form, "authenticator_data", text(key.response.authenticatorData));
    put(form, "signature", text(key.response.signature));
  },
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) break;
  form.hidden = false;
  const problem = form.querySelector('[role="alert"]');
  // before the script that stops a second tap: this form is sent by hand once the key has answered
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.asking) return;
    form.dataset.asking = "1";
    problem.hidden = true;
    try {
      await ways[form.dataset.passkey](form);
      form.submit();
    } catch (error) {
      problem.textContent = (error.name === "Error" && error.message) || form.dataset.refused;
      problem.hidden = false;
    } finally {
      delete form.dataset.asking;
    }
  });
}
