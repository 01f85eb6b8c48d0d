// While a provider is being tested, fetch the panel again until it has a result.
const EVERY = 1_000; // ms

async function refresh(panel) {
  const answer = await fetch(panel.dataset.address, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (answer?.ok) panel.firstElementChild.outerHTML = await answer.text();
  watch(panel);
}

function watch(panel) {
  const running = panel.firstElementChild?.dataset.trial === "running";
  if (running) setTimeout(() => refresh(panel), EVERY);
}

addEventListener("DOMContentLoaded", () => {
  const panel = document.getElementById("trial");
  if (panel) watch(panel);
});
