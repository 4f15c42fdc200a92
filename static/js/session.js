// A session that ended, or a server out of reach, costs nothing that was typed: the page stays as
// it is, says what happened, and goes on once its user has signed in again in another tab.
(() => {
  "use strict";
  const DRAFTS = "imr-draft-2:"; // as in drafts.js
  const trouble = document.getElementById("trouble");

  // Signing out empties this browser's storage: others may use it. Drafts in it were never saved.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.("form[data-sign-out]")) return;
    const drafts = Object.keys(localStorage).filter((key) => key.startsWith(DRAFTS));
    const words = drafts.length === 1 ? "One draft is not saved" : `${drafts.length} drafts are not saved`;
    if (drafts.length && !confirm(`${words} and will be deleted from this browser. Sign out?`)) {
      event.preventDefault();
      return;
    }
    window.imrDrafts?.stop();
    drafts.forEach((key) => localStorage.removeItem(key));
  });
  const login = trouble?.dataset.login;
  if (!login) return;
  let signedOut = false;

  const tell = (words, ...elements) => {
    trouble.replaceChildren(words, ...elements);
    trouble.hidden = false;
  };
  const leadsToLogin = (url) => url && new URL(url, location.href).pathname === login;

  const tellSignedOut = () => {
    signedOut = true;
    trouble.dataset.kept = ""; // until it is mended, whatever else the page loads meanwhile
    const link = document.createElement("a");
    link.href = `${login}?next=${encodeURIComponent("/")}`;
    link.target = "_blank";
    link.rel = "opener";
    link.textContent = "Sign in (opens a new tab)";
    tell("Your session has ended. Nothing you typed is lost. ", link, ", then come back here and save again.");
  };

  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) tellSignedOut();
  });

  // A fresh copy of this page says who is signed in now. Its CSRF token is taken by expiry.js.
  const isSameUserAgain = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || leadsToLogin(answer.url)) return false;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (fresh.body.dataset.user !== document.body.dataset.user) {
      tell(`You are now signed in as someone else. Reload this page to continue; what you entered is kept for ${document.body.dataset.name}.`);
      return false;
    }
    return true;
  };

  const comeBack = async () => {
    if (!signedOut || document.visibilityState !== "visible") return;
    try {
      if (!(await isSameUserAgain())) return;
    } catch {
      return; // still out of reach
    }
    signedOut = false;
    delete trouble.dataset.kept;
    tell("You are signed in again. Save again.");
  };
  addEventListener("focus", comeBack);
  document.addEventListener("visibilitychange", comeBack);
  let unreachable = false;
  document.addEventListener("htmx:sendError", () => { unreachable = true; });
  addEventListener("online", () => {
    if (unreachable) tell("The connection is back. Save again.");
    unreachable = false;
  });
})();
