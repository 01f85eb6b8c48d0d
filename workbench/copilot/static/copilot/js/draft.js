// What the agent is writing, changed so that she can have it back.

const field = () => document.getElementById("reply-text");
let before = null;

export function text() {
  return field()?.value ?? "";
}

export function focus() {
  field()?.focus();
}

/** Put a text in the place of the draft; the browser's own undo brings the old one back as well. */
export function replace(text) {
  const box = field();
  if (!box || box.readOnly) return;
  before = box.value;
  put(box, text);
}

/** Bring back what stood there before. */
export function undo() {
  const box = field();
  if (box && before !== null) put(box, before);
  before = null;
}

function put(box, text) {
  box.focus();
  box.select();
  const typed = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (typed && box.value === text) return;
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true })); // the composer keeps what is written
}
