// Passkeys: asks the browser to make or use one and sends the form with its answer. Needs allauth's webauthn-json.js.
// A form names what is to be done (data-passkey: create or get) and the server's options (data-options, or by asking).

const problem = document.getElementById("passkey-problem");

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("The server gave no options.");
  return (await answer.json()).request_options;
}

function wish(options, passwordless) {
  const selection = options.publicKey.authenticatorSelection;
  selection.residentKey = passwordless ? "required" : "discouraged";
  selection.requireResidentKey = passwordless;
  if (passwordless) selection.userVerification = "required";
}

if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-needs-passkeys]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-without-passkeys]")) part.hidden = true;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      const options = await optionsOf(form);
      if (form.elements.passwordless) wish(options, form.elements.passwordless.checked);
      const credential = await window.webauthnJSON[form.dataset.passkey](options);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      // Also where the person closed the browser's question: the browser does not tell which.
      problem.hidden = false;
      problem.focus();
    }
  });
}
