// The capture page: one box at a time without loading anything, saved at every pause, and again and again while there is
// no network. The page itself holds the words meanwhile; the browser stores nothing.

const PAUSE = 1500;
const AGAIN = 5000;

const form = document.querySelector("form[data-capture]");
const state = form.querySelector("[data-save-state]");
const screens = [...form.querySelectorAll("[data-screen]")];
let timer = 0;
let changed = false;
let saving = null;

async function send() {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("not taken in");
  return answer.json();
}

async function save() {
  clearTimeout(timer);
  timer = 0;
  if (saving) return saving;
  if (!changed) return true;
  changed = false;
  saving = send().then((told) => {
    form.elements.token.value = told.token;
    state.textContent = told.state;
    return true;
  }, () => {
    changed = true;
    state.textContent = state.dataset.failed;
    soon(AGAIN);
    return false;
  });
  const done = await saving;
  saving = null;
  if (done && changed) soon(PAUSE);
  return done;
}

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

function show(number) {
  for (const screen of screens) screen.hidden = screen.dataset.screen !== String(number);
  screens[number - 1].querySelector("textarea").focus();
}

const shown = () => screens.findIndex((screen) => !screen.hidden) + 1;

history.replaceState({ at: shown() }, "");
form.addEventListener("input", () => { changed = true; soon(PAUSE); });
addEventListener("popstate", (event) => { if (event.state) show(event.state.at); });
addEventListener("online", () => { if (changed) save(); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });

form.addEventListener("submit", async (event) => {
  const to = event.submitter ? event.submitter.value : "done";
  if (form.dataset.plainly) return; // the browser sends it and shows the answer
  event.preventDefault();
  if (to !== "done") {
    show(Number(to));
    history.pushState({ at: Number(to) }, "", `?at=${to}`);
    save();
    return;
  }
  // The last page has to come from the server: it is asked for once the words are there.
  changed = true;
  if (!(await save()) || changed) return;
  form.dataset.plainly = "yes";
  form.requestSubmit(event.submitter);
});
