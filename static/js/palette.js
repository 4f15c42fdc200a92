// The command palette. Ctrl-K (or ⌘K) opens it; typing keeps the pages and actions whose words hold
// each word typed; arrows go along them, Enter opens. The server adds cases by number and searches.
(() => {
  "use strict";
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const field = dialog.querySelector("input");
  const items = () =>
    [...dialog.querySelectorAll("li:not([hidden]) a, li:not([hidden]) button")];

  const open = () => {
    if (dialog.open || document.querySelector("dialog[open]")) return;
    field.value = "";
    dialog.querySelector("#palette-cases").replaceChildren();
    narrow();
    dialog.showModal();
  };

  const narrow = () => {
    const asked = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of dialog.querySelectorAll("[data-words]")) {
      const words = item.dataset.words.toLowerCase();
      item.hidden = !asked.every((one) => words.includes(one));
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]")) open();
    if (event.target.closest("[data-keys]")) {
      dialog.close();
      document.getElementById("account")?.hidePopover();
      dispatchEvent(new Event("keys:show"));
    }
    if (event.target === dialog) dialog.close();
  });
  field.addEventListener("input", narrow);
  dialog.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    if (event.key === "ArrowDown") (all[at + 1] ?? all[0])?.focus();
    else if (event.key === "ArrowUp") (at > 0 ? all[at - 1] : field).focus();
    else if (event.key === "Enter" && document.activeElement === field && field.value.trim()) {
      if (!all.length) return; // the words are searched
      all[0].click();
    } else {
      const types = event.key.length === 1 || event.key === "Backspace";
      if (types && at >= 0 && event.key !== " ") field.focus();
      return;
    }
    event.preventDefault();
  });
})();
