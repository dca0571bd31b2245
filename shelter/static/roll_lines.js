// Roll call, what stands on screen: each line's answer, how many are done, and what the page says of presses.
export const OPEN = "0";
const AWAY = "3";
const FEW = 2;

export class Lines {
  notes = new Map(); // what a line's last press brought, until it is pressed again

  constructor(form, said) {
    this.form = form;
    this.said = said;
    this.count = form.querySelector("[data-roll-count]");
  }

  stand(row, seen) {
    for (const one of row.querySelectorAll("[data-seen]")) {
      const on = one.dataset.seen === seen;
      one.setAttribute("aria-pressed", String(on));
      one.value = on ? OPEN : one.dataset.seen;
    }
    const done = this.form.querySelectorAll('[data-settled][aria-pressed="true"]').length;
    this.count.textContent = this.count.dataset.words.replace("{done}", String(done));
  }

  tell(words, waiting) {
    this.said.hidden = !words;
    this.said.lastElementChild.textContent = words.replace("{n}", String(waiting.length));
  }

  settle(tick, answer, stands, waiting) {
    const newer = waiting.some((one) => one.row === tick.row);
    if ((!answer.ok || stands !== tick.seen) && !newer) {
      this.stand(tick.row, stands);
      const words = answer.ok ? this.said.dataset.later : this.said.dataset.refused;
      this.notes.set(tick.row, words.replace("{code}", tick.row.id));
    } else if (stands === AWAY) {
      this.notes.set(tick.row, this.said.dataset.steps);
    }
    this.tell(waiting.length > FEW ? this.said.dataset.sending : [...new Set(this.notes.values())].join(" "), waiting);
  }
}
