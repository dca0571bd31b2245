// A signature drawn with finger, pen or mouse: lines of whole numbers in a hidden field. Typing and paper work without.
const MOST_POINTS = 5000;

function watch(sheet) {
  const field = document.querySelector(`[name="${sheet.dataset.signature}"]`);
  const pen = sheet.getContext("2d");
  const lines = [];
  let drawing = false;

  function place(event) {
    const box = sheet.getBoundingClientRect();
    const within = (at, most) => Math.max(0, Math.min(most, Math.round(at)));
    return [
      within(((event.clientX - box.left) / box.width) * sheet.width, sheet.width),
      within(((event.clientY - box.top) / box.height) * sheet.height, sheet.height),
    ];
  }

  function keep() {
    field.value = lines.length ? JSON.stringify(lines) : "";
    if (lines.length) {
      document.querySelector('[name="how"][value="drawn"]')?.click();
    }
  }

  sheet.addEventListener("pointerdown", (event) => {
    drawing = true;
    sheet.setPointerCapture(event.pointerId);
    const at = place(event);
    lines.push([...at]);
    pen.strokeStyle = getComputedStyle(sheet).color;
    pen.lineWidth = 3;
    pen.beginPath();
    pen.moveTo(...at);
  });
  sheet.addEventListener("pointermove", (event) => {
    if (drawing && lines.flat().length < MOST_POINTS) {
      const at = place(event);
      lines.at(-1).push(...at);
      pen.lineTo(...at);
      pen.stroke();
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    sheet.addEventListener(end, () => {
      drawing = false;
      keep();
    });
  }
  document.querySelector("[data-signature-clear]").addEventListener("click", () => {
    lines.length = 0;
    pen.clearRect(0, 0, sheet.width, sheet.height);
    keep();
  });
  sheet.closest("[data-signature-part]").hidden = false;
}

for (const sheet of document.querySelectorAll("canvas[data-signature]")) {
  watch(sheet);
}
