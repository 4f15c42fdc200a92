// The brief opens the print dialog by itself, once what it needs is there.
(() => {
  "use strict";
  document.querySelector("[data-print]").addEventListener("click", () => print());
  addEventListener("load", () => document.fonts.ready.then(() => print()));
})();
