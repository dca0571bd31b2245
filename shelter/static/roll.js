// Roll call: each press is sent where it is made. While the network is away, presses stay on screen and wait here; none is
// stored in the browser.
const AGAIN = 4000;
const AWAY = "3";
const FEW = 2;

function call(form) {
  const said = form.querySelector("[data-roll-status]");
  const count = form.querySelector("[data-roll-count]");
  const waiting = [];
  let sending = false;

  function press(button) {
    const taken = button.getAttribute("aria-pressed") === "true";
    for (const other of button.closest("[data-roll-row]").querySelectorAll("[data-seen]")) {
      const on = other === button && !taken;
      other.setAttribute("aria-pressed", String(on));
      other.value = on ? "0" : other.dataset.seen;
    }
    const done = form.querySelectorAll('[data-settled][aria-pressed="true"]').length;
    count.textContent = count.dataset.words.replace("{done}", String(done));
  }

  function tell(words) {
    said.hidden = !words;
    said.lastElementChild.textContent = words.replace("{n}", String(waiting.length));
  }

  async function post(tick) {
    const body = new FormData(form);
    body.set("seen", tick.seen);
    body.set("ago", String(Math.round((Date.now() - tick.at) / 1000)));
    const sent = { method: "POST", body, redirect: "manual", keepalive: true, headers: { Accept: "application/json" } };
    return fetch(tick.url, sent).catch(() => null);
  }

  async function send() {
    if (sending) {
      return;
    }
    sending = true;
    while (waiting.length) {
      const answer = await post(waiting[0]);
      const away = !answer || answer.status >= 500;
      if (away || answer.type === "opaqueredirect") {
        tell(away ? said.dataset.away : said.dataset.locked);
        setTimeout(send, AGAIN);
        break;
      }
      const sent = waiting.shift();
      form.dataset.waiting = String(waiting.length);
      const more = waiting.length > FEW ? said.dataset.sending : "";
      tell(answer.ok ? more || (sent.seen === AWAY ? said.dataset.steps : "") : said.dataset.refused);
    }
    sending = false;
  }

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.dataset.seen) {
      event.preventDefault();
      waiting.push({ url: button.formAction, seen: button.value, at: Date.now() });
      form.dataset.waiting = String(waiting.length);
      press(button);
      send();
    }
  });
  addEventListener("online", send);
  addEventListener("pagehide", () => waiting.forEach(post)); // one that arrives twice is one
  addEventListener("beforeunload", (event) => {
    if (waiting.length) {
      event.preventDefault();
    }
  });
}

for (const form of document.querySelectorAll("form[data-roll]")) {
  call(form);
}
