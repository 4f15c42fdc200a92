// Ticks of a list: one box for all rows, a range with the shift key, and how many there are.
(() => {
  "use strict";
  const boxes = (form) => [...form.querySelectorAll("input[name=chosen]")];
  let last = null;

  const tell = (form) => {
    const place = form.querySelector("[data-bulk-count]");
    if (!place) return;
    const all = boxes(form);
    const ticked = all.filter((one) => one.checked).length;
    const everything = form.elements.everything?.checked;
    place.textContent = ticked || everything ? `${everything ? place.dataset.all : ticked} selected` : "";
    const head = form.querySelector("[data-tick-all]");
    if (!head) return;
    head.checked = all.length > 0 && ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
  };
  const tellAll = () => document.querySelectorAll("[data-selection]").forEach(tell);

  document.addEventListener("click", (event) => {
    const box = event.target;
    const form = box.closest?.("[data-selection]");
    if (!form || box.name !== "chosen") return;
    const all = boxes(form);
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const one of all.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
  });
  document.addEventListener("change", (event) => {
    const box = event.target;
    const form = box.closest?.("[data-selection]");
    if (!form) return;
    const { everything } = form.elements;
    if (box.matches("[data-tick-all]") || box === everything)
      for (const one of boxes(form)) one.checked = box.checked;
    if (everything && box !== everything) everything.checked = false;
    tell(form);
  });
  document.addEventListener("reset", () => setTimeout(tellAll));
  document.addEventListener("htmx:afterSwap", tellAll);
  addEventListener("pageshow", tellAll);

  // A row opens what it is of, wherever it is clicked, but while words in it are being selected.
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.(".list-rows [data-row]");
    if (!row || event.target.closest("a, button, input, label, summary")) return;
    if (!getSelection().isCollapsed) return;
    if (event.target.closest(".tick")) row.querySelector("input[name=chosen]")?.click();
    else row.querySelector("[data-open]")?.dispatchEvent(new MouseEvent("click", event));
  });
})();

// A CSV that takes a while: says so beside the list, until the list changes.
(() => {
  "use strict";
  const tell = (words) => {
    const place = document.getElementById("csv-told");
    if (place) place.textContent = words;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#list-csv[data-told]");
    if (link) tell(link.dataset.told);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "results") tell("");
  });
})();

// How this browser shows lists: the height of the rows and the column of facets. The server reads
// it with the next page, so that nothing moves.
(() => {
  "use strict";
  const list = document.getElementById("list");
  if (!list) return;
  const wide = matchMedia("(min-width: 80rem)");
  const fold = document.getElementById("narrow-by");
  const keep = (name, value) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `imr-${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    list.dataset[name] = value;
  };
  const shown = () => (wide.matches ? list.dataset.facets === "open" : "narrowing" in list.dataset);
  const show = (open) => {
    if (wide.matches) keep("facets", open ? "open" : "folded");
    else list.toggleAttribute("data-narrowing", open);
    describe();
  };
  const describe = () => {
    if (wide.matches) list.removeAttribute("data-narrowing");
    fold?.setAttribute("aria-expanded", String(shown()));
  };
  fold?.setAttribute("role", "button");
  describe();
  wide.addEventListener("change", describe);
  fold?.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    fold.click();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#narrow-by")) {
      event.preventDefault();
      show(!shown());
      if (shown() && wide.matches) document.querySelector("[data-facets-fold]").focus();
    } else if (event.target.closest?.("[data-facets-fold]")) {
      show(false);
      fold.focus();
    }
    const density = event.target.closest?.("[data-density-choice]");
    if (!density) return;
    keep("density", density.dataset.densityChoice);
    for (const one of density.parentElement.children)
      one.setAttribute("aria-pressed", String(one === density));
  });
})();

// A table that has room is not a box that scrolls: its head then stays in view.
(() => {
  "use strict";
  const fit = () => {
    for (const box of document.querySelectorAll("[data-fit]")) {
      const fits = box.firstElementChild.scrollWidth <= box.clientWidth;
      box.classList.toggle("fits", fits);
      if (fits) box.removeAttribute("tabindex");
      else box.tabIndex = 0;
    }
  };
  fit();
  addEventListener("resize", fit);
  document.addEventListener("htmx:afterSettle", fit);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-density-choice], #narrow-by, [data-facets-fold]")) fit();
  });
})();

// The chooser of columns: what is ticked is what is shown. The default ones need not be named.
(() => {
  "use strict";
  const form = document.getElementById("list-form");
  const boxes = [...(form?.querySelectorAll("#columns input[name=columns]") ?? [])];
  if (!boxes.length) return;
  const isDefault = () => boxes.every((one) => one.checked === ("default" in one.dataset));
  form.addEventListener("htmx:configRequest", (event) => {
    if (event.target !== form) return;
    const { parameters } = event.detail;
    if (isDefault()) delete parameters.columns;
    else parameters.columns = boxes.filter((one) => one.checked).map((one) => one.value).join(",");
  });
  form.querySelector("[data-default-columns]").addEventListener("click", () => {
    for (const one of boxes) one.checked = "default" in one.dataset;
    form.requestSubmit();
  });
})();
