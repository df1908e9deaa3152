// Comforts of forms: the time zone of this browser filled in, a password shown, the suggested words used.

const zone = document.querySelector("select[name=time_zone]");
if (zone && !zone.value) {
  // Of a zone that is not on the list, the select makes nothing: then nothing is chosen, as before.
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone.value) zone.value = "";
}

for (const button of document.querySelectorAll("button[data-shows]")) {
  const entry = document.getElementById(button.dataset.shows);
  const show = button.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    const hidden = entry.type === "password";
    entry.type = hidden ? "text" : "password";
    button.textContent = hidden ? button.dataset.hide : show;
  });
  // Browsers remember what stood in a text field; of a password they ask.
  entry.form.addEventListener("submit", () => { entry.type = "password"; });
}

for (const button of document.querySelectorAll("button[data-fills]")) {
  const entry = document.getElementById(button.dataset.fills);
  button.hidden = false;
  button.addEventListener("click", () => {
    entry.value = document.getElementById(button.dataset.from).textContent;
    const shows = document.querySelector(`button[data-shows="${entry.id}"]`);
    if (shows && entry.type === "password") shows.click();
    entry.focus();
  });
}
