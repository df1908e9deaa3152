// "Exit this page": the page is blank at once, and then its form is sent. Shift three times does the same, each time
// pressed and released alone, so that no capital letter and no shortcut counts.

const exit = document.querySelector("button.exit[data-exit]");

function blank() {
  document.body.hidden = true;
  document.title = "";
}

for (const button of document.querySelectorAll("button[data-exit]")) {
  button.addEventListener("click", blank);
}

// Before the script that keeps drafts takes the form for one that is saved: what is written goes along, and is kept.
document.addEventListener("submit", (event) => {
  if (event.submitter && event.submitter.hasAttribute("data-exit")) event.stopImmediatePropagation();
}, true);

const WITHIN = 1500; // milliseconds between two of them
let alone = false;
let times = 0;
let last = 0;

addEventListener("keydown", (event) => {
  if (event.repeat) return;
  alone = event.key === "Shift";
  if (!alone) times = 0;
}, true);

addEventListener("keyup", (event) => {
  if (event.key !== "Shift" || !alone) return;
  alone = false;
  times = event.timeStamp - last < WITHIN ? times + 1 : 1;
  last = event.timeStamp;
  if (times === 3) exit.click();
}, true);

addEventListener("pointerdown", () => { times = 0; }, true);

// A browser that kept the page in memory shows it again on "Back": it has to ask the server anew.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  blank();
  location.reload();
});
