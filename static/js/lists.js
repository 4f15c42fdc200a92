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
