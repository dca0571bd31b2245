// Keeps an unfinished form on the server, sealed there; nothing is kept in the browser.
const PAUSE = 2000;
const LONGEST = 20000; // somebody who types without a pause loses no more than this

function keep(form) {
  const said = form.querySelector("[data-draft-status]");
  let waiting = 0;
  let changed = false;
  let since = 0;

  function contents() {
    const sent = new FormData(form);
    for (const [name, value] of [...sent]) {
      if (value instanceof File) {
        sent.delete(name);
      }
    }
    return sent;
  }

  async function save() {
    clearTimeout(waiting);
    if (!changed) {
      return;
    }
    changed = false;
    since = 0;
    const answer = await fetch(form.dataset.draft, { method: "POST", body: contents(), redirect: "manual" }).catch(
      () => null,
    );
    changed = changed || !answer?.ok;
    if (said) {
      said.textContent = answer?.ok ? said.dataset.kept : said.dataset.notKept;
    }
  }

  function saveLeaving() {
    if (changed && document.visibilityState === "hidden") {
      changed = !navigator.sendBeacon(form.dataset.draft, contents());
    }
  }

  form.addEventListener("input", () => {
    changed = true;
    since ||= Date.now();
    clearTimeout(waiting);
    waiting = setTimeout(save, Math.min(PAUSE, Math.max(0, since + LONGEST - Date.now())));
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    changed = false;
  });
  document.addEventListener("visibilitychange", saveLeaving);
  document.addEventListener("keep-draft", save);
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  keep(form);
}
