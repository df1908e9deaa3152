// Asks the server what the text would become and what to mend in it, once somebody pauses; works for the plain text
// area, too. Tells the editor by the event "findings" (all of them), and by "goto" (a line) where to go.
{
  const PAUSE = 1200;
  const FIELDS = ["csrfmiddlewaretoken", "title", "summary", "section", "language", "also_known_as", "sources", "body"];

  // A guide's section and language, which its form does not change, stand on its text area.
  const typed = (form, textarea) => FIELDS.map((name) => [name, form.elements[name]?.value ?? textarea.dataset[name] ?? ""]);

  const asked = async (holder, fields, signal) => {
    const sent = new FormData();
    for (const [name, value] of fields) if (value) sent.set(name, value);
    const answer = await fetch(holder.dataset.preview, {
      method: "POST", body: sent, signal, redirect: "manual", headers: { Accept: "application/json" },
    });
    if (answer.type === "opaqueredirect") return { problem: holder.dataset.signedOut };
    if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) return { problem: holder.dataset.away };
    return answer.json();
  };

  const row = (holder, finding) => {
    const item = document.createElement("li");
    const words = document.createElement(finding.line === null ? "p" : "button");
    if (finding.stops) {
      item.className = "stops";
      const stops = document.createElement("strong");
      stops.textContent = `${holder.dataset.stops}: `;
      words.append(stops);
    }
    if (finding.line !== null) {
      words.type = "button";
      words.append(`${holder.dataset.line.replace("%(number)s", finding.line)}: `);
      words.addEventListener("click", () => goTo(holder, finding.line));
    }
    words.append(finding.message);
    item.append(words);
    return item;
  };

  const goTo = (holder, line) => {
    const event = new CustomEvent("goto", { detail: line, cancelable: true });
    if (!holder.dispatchEvent(event)) return;
    const textarea = holder.querySelector("textarea");
    const lines = textarea.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    textarea.focus();
    textarea.setSelectionRange(start, start + (lines[line - 1] || "").length);
  };

  // In a tree of its own the page has the public site's style, and the desk none of it.
  const pageIn = (place) => {
    const root = place.attachShadow({ mode: "open" });
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = place.dataset.style;
    const page = document.createElement("div");
    page.className = "page";
    root.append(style, page);
    root.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link) return;
      const address = link.getAttribute("href");
      const here = address.startsWith("#") ? root.getElementById(decodeURIComponent(address.slice(1))) : null;
      event.preventDefault();
      if (here) here.scrollIntoView({ block: "nearest" });
      else if (!address.startsWith("#")) open(link.href, "_blank", "noopener"); // leaving would put the text at risk
    });
    return page;
  };

  const show = (holder, page, answer) => {
    const summary = holder.querySelector("[data-summary]"), list = holder.querySelector("[data-list]");
    const words = answer.problem || answer.summary;
    if (summary.textContent !== words) summary.textContent = words;
    if (answer.problem) return; // what was found before still stands there
    const told = JSON.stringify(answer.findings);
    if (list.dataset.told !== told) {
      list.dataset.told = told;
      list.replaceChildren(...answer.findings.map((finding) => row(holder, finding)));
    }
    holder.dispatchEvent(new CustomEvent("findings", { detail: answer.findings }));
    holder.querySelector("[data-note]").textContent = answer.html === null ? holder.dataset.older : "";
    if (answer.html !== null) page.innerHTML = answer.html;
    holder.querySelector("[data-shown]").hidden = !page.hasChildNodes();
  };

  for (const holder of document.querySelectorAll("[data-editor][data-preview]")) {
    const form = holder.closest("form");
    const page = pageIn(holder.querySelector("[data-page]"));
    const summary = holder.querySelector("[data-summary]");
    let waiting = null, asking = null, seen = null;

    const look = async () => {
      const fields = typed(form, holder.querySelector("textarea"));
      const now = JSON.stringify(fields);
      if (now === seen) return;
      if (asking) asking.abort();
      const mine = asking = new AbortController();
      if (!summary.textContent) summary.textContent = holder.dataset.checking;
      let answer;
      try {
        answer = await asked(holder, fields, mine.signal);
      } catch {
        if (mine.signal.aborted) return;
        answer = { problem: holder.dataset.away };
      }
      if (mine !== asking) return;
      seen = answer.problem ? null : now;
      show(holder, page, answer);
    };

    const soon = () => { clearTimeout(waiting); waiting = setTimeout(look, PAUSE); };
    form.addEventListener("input", (event) => { if (FIELDS.includes(event.target.name)) soon(); });
    form.addEventListener("change", (event) => { if (FIELDS.includes(event.target.name)) soon(); });
    holder.querySelector("[data-findings]").hidden = false;
    if (holder.querySelector("textarea").value.trim()) look();
  }
}
