// The capture page: one box at a time without loading anything, saved at every pause, and again and again while there is
// no network. The page itself holds the words meanwhile; the browser stores nothing.

const PAUSE = 1500;
const AGAIN = 5000;
const KEEPALIVE = 60000; // bytes; browsers refuse larger ones of a page that goes

const form = document.querySelector("form[data-capture]");
const state = form.querySelector("[data-save-state]");
const screens = [...form.querySelectorAll("[data-screen]")];
let timer = 0;
let changed = false;
let saving = null;

// What the site says of a save: its words, or null where its answer is a page that says why not.
async function send(leaving) {
  const body = new URLSearchParams(new FormData(form));
  const keepalive = leaving && new Blob([body]).size < KEEPALIVE;
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, keepalive });
  const text = await answer.text(); // to its end, or it counts as one on its way, of which a browser takes few bytes
  if (answer.status >= 502 && answer.status <= 504) throw new Error("The site is away.");
  const kind = answer.headers.get("Content-Type") || "";
  return kind.startsWith("application/json") ? JSON.parse(text) : null;
}

// What became of the words: the site has them, it answered with a page, or it did not answer.
const TAKEN = "taken", REFUSED = "refused", AWAY = "away";

function heard(told) {
  if (!told) return notYet(REFUSED, state.dataset.refused);
  if (told.token) form.elements.token.value = told.token;
  state.textContent = told.state;
  return TAKEN;
}

function notYet(became, words) {
  changed = true;
  state.textContent = words;
  soon(AGAIN);
  return became;
}

async function save(leaving = false) {
  clearTimeout(timer);
  timer = 0;
  if (saving) return saving;
  if (!changed) return TAKEN;
  changed = false;
  saving = send(leaving).then(heard, () => notYet(AWAY, state.dataset.failed));
  const became = await saving;
  saving = null;
  if (became === TAKEN && changed) soon(PAUSE);
  return became;
}

// The page may be gone before an answer comes, and with it a save that is on its way.
function leave() {
  if (saving) send(true).catch(() => {});
  else save(true);
}

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(() => save(), wait);
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
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });
addEventListener("pagehide", leave);

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
  // The last page has to come from the server: it is asked for once the words are there, those too that were typed while
  // a save was on its way.
  changed = true;
  let became;
  do became = await save(); while (became === TAKEN && changed);
  if (became === AWAY || form.dataset.plainly) return; // it says so and tries again; or this was the second press
  form.dataset.plainly = "yes";
  form.requestSubmit(event.submitter);
});
