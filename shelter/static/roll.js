// Roll call: each press is sent where it is made, with the moment at which it was made. While it cannot be sent (no
// network, a locked screen, a colleague signed in here) it stays on screen and waits; none is stored in the browser.
const AGAIN = 4000;
const PATIENCE = 10000;
const OPEN = "0";
const AWAY = "3";
const FEW = 2;

function call(form) {
  const said = form.querySelector("[data-roll-status]");
  const count = form.querySelector("[data-roll-count]");
  const came = performance.timeOrigin + performance.getEntriesByType("navigation")[0].responseStart;
  const ahead = Date.parse(form.dataset.opened) - came; // of this machine's clock, which may be wrong
  const notes = new Map(); // what a line's last press brought, until it is pressed again
  let waiting = [];
  let sending = false;
  let later = 0;

  function stand(row, seen) {
    for (const one of row.querySelectorAll("[data-seen]")) {
      const on = one.dataset.seen === seen;
      one.setAttribute("aria-pressed", String(on));
      one.value = on ? OPEN : one.dataset.seen;
    }
    const done = form.querySelectorAll('[data-settled][aria-pressed="true"]').length;
    count.textContent = count.dataset.words.replace("{done}", String(done));
  }

  function tell(words) {
    said.hidden = !words;
    said.lastElementChild.textContent = words.replace("{n}", String(waiting.length));
  }

  function keep(left) {
    waiting = left;
    form.dataset.waiting = String(left.length);
  }

  async function post(tick) {
    const body = new FormData(form);
    body.set("seen", tick.seen);
    body.set("pressed", tick.at);
    const signal = AbortSignal.timeout(PATIENCE);
    const how = { method: "POST", body, redirect: "manual", keepalive: true, signal, headers: { Accept: "application/json" } };
    return fetch(tick.url, how).catch(() => null);
  }

  // Who signed in anew has another token: it is read from this page, asked for once more. Throws where no page came.
  async function renew(tick) {
    if (tick.renewed) {
      return false;
    }
    const again = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE) });
    const found = /name="csrf_token"[^>]*value="([^"]+)"/.exec(await again.text());
    tick.renewed = true;
    form.elements.csrf_token.value = found ? found[1] : form.elements.csrf_token.value;
    return Boolean(found);
  }

  function still(answer) {
    if (!answer || answer.status >= 500) {
      return said.dataset.away;
    }
    const locked = answer.type === "opaqueredirect" || answer.status === 403;
    return locked ? said.dataset.locked : answer.status === 409 ? said.dataset.other : "";
  }

  function settle(tick, answer, stands) {
    const newer = waiting.some((one) => one.row === tick.row);
    if ((!answer.ok || stands !== tick.seen) && !newer) {
      stand(tick.row, stands);
      notes.set(tick.row, (answer.ok ? said.dataset.later : said.dataset.refused).replace("{code}", tick.row.id));
    } else if (stands === AWAY) {
      notes.set(tick.row, said.dataset.steps);
    }
    tell(waiting.length > FEW ? said.dataset.sending : [...new Set(notes.values())].join(" "));
  }

  function wait(why) {
    tell(why);
    clearTimeout(later);
    later = setTimeout(send, AGAIN);
  }

  // A press leaves the line only when its whole answer was read; one that arrives twice is one.
  async function sendAll() {
    while (waiting.length) {
      const [tick] = waiting;
      const answer = await post(tick);
      const why = still(answer);
      if (why) {
        wait(why);
        return;
      }
      if (answer.status !== 400 || !(await renew(tick))) {
        const stands = answer.ok ? String((await answer.json()).stands) : OPEN;
        keep(waiting.slice(1));
        settle(tick, answer, stands);
      }
    }
  }

  async function send() {
    if (sending) {
      return;
    }
    sending = true;
    try {
      await sendAll();
    } catch { // an answer that broke off
      wait(said.dataset.away);
    } finally {
      sending = false;
    }
  }

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.dataset.seen) {
      event.preventDefault();
      const row = button.closest("[data-roll-row]");
      keep([...waiting, { row, url: button.formAction, seen: button.value, at: new Date(Date.now() + ahead).toISOString() }]);
      stand(row, button.value);
      notes.delete(row);
      send();
    } else if (!navigator.onLine) { // a step: its page would be lost with the network
      event.preventDefault();
      tell(said.dataset.again);
    }
  });
  addEventListener("online", send);
  // Leaving: the last press about each person goes along; one that arrives twice is one.
  addEventListener("pagehide", () => new Map(waiting.map((tick) => [tick.row, tick])).forEach(post));
  addEventListener("beforeunload", (event) => {
    if (waiting.length && form.isConnected) { // who leaves at once (exit.js) is asked nothing
      event.preventDefault();
    }
  });
}

for (const form of document.querySelectorAll("form[data-roll]")) {
  call(form);
}
