// Calling the agent when there is new work: a soft sound, and a notice of the browser if she allowed it.

import { notice, words } from "./words.js";

const ONCE = 1_500; // ms in which the tabs of one browser call once between them
const MUTED = "desk:muted";
const sound = document.querySelector('[data-switch="sound"]');
const notices = document.querySelector('[data-switch="notifications"]');
const audio = "AudioContext" in window ? new AudioContext() : null;

/** New work for this agent: `kind` is "new-work" or "new-message". */
export function call(kind, customer) {
  tell(kind, words(kind, { customer: customer || words("visitor") }));
}

/** A word was said that supervisors want to know of: also as a notice that opens the conversation. */
export function alarm({ session_name, excerpt }) {
  const text = words("moderation-alert", { excerpt });
  const link = Object.assign(document.createElement("a"), { href: `/c/${session_name}/`, textContent: text });
  notice("").querySelector("p").append(link);
  tell("moderation-alert", text);
}

/** A sound and a notice of the browser, as far as she wants them. */
export function tell(kind, text) {
  if (sound.dataset.state === "on") once("sound", ring);
  if (notices.dataset.state === "on" && document.hidden) once("notice", () => new Notification(text, { tag: kind }));
}

/** Of all tabs that want to, one does. */
function once(name, act) {
  if (!navigator.locks) return act(); // plain http: better twice than never
  navigator.locks.request(`desk:${name}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    act();
    await new Promise((done) => setTimeout(done, ONCE));
  });
}

/** Two soft notes, a fifth apart. */
function ring() {
  for (const [index, pitch] of [587.33, 880].entries()) note(pitch, audio.currentTime + index * 0.14);
}

function note(pitch, at) {
  const tone = new OscillatorNode(audio, { type: "sine", frequency: pitch });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0008, at + 0.5);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.55);
}

function showSound() {
  const muted = localStorage.getItem(MUTED) === "yes";
  sound.dataset.state = muted ? "off" : audio?.state === "running" ? "on" : "waiting";
  sound.setAttribute("aria-pressed", String(sound.dataset.state === "on"));
}

function showNotices() {
  const states = { granted: "on", denied: "waiting", default: "off" };
  notices.hidden = !("Notification" in window);
  if (!notices.hidden) notices.dataset.state = states[Notification.permission];
}

sound.addEventListener("click", async () => {
  const was = sound.dataset.state;
  localStorage.setItem(MUTED, was === "on" ? "yes" : "no");
  await audio?.resume();
  showSound();
  if (sound.dataset.state === "on") ring(); // so that she knows what to listen for
});

notices.addEventListener("click", async () => {
  if (Notification.permission === "default") await Notification.requestPermission();
  showNotices();
});

// Browsers keep silent until the first click or key.
for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, () => audio?.resume(), { passive: true });
audio?.addEventListener("statechange", showSound);
addEventListener("storage", (event) => event.key === MUTED && showSound());
showSound();
showNotices();
