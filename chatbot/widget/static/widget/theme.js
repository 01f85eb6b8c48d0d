import { inkOn, isColor, mix, readable } from "./color.js";

const LIGHT_SURFACE = "#ffffff";
const DARK_SURFACE = "#1b2023";

/** Sets the page's accent colour; the style sheet builds everything else from these. */
export function applyAccent(color, style = document.documentElement.style) {
  if (!isColor(color)) return;
  style.setProperty("--accent", color);
  style.setProperty("--on-accent", inkOn(color));
  // Read on the tinted surface, the hardest one (--tint in the style sheet).
  style.setProperty("--accent-text-light", readable(color, mix(LIGHT_SURFACE, color, 0.09), "#101418"));
  style.setProperty("--accent-text-dark", readable(color, mix(DARK_SURFACE, color, 0.26), "#ffffff"));
}
