// Who is meant by @…: the colleagues whose names begin so are offered while a comment is typed.
// The list box itself is the vendored <text-expander> around each comment.
(() => {
  "use strict";
  const asked = new Map(); // what was typed -> the answer

  const ask = async (begun) => {
    const { namesUrl } = document.querySelector("text-expander").dataset;
    const answer = await fetch(`${namesUrl}?q=${encodeURIComponent(begun)}`);
    if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
    return answer.text();
  };

  const namesFor = async (begun) => {
    try {
      if (!asked.has(begun)) asked.set(begun, await ask(begun));
    } catch {
      return { matched: false }; // without a connection a name is typed to its end
    }
    const box = document.createElement("template");
    box.innerHTML = asked.get(begun);
    const fragment = box.content.firstElementChild;
    return { matched: fragment.childElementCount > 0, fragment };
  };

  // These events don't bubble; they are caught on their way down.
  document.addEventListener("text-expander-change", (event) => {
    event.detail.provide(namesFor(event.detail.text));
  }, true);
  document.addEventListener("text-expander-value", (event) => {
    event.detail.value = event.detail.item.dataset.value;
  }, true);
  // What was put in counts as typed, so that the draft has it.
  document.addEventListener("text-expander-committed", (event) => {
    event.detail.input.dispatchEvent(new Event("input", { bubbles: true }));
  }, true);
})();
