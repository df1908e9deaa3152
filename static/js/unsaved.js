// Before a page with text that is not saved goes away, the browser asks. A form is watched where something in it says
// data-unsaved; where that says "now" (or the form came back with errors), its text is not saved from the start.
{
  const isChanged = (field) => {
    if (!field.name || field.disabled || field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) {
      const options = [...field.options];
      // Where the page chose none, a list that holds one choice shows its first.
      if (!field.multiple && !options.some((option) => option.defaultSelected)) return field.selectedIndex > 0;
      return options.some((option) => option.selected !== option.defaultSelected);
    }
    return "defaultValue" in field && field.value !== field.defaultValue;
  };

  for (const form of new Set([...document.querySelectorAll("[data-unsaved]")].map((mark) => mark.closest("form")))) {
    if (!form) continue;
    const cameBack = form.querySelector('.errornote, [data-unsaved="now"]') !== null;
    let sent = false;
    // On the window: what has stopped the form by then does not let it go.
    addEventListener("submit", (event) => { if (event.target === form) sent = !event.defaultPrevented; });
    addEventListener("pageshow", () => { sent = false; });
    addEventListener("beforeunload", (event) => {
      if (!sent && (cameBack || [...form.elements].some(isChanged))) event.preventDefault();
    });
  }
}
