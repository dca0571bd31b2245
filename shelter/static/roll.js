// Roll call: each press is sent where it is made, with the moment at which it was made. While it cannot be sent (no
// network, a locked screen, a colleague signed in here) it stays on screen and waits; none is stored in the browser.
import { Lines, OPEN } from "./roll_lines.js";
import { post, renew, still } from "./roll_post.js";

const AGAIN = 4000;

function call(form) {
  const said = form.querySelector("[data-roll-status]");
  const lines = new Lines(form, said);
  const came = performance.timeOrigin + performance.getEntriesByType("navigation")[0].responseStart;
  const ahead = Date.parse(form.dataset.opened) - came; // of this machine's clock, which may be wrong
  let waiting = [];
  let sending = false;
  let later = 0;

  function keep(left) {
    waiting = left;
    form.dataset.waiting = String(left.length);
  }

  function wait(why) {
    lines.tell(why, waiting);
    clearTimeout(later);
    later = setTimeout(send, AGAIN);
  }

  // A press leaves the line only when its whole answer was read; one that arrives twice is one.
  async function sendAll() {
    while (waiting.length) {
      const [tick] = waiting;
      const answer = await post(form, tick);
      const why = still(said, answer);
      if (why) {
        wait(why);
        return;
      }
      if (answer.status !== 400 || !(await renew(form, tick))) {
        const stands = answer.ok ? String((await answer.json()).stands) : OPEN;
        keep(waiting.slice(1));
        lines.settle(tick, answer, stands, waiting);
      }
    }
  }

  function send() {
    if (!sending) {
      sending = true;
      sendAll().catch(() => wait(said.dataset.away)).finally(() => { sending = false; }); // an answer that broke off
    }
  }

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.dataset.seen) {
      event.preventDefault();
      const row = button.closest("[data-roll-row]");
      keep([...waiting, { row, url: button.formAction, seen: button.value, at: new Date(Date.now() + ahead).toISOString() }]);
      lines.stand(row, button.value);
      lines.notes.delete(row);
      send();
    } else if (!navigator.onLine) { // a step: its page would be lost with the network
      event.preventDefault();
      lines.tell(said.dataset.again, waiting);
    }
  });
  addEventListener("online", send);
  // Leaving: the last press about each person goes along; one that arrives twice is one.
  addEventListener("pagehide", () => new Map(waiting.map((tick) => [tick.row, tick])).forEach((tick) => post(form, tick)));
  addEventListener("beforeunload", (event) => {
    if (waiting.length && form.isConnected) { // who leaves at once (exit.js) is asked nothing
      event.preventDefault();
    }
  });
}

document.querySelectorAll("form[data-roll]").forEach(call);
