// What is typed into a form marked data-draft is kept in this browser, by user and form, until the
// server has it: through a reload, a lost connection, an ended session.
(() => {
  "use strict";
  const user = document.body.dataset.user ?? "";
  const AGE = 30 * 24 * 3600 * 1000;
  const keyOf = (form) => `imr-draft:${user}:${form.dataset.draft}`;
  // The version stays with the words: restored over a newer text, they must not pass for an answer
  // to it.
  const SKIPPED = new Set(["csrfmiddlewaretoken"]);

  const store = (action) => {
    try {
      return action(localStorage);
    } catch {
      return null; // storage is full or forbidden: the form still works
    }
  };

  const valuesOf = (form) => {
    const values = {};
    for (const field of form.elements) {
      if (!field.name || SKIPPED.has(field.name) || field.type === "submit") continue;
      if (field.type === "radio" || field.type === "checkbox") {
        if (field.checked) values[field.name] = field.value;
      } else values[field.name] = field.value;
    }
    return values;
  };

  const typed = (form) => [...form.querySelectorAll("textarea:not([hidden]):not([name=quote])")].some((field) => field.value.trim() !== (field.defaultValue ?? "").trim());

  const save = (form) => {
    if (!typed(form) && !("unsaved" in form.dataset)) return;
    const draft = JSON.stringify({ at: Date.now(), values: valuesOf(form) });
    store((storage) => storage.setItem(keyOf(form), draft));
  };
  const read = (form) => {
    const draft = JSON.parse(store((storage) => storage.getItem(keyOf(form))) ?? "null");
    return draft && Date.now() - draft.at < AGE ? draft.values : null;
  };
  const drop = (form) => store((storage) => storage.removeItem(keyOf(form)));

  const fill = (form, values) => {
    for (const field of form.elements) {
      if (!(field.name in values) || SKIPPED.has(field.name)) continue;
      if (field.type === "radio" || field.type === "checkbox")
        field.checked = field.value === values[field.name];
      else field.value = values[field.name];
    }
  };

  // A form that is sent again after its answer was lost says the same thing once.
  const giveKey = (form) => {
    const key = form.elements.key;
    if (key && !key.value) key.value = crypto.randomUUID?.() ?? fallbackKey();
  };
  const fallbackKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  const restore = (root) => {
    const forms = root.matches?.("form[data-draft]") ? [root] : root.querySelectorAll("form[data-draft]");
    for (const form of forms) {
      if ("unsaved" in form.dataset) {
        save(form); // the server gave it back with what is wrong
        continue;
      }
      const values = read(form);
      if (!values || "draftByHand" in form.dataset || typed(form)) continue;
      fill(form, values);
      form.closest("details")?.setAttribute("open", "");
    }
  };

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (form) save(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (form) save(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.("form[data-draft]")) return;
    giveKey(form);
    if (form.hasAttribute("hx-post")) return;
    save(form);
    store((storage) => storage.setItem("imr-draft-sent", keyOf(form)));
  }, true);
  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (!form) return;
    giveKey(form);
    if (form.elements.key) event.detail.parameters.key = form.elements.key.value;
  });
  // The draft goes only when the server has said that it took the words.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = event.detail.requestConfig?.elt?.closest?.("form[data-draft]");
    const { status, responseURL } = event.detail.xhr;
    if (form && status === 200 && event.detail.requestConfig.verb === "post" && !responseURL.includes("/login/"))
      drop(form);
  });
  document.addEventListener("htmx:load", (event) => restore(event.detail.elt));
  addEventListener("pagehide", () => document.querySelectorAll("form[data-draft]").forEach((form) => {
    if (!form.hidden) save(form);
  }));
  // A plain form was taken if the next page is neither that form again nor the sign-in page.
  const sent = store((storage) => storage.getItem("imr-draft-sent"));
  if (sent && document.body.dataset.user) {
    const again = [...document.querySelectorAll("form[data-draft]")].some((form) => keyOf(form) === sent);
    store((storage) => {
      storage.removeItem("imr-draft-sent");
      if (!again) storage.removeItem(sent);
    });
  }
  restore(document);
  window.imrDrafts = { save, read, drop, fill, typed };
})();
