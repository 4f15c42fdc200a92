// The session's end is told before it comes. Forms take the present CSRF token, so that one that
// was open while its writer signed in again, in another tab, can still be sent.
(() => {
  "use strict";
  const WARN_SECONDS = 300;
  const meta = document.querySelector('meta[name="session-seconds"]');
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];

  document.addEventListener("htmx:configRequest", (event) => {
    if (token()) event.detail.headers["X-CSRFToken"] = token();
  });
  document.addEventListener("submit", (event) => {
    const field = event.target.elements?.csrfmiddlewaretoken;
    if (field && token()) field.value = token();
  }, true);
  if (!meta) return;

  const note = document.getElementById("session-note");
  const say = note.querySelector("[data-words]");
  const stay = note.querySelector("button");
  const seconds = Number(meta.content);
  const KEY = "session-used-at";
  const used = () => localStorage.setItem(KEY, String(Date.now()));
  const left = () => seconds - (Date.now() - Number(localStorage.getItem(KEY))) / 1000;

  used();
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.xhr.status < 400) used();
  });
  stay.addEventListener("click", async () => {
    const answer = await fetch(note.dataset.stay, {
      method: "POST", headers: { "X-CSRFToken": token() ?? "" }, redirect: "manual",
    });
    if (answer.status === 204) used();
    tell();
  });

  const tell = () => {
    const remaining = left();
    note.hidden = remaining > WARN_SECONDS;
    stay.hidden = remaining <= 0;
    const minutes = Math.max(1, Math.ceil(remaining / 60));
    const words = remaining > 0
      ? `You will be signed out in ${minutes} minute${minutes === 1 ? "" : "s"} because of inactivity.`
      : "Your session has ended. Sign in again in another tab; what you entered here is kept and can then be saved.";
    if (!note.hidden && say.textContent !== words) say.textContent = words;
  };
  setInterval(tell, 5000);
  tell();
})();
