// Keeps what somebody types: as unsaved text on the server, within five seconds and when the page hides. When the form
// is sent and the network is away, the words stay in the page, and it tries again. The browser itself stores nothing.

const SOON = 4000;
const KEEPALIVE = 60000; // bytes; browsers refuse larger ones of a page that goes
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 20000;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// `leaving`: it goes on when the page goes, as far as browsers let it.
function post(address, body, leaving) {
  const keepalive = leaving && new Blob([body]).size < KEEPALIVE;
  return fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, keepalive });
}

async function told(answer) {
  const text = await answer.text(); // to its end, or it counts as one on its way, of which a browser takes few bytes
  const kind = answer.headers.get("Content-Type") || "";
  return kind.startsWith("application/json") ? JSON.parse(text) : null;
}

for (const form of document.querySelectorAll("form[data-drafts]")) {
  const state = form.querySelector("[data-save-state]");
  let timer = 0;
  let changed = false;
  let keeping = null;
  let sending = false;
  let over = false; // what the form holds is saved, sent by the browser itself, or thrown away

  const say = (words) => { if (state.textContent !== words) state.textContent = words; };
  const failed = () => say(state.dataset.failed);

  function held(button) {
    const fields = new FormData(form);
    if (button && button.name) fields.append(button.name, button.value);
    return new URLSearchParams(fields);
  }

  function keepSoon(wait = SOON) {
    if (!timer) timer = setTimeout(keep, wait);
  }

  async function keep() {
    clearTimeout(timer);
    timer = 0;
    if (!changed || sending || keeping || over) return;
    changed = false;
    keeping = post(form.dataset.drafts, held(), false).then(told).then((answer) => {
      if (!answer) throw new Error("The server did not keep it.");
      if (!sending) say(answer.state);
    }).catch(() => {
      changed = true;
      if (!sending) failed();
    });
    await keeping;
    keeping = null;
    if (changed && !sending) keepSoon();
  }

  function keepNow() {
    // The page may be gone before an answer comes, and with it what is on its way.
    if ((changed || keeping || sending) && !over) post(form.dataset.drafts, held(), true).catch(() => {});
  }

  form.addEventListener("input", () => { changed = true; keepSoon(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keepNow(); });
  addEventListener("pagehide", keepNow);

  form.addEventListener("submit", async (event) => {
    if (form.dataset.plainly) return; // the browser sends it and shows the answer
    event.preventDefault();
    if (sending) return;
    sending = true;
    for (let wait = FIRST_PAUSE; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
      const body = held(event.submitter);
      try {
        const response = await post(form.action, body, true);
        const answer = await told(response);
        if (response.ok && answer && answer.to) {
          if (String(held(event.submitter)) !== String(body)) {
            // Typed while it was on its way: over what is saved now, that is saved as well.
            form.elements.token.value = answer.token;
            continue;
          }
          over = true;
          say(answer.state);
          location.replace(answer.to); // the way back is not to a form that would save it once more
          return;
        }
        if (response.status < 502 || response.status > 504) break;
      } catch { /* no network: the words are still here */ }
      failed();
      await pause(wait);
    }
    // The answer is a page: the same words once more make the same entry, and the browser shows it.
    over = true;
    form.dataset.plainly = "yes";
    form.requestSubmit(event.submitter);
  });

  // "Throw this text away": nothing that is on its way may bring it back.
  for (const drop of document.querySelectorAll("form[data-drops]")) {
    drop.addEventListener("submit", async (event) => {
      over = true;
      changed = false;
      if (!keeping) return;
      event.preventDefault();
      await keeping;
      changed = false;
      drop.requestSubmit();
    });
  }
}
