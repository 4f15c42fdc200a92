// The upload page: lists what was chosen before it is sent, shows how far each file is while it is
// sent, and goes on to the page of the upload. Without this the form posts as any other.
(() => {
  "use strict";
  const MB = 1024 * 1024;
  const SIGNED_OUT = "Not uploaded: your session has ended. Sign in in another tab, then upload them again.";
  const SHOWN = 200; // lines; more would only be scrolled past
  const form = document.querySelector("[data-upload]");
  const find = (name) => form.querySelector(`[data-${name}]`);
  const [chosen, title, total, list, go, goWords, stop] = [
    "chosen", "chosen-title", "total", "files", "go", "go-words", "stop",
  ].map(find);
  const inputs = [...form.querySelectorAll("input[type=file]")];
  let sending = null;

  const files = () => inputs.flatMap((input) => [...input.files]).filter((file) => !file.name.startsWith("."));
  const counted = (number) => `${number.toLocaleString("en-US")} file${number === 1 ? "" : "s"}`;
  const size = (bytes) => {
    if (bytes < 1000) return `${bytes} bytes`;
    return bytes < MB ? `${Math.round(bytes / 1024)} KB` : `${(bytes / MB).toFixed(1)} MB`;
  };
  const warning = (file) => {
    const name = file.name.toLowerCase();
    const zip = name.endsWith(".zip");
    const most = Number(zip ? form.dataset.mostArchiveMb : form.dataset.mostMb);
    if (file.size > most * MB) return `Larger than ${most.toLocaleString("en-US")} MB: it will be rejected`;
    if (!zip && !name.endsWith(".pdf")) return "Not a PDF by its name: it may be skipped";
    return file.size ? "" : "Empty: it can’t be read";
  };
  const element = (tag, className, text = "") =>
    Object.assign(document.createElement(tag), { className, textContent: text });

  const lineOf = (file) => {
    const line = element("li", "chosen-file");
    const name = element("span", "file-name", file.webkitRelativePath || file.name);
    const state = element("span", "file-state", size(file.size));
    const bar = Object.assign(document.createElement("progress"), { max: file.size || 1, value: 0 });
    bar.setAttribute("aria-label", `Uploaded of ${file.name}`);
    line.append(name, state, bar);
    const words = warning(file);
    if (words) line.append(element("span", "file-warning", words));
    return { file, line, bar, state };
  };
  let lines = [];
  const show = () => {
    const all = files();
    const bytes = all.reduce((sum, file) => sum + file.size, 0);
    lines = all.map((file, index) => (index < SHOWN ? lineOf(file) : { file }));
    list.replaceChildren(...lines.filter(({ line }) => line).map(({ line }) => line));
    if (all.length > SHOWN) list.append(element("li", "muted", `and ${counted(all.length - SHOWN)} more`));
    title.textContent = all.length ? `${counted(all.length)}, ${size(bytes)}` : "";
    goWords.textContent = all.length ? `Upload ${counted(all.length)}` : "Upload";
    chosen.hidden = !all.length;
  };
  for (const input of inputs)
    input.addEventListener("change", () => {
      for (const other of inputs) if (other !== input) other.value = "";
      show();
    });

  // Files are sent one after another, so that what has gone tells which one is under way.
  const advance = (sent) => {
    let before = 0;
    for (const { file, bar, state } of lines) {
      const here = Math.min(Math.max(sent - before, 0), file.size);
      before += file.size;
      if (!bar) continue;
      bar.value = file.size ? here : Number(sent >= before);
      const done = here === file.size && sent >= before;
      if (done) state.textContent = "Uploaded";
      else if (here) state.textContent = `${Math.round((100 * here) / file.size)}%`;
    }
  };
  const rest = (words) => {
    sending = null;
    stop.hidden = true;
    go.disabled = false;
    form.classList.remove("sending");
    show();
    title.textContent = words;
  };
  form.addEventListener("submit", (event) => {
    const all = files();
    if (!all.length) return; // the server says what to do
    event.preventDefault();
    if (sending) return;
    show();
    const bytes = all.reduce((sum, file) => sum + file.size, 0);
    const data = new FormData();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
    for (const file of all) data.append("files", file, file.name);
    sending = new XMLHttpRequest();
    sending.open("POST", form.action);
    sending.upload.addEventListener("progress", ({ loaded, total: whole }) => {
      const share = whole ? loaded / whole : 0;
      total.value = 100 * share;
      advance(share * bytes);
      title.textContent = share < 1 ? `Uploading ${counted(all.length)}: ${Math.floor(100 * share)}%` : "Uploaded. Storing…";
    });
    sending.addEventListener("load", () => {
      const { status, responseURL, responseText } = sending;
      const batch = sending.getResponseHeader("Content-Location");
      sending = null;
      const page = new DOMParser().parseFromString(responseText, "text/html");
      const words = page.querySelector("main .error, main p")?.textContent.trim().replace(/\s+/g, " ");
      if (batch) location.assign(batch);
      else if (page.querySelector("form [name=username]")) rest(SIGNED_OUT);
      else if (status < 300 && responseURL !== form.action) location.assign(responseURL);
      else rest(`Not uploaded. ${words || `The server could not take them (${status}).`}`);
    });
    sending.addEventListener("error", () => rest("Not uploaded: the server can’t be reached. The files are still chosen; try again."));
    sending.addEventListener("abort", () => rest("Canceled: nothing was uploaded."));
    total.hidden = stop.hidden = false;
    go.disabled = true;
    form.classList.add("sending");
    sending.send(data);
  });
  stop.addEventListener("click", () => sending?.abort());
  addEventListener("beforeunload", (event) => {
    if (sending) event.preventDefault();
  });
  addEventListener("pageshow", show); // Back brings the chosen files along
})();
