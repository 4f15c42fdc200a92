// Between what a browser selects (nodes, UTF-16 offsets) and what is stored (code points of the
// text). A container marked data-text holds the stored text, and elements in it marked
// data-not-text (the numbers of annotations) that don't count.
(() => {
  "use strict";
  const points = (text) => {
    let count = 0;
    for (const _ of text) count += 1;
    return count;
  };

  const textNodes = (container) => {
    const walker = document.createTreeWalker(
      container,
      NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
      (node) => {
        if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
        return "notText" in node.dataset ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
      },
    );
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes;
  };

  const textOf = (container) => textNodes(container).map((node) => node.data).join("");

  // Whether a text node stands wholly before a point of the document that is not inside it.
  const standsBefore = (one, node, offset) => {
    const child = node.childNodes[offset];
    const place = (child ?? node).compareDocumentPosition(one);
    const within = !child && place & Node.DOCUMENT_POSITION_CONTAINED_BY;
    return Boolean(place & Node.DOCUMENT_POSITION_PRECEDING || within);
  };

  // The UTF-16 offset in the text of a point of the document: in a text, between elements, or
  // inside what doesn't count.
  const unitAt = (nodes, node, offset) => {
    let units = 0;
    for (const one of nodes) {
      if (one === node) return units + offset;
      if (!standsBefore(one, node, offset)) return units;
      units += one.data.length;
    }
    return units;
  };

  const splitsPair = (text, unit) =>
    unit > 0 && unit < text.length &&
    /[\ud800-\udbff]/.test(text[unit - 1]) && /[\udc00-\udfff]/.test(text[unit]);

  // What a range of the document marks of a container's text: {start, end, quote}, the edges in
  // code points; null if it marks nothing of it. A pair that stands for one code point is taken
  // whole.
  const marked = (container, range) => {
    if (range.collapsed || !range.intersectsNode(container)) return null;
    const nodes = textNodes(container);
    const text = nodes.map((node) => node.data).join("");
    let from = unitAt(nodes, range.startContainer, range.startOffset);
    let to = unitAt(nodes, range.endContainer, range.endOffset);
    if (splitsPair(text, from)) from -= 1;
    if (splitsPair(text, to)) to += 1;
    if (from >= to) return null;
    const start = points(text.slice(0, from));
    const quote = text.slice(from, to);
    return { start, end: start + points(quote), quote };
  };

  // Without the space at its ends, which a double click often takes along.
  const trimmed = (found) => {
    if (!found || !found.quote.trim()) return null;
    const lead = points(found.quote) - points(found.quote.trimStart());
    const quote = found.quote.trim();
    const start = found.start + lead;
    return { start, end: start + points(quote), quote };
  };

  // The range of the document that stands for code points start to end of the text.
  const rangeOf = (container, start, end) => {
    const range = document.createRange();
    let at = 0;
    let begun = false;
    for (const node of textNodes(container)) {
      const length = points(node.data);
      const unit = (point) => [...node.data].slice(0, point - at).join("").length;
      if (!begun && start < at + length) {
        range.setStart(node, unit(start));
        begun = true;
      }
      if (begun && end <= at + length) {
        range.setEnd(node, unit(end));
        return range;
      }
      at += length;
    }
    return null;
  };

  // The container in which the selection lies, or begins.
  const selectedIn = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const within = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("[data-text]");
    const container = within(range.startContainer) ?? within(range.endContainer);
    const found = container && trimmed(marked(container, range));
    return found ? { container, range, ...found } : null;
  };

  // Tells the page that words were selected; `focus`: by keys, so that the keyboard goes on there.
  const tell = ({ focus = false } = {}) => {
    const found = selectedIn();
    if (found) document.dispatchEvent(new CustomEvent("imr:selected", { detail: { ...found, focus } }));
    return Boolean(found);
  };

  // The mouse selects when its button is let go, fingers when the handles rest.
  let pointer = "mouse";
  let resting = 0;
  document.addEventListener("pointerdown", (event) => { pointer = event.pointerType; });
  document.addEventListener("mouseup", (event) => {
    if (event.target.closest?.("form")) return;
    const inText = event.target.closest?.("[data-text]");
    setTimeout(() => {
      if (!tell() && inText) document.dispatchEvent(new CustomEvent("imr:unselected"));
    }, 0);
  });
  document.addEventListener("selectionchange", () => {
    if (pointer !== "touch") return;
    clearTimeout(resting);
    resting = setTimeout(tell, 350);
  });

  window.imrSelection = { marked, trimmed, rangeOf, selectedIn, tell, textOf, points };
})();
