// Compare: what an anchor leads to is unfolded, and all of the page at once.
(() => {
  "use strict";
  const folds = () => [...document.querySelectorAll(":is(.part, .rates) > details")];
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const fold = target && target.closest("details");
    if (!fold || fold.open) return;
    fold.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".contents a");
    if (link && link.hash === location.hash) reveal(); // the same again after it was folded
    const button = event.target.closest?.("[data-unfold]");
    if (!button) return;
    const open = folds().some((one) => !one.open);
    for (const one of folds()) one.open = open;
    button.textContent = open ? "Fold all" : "Unfold all";
  });
})();
