// A page of a letter whose picture is not there yet (others are being drawn) is asked for again.
(() => {
  "use strict";
  const PAUSES = [2, 3, 5, 8, 13, 21]; // seconds
  const tries = new WeakMap();

  const ask = (image) => {
    const times = tries.get(image) ?? 0;
    if (times >= PAUSES.length) return;
    tries.set(image, times + 1);
    setTimeout(() => {
      if (!image.isConnected) return;
      const attribute = image.hasAttribute("href") ? "href" : "src";
      const url = new URL(image.getAttribute(attribute), location.href);
      url.searchParams.set("again", times + 1);
      image.setAttribute(attribute, url.pathname + url.search);
    }, PAUSES[times] * 1000);
  };
  document.addEventListener("error", (event) => {
    if (event.target.matches?.("[data-page-picture]")) ask(event.target);
  }, true);
})();
