// Leaving at once: a blank page first, then the session ends, then somewhere neutral. Shift three times does the same.
const WITHIN = 5000;
const PRESSES = 3;

const source = document.querySelector("[data-exit]");
const status = document.querySelector("[data-exit-status]");
let pressed = 0;
let last = 0;
let alone = false;

function cover() {
  const blank = document.createElement("div");
  blank.className = "leaving";
  blank.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.className = "visually-hidden";
  words.textContent = source.dataset.leaving;
  blank.append(words);
  document.body.replaceChildren(blank);
  document.title = source.dataset.leaving;
}

function leave() {
  const ending = source instanceof HTMLFormElement ? new FormData(source) : null;
  const action = source.getAttribute("action");
  cover();
  if (ending && action) {
    navigator.sendBeacon(action, ending);
  }
  window.location.replace(source.dataset.exit);
}

function announce() {
  const left = PRESSES - pressed;
  if (status && left > 0) {
    status.textContent = (source.dataset.press ?? "").replace("{n}", String(left));
  }
}

function shiftUp(event) {
  if (event.key !== "Shift" || !alone) {
    return;
  }
  pressed = event.timeStamp - last <= WITHIN ? pressed + 1 : 1;
  last = event.timeStamp;
  if (pressed >= PRESSES) {
    leave();
  } else {
    announce();
  }
}

if (source) {
  source.addEventListener(source instanceof HTMLFormElement ? "submit" : "click", (event) => {
    event.preventDefault();
    leave();
  });
  // Only Shift by itself counts: a capital letter holds Shift down too.
  document.addEventListener("keydown", (event) => {
    alone = event.key === "Shift" && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!alone) {
      pressed = 0;
    }
  });
  document.addEventListener("keyup", shiftUp);
}

// A page that the browser kept for its Back button is asked for anew, so that a session that ended stays ended.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    window.location.reload();
  }
});
