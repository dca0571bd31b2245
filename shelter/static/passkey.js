// Passkeys: lets the device answer a challenge, and puts the answer into the form. Without script the code does the same.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

function answered(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) {
      response[part] = text(credential.response[part]);
    }
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function asked(address) {
  const options = await (await fetch(address, { redirect: "error" })).json();
  options.challenge = bytes(options.challenge);
  if (options.user) {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = options.excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return { publicKey: options };
}

async function ask(said, field, device) {
  said.textContent = said.dataset.asked;
  try {
    field.value = answered(await device());
  } catch {
    said.textContent = said.dataset.failed;
    return;
  }
  field.form.submit();
}

const works = (host) => window.PublicKeyCredential && window.location.hostname === host;

for (const place of document.querySelectorAll("[data-passkey-for]")) {
  const field = document.getElementById(place.dataset.passkeyFor);
  place.hidden = !works(place.dataset.host);
  place.querySelector("button").addEventListener("click", () =>
    ask(place.querySelector("[role=status]"), field, async () =>
      navigator.credentials.get(await asked(place.dataset.challenge)),
    ),
  );
}

for (const place of document.querySelectorAll("[data-passkey-new]")) {
  const field = document.getElementById(place.dataset.passkeyNew);
  field.form.addEventListener("submit", (event) => {
    if (works(place.dataset.host) && event.isTrusted) {
      event.preventDefault();
      ask(place.querySelector("[role=status]"), field, async () =>
        navigator.credentials.create(await asked(place.dataset.options)),
      );
    }
  });
}
