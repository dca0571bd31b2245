// Narrows a list already on the page to the rows that hold the typed words; nothing is sent.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function filter(list, box, status) {
  const rows = [...list.querySelectorAll(":scope > li, tbody > tr")];
  box.addEventListener("input", () => {
    const words = plain(box.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = plain(row.textContent);
      row.hidden = !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    status.textContent = status.dataset.words.replace("{n}", String(shown));
  });
}

for (const box of document.querySelectorAll("[data-filters]")) {
  const list = document.getElementById(box.dataset.filters);
  if (list) {
    box.closest("[hidden]")?.removeAttribute("hidden");
    filter(list, box, document.getElementById(`${box.id}-status`));
  }
}
