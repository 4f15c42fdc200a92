// What every page shares: letters dropped anywhere are uploaded, trouble is told, empty filters
// stay out of the address.
(() => {
  "use strict";
  const drop = document.getElementById("drop");
  const trouble = document.getElementById("trouble");

  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const tell = (words) => {
    trouble.textContent = words;
    trouble.hidden = false;
  };

  // What folders hold, at any depth: PDFs and ZIP archives. A folder tells at most 100 at a time.
  const entriesIn = async (reader) => {
    const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    return some.length ? [...some, ...(await entriesIn(reader))] : [];
  };
  const filesOf = async (entry) => {
    if (entry.isFile) return [await new Promise((resolve, reject) => { entry.file(resolve, reject); })];
    const inside = [];
    for (const one of await entriesIn(entry.createReader())) inside.push(...(await filesOf(one)));
    return inside.filter(({ name }) => /\.(pdf|zip)$/i.test(name) && !name.startsWith("."));
  };
  // They are listed, to be looked at before they are sent.
  const list = async (entries) => {
    const form = document.querySelector("form[data-upload]");
    if (!form) {
      location.assign(drop.dataset.upload);
      return;
    }
    const kept = new DataTransfer();
    try {
      for (const entry of entries) for (const file of await filesOf(entry)) kept.items.add(file);
    } catch {
      tell("The folder could not be read. Choose it with “Choose a folder” instead.");
      return;
    }
    if (!kept.files.length) {
      tell("There is no PDF and no ZIP archive in this folder.");
      return;
    }
    const input = form.querySelector("input[type=file]");
    input.files = kept.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    form.querySelector("[data-go]")?.focus();
  };

  const upload = (files) => {
    let form = document.querySelector("form[data-dropzone]");
    if (!form) {
      location.assign(drop.dataset.upload);
      return;
    }
    const kept = new DataTransfer();
    for (const file of files) kept.items.add(file);
    form.querySelector("input[type=file]").files = kept.files;
    form.requestSubmit();
  };

  let depth = 0;
  addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    depth += 1;
    const { dropWords } = document.querySelector("form[data-dropzone]")?.dataset ?? {};
    if (dropWords) drop.querySelector("p").textContent = dropWords;
    drop.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    depth -= 1;
    if (depth <= 0) {
      depth = 0;
      drop.hidden = true;
    }
  });
  addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    drop.hidden = true;
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (entries.some((entry) => entry.isDirectory)) list(entries);
    else if (event.dataTransfer.files.length) upload(event.dataTransfer.files);
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.target.closest?.("[data-prune]");
    if (!form) return;
    const { parameters } = event.detail;
    for (const [name, value] of Object.entries(parameters))
      if (value === "") delete parameters[name];
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    const { status } = xhr;
    if (xhr.getResponseHeader("HX-Retarget") === "#trouble") {
      tell(new DOMParser().parseFromString(xhr.responseText, "text/html").body.textContent.trim());
      return;
    }
    tell(
      status === 403
        ? "You do not have permission to do that, or your session has ended. Reload the page and sign in; what you entered is still here."
        : `The server could not complete that (${status}). What you entered is still here; try again.`,
    );
  });
  document.addEventListener("htmx:sendError", () =>
    tell("The server can’t be reached. What you entered is still here; try again in a moment."),
  );
  // It also comes after an answer that was an error, whose words must stay.
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.successful && !("kept" in trouble.dataset)) trouble.hidden = true;
  });
})();
