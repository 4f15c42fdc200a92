// Placing an annotation by hand: words selected in the text go into the form, with the place they
// stand at; words typed instead stand wherever the server finds them.
(() => {
  "use strict";
  const form = document.getElementById("place");
  const quote = form.elements.quote;

  const standsAt = (start) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "start", value: start });
    field.dataset.start = "";
    form.querySelector("[data-start]").replaceWith(field);
  };

  document.addEventListener("imr:selected", ({ detail }) => {
    quote.value = detail.quote;
    standsAt(detail.start);
    if (detail.focus) form.querySelector(".button").focus();
  });
  quote.addEventListener("input", () => {
    if (form.querySelector("input[type=hidden][data-start]")) standsAt("");
  });
})();
