// Selecting words by keys: with a text in focus the arrows go from word to word and line to line,
// Shift extends, Enter annotates.
(() => {
  "use strict";
  const { rangeOf, textOf, points } = window.imrSelection;
  const WORD = /[\p{L}\p{M}\p{N}]+(?:[-'’./,][\p{L}\p{M}\p{N}]+)*/gu;
  const places = new WeakMap(); // text container -> {anchor, focus}: numbers of words

  const wordsOf = (container) => {
    const text = textOf(container);
    let found = [...text.matchAll(WORD)];
    if (!found.length) found = [...text.matchAll(/\S+/gu)];
    let units = 0;
    let at = 0;
    return found.map((match) => {
      at += points(text.slice(units, match.index));
      units = match.index;
      return { start: at, end: at + points(match[0]) };
    });
  };

  const boxOf = (container, word) => rangeOf(container, word.start, word.end).getBoundingClientRect();

  // The word of the next or previous line that stands nearest below or above this one.
  const onLine = (container, words, from, step) => {
    const here = boxOf(container, words[from]);
    let line = null;
    let best = from;
    let distance = Infinity;
    for (let i = from + step; i >= 0 && i < words.length; i += step) {
      const box = boxOf(container, words[i]);
      if (Math.abs(box.top - here.top) < 4) continue;
      line ??= box.top;
      if (Math.abs(box.top - line) > 4) break;
      const away = Math.abs(box.left - here.left);
      if (away < distance) [best, distance] = [i, away];
    }
    return best;
  };

  const select = (container, words, place) => {
    const [first, last] = [Math.min(place.anchor, place.focus), Math.max(place.anchor, place.focus)];
    const range = rangeOf(container, words[first].start, words[last].end);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    const box = boxOf(container, words[place.focus]);
    if (box.bottom > innerHeight - 40 || box.top < 40) scrollBy({ top: box.top - innerHeight / 2 });
    document.getElementById("marking-said").textContent = range.toString();
    return { container, range, start: words[first].start, end: words[last].end };
  };

  const moved = (key, container, words, from) => {
    switch (key) {
      case "ArrowRight": return Math.min(from + 1, words.length - 1);
      case "ArrowLeft": return Math.max(from - 1, 0);
      case "ArrowDown": return onLine(container, words, from, 1);
      case "ArrowUp": return onLine(container, words, from, -1);
      case "Home": return 0;
      case "End": return words.length - 1;
      default: return null;
    }
  };

  document.addEventListener("keydown", (event) => {
    const container = event.target;
    if (!container.matches?.("[data-text]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const words = wordsOf(container);
    if (!words.length) return;
    const place = places.get(container);
    if (event.key === "Enter" || event.key === " ") {
      if (!place) return;
      event.preventDefault();
      window.imrSelection.tell({ focus: true });
      return;
    }
    const first = event.key === "ArrowRight" || event.key === "ArrowDown" ? 0 : null;
    const focus = place ? moved(event.key, container, words, Math.min(place.focus, words.length - 1)) : first;
    if (focus === null) return;
    event.preventDefault();
    const next = { anchor: event.shiftKey && place ? place.anchor : focus, focus };
    places.set(container, next);
    select(container, words, next);
  });
})();
