// What a person types or chooses in a form marked data-draft is kept in this browser, by user and
// form, until the server has it: through a reload, a lost connection, an ended session.
//
// A draft holds the fields that differ from what the server sent, each by its name. A name holds
// the key of the row that the field belongs to ("reason-17" is of issue 17), so a draft outlives
// another order of the rows. Hidden fields (tokens, versions, lists of rows) are never kept, except
// those named in data-draft-also, which a script fills in for the person. `base` is what the server
// said of the field when the person began: where it says something else by now, the draft is shown
// beside the field and not put in.
(() => {
  "use strict";
  const user = document.body.dataset.user ?? "";
  const AGE = 30 * 24 * 3600 * 1000;
  const PREFIX = "imr-draft-2:"; // a new number whenever the format changes
  const SENT = "imr-draft-sent";
  const NEVER = "[type=hidden], [type=submit], [type=button], [type=file], [type=password], [hidden], button, fieldset, output";
  const keyOf = (form) => `${PREFIX}${user}:${form.dataset.draft}`;
  const draftForms = (root) => (root.matches?.("form[data-draft]") ? [root] : [...root.querySelectorAll("form[data-draft]")]);

  const store = (action) => {
    try {
      return action(localStorage);
    } catch {
      return null; // storage is full or forbidden: the form still works
    }
  };

  // -- the fields of a form -----------------------------------------------------------------------

  const also = (form) => (form.dataset.draftAlso ?? "").split(" ").filter(Boolean);
  const isChoice = (field) => field.type === "radio" || field.type === "checkbox";

  const fieldsOf = (form) => {
    const kept = new Map();
    for (const field of form.elements) {
      if (!field.name || (field.matches(NEVER) && !also(form).includes(field.name))) continue;
      kept.set(field.name, [...(kept.get(field.name) ?? []), field]);
    }
    return kept;
  };

  const chosen = (fields, property) => fields.filter((field) => field[property]).map((field) => field.value).join("\n");
  const valueOf = (fields) => (isChoice(fields[0]) ? chosen(fields, "checked") : fields[0].value);
  const defaultOf = (fields) => {
    const [first] = fields;
    if (isChoice(first)) return chosen(fields, "defaultChecked");
    if (first.matches("select")) return ([...first.options].find((one) => one.defaultSelected) ?? first.options[0])?.value ?? "";
    return first.defaultValue;
  };
  const put = (fields, value) => {
    if (isChoice(fields[0])) fields.forEach((field) => { field.checked = value.split("\n").includes(field.value); });
    else fields[0].value = value;
  };
  const same = (one, other) => one.trim() === other.trim();
  const snapshot = (form) => new Map([...fieldsOf(form)].map(([name, fields]) => [name, valueOf(fields)]));
  const typed = (form) => [...form.querySelectorAll("textarea:not([hidden]):not([name=quote])")]
    .some((field) => !same(field.value, "unsaved" in form.dataset ? "" : field.defaultValue));

  // -- drafts -------------------------------------------------------------------------------------

  const load = (form) => {
    try {
      const draft = JSON.parse(localStorage.getItem(keyOf(form)));
      if (draft && Date.now() - draft.at < AGE) return draft;
    } catch {
      // none, or none that can be read
    }
    return { fields: {}, older: {}, key: "" };
  };
  const write = (form, draft) => {
    const machine = also(form);
    const holds = Object.keys(draft.fields).some((name) => !machine.includes(name)) || Object.keys(draft.older).length;
    if (!holds) drop(form);
    else store((storage) => storage.setItem(keyOf(form), JSON.stringify({ ...draft, at: Date.now() })));
  };
  const drop = (form) => store((storage) => storage.removeItem(keyOf(form)));

  let leaving = false;
  const save = (form) => {
    if (leaving) return;
    const draft = load(form);
    const machine = also(form);
    for (const [name, fields] of fieldsOf(form)) {
      const value = valueOf(fields);
      // Of a form that came back with an error the page shows what was typed: the base is older.
      const base = draft.fields[name]?.base ?? defaultOf(fields);
      if (same(value, base) && !machine.includes(name)) delete draft.fields[name];
      else draft.fields[name] = { value, base, text: fields[0].matches("textarea") };
    }
    draft.key = form.elements.key?.value ?? "";
    write(form, draft);
  };

  const read = (form) => {
    const { fields } = load(form);
    const values = Object.fromEntries(Object.entries(fields).map(([name, { value }]) => [name, value]));
    return Object.keys(values).length ? values : null;
  };
  const fill = (form, values) => {
    const fields = fieldsOf(form);
    for (const [name, value] of Object.entries(values)) if (fields.has(name)) put(fields.get(name), value);
    const { key } = load(form);
    if (key && form.elements.key) form.elements.key.value = key;
  };

  const restoreOne = (form) => {
    // What came back with an error shows what was typed; another form is filled when it is asked for.
    if ("unsaved" in form.dataset || "draftByHand" in form.dataset) return;
    const draft = load(form);
    const fields = fieldsOf(form);
    const values = {};
    for (const [name, { value, base, text }] of Object.entries(draft.fields)) {
      const now = fields.has(name) ? defaultOf(fields.get(name)) : null;
      if (now !== null && same(now, base)) values[name] = value;
      else {
        delete draft.fields[name];
        if (now === null ? text : !same(now, value)) draft.older[name] = value;
      }
    }
    write(form, draft);
    fill(form, values);
    for (const [name, value] of Object.entries(draft.older)) tellOlder(form, name, value, fields.get(name));
    if (Object.keys(draft.fields).length) form.closest("details")?.setAttribute("open", "");
  };
  const restore = (root) => draftForms(root).forEach(restoreOne);

  // Words that are older than what the server has by now, or whose field is gone.
  const tellOlder = (form, name, value, fields) => {
    if (form.querySelector(`[data-draft-older="${CSS.escape(name)}"]`)) return;
    const choice = fields?.find((field) => isChoice(field) && field.value === value);
    const words = choice ? choice.closest("label").textContent.trim() : value;
    if (!words.trim()) return;
    const note = document.createElement("p");
    note.className = "draft-older";
    note.dataset.draftOlder = name;
    note.setAttribute("role", "status");
    const discard = document.createElement("button");
    Object.assign(discard, { type: "button", className: "quiet", textContent: "Discard" });
    discard.addEventListener("click", () => {
      const draft = load(form);
      delete draft.older[name];
      write(form, draft);
      note.remove();
    });
    const about = fields ? "this has changed since" : "its subject was removed";
    note.append(`Your unsaved draft (${about}): “${words}” `, discard);
    const place = (fields?.at(-1).closest("text-expander, .opinions, .label-choice") ?? fields?.at(-1));
    if (place) place.after(note);
    else form.querySelector(".form-actions")?.before(note);
  };

  // The server took what was sent; what was typed since stays a draft.
  const sent = new WeakMap();
  const taken = (form) => {
    const before = sent.get(form);
    const draft = { fields: {}, older: {}, key: "" };
    const machine = also(form);
    for (const [name, fields] of before ? fieldsOf(form) : []) {
      const [value, base] = [valueOf(fields), before.get(name) ?? ""];
      if (!same(value, base) || machine.includes(name)) draft.fields[name] = { value, base, text: fields[0].matches("textarea") };
    }
    if (form.elements.key) form.elements.key.value = "";
    write(form, draft);
  };

  // A form that is sent again after its answer was lost says the same thing once.
  const giveKey = (form) => {
    const { key } = form.elements;
    if (key && !key.value) key.value = crypto.randomUUID?.() ?? fallbackKey();
  };
  const fallbackKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  // -- when ---------------------------------------------------------------------------------------

  for (const kind of ["input", "change"])
    document.addEventListener(kind, (event) => {
      const form = event.target.closest?.("form[data-draft]");
      if (form) save(form);
    });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.("form[data-draft]")) return;
    giveKey(form);
    save(form);
    if (form.hasAttribute("hx-post")) return;
    const marker = JSON.stringify({ key: keyOf(form), from: location.pathname });
    store(() => sessionStorage.setItem(SENT, marker));
  }, true);
  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (!form) return;
    giveKey(form);
    if (form.elements.key) event.detail.parameters.key = form.elements.key.value;
    sent.set(form, snapshot(form));
  });
  // The draft goes only when the server has said that it took the words.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const elt = event.detail.requestConfig?.elt;
    const form = elt?.matches?.("[data-draft-stays]") ? null : elt?.closest?.("form[data-draft]");
    const { status, responseURL } = event.detail.xhr;
    if (form && status === 200 && event.detail.requestConfig.verb === "post" && !responseURL.includes("/login/"))
      taken(form);
  });
  document.addEventListener("htmx:load", (event) => restore(event.detail.elt));
  addEventListener("pagehide", () => draftForms(document).forEach((form) => {
    if (!form.hidden && form.isConnected) save(form);
  }));

  // A plain form was taken if it led to a page of ours that is neither an error nor the form again.
  const clearTaken = () => {
    const marker = JSON.parse(store(() => sessionStorage.getItem(SENT)) ?? "null");
    store(() => sessionStorage.removeItem(SENT));
    if (!marker || !user || !document.referrer || new URL(document.referrer).pathname !== marker.from) return;
    const again = draftForms(document).some((form) => keyOf(form) === marker.key && !("draftByHand" in form.dataset));
    if (!again) store((storage) => storage.removeItem(marker.key));
  };
  const isOld = (text) => {
    try {
      return Date.now() - JSON.parse(text).at > AGE;
    } catch {
      return true;
    }
  };
  const clearOld = () => store((storage) => {
    for (const key of Object.keys(storage))
      if (key.startsWith("imr-draft:") || (key.startsWith(PREFIX) && isOld(storage.getItem(key)))) storage.removeItem(key);
  });

  clearOld();
  clearTaken();
  restore(document);
  window.imrDrafts = { save, read, drop, fill, typed, stop: () => { leaving = true; } };
})();
