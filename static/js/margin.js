// Annotations stand in the margin beside their words, where the text leaves room for one: each is
// moved down to its words, or below the one before it. Also the hint that words can be marked,
// which goes when somebody has annotated in this browser.
(() => {
  "use strict";
  const GAP = 8;
  const HINT = "imr-knows-marking";

  // Reads all, then writes all, so that the page is laid out once.
  const place = () => {
    const lists = [...document.querySelectorAll("[data-marked] > .threads")];
    for (const list of lists) for (const item of list.children) item.style.marginTop = "";
    const moves = [];
    for (const list of lists) {
      if (!getComputedStyle(list).getPropertyValue("--beside").trim()) continue;
      let bottom = list.getBoundingClientRect().top;
      for (const item of list.children) {
        const note = item.querySelector("[data-note]")?.dataset.note;
        const mark = list.parentElement.querySelector(`mark[data-note="${note}"]`);
        const wanted = mark ? mark.getBoundingClientRect().top - 4 : bottom;
        const height = item.getBoundingClientRect().height;
        const top = Math.max(wanted, bottom);
        moves.push([item, top - bottom]);
        bottom = top + height + GAP;
      }
    }
    for (const [item, down] of moves) item.style.marginTop = `${Math.round(down)}px`;
  };
  let waits = false;
  const soon = () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      place();
    });
  };
  const sizes = new ResizeObserver(soon);
  const observe = () => document.querySelectorAll("[data-marked]").forEach((one) => sizes.observe(one));
  document.addEventListener("htmx:afterSettle", () => {
    observe();
    soon();
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.closest?.("[data-marked], .as-written")) soon();
  }, true);
  document.fonts?.ready.then(soon);

  const hint = document.querySelector("[data-marking-hint]");
  const know = () => {
    try {
      localStorage.setItem(HINT, "1");
    } catch {
      // it will be shown again
    }
    if (hint) hint.classList.add("known");
  };
  const knows = () => {
    try {
      return Boolean(localStorage.getItem(HINT));
    } catch {
      return false;
    }
  };
  if (hint && knows()) hint.classList.add("known");
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-hint-away]")) know();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt?.id === "annotate" && event.detail.successful) know();
  });

  observe();
  place();
})();
