// Leaving a page with unsaved corrections is asked about; Ctrl-Enter saves, Ctrl-Shift-Enter goes on.
(() => {
  "use strict";
  let unsaved = false;

  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-asks-before-leaving]")) unsaved = true;
  });
  document.addEventListener("submit", (event) => {
    if (event.target.closest("[data-asks-before-leaving]")) unsaved = false;
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest("[data-asks-before-leaving]");
    if (!form) return;
    const then = event.shiftKey ? "next" : "stay";
    form.requestSubmit(form.querySelector(`[name="then"][value="${then}"]`));
  });
})();
