// While typing: how many characters are left in a long text, and a passphrase shown on request.
for (const area of document.querySelectorAll("textarea[data-count]")) {
  const said = document.getElementById(`${area.id}-count`);
  const most = Number(area.dataset.count);
  const count = () => {
    const left = most - [...area.value].length;
    if (said && left < most / 5) {
      const words = left < 0 ? said.dataset.over : said.dataset.left;
      said.textContent = words.replace("{n}", String(Math.abs(left)));
      said.classList.toggle("is-over", left < 0);
    }
  };
  area.addEventListener("input", count);
  count();
}

for (const button of document.querySelectorAll("[data-show-secret]")) {
  const box = document.getElementById(button.dataset.showSecret);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = box.type === "text";
    box.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
  box.form?.addEventListener("submit", () => {
    box.type = "password";
  });
}
