import { inkOn, isColor, readable } from "./color.js";

const LIGHT_SURFACE = "#ffffff";
const DARK_SURFACE = "#1b2023";

/** Sets the page's accent colour; the style sheet builds everything else from these. */
export function applyAccent(color, style = document.documentElement.style) {
  if (!isColor(color)) return;
  style.setProperty("--accent", color);
  style.setProperty("--on-accent", inkOn(color));
  style.setProperty("--accent-text-light", readable(color, LIGHT_SURFACE, "#101418"));
  style.setProperty("--accent-text-dark", readable(color, DARK_SURFACE, "#ffffff"));
}
