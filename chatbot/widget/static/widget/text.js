// Words and times in the reader's language.

/** "%(name)s is writing" with { name }: the placeholders are gettext's. */
export function fill(template, values = {}) {
  return template.replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole);
}

export function createText(strings, language) {
  const format = (options) => new Intl.DateTimeFormat(localeFor(language), options);
  const time = format({ hour: "numeric", minute: "2-digit" });
  const date = format({ weekday: "long", month: "long", day: "numeric" });

  return {
    t: (key, values) => fill(strings[key] ?? key, values),
    time: (iso) => time.format(new Date(iso)),
    day(iso, now = new Date()) {
      const days = calendarDays(now) - calendarDays(new Date(iso));
      return days === 0 ? strings.today : days === 1 ? strings.yesterday : date.format(new Date(iso));
    },
    /** What a system message says to this reader; its stored text is in the language the customer had then. */
    notice(message) {
      const notices = strings.notices ?? {};
      const template = notices[`${message.code}.${message.data.trigger}`] ?? notices[message.code];
      return template ? fill(template, message.data) : message.text;
    },
    authorName({ kind, name }) {
      return { customer: strings.you, ai: strings.assistant }[kind] ?? (name || strings.someone);
    },
  };
}

/** The browser's own variant of the page's language: en-GB writes 18:05 where en-US writes 6:05 PM. */
function localeFor(language) {
  const [wanted] = language.split("-");
  return globalThis.navigator?.languages?.find((locale) => locale.split("-")[0] === wanted) ?? language;
}

function calendarDays(date) {
  return Math.round(new Date(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}
