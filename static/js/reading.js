// The case page follows the reading: the rail shows the issue in view, the letter beside it scrolls
// to that page, and a click on a value scrolls to its words. Zoom is remembered.
(() => {
  "use strict";
  const ZOOMS = [0.6, 0.8, 1, 1.25, 1.5, 2, 3];
  const KEPT = "letter-zoom";
  const paper = () => document.querySelector("[data-paper]");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // -- zoom ----------------------------------------------------------------------------------
  let zoom = Number(localStorage.getItem(KEPT)) || 1;
  const applyZoom = () => {
    const one = paper();
    if (one) one.style.setProperty("--zoom", zoom);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (!button) return;
    const by = Number(button.dataset.zoom);
    const near = ZOOMS.reduce((a, b) => (Math.abs(b - zoom) < Math.abs(a - zoom) ? b : a));
    const at = Math.min(Math.max(ZOOMS.indexOf(near) + by, 0), ZOOMS.length - 1);
    zoom = by ? ZOOMS[at] : 1;
    localStorage.setItem(KEPT, zoom);
    const one = paper();
    const share = one.scrollTop / one.scrollHeight;
    applyZoom();
    one.scrollTop = share * one.scrollHeight;
  });

  // -- the letter ----------------------------------------------------------------------------
  const scrollsBeside = () => {
    const one = paper();
    return one && one.scrollHeight > one.clientHeight + 4 && getComputedStyle(one).overflowY !== "visible";
  };
  const scrollTo = (element, behavior, above) => {
    const one = paper();
    const top = element.getBoundingClientRect().top - one.getBoundingClientRect().top;
    one.scrollTo({ top: one.scrollTop + top - above, behavior: calm.matches ? "auto" : behavior });
  };
  const showMarks = (behavior) => {
    if (!paper()) return;
    const mark = paper().querySelector(".mark");
    const first = paper().querySelector("[data-first]");
    if (!scrollsBeside()) {
      if (mark && behavior === "smooth") mark.scrollIntoView({ block: "center" });
      return;
    }
    if (mark) scrollTo(mark, behavior, paper().clientHeight / 3);
    else if (first && first !== paper().firstElementChild) scrollTo(first, behavior, 8);
    if (mark) followed = null;
  };
  const tellPage = () => {
    const one = paper();
    const now = document.querySelector("[data-page-now]");
    if (!one || !now) return;
    const middle = one.getBoundingClientRect().top + one.clientHeight / 3;
    const sheets = [...one.querySelectorAll("[data-page]")];
    const here = sheets.findLast((sheet) => sheet.getBoundingClientRect().top <= middle) ?? sheets[0];
    if (here && now.value !== here.dataset.page) now.value = here.dataset.page;
  };
  let followed = null; // the issue that the reading last led to
  const followReading = (section) => {
    const { letterPage, letterTop } = section.dataset;
    if (!letterPage || section === followed || !scrollsBeside()) return;
    followed = section;
    const sheet = paper().querySelector(`[data-page="${letterPage}"]`);
    if (!sheet) return;
    const { height } = sheet.querySelector("svg").viewBox.baseVal;
    const down = (letterTop / height) * sheet.offsetHeight;
    scrollTo(sheet, "smooth", Math.min(paper().clientHeight / 6, down + 8) - down);
  };

  // -- the rail ------------------------------------------------------------------------------
  const sections = [...document.querySelectorAll("[data-issue-section]")];
  const links = new Map(
    [...document.querySelectorAll("[data-to-issue]")].map((link) => [link.hash.slice(1), link]),
  );
  let current = null;
  let heldAt = null; // where the page stood when an issue was gone to: it stays the current one
  const setCurrent = (section) => {
    if (section === current) return;
    const began = current !== null || scrollY > 80 || heldAt !== null;
    current = section;
    for (const [id, link] of links) {
      if (current?.id === id) {
        link.setAttribute("aria-current", "true");
        keepInView(link);
      } else link.removeAttribute("aria-current");
    }
    if (current && began) followReading(current);
    document.dispatchEvent(new CustomEvent("imr:issue", { detail: { section: current } }));
  };
  // Within the rail alone: the page itself must not move.
  const keepInView = (link) => {
    const rail = link.closest(".rail");
    const [one, all] = [link.getBoundingClientRect(), rail.getBoundingClientRect()];
    if (one.top < all.top) rail.scrollTop -= all.top - one.top;
    else if (one.bottom > all.bottom) rail.scrollTop += one.bottom - all.bottom;
    if (one.left < all.left) rail.scrollLeft -= all.left - one.left + 40;
    else if (one.right > all.right) rail.scrollLeft += one.right - all.right + 40;
  };
  const hold = (section) => {
    heldAt = scrollY;
    setCurrent(section);
  };
  const findCurrent = () => {
    if (heldAt !== null && Math.abs(scrollY - heldAt) < 2) return;
    heldAt = null;
    const line = innerHeight * 0.35;
    setCurrent(sections.findLast((section) => section.getBoundingClientRect().top <= line) ?? null);
  };
  let waits = false;
  const onScroll = () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      findCurrent();
    });
  };
  addEventListener("scroll", onScroll, { passive: true });
  addEventListener("resize", onScroll);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-to-issue]");
    const section = link && document.getElementById(link.hash.slice(1));
    if (section) requestAnimationFrame(() => hold(section));
  });
  document.addEventListener("focusin", (event) => {
    const section = event.target.closest?.("[data-issue-section]");
    if (section) hold(section);
  });

  const goTo = (section) => {
    section.scrollIntoView();
    (section.querySelector(".text-head ~ [data-marked] [data-text]") ?? section).focus({ preventScroll: true });
    hold(section);
  };
  const step = (by) => {
    const at = sections.indexOf(current);
    const next = sections[Math.min(Math.max(at + by, 0), sections.length - 1)];
    if (next) goTo(next);
    return Boolean(next);
  };
  window.imrReading = { sections, goTo, step, current: () => current ?? sections[0] ?? null };

  // -- keys: j and k, or ] and [, go from issue to issue ----------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.("textarea, select, input:not([type=radio], [type=checkbox]), [data-no-keys]")) return;
    if (document.querySelector("dialog[open]")) return;
    const by = { "]": 1, "[": -1, j: 1, k: -1 }[event.key];
    if (by && step(by)) event.preventDefault();
  });

  // -- the menu of the head: a click elsewhere, or Escape, closes it -----------------------------
  const openMenu = () => document.querySelector("details.more[open]");
  document.addEventListener("click", (event) => {
    const menu = openMenu();
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !openMenu()) return;
    openMenu().querySelector("summary").focus();
    openMenu().open = false;
  });

  const begin = (behavior) => {
    applyZoom();
    paper()?.addEventListener("scroll", tellPage, { passive: true });
    showMarks(behavior);
    tellPage();
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "letter" || event.detail.elt?.id === "letter") begin("smooth");
  });
  begin("auto");
  findCurrent();
})();
