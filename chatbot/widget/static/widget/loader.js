// The script a site embeds: <script src="https://chat.example/widget.js" data-tenant="demo" async></script>
// Optional: data-lang="en", data-color="#2f5d4e", data-position="left". It adds one element to the page, with its styles
// shut inside, and window.chatplatform = { open(), close(), ask(text) }. It never throws into the page.
(labels) => {
  const script = document.currentScript ?? document.querySelector('script[data-tenant][src*="/widget.js"]');
  if (!script?.dataset.tenant || window.chatplatform) return;
  const { tenant, lang = "", color = "", position = "right" } = script.dataset;
  const origin = new URL(script.src).origin;
  const memory = memoryOf(tenant);
  const language = spokenLanguage();
  const t = labels[language];
  let frame, ready, opened = false, waiting = [];

  const STYLES = `
    :host { all: initial; position: fixed; z-index: 2147483000; inset: auto 0 0 auto; color-scheme: light dark; }
    :host([data-side="left"]) { inset: auto auto 0 0; }
    * { box-sizing: border-box; }
    .launcher { all: unset; box-sizing: border-box; cursor: pointer; position: fixed; bottom: 20px; right: 20px;
      width: 60px; height: 60px; border-radius: 50%; display: grid; place-items: center;
      background: var(--accent); color: var(--ink);
      box-shadow: 0 1px 2px #0003, 0 8px 24px -6px #0006; transition: transform .18s ease, box-shadow .18s ease; }
    .launcher:hover { transform: translateY(-2px); box-shadow: 0 2px 4px #0003, 0 14px 30px -8px #0007; }
    .launcher:active { transform: scale(.96); }
    .launcher:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
    .launcher svg { grid-area: 1 / 1; width: 28px; height: 28px; transition: opacity .18s, transform .18s; }
    .launcher .less, .open .launcher .more { opacity: 0; transform: rotate(-30deg) scale(.7); }
    .open .launcher .less { opacity: 1; transform: none; }
    .badge { position: absolute; top: -3px; right: -3px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px;
      background: #c8321f; color: #fff; font: 600 12px/22px system-ui, sans-serif; text-align: center;
      box-shadow: 0 0 0 2px #fff; }
    .badge:empty { display: none; }
    .panel { position: fixed; bottom: 92px; right: 20px; width: 400px; height: min(700px, calc(100vh - 112px));
      border-radius: 20px; overflow: hidden; background: Canvas; visibility: hidden; opacity: 0;
      transform: translateY(14px) scale(.985); transform-origin: bottom right;
      box-shadow: 0 0 0 1px #0000000f, 0 4px 12px #00000014, 0 24px 64px -12px #00000047;
      transition: opacity .2s ease, transform .2s cubic-bezier(.2,.8,.3,1), visibility 0s .2s; }
    .open .panel { visibility: visible; opacity: 1; transform: none; transition-delay: 0s; }
    iframe { display: block; border: 0; width: 100%; height: 100%; }
    .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    [data-side="left"] .launcher, [data-side="left"] .panel { right: auto; left: 20px; transform-origin: bottom left; }
    @media (max-width: 520px), (max-height: 480px) {
      .launcher, [data-side="left"] .launcher { bottom: max(16px, env(safe-area-inset-bottom)); }
      .panel, [data-side="left"] .panel { inset: 0; width: 100%; height: 100%; height: 100dvh; border-radius: 0; }
      .open .launcher { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { .launcher, .launcher svg, .panel { transition: none; } }
    @media print { .root { display: none; } }`;

  const host = document.createElement("div");
  const shadow = host.attachShadow({ mode: "open" });
  const root = make("div", { class: "root", "data-side": position === "left" ? "left" : "right" });
  const panel = make("div", { class: "panel", role: "dialog", "aria-label": t.title, inert: "" });
  const button = make("button", { class: "launcher", type: "button", "aria-expanded": "false", "aria-label": t.open });
  const badge = make("span", { class: "badge", "aria-hidden": "true" });
  const spoken = make("div", { class: "spoken", role: "status" });

  function mount() {
    host.dataset.side = root.dataset.side;
    style();
    button.append(
      svg("more", ["M4 11.5a8 7.5 0 1 1 3.6 6.3L4.5 19l.9-3A7.2 7.2 0 0 1 4 11.5Z", "M9 10h6.5", "M9 13.2h4"]),
      svg("less", ["m6.5 9.5 5.5 5.5 5.5-5.5"]),
      badge,
    );
    root.append(button, panel, spoken);
    shadow.append(root);
    document.body.append(host);
    button.addEventListener("click", () => (opened ? close() : open()));
    button.addEventListener("pointerenter", load, { once: true });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && opened && !event.defaultPrevented) close();
    });
    window.addEventListener("message", hear);
    if (memory.get("begun")) load(); // a running conversation can still ring
  }

  function load() {
    if (frame) return;
    const query = new URLSearchParams({ lang: language, ...(color && { color }) });
    frame = make("iframe", { title: t.title, src: `${origin}/widget/${encodeURIComponent(tenant)}/?${query}`, allow: "clipboard-write" });
    panel.append(frame);
  }

  function open() {
    load();
    opened = true;
    render();
    panel.inert = false;
    frame.focus();
    tell("shown");
  }

  function close() {
    if (!opened) return;
    const wasInside = shadow.activeElement === frame;
    opened = false;
    render();
    panel.inert = true;
    tell("hidden");
    if (wasInside) button.focus();
  }

  function ask(text) {
    open();
    tell("ask", String(text));
  }

  function render(unread = Number(badge.textContent)) {
    root.classList.toggle("open", opened);
    button.setAttribute("aria-expanded", String(opened));
    const count = unread ? t.unread.replace("%(count)s", unread) : "";
    button.setAttribute("aria-label", opened ? t.close : [t.open, count].filter(Boolean).join(", "));
    badge.textContent = unread || "";
    spoken.textContent = opened ? "" : count;
  }

  function hear(event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin) return;
    const { chatplatform, value } = event.data ?? {};
    if (chatplatform === "ready") becomeReady();
    else if (chatplatform === "unread") render(Number(value) || 0);
    else if (chatplatform === "begun") memory.set("begun", value ? "1" : "");
    else if (chatplatform === "language" && labels[value]) memory.set("language", JSON.stringify({ value, given: lang }));
    else if (chatplatform === "close") close();
  }

  function becomeReady() {
    ready = true;
    if (opened) tell("shown");
    for (const message of waiting.splice(0)) tell(...message);
  }

  function tell(chatplatform, value) {
    if (ready) frame.contentWindow.postMessage({ chatplatform, value }, origin);
    else if (chatplatform === "ask") waiting.push([chatplatform, value]);
  }

  /** The reader's own choice, unless the site has changed its mind since; else the site's, else the browser's. */
  function spokenLanguage() {
    let chosen = {};
    try {
      chosen = JSON.parse(memory.get("language") || "{}");
    } catch {}
    const wishes = [chosen.given === lang ? chosen.value : "", lang, ...(lang ? [] : navigator.languages ?? [])];
    const offered = (wish) => labels[wish?.toLowerCase()] ? wish.toLowerCase() : Object.keys(labels).find((code) => wish && code.split("-")[0] === wish.toLowerCase().split("-")[0]);
    return wishes.map(offered).find(Boolean) ?? "en";
  }

  function memoryOf(name) {
    const address = (key) => `chatplatform.${name}.${key}`;
    return {
      get(key) {
        try {
          return localStorage.getItem(address(key));
        } catch {
          return null;
        }
      },
      set(key, value) {
        try {
          localStorage.setItem(address(key), value);
        } catch {}
      },
    };
  }

  function style() {
    const accent = /^#[0-9a-f]{6}$/i.test(color) ? color : "#3d4f8f";
    const [r, g, b] = [1, 3, 5].map((at) => (parseInt(accent.slice(at, at + 2), 16) / 255) ** 2.2);
    root.style.setProperty("--accent", accent);
    root.style.setProperty("--ink", 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000000" : "#ffffff");
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLES);
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      shadow.append(Object.assign(document.createElement("style"), { textContent: STYLES }));
    }
  }

  function make(tag, attributes) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  function svg(name, paths) {
    const create = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
    const drawing = create("svg");
    const look = { class: name, viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "1.8", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" };
    for (const [key, value] of Object.entries(look)) drawing.setAttribute(key, value);
    for (const d of paths) {
      const path = create("path");
      path.setAttribute("d", d);
      drawing.append(path);
    }
    return drawing;
  }

  try {
    window.chatplatform = { open, close, ask };
    if (document.body) mount();
    else document.addEventListener("DOMContentLoaded", mount, { once: true });
  } catch (error) {
    console.warn("chat widget:", error);
  }
};
