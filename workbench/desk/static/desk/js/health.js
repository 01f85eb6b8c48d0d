// How the platform is: the stream's own state, and what /readyz says while somebody looks.

const EVERY = 5_000; // ms
const WELL = 6_000; // ms that good news stays
const chip = document.getElementById("link-state");
const banner = document.getElementById("health-banner");
const CHIP = { live: "live", connecting: "connecting", retrying: "connecting", offline: "offline", refused: "offline" };
let was = "well";
let hiding;

/** The stream is `connecting`, `live`, `retrying`, `offline` or `refused`. */
export function showStream(state) {
  chip.dataset.state = CHIP[state] ?? "connecting";
}

async function look() {
  if (!document.hidden) show(await health());
  setTimeout(look, EVERY);
}

async function health() {
  try {
    const response = await fetch("/readyz", { cache: "no-store", signal: AbortSignal.timeout(EVERY) });
    const { status } = await response.json();
    return { ready: "well", degraded: "degraded" }[status] ?? "unavailable";
  } catch {
    return "unreachable";
  }
}

function show(now) {
  if (now === was) return;
  was = now;
  clearTimeout(hiding);
  banner.dataset.kind = { well: "well", degraded: "degraded" }[now] ?? "broken";
  banner.querySelector("span").textContent = document.getElementById(`health-${now}`).content.textContent;
  raise(true);
  if (now === "well") hiding = setTimeout(() => raise(false), WELL);
}

function raise(is) {
  banner.hidden = !is;
}

look();
