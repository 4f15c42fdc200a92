// Annotating on the case page: selected words bring up the form, keys choose labels, save and
// cancel, highlights and threads point at each other. Listens on the document, so that what HTMX
// swaps in needs no setting up.
(() => {
  "use strict";
  const { rangeOf, textOf, points } = window.imrSelection;
  const drafts = window.imrDrafts;
  const form = () => document.getElementById("annotate");
  const writing = (target) => target.matches?.("textarea, select, input:not([type=radio]), [contenteditable]");
  let opener = null;

  const pending = (range) => {
    if (!window.Highlight || !CSS.highlights) return;
    CSS.highlights.delete("pending");
    if (range) CSS.highlights.set("pending", new Highlight(range));
  };

  // On a small screen the form lies at its foot: the words go above it.
  const uncover = (words, foot) => {
    if (words.bottom > foot - 8 || words.top < 8) scrollBy({ top: words.bottom - foot / 2 });
  };

  const show = (box, range) => {
    const quote = box.elements.quote.value;
    box.querySelector("[data-quote]").textContent = quote.length > 120 ? `${quote.slice(0, 119)}…` : quote;
    box.querySelector("[data-cancel]").hidden = false;
    box.hidden = false;
    pending(range?.cloneRange());
    if (!range) return;
    const words = range.getBoundingClientRect();
    const width = box.offsetWidth;
    const room = document.documentElement.clientWidth - width - 8;
    box.style.left = `${Math.max(8, Math.min(words.left, room)) + scrollX}px`;
    box.style.top = `${words.bottom + scrollY + 8}px`;
    if (getComputedStyle(box).position === "fixed") uncover(words, box.getBoundingClientRect().top);
    else if (words.bottom + box.offsetHeight > innerHeight) box.scrollIntoView({ block: "nearest" });
  };

  const open = (found, { focus = false } = {}) => {
    const box = form();
    if (!box) return;
    const { target, issue, issueKey } = found.container.closest("[data-marked]").dataset;
    Object.assign(box.elements.quote, { value: found.quote });
    box.elements.target.value = target;
    box.elements.issue.value = issue;
    box.elements.issue_key.value = issueKey;
    // A question of the server's which words were meant is answered by selecting them.
    if (box.elements.start.type !== "hidden") {
      box.querySelector("[name=start]").closest("fieldset").outerHTML = '<input type="hidden" name="start">';
    }
    box.elements.start.value = found.start;
    opener = found.container;
    show(box, found.range);
    drafts.save(box);
    if (focus) (box.querySelector("[name=label]:checked") ?? box.elements.comment).focus();
  };

  const close = ({ forget = false } = {}) => {
    const box = form();
    if (!box || box.hidden) return;
    if (forget) {
      drafts.drop(box);
      box.reset();
      box.elements.key.value = "";
      box.elements.comment.value = "";
    }
    box.querySelectorAll("[role=alert]").forEach((told) => told.remove());
    box.hidden = true;
    pending(null);
  };

  const cancel = () => {
    const box = form();
    if (!box || box.hidden) return;
    const typed = drafts.typed(box);
    close({ forget: !typed });
    getSelection().removeAllRanges();
    opener?.focus({ preventScroll: true });
    if (typed) offerDraft();
  };

  // What was typed and not saved is offered again, here and after a reload.
  const offerDraft = () => {
    const box = form();
    const offer = document.getElementById("draft-kept");
    const values = box && drafts.read(box);
    if (!offer) return;
    offer.hidden = !values?.comment?.trim();
    if (offer.hidden) return;
    const start = values.quote.slice(0, 60);
    offer.querySelector("[data-words]").textContent = `Your annotation on “${start}” is not saved yet.`;
  };
  // Where the words of a draft stand now: at their start, or where they stand alone.
  const startOf = (text, { quote, start }) => {
    const all = [...textOf(text)];
    if (all.slice(Number(start), Number(start) + points(quote)).join("") === quote) return Number(start);
    const parts = all.join("").split(quote);
    return parts.length === 2 ? points(parts[0]) : null;
  };
  const continueDraft = () => {
    const box = form();
    const values = drafts.read(box);
    drafts.fill(box, values);
    document.getElementById("draft-kept").hidden = true;
    const text = document.querySelector(
      `[data-marked][data-target="${CSS.escape(values.target)}"][data-issue-key="${CSS.escape(values.issue_key)}"] [data-text]`,
    );
    // A new reading of the letter may have moved the issue, or the words in its text.
    if (text) box.elements.issue.value = text.closest("[data-marked]").dataset.issue;
    const start = text ? startOf(text, values) : null;
    box.elements.start.value = start ?? "";
    const range = start === null ? null : rangeOf(text, start, start + points(values.quote));
    text?.closest("details")?.setAttribute("open", "");
    range?.startContainer.parentElement.scrollIntoView({ block: "center" });
    opener = text;
    show(box, range);
    box.elements.comment.focus();
  };

  document.addEventListener("imr:selected", (event) => open(event.detail, event.detail));
  document.addEventListener("imr:unselected", () => {
    const box = form();
    if (box && !drafts.typed(box)) close({ forget: true });
  });

  const chooseLabel = (box, digit) => {
    const choice = box.querySelector(`[data-shortcut="${digit}"]`);
    if (!choice) return false;
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    box.elements.comment.focus();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    const box = form();
    const isOpen = box && !box.hidden;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const target = event.target.closest?.("form.write") ?? (isOpen ? box : null);
      if (target) {
        event.preventDefault();
        target.requestSubmit();
      }
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      cancel();
    } else if (/^[0-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey) {
      const target = isOpen ? box : event.target.closest?.("form.write");
      // While a comment is written digits are digits, and with Alt still choose.
      if (target && (event.altKey || !writing(event.target)) && chooseLabel(target, event.key)) event.preventDefault();
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#annotate [data-cancel]")) cancel();
    else if (event.target.closest("#draft-kept [data-continue]")) continueDraft();
    else if (event.target.closest("#draft-kept [data-discard]")) {
      drafts.drop(form());
      form().reset();
      offerDraft();
    } else {
      const mark = event.target.closest("mark[data-note]");
      if (mark && getSelection().isCollapsed) reveal(`note-${mark.dataset.note}`);
    }
  });

  // Brings an element into view and into focus, opening what hides it.
  const reveal = (id) => {
    const element = document.getElementById(id);
    if (!element) return;
    element.closest("details")?.setAttribute("open", "");
    if (!element.matches("a, button, input, textarea, [tabindex]")) element.tabIndex = -1;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  };
  // Not while a button is down: whoever selects the next words must find them where they are.
  let pressed = false;
  const press = (event) => { pressed = event.type === "pointerdown"; };
  for (const name of ["pointerdown", "pointerup", "pointercancel"]) document.addEventListener(name, press, true);
  document.addEventListener("imr:focus", (event) => {
    if (!pressed) reveal(event.detail.id);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig?.elt?.id !== "annotate") return;
    if (event.detail.xhr.status !== 200) return;
    close({ forget: !drafts.read(form()) }); // there is one if more was typed since
    offerDraft();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const box = form();
    if (event.detail.elt === box || event.target === box) {
      if (box.querySelector("[role=alert]")) show(box, null);
    }
    event.detail.elt?.querySelector?.("[data-focus]")?.focus();
  });

  const light = (target, on) => {
    const element = target.closest?.("[data-note]");
    if (!element) return;
    const { note } = element.dataset;
    document.querySelectorAll(`mark[data-note="${note}"], #note-${note}`).forEach((one) => one.classList.toggle("lit", on));
  };
  document.addEventListener("mouseover", (event) => light(event.target, true));
  document.addEventListener("mouseout", (event) => light(event.target, false));
  document.addEventListener("focusin", (event) => light(event.target, true));
  document.addEventListener("focusout", (event) => light(event.target, false));

  offerDraft();
})();
