// Times in the agent's own zone, and waits that grow by the second.

const page = document.documentElement.lang;
// The browser knows the region of a language: 21:45 or 9:45 pm.
const language = navigator.languages.find((one) => one.split("-")[0] === page.split("-")[0]) ?? page;
const skew = Date.parse(document.body.dataset.now) - Date.now(); // the server's clock counts
const forms = {
  time: new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }),
  day: new Intl.DateTimeFormat(language, { month: "short", day: "numeric" }),
  both: new Intl.DateTimeFormat(language, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }),
  full: new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }),
};

export function tick() {
  for (const element of document.querySelectorAll("time[data-clock]:not([data-told])")) tell(element);
  for (const element of document.querySelectorAll("[data-since]")) count(element);
}

function tell(element) {
  const moment = new Date(element.dateTime);
  const today = moment.toDateString() === new Date().toDateString();
  element.textContent = forms[formOf(element.dataset.clock, today)].format(moment);
  element.title = forms.full.format(moment);
  element.dataset.told = "";
}

function formOf(kind, today) {
  if (today) return "time";
  return { list: "day", line: "both", full: "full" }[kind];
}

function count(element) {
  const since = Date.parse(element.dateTime ?? element.dataset.since);
  const seconds = Math.max(0, Math.floor((Date.now() + skew - since) / 1000));
  if (element.localName === "progress") element.value = seconds;
  else element.textContent = elapsed(seconds);
  const limit = Number(element.max ?? element.dataset.limit);
  element.classList.toggle("long", limit > 0 && seconds > limit * 0.6);
}

function elapsed(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

document.addEventListener("desk:swapped", tick);
setInterval(tick, 1_000);
tick();
