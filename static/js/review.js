// The bar of the review at hand. It is a second handle on the form of the panel (form.findings):
// it shows what stands there for the issue in view and writes into it, so that drafts, saving and
// errors are those of the form. What it says is read anew after every change.
(() => {
  "use strict";
  const reading = window.imrReading;
  const bar = () => document.querySelector("#review-bar:not([hidden])");
  const form = () => document.getElementById("findings");
  const part = (name) => bar()?.querySelector(`[data-bar-${name}]`);
  let shown = null; // the issue that the bar is about; it stays so while its reason is written
  let thenNext = false; // submitted by the button that takes the next one too
  let sent = false;

  const keyOf = (section) => section?.dataset.keyOf;
  const radios = (key) => [...form().querySelectorAll(`[name="opinion-${key}"]`)];
  const opinionOf = (key) => radios(key).find((one) => one.checked)?.value ?? "";
  const reasonOf = (key) => form().elements[`reason-${key}`];
  const missing = (key) => {
    const opinion = opinionOf(key);
    if (!opinion) return "no verdict yet";
    return opinion === "agree" || reasonOf(key)?.value.trim() ? "" : "no reason yet";
  };
  const mine = () => reading.sections.filter((section) => radios(keyOf(section)).length);
  const tell = (words) => {
    const place = part("told");
    if (place && place.textContent !== words) place.textContent = words;
  };
  const positionOf = (section) => section.id.replace("issue-", "");

  const render = () => {
    if (!bar() || !form()) return;
    const all = mine();
    part("count").textContent = `${all.filter((one) => opinionOf(keyOf(one))).length} of ${all.length}`;
    part("draft").hidden = !window.imrDrafts.read(form());
    shown ??= reading.current();
    const section = shown;
    const key = keyOf(section);
    if (!key || !radios(key).length) return;
    const title = section.querySelector("h2").textContent.replace(/\s+/g, " ").trim();
    part("issue").textContent = title;
    part("issue").title = title;
    const opinion = opinionOf(key);
    for (const button of bar().querySelectorAll("[data-verdict]"))
      button.setAttribute("aria-pressed", String(button.dataset.verdict === opinion));
    const [reason, field] = [part("reason"), reasonOf(key)];
    if (reason.value !== field.value) reason.value = field.value;
    reason.hidden = opinion === "agree" ? !field.value : !opinion && !field.value;
  };

  const writing = () => document.activeElement?.matches("[data-bar-reason]");
  const follow = () => {
    shown = reading.current();
    tell("");
    render();
  };
  const goTo = (section) => {
    reading.goTo(section);
    shown = section;
    render();
  };

  const goOn = (section) => {
    const all = mine();
    const open = all.find((one) => missing(keyOf(one)));
    if (!open) {
      tell("Ready to submit.");
      bar().querySelector("[data-bar-submit=next]").focus({ preventScroll: true });
      return;
    }
    goTo(all[all.indexOf(section) + 1] ?? open);
    tell("");
  };

  const choose = (opinion) => {
    const section = shown;
    const key = keyOf(section);
    const radio = key && radios(key).find((one) => one.value === opinion);
    if (!radio) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    tell("");
    render();
    if (missing(key)) part("reason").focus({ preventScroll: true });
    else goOn(section);
  };

  const submit = (next) => {
    const open = mine().find((one) => missing(keyOf(one)));
    if (open) {
      goTo(open);
      tell(`Issue ${positionOf(open)} has ${missing(keyOf(open))}.`);
      if (opinionOf(keyOf(open))) part("reason").focus({ preventScroll: true });
      return;
    }
    [thenNext, sent] = [next, true];
    form().querySelector("[name=action][value=submit]").click();
  };

  document.addEventListener("click", (event) => {
    const within = event.target.closest?.("#review-bar button");
    if (!within) return;
    if (within.dataset.verdict) choose(within.dataset.verdict);
    else if ("barNext" in within.dataset) reading.step(1);
    else if ("barSubmit" in within.dataset) {
      event.preventDefault();
      submit(within.dataset.barSubmit === "next");
    }
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("[data-bar-reason]")) return;
    const field = reasonOf(keyOf(shown));
    field.value = event.target.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.("[data-bar-reason]") || event.isComposing) return;
    if (event.key === "Escape") goTo(shown);
    else if (event.key !== "Enter" || event.shiftKey) return;
    else {
      const lacks = missing(keyOf(shown));
      if (lacks) tell(`Issue ${positionOf(shown)} has ${lacks}.`);
      else goOn(shown);
    }
    event.preventDefault();
    event.stopPropagation();
  }, true);
  for (const kind of ["input", "change"])
    document.addEventListener(kind, (event) => {
      if (event.target.form?.id === "findings") render();
    });
  document.addEventListener("imr:issue", () => {
    if (bar() && !writing()) follow();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches?.("[data-bar-reason]") && !bar()?.contains(event.relatedTarget)) follow();
  });

  // After the panel came anew: what went wrong is shown; what went well leads on.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt?.id !== "review" && event.target.id !== "review") return;
    render();
    if (!sent) return;
    sent = false;
    const panel = document.getElementById("review");
    const next = bar() ? null : panel.querySelector("[data-key=t]"); // the next one, if it was taken
    if (next && thenNext) next.click();
    else {
      panel.scrollIntoView();
      (next ?? panel).focus({ preventScroll: true });
    }
    thenNext = false;
  });
  render();
})();
