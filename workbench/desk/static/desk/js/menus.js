// Small menus that open from a summary: one at a time, and closed by Escape or a click elsewhere.

const open = () => document.querySelectorAll("details.account[open]");

function close(menu, { returning }) {
  const held = menu.contains(document.activeElement);
  menu.open = false;
  if (returning && held) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) close(menu, { returning: false });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  for (const menu of open()) close(menu, { returning: true });
});
