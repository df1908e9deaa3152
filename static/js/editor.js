// Turns the text area of a guide into an editor: EasyMDE's text field and its commands, nothing else of it. The text
// area stays what the form sends. Findings come, and lines are gone to, as events on the element around it.
if (window.EasyMDE) {
  // The page is made by the site's own renderer (findings.js), so the one inside EasyMDE is never to run.
  EasyMDE.prototype.markdown = () => "";

  const leave = (holder, cm) => {
    const next = [...holder.querySelectorAll("button, summary, a[href], [tabindex='0']")].find(
      (one) => cm.getWrapperElement().compareDocumentPosition(one) === Node.DOCUMENT_POSITION_FOLLOWING && one.offsetParent
    );
    if (next) next.focus(); else cm.getInputField().blur();
  };

  // Everything that a key does in the text, beside what it does in any text area. Tab is none of it: it goes on.
  const keysOf = (holder, editor) => {
    const apple = /Mac|iPhone|iPad/.test(navigator.platform);
    const control = apple ? "Cmd-" : "Ctrl-";
    return {
      Enter: "newlineAndIndentContinueMarkdownList",
      Tab: false,
      "Shift-Tab": false,
      Esc: (cm) => leave(holder, cm),
      [control + "B"]: () => EasyMDE.toggleBold(editor),
      [control + "I"]: () => EasyMDE.toggleItalic(editor),
      [control + "K"]: () => EasyMDE.drawLink(editor),
    };
  };

  const describe = (holder, textarea, cm) => {
    const field = cm.getInputField();
    const label = textarea.labels[0];
    field.setAttribute("role", "textbox");
    field.setAttribute("aria-multiline", "true");
    field.setAttribute("aria-label", label ? label.textContent.replace(/:\s*$/, "") : textarea.name);
    const keys = holder.querySelector("[data-keys]");
    field.setAttribute("aria-describedby", `${textarea.getAttribute("aria-describedby") || ""} ${keys.id}`.trim());
    if (textarea.hasAttribute("aria-invalid")) field.setAttribute("aria-invalid", textarea.getAttribute("aria-invalid"));
    keys.hidden = false;
    if (label) label.addEventListener("click", () => cm.focus());
  };

  // A toolbar is one stop for Tab; arrows go along it.
  const layTools = (holder, editor) => {
    const tools = [...holder.querySelectorAll("[data-does]")];
    const turnTo = (tool) => tools.forEach((one) => { one.tabIndex = one === tool ? 0 : -1; });
    turnTo(tools[0]);
    for (const tool of tools) {
      tool.addEventListener("click", () => { turnTo(tool); EasyMDE[tool.dataset.does](editor); });
      tool.addEventListener("keydown", (event) => {
        const last = tools.length - 1, here = tools.indexOf(tool);
        const there = { ArrowRight: here === last ? 0 : here + 1, ArrowLeft: here === 0 ? last : here - 1, Home: 0, End: last }[event.key];
        if (there === undefined) return;
        event.preventDefault();
        turnTo(tools[there]);
        tools[there].focus();
      });
    }
  };

  // A heading between empty lines, and the cursor on a line of its own under it.
  const putBlock = (cm, text) => {
    const line = cm.getCursor("to").line;
    const isEmpty = (number) => number < 0 || number > cm.lastLine() || !cm.getLine(number).trim();
    const before = isEmpty(line) ? (isEmpty(line - 1) ? "" : "\n") : "\n\n";
    const after = isEmpty(line + 1) ? "\n\n" : "\n\n\n";
    cm.replaceRange(before + text + after, { line, ch: cm.getLine(line).length });
    cm.setCursor({ line: line + before.length + 2, ch: 0 });
  };

  const putInLine = (cm, text) => {
    const at = cm.getCursor("from");
    const close = /\S$/.test(cm.getLine(at.line).slice(0, at.ch));
    cm.replaceSelection(close ? ` ${text}` : text, "end");
  };

  const listSource = (form, key) => {
    const field = form.elements.sources;
    if (!field || field.value.split("\n").some((line) => line.trim() === key)) return;
    field.value = `${field.value.replace(/\n*$/, "")}\n${key}`.trimStart();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const layInserts = (holder, textarea, cm) => {
    const choice = holder.querySelector("[data-inserts]");
    holder.querySelector("[data-insert]").addEventListener("click", () => {
      const chosen = choice.selectedOptions[0];
      if ("block" in chosen.dataset) putBlock(cm, chosen.value); else putInLine(cm, chosen.value);
      if (chosen.dataset.cites) listSource(textarea.form, chosen.dataset.cites);
      cm.focus();
    });
  };

  const markLines = (cm, findings) => {
    cm.clearGutter("findings");
    cm.eachLine((line) => { cm.removeLineClass(line, "background"); });
    for (const finding of [...findings].reverse()) { // those that stop come first in the list, and last here
      const line = finding.line - 1;
      if (finding.line === null || line > cm.lastLine()) continue;
      const mark = document.createElement("span");
      mark.className = finding.stops ? "mark-stops" : "mark-warns";
      mark.textContent = finding.stops ? "■" : "▲";
      mark.title = finding.message;
      cm.setGutterMarker(line, "findings", mark);
      cm.removeLineClass(line, "background");
      cm.addLineClass(line, "background", finding.stops ? "line-stops" : "line-warns");
    }
  };

  for (const holder of document.querySelectorAll("[data-editor]")) {
    const textarea = holder.querySelector("textarea");
    textarea.required = false; // a field that is hidden could not say so; the server does
    const editor = new EasyMDE({
      element: textarea,
      autoDownloadFontAwesome: false,
      spellChecker: false,
      nativeSpellcheck: true,
      inputStyle: "contenteditable", // which screen readers and phones know; EasyMDE's other way hides the text from them
      forceSync: true,
      lineNumbers: true,
      theme: "desk",
      indentWithTabs: false,
      toolbar: false,
      status: false,
      previewRender: () => null,
      blockStyles: { bold: "**", italic: "*" },
    });
    const cm = editor.codemirror;
    const around = cm.getWrapperElement().parentElement;
    around.removeAttribute("role"); // "application" would take a screen reader's own keys away
    cm.setOption("extraKeys", keysOf(holder, editor));
    cm.setOption("gutters", ["CodeMirror-linenumbers", "findings"]);
    cm.setOption("viewportMargin", Infinity); // every line is in the page, so that it can be found and read out
    describe(holder, textarea, cm);
    layTools(holder, editor);
    layInserts(holder, textarea, cm);
    cm.on("change", () => textarea.dispatchEvent(new Event("input", { bubbles: true })));
    holder.addEventListener("findings", (event) => markLines(cm, event.detail));
    holder.addEventListener("goto", (event) => {
      event.preventDefault();
      const line = Math.min(event.detail - 1, cm.lastLine());
      cm.setCursor({ line, ch: 0 });
      cm.scrollIntoView({ line, ch: 0 }, 80);
      cm.focus();
    });
    holder.querySelector("[data-tools]").hidden = false;
  }
}
