// Copies the value of a field, which stays in view for copying by hand.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    const words = button.querySelector("[data-copy-words]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        words.textContent = "Copied";
      } catch {
        words.textContent = document.execCommand("copy") ? "Copied" : "Press Ctrl-C";
      }
    });
  }
})();
