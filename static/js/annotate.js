// Words selected in a rationale become the quote of its form. Offsets are counted in Unicode code
// points of the text as stored: the text container holds that text and nothing else.
(() => {
  "use strict";
  const points = (text) => [...text].length;

  const offsetIn = (container, node, offset) => {
    const range = document.createRange();
    range.selectNodeContents(container);
    range.setEnd(node, offset);
    return points(range.toString());
  };

  const selectionIn = (container) => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0).cloneRange();
    if (!container.contains(range.commonAncestorContainer)) return null;
    const quote = range.toString();
    if (!quote.trim()) return null;
    // Space at the ends is hardly meant, a double click often takes it along.
    const lead = quote.length - quote.trimStart().length;
    return {
      quote: quote.trim(),
      start:
        offsetIn(container, range.startContainer, range.startOffset) + points(quote.slice(0, lead)),
    };
  };

  const take = () => {
    const selection = getSelection();
    const node = selection.anchorNode;
    const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
    const container = element?.closest("[data-text]");
    if (!container) return null;
    const found = selectionIn(container);
    if (!found) return null;
    const details = container.closest("[data-rationale]").querySelector("[data-annotate]");
    const form = details.querySelector("form");
    form.elements.quote.value = found.quote;
    form.elements.quote.dataset.taken = found.quote;
    if (form.elements.start) form.elements.start.value = found.start;
    details.open = true;
    return form;
  };

  document.addEventListener("mouseup", (event) => {
    if (event.target.closest?.("[data-text]")) take();
  });
  document.addEventListener("touchend", () => setTimeout(take, 0));
  document.addEventListener("keyup", (event) => {
    if (event.key === "Shift" || event.shiftKey) take();
  });

  document.addEventListener("input", (event) => {
    const box = event.target;
    if (box.name !== "quote" || !box.closest("[data-annotate]")) return;
    const { start } = box.form.elements;
    // Words that were typed have no place yet: the server finds it.
    if (start?.type === "hidden" && box.value !== box.dataset.taken) start.value = "";
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.target.closest?.("[data-annotate] form, .annotate-edit")?.requestSubmit();
    }
  });

  const light = (ids, on) => {
    for (const id of ids) {
      document.querySelector(`[data-note="${id}"]`)?.classList.toggle("lit", on);
      document
        .querySelectorAll(`mark[data-notes~="${id}"]`)
        .forEach((mark) => mark.classList.toggle("lit", on));
    }
  };
  const idsOf = (target) => {
    const mark = target.closest?.("mark[data-notes]");
    if (mark) return mark.dataset.notes.split(" ");
    const note = target.closest?.("[data-note]");
    return note ? [note.dataset.note] : [];
  };
  document.addEventListener("mouseover", (event) => light(idsOf(event.target), true));
  document.addEventListener("mouseout", (event) => light(idsOf(event.target), false));
})();
