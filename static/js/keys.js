// Keys. An element says by data-key="n" which key works it: a link or button is clicked, a field
// gets the focus. j and k (and the arrows, once a row has the focus) go along a list's rows.
// ? shows what the page has, with the keys of other scripts, which it lists in data-more-keys. While
// somebody types, or has the focus in what is marked data-no-keys, none of this happens.
(() => {
  "use strict";
  const sheet = document.getElementById("keys");
  const FIELD = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])";

  const seen = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
  const keyed = () => [...document.querySelectorAll("[data-key]")].filter(seen);
  const rows = () => [...document.querySelectorAll("[data-row] [data-open]")].filter(seen);

  const work = (element) => {
    if (element.matches(FIELD)) {
      element.focus();
      element.select?.();
    } else element.click();
  };

  const step = (by) => {
    const all = rows();
    const now = all.indexOf(document.activeElement);
    const next = all[now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by];
    next?.focus();
    return Boolean(next);
  };

  const show = () => {
    const known = keyed().map((one) => [one.dataset.key, one.title.replace(/ \(.\)$/, "") || one.textContent.trim()]);
    if (rows().length) known.push(["j", "Next row"], ["k", "Previous row"]);
    for (const one of document.querySelectorAll("[data-more-keys] dt"))
      known.push([one.textContent, one.nextElementSibling.textContent]);
    known.push(["?", "Show keyboard shortcuts"]);
    const lines = known.map(([key, words]) => {
      const line = document.createElement("div");
      const name = line.appendChild(document.createElement("dt"));
      name.appendChild(document.createElement("kbd")).textContent = key;
      line.appendChild(document.createElement("dd")).textContent = words;
      return line;
    });
    sheet.querySelector("dl").replaceChildren(...lines);
    sheet.showModal();
  };

  addEventListener("keys:show", show);
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.(`${FIELD}, [data-no-keys]`) || document.querySelector("dialog[open]")) return;
    const { key } = event;
    const inRow = event.target.closest?.("[data-row]");
    if (key === "?") show();
    else if (key === "j" || (inRow && key === "ArrowDown")) {
      if (!step(1)) return;
    } else if (key === "k" || (inRow && key === "ArrowUp")) {
      if (!step(-1)) return;
    } else {
      const element = keyed().find((one) => one.dataset.key === key);
      if (!element) return;
      work(element);
    }
    event.preventDefault();
  });
})();
