// Light or dark at once, without a new page; the server keeps the choice in a cookie.
const form = document.querySelector("form[data-look]");

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = event.submitter?.value ?? "";
  const sent = new FormData(form);
  sent.set("look", chosen);
  if (chosen) {
    document.documentElement.dataset.bsTheme = chosen;
  } else {
    delete document.documentElement.dataset.bsTheme;
  }
  for (const button of form.querySelectorAll("button")) {
    if (button.value === chosen) {
      button.setAttribute("aria-current", "true");
    } else {
      button.removeAttribute("aria-current");
    }
  }
  fetch(form.action, { method: "POST", body: sent, redirect: "manual" });
});

// A menu that opens over the page closes by Escape or a click elsewhere, and only one is open.
const drops = [...document.querySelectorAll("details.drop")];
document.addEventListener("click", (event) => {
  drops.filter((drop) => !drop.contains(event.target)).forEach((drop) => drop.removeAttribute("open"));
});
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && drops.find((drop) => drop.open);
  if (open) {
    open.removeAttribute("open");
    open.querySelector("summary").focus();
  }
});
