// Whether the agent takes work: chosen here, or in another tab of hers.

import { send } from "./api.js";
import { notice, words } from "./words.js";

const menu = document.getElementById("availability");
let running = false;

/** Show what an availability_change says, if it is the agent's own. */
export function hear({ payload }) {
  if (payload.user === menu.dataset.username) show(payload.availability);
}

function show(availability) {
  menu.dataset.state = availability;
  for (const button of menu.querySelectorAll("[data-availability]")) {
    button.setAttribute("aria-pressed", String(button.dataset.availability === availability));
  }
}

async function choose(availability) {
  if (running) return;
  running = true;
  try {
    const answer = await send("PUT", "/me/availability", { availability });
    if (answer.ok) show(answer.data.availability);
    else notice(answer.data?.detail ?? words("failed"));
  } catch {
    notice(words("failed"));
  } finally {
    running = false;
  }
}

menu.addEventListener("click", (event) => {
  const button = event.target.closest("[data-availability]");
  if (!button) return;
  choose(button.dataset.availability);
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Up and down between the two, as in any menu.
menu.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  menu.open = true;
  const buttons = [...menu.querySelectorAll("[data-availability]")];
  const at = buttons.indexOf(document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length].focus();
});
