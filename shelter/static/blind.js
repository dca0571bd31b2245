// Blurs everything about people, by the button or Ctrl+Shift+B. Kept in the window's name for this tab only:
// nothing is stored, and the next page opens blurred before it can be read.
const MARK = "blind";
const button = document.querySelector("[data-blind]");
const status = document.querySelector("[data-blind-status]");

function show(blind) {
  document.documentElement.classList.toggle("blind", blind);
  button?.setAttribute("aria-pressed", String(blind));
}

function toggle() {
  const blind = window.name !== MARK;
  window.name = blind ? MARK : "";
  show(blind);
  if (status && button) {
    status.textContent = blind ? button.dataset.on : button.dataset.off;
  }
}

if (button) {
  button.hidden = false;
  button.addEventListener("click", toggle);
  show(window.name === MARK);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.shiftKey && event.key.toLowerCase() === "b") {
      event.preventDefault();
      toggle();
    }
  });
}
