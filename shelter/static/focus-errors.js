// The summary of what is wrong, or two texts that met, takes focus when the page opens; a link in it moves to the control.
document.querySelector("[data-focus]")?.focus();

document.querySelector("#error-summary")?.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  const control = link && document.getElementById(link.getAttribute("href").slice(1));
  if (control) {
    event.preventDefault();
    (control.closest("fieldset, .field") ?? control).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  }
});
