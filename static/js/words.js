// The words of a letter's page as text over its picture, so that they can be selected and copied.
// They are fetched when the page comes near and its picture is there, one page at a time: the server
// draws and reads one page at a time, too. What scripts measure is done once: places are shares of
// the page, so zoom keeps them.
(() => {
  "use strict";
  const PAUSES = [3, 8, 20]; // seconds until a page that can't be read now is asked for again
  const PATIENCE = 15; // seconds until the words come without the picture
  const done = new WeakSet();
  let last = Promise.resolve();

  const fetchWords = async (address, tries = 0) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (answer.ok && !answer.redirected) return answer.json();
    if (answer.status !== 503 || tries >= PAUSES.length) return [];
    await new Promise((resolve) => { setTimeout(resolve, PAUSES[tries] * 1000); });
    return fetchWords(address, tries + 1);
  };

  const layer = (runs) => {
    const words = document.createElement("div");
    words.className = "words";
    for (const [left, top, , height, text] of runs) {
      const run = words.appendChild(document.createElement("div"));
      run.textContent = text;
      Object.assign(run.style, { left: `${left * 100}%`, top: `${top * 100}%`, fontSize: `${height * 100}cqw` });
    }
    return words;
  };

  // Each run is as wide as its words on the page.
  const fit = (words, runs) => {
    const whole = words.clientWidth;
    const widths = [...words.children].map((run) => run.offsetWidth);
    [...words.children].forEach((run, i) => {
      if (widths[i]) run.style.transform = `scaleX(${(runs[i][2] * whole) / widths[i]})`;
    });
  };

  const pictured = (sheet) => new Promise((resolve) => {
    const image = sheet.querySelector("[data-page-picture]");
    if (!image || (image.complete && image.naturalWidth)) resolve();
    image?.addEventListener("load", resolve, { once: true });
    setTimeout(resolve, PATIENCE * 1000);
  });

  const show = async (sheet) => {
    if (done.has(sheet)) return;
    done.add(sheet);
    await pictured(sheet);
    const fetched = last.then(() => fetchWords(sheet.dataset.words)).catch(() => []);
    last = fetched;
    const runs = await fetched;
    if (!runs.length || !sheet.isConnected) return;
    const words = layer(runs);
    sheet.append(words);
    fit(words, runs);
  };
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) show(target);
  }, { rootMargin: "200px" });
  const begin = () => document.querySelectorAll("[data-page][data-words]").forEach((sheet) => near.observe(sheet));
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "letter" || event.detail.elt?.id === "letter") begin();
  });
  begin();
})();
