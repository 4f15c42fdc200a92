// Ticks of a list: one box for all rows, and a range with the shift key.
(() => {
  "use strict";
  const boxes = (form) => [...form.querySelectorAll("input[name=chosen]")];
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target;
    const form = box.closest?.("[data-selection]");
    if (!form) return;
    if (box.matches("[data-tick-all]")) {
      for (const one of boxes(form)) one.checked = box.checked;
      return;
    }
    if (box.name !== "chosen") return;
    const all = boxes(form);
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const one of all.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
  });
})();

// A CSV that takes a while: says so beside the list, until the list changes.
(() => {
  "use strict";
  const tell = (words) => {
    const place = document.getElementById("csv-told");
    if (place) place.textContent = words;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#list-csv[data-told]");
    if (link) tell(link.dataset.told);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "results") tell("");
  });
})();
