// Warns a minute before an idle screen locks. What was typed is kept by draft.js; the server locks whatever happens here.
const dialog = document.querySelector("[data-idle-seconds]");
const WARN_BEFORE = 60;

function watch(dialog) {
  const lockForm = dialog.querySelector("form");
  const idleFor = Number(dialog.dataset.idleSeconds) * 1000;
  let touched = Date.now();
  let told = touched;
  let looking = 0;

  async function tellServer() {
    told = Date.now();
    const sent = { method: "POST", body: new FormData(lockForm), redirect: "manual" };
    const answer = await fetch(dialog.dataset.stay, sent).catch(() => null);
    if (answer && !answer.ok) {
      lock();
    }
  }

  // Once only: sent again each second, a slow answer would never be shown.
  function lock() {
    clearInterval(looking);
    document.dispatchEvent(new CustomEvent("keep-draft"));
    document.documentElement.classList.add("blind");
    lockForm.submit();
  }

  function touch() {
    if (dialog.open) {
      return;
    }
    touched = Date.now();
    if (touched - told > idleFor / 3) {
      tellServer();
    }
  }

  function look() {
    const left = idleFor - (Date.now() - touched);
    if (left <= 0) {
      lock();
    } else if (left <= WARN_BEFORE * 1000 && !dialog.open) {
      document.dispatchEvent(new CustomEvent("keep-draft"));
      dialog.showModal();
    }
  }

  function stay() {
    dialog.close();
    touched = Date.now();
    tellServer();
  }

  for (const name of ["pointerdown", "keydown", "scroll"]) {
    document.addEventListener(name, touch, { passive: true });
  }
  dialog.querySelector("[data-idle-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  looking = setInterval(look, 1000);
}

if (dialog) {
  watch(dialog);
}
