// A button beside something that is shown once: puts it on the clipboard.

const SHOWN = 2_500; // ms that the button says so

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  if (!(await written(source))) return;
  const said = button.textContent;
  button.textContent = button.dataset.copied;
  button.setAttribute("aria-live", "polite");
  setTimeout(() => (button.textContent = said), SHOWN);
}

async function written(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    return selected(source); // plain http has no clipboard
  }
}

/** The browser's old way; if that fails too, the text stands selected for the person to copy. */
function selected(source) {
  getSelection().selectAllChildren(source);
  return document.execCommand("copy");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button && !button.disabled && button.textContent !== button.dataset.copied) copy(button);
});
