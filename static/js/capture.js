// The capture page: one box at a time without loading anything, saved at every pause, and again and again while there is
// no network. The page itself holds the words meanwhile; the browser stores nothing.

const PAUSE = 1500;
const AGAIN = 5000;
const KEEPALIVE = 60000; // bytes; browsers refuse larger ones of a page that goes

const form = document.querySelector("form[data-capture]");
const state = form.querySelector("[data-save-state]");
const larger = document.querySelector("template[data-larger]");
const screens = [...form.querySelectorAll("[data-screen]")];
let timer = 0;
let changed = false;
let saving = null;
let unseen = null; // help that has come and was not looked at yet

const boxes = () => screens.map((screen) => screen.querySelector("textarea"));

// What the site says of a save: its words, or null where its answer is a page that says why not.
async function send(leaving) {
  const sent = new Map(boxes().map((box) => [box.name, box.value]));
  const body = new URLSearchParams(new FormData(form));
  const keepalive = leaving && new Blob([body]).size < KEEPALIVE;
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, keepalive });
  const text = await answer.text(); // to its end, or it counts as one on its way, of which a browser takes few bytes
  if (answer.status >= 502 && answer.status <= 504) throw new Error("The site is away.");
  const kind = answer.headers.get("Content-Type") || "";
  return kind.startsWith("application/json") ? { ...JSON.parse(text), sent } : null;
}

// What was written into this fragment on another page stands there now, too; what was typed meanwhile goes below it.
function putIn(texts, sent) {
  for (const box of boxes()) {
    const before = sent.get(box.name);
    if (texts[box.name].trim() === before.normalize("NFC").trim()) continue;
    const since = box.value.startsWith(before) ? box.value.slice(before.length) : `\n\n${box.value}`;
    box.value = texts[box.name] + since;
  }
}

// It comes without taking the box away from whoever is writing; with the next step they meet it.
function help() {
  if (!larger || larger.dataset.came) return;
  larger.dataset.came = "yes";
  const panel = larger.content.firstElementChild;
  unseen = panel.querySelector("[role=status]");
  unseen.removeAttribute("autofocus");
  larger.after(panel);
  panel.querySelector("[data-onward]").addEventListener("click", (event) => {
    event.preventDefault();
    panel.remove();
    boxes()[shown() - 1].focus();
  });
}

// What became of the words: the site has them, it answered with a page, or it did not answer.
const TAKEN = "taken", REFUSED = "refused", AWAY = "away";

function heard(told) {
  if (!told) return notYet(REFUSED, state.dataset.refused);
  if (told.token) {
    form.elements.token.value = told.token;
    putIn(told.boxes, told.sent);
  }
  if (told.larger) help();
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

// Out of sight the page may be stopped at any moment: what was typed while a save was on its way follows at once.
async function hide() {
  await save(true);
  if (changed && document.visibilityState === "hidden") save(true);
}

// The page goes, and with it a save that is on its way.
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
  (unseen && unseen.isConnected ? unseen : boxes()[number - 1]).focus();
  unseen = null;
}

const shown = () => screens.findIndex((screen) => !screen.hidden) + 1;

// After "Done for now" the way back leads to an empty page: what was on it is closed.
form.autocomplete = "off";
history.replaceState({ at: shown() }, "");
form.addEventListener("input", () => { changed = true; soon(PAUSE); });
addEventListener("popstate", (event) => { if (event.state) show(event.state.at); });
addEventListener("online", () => { if (changed) save(); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") hide(); });
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
