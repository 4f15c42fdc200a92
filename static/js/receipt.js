// The page of an upload: when all letters have been read, its part about their receipt is loaded
// anew, unless somebody is at work in it; then it offers them.
(() => {
  "use strict";
  const part = () => document.getElementById("received");
  const isChanged = (input) =>
    input.type === "checkbox" ? input.checked !== input.defaultChecked : input.value !== input.defaultValue;
  const atWork = (section) =>
    section.contains(document.activeElement) ||
    [...section.querySelectorAll("input:not([type=hidden])")].some(isChanged);
  const load = () =>
    htmx.ajax("GET", part().dataset.receipt, { target: "#received", swap: "outerHTML" });

  document.body.addEventListener("letters-were-read", () => {
    const section = part();
    if (!section) return;
    if (atWork(section)) section.querySelector("[data-news]").hidden = false;
    else load();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#received [data-show]")) load();
  });
})();
